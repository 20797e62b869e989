using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Packed ring: one table that both sides write, and two event suppression structures. Virtio 1.2, section 2.8.</summary>
internal sealed class PackedRing(GuestMemory memory, RingLayout layout, int maxChain, VirtioFeatures features)
    : Ring(memory, layout, maxChain, features)
{
    private const ushort EventsDisabled = 1;
    private const ushort EventsAtDescriptor = 2;

    private ushort _available;
    private ushort _used;
    private bool _availableWrap = true;
    private bool _usedWrap = true;

    public override PopResult TryPop(DescriptorChain chain)
    {
        if (!TryIsAvailable(out bool available))
            return Refuse("queue outside memory");
        if (!available)
            return PopResult.Empty;
        // the flags before the rest of the descriptor they publish
        Interlocked.MemoryBarrier();
        return Walk(chain);
    }

    public override bool TryEnableNotifications(out bool more)
    {
        more = false;
        if (EventIndex)
        {
            ushort position = (ushort)(_available | (_availableWrap ? 1 << 15 : 0));
            if (!Memory.TryWrite16(Layout.Device, position))
                return Broken("queue outside memory");
            Interlocked.MemoryBarrier();
        }

        if (!Memory.TryWrite16(Layout.Device + 2, EventIndex ? EventsAtDescriptor : (ushort)0))
            return Broken("queue outside memory");
        Interlocked.MemoryBarrier();
        return TryIsAvailable(out more) || Broken("queue outside memory");
    }

    protected override int Step(DescriptorChain chain) => chain.Slots;

    protected override bool PushCore(DescriptorChain chain, uint written)
    {
        ulong address = Layout.Descriptors + ((ulong)_used * Descriptor.Size);
        Span<byte> entry = stackalloc byte[6];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, written);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], chain.Id);
        if (!Memory.TryWrite(address + 8, entry))
            return false;
        // length and id before the flags that publish them
        Interlocked.MemoryBarrier();
        int flags = (_usedWrap ? Descriptor.Available | Descriptor.Used : 0) | (written > 0 ? Descriptor.Write : 0);
        if (!Memory.TryWrite16(address + 14, (ushort)flags))
            return false;
        Advance(ref _used, ref _usedWrap, chain.Slots);
        return true;
    }

    protected override bool WantsInterrupt(ushort step, out bool interrupt)
    {
        interrupt = false;
        if (!Memory.TryRead16(Layout.Driver + 2, out ushort flags))
            return false;
        flags &= 3;
        if (flags != EventsAtDescriptor || !EventIndex)
        {
            interrupt = flags != EventsDisabled;
            return true;
        }

        Interlocked.MemoryBarrier();
        if (!Memory.TryRead16(Layout.Driver, out ushort position))
            return false;
        int awaited = position & 0x7fff;
        // an entry of the round before lies that much behind
        if ((position >> 15 != 0) != _usedWrap)
            awaited -= Layout.Size;
        interrupt = Passed((ushort)awaited, _used, step);
        return true;
    }

    protected override void SaveCore(StateWriter writer)
    {
        writer.Write(_available);
        writer.Write(_used);
        writer.Write(_availableWrap);
        writer.Write(_usedWrap);
    }

    protected override void LoadCore(StateReader reader)
    {
        _available = reader.ReadUInt16();
        _used = reader.ReadUInt16();
        _availableWrap = reader.ReadBoolean();
        _usedWrap = reader.ReadBoolean();
        if (_available >= Layout.Size || _used >= Layout.Size)
            throw reader.Damaged("a ring position is past the queue's end");
    }

    private bool TryIsAvailable(out bool available)
    {
        bool read = Memory.TryRead16(Layout.Descriptors + ((ulong)_available * Descriptor.Size) + 14, out ushort flags);
        available = read && ((flags & Descriptor.Available) != 0) == _availableWrap && ((flags & Descriptor.Used) != 0) != _availableWrap;
        return read;
    }

    private PopResult Walk(DescriptorChain chain)
    {
        ushort position = _available;
        bool wrap = _availableWrap;
        chain.Begin(0);
        for (int slots = 1; slots <= Layout.Size; slots++)
        {
            if (!Descriptor.TryReadPacked(Memory, Layout.Descriptors + ((ulong)position * Descriptor.Size), out Descriptor descriptor))
                return Refuse("queue outside memory");
            Advance(ref position, ref wrap, 1);
            if (descriptor.IsIndirect)
            {
                PopResult result = AddTable(chain, descriptor, packed: true);
                if (result != PopResult.Chain)
                    return result;
            }
            else if (chain.Add(descriptor) is { } reason)
            {
                return Refuse(reason);
            }

            if (descriptor.HasNext)
                continue;
            // the buffer id is in the last descriptor of a list
            chain.SetId(descriptor.NextOrId);
            chain.Slots = slots;
            _available = position;
            _availableWrap = wrap;
            return PopResult.Chain;
        }

        return Refuse("descriptor chain loops");
    }

    private void Advance(ref ushort position, ref bool wrap, int by)
    {
        int next = position + by;
        if (next >= Layout.Size)
        {
            next -= Layout.Size;
            wrap = !wrap;
        }

        position = (ushort)next;
    }
}
