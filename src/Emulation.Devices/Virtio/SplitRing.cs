using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Split ring: descriptor table, available ring, used ring. Virtio 1.2, section 2.7.</summary>
internal sealed class SplitRing(GuestMemory memory, RingLayout layout, int maxChain, VirtioFeatures features)
    : Ring(memory, layout, maxChain, features)
{
    private const ushort NoInterrupt = 1;

    // Both run freely modulo 2^16, as the indices in guest memory do.
    private ushort _lastAvailable;
    private ushort _used;

    private ulong AvailableIndex => Layout.Driver + 2;

    private ulong UsedIndex => Layout.Device + 2;

    private ulong UsedEvent => Layout.Driver + 4 + (2 * (ulong)Layout.Size);

    private ulong AvailableEvent => Layout.Device + 4 + (8 * (ulong)Layout.Size);

    public override PopResult TryPop(DescriptorChain chain)
    {
        if (!Memory.TryRead16(AvailableIndex, out ushort available))
            return Refuse("queue outside memory");
        ushort waiting = (ushort)(available - _lastAvailable);
        if (waiting == 0)
            return PopResult.Empty;
        if (waiting > Layout.Size)
            return Refuse("available index jumped");
        // the index before the entry it publishes
        Interlocked.MemoryBarrier();
        ulong slot = Layout.Driver + 4 + (2 * (ulong)(_lastAvailable & (Layout.Size - 1)));
        if (!Memory.TryRead16(slot, out ushort head))
            return Refuse("queue outside memory");
        chain.Begin(head);
        PopResult result = Walk(chain, head);
        if (result == PopResult.Chain)
            _lastAvailable++;
        return result;
    }

    public override bool TryEnableNotifications(out bool more)
    {
        more = false;
        if (EventIndex && !Memory.TryWrite16(AvailableEvent, _lastAvailable))
            return Broken("queue outside memory");
        Interlocked.MemoryBarrier();
        if (!Memory.TryRead16(AvailableIndex, out ushort available))
            return Broken("queue outside memory");
        more = available != _lastAvailable;
        return true;
    }

    protected override int Step(DescriptorChain chain) => 1;

    protected override bool PushCore(DescriptorChain chain, uint written)
    {
        Span<byte> entry = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, chain.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], written);
        if (!Memory.TryWrite(Layout.Device + 4 + (8 * (ulong)(_used & (Layout.Size - 1))), entry))
            return false;
        // the entry before the index that publishes it
        Interlocked.MemoryBarrier();
        return Memory.TryWrite16(UsedIndex, ++_used);
    }

    protected override bool WantsInterrupt(ushort step, out bool interrupt)
    {
        if (!Memory.TryRead16(EventIndex ? UsedEvent : Layout.Driver, out ushort value))
        {
            interrupt = false;
            return false;
        }

        interrupt = EventIndex ? Passed(value, _used, step) : (value & NoInterrupt) == 0;
        return true;
    }

    protected override void SaveCore(StateWriter writer)
    {
        writer.Write(_lastAvailable);
        writer.Write(_used);
    }

    protected override void LoadCore(StateReader reader)
    {
        _lastAvailable = reader.ReadUInt16();
        _used = reader.ReadUInt16();
    }

    private PopResult Walk(DescriptorChain chain, ushort head)
    {
        int index = head;
        for (int walked = 0; walked < Layout.Size; walked++)
        {
            if (index >= Layout.Size)
                return Refuse("descriptor index out of range");
            if (!Descriptor.TryReadSplit(Memory, Layout.Descriptors + ((ulong)index * Descriptor.Size), out Descriptor descriptor))
                return Refuse("queue outside memory");
            if (descriptor.IsIndirect)
                return AddTable(chain, descriptor, packed: false);
            if (chain.Add(descriptor) is { } reason)
                return Refuse(reason);
            if (!descriptor.HasNext)
                return PopResult.Chain;
            index = descriptor.NextOrId;
        }

        return Refuse("descriptor chain loops");
    }
}
