using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What looking for a request gave.</summary>
internal enum PopResult
{
    /// <summary>The driver has made nothing available.</summary>
    Empty,

    /// <summary>A request.</summary>
    Chain,

    /// <summary>The driver broke the rules; <see cref="Ring.Fault"/> says how.</summary>
    Broken,
}

/// <summary>Where a queue lies in guest memory.</summary>
/// <param name="Size">Entries.</param>
/// <param name="Descriptors">Address of the descriptor table or packed ring.</param>
/// <param name="Driver">Address of what the driver writes: available ring or event suppression.</param>
/// <param name="Device">Address of what the device writes: used ring or event suppression.</param>
internal readonly record struct RingLayout(int Size, ulong Descriptors, ulong Driver, ulong Device);

/// <summary>The device's end of one queue in use: takes requests, gives them back, and knows whom to wake.</summary>
internal abstract class Ring
{
    // Progress since the driver was last interrupted, for its event index. Saturates: a gap that large needs an interrupt in any case.
    private uint _usedSinceSignal;

    protected Ring(GuestMemory memory, RingLayout layout, int maxChain, VirtioFeatures features)
    {
        Memory = memory;
        Layout = layout;
        MaxChain = maxChain;
        EventIndex = features.HasFlag(VirtioFeatures.EventIndex);
        Indirect = features.HasFlag(VirtioFeatures.IndirectDescriptors);
    }

    /// <summary>What the driver did wrong, after a method said so.</summary>
    public string Fault { get; protected set; } = "";

    protected GuestMemory Memory { get; }

    protected RingLayout Layout { get; }

    protected int MaxChain { get; }

    protected bool EventIndex { get; }

    protected bool Indirect { get; }

    /// <summary>Checks size, alignment and place of a layout.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public static string? Check(GuestMemory memory, RingLayout layout, int maxSize, bool packed)
    {
        ulong size = (ulong)layout.Size;
        if (layout.Size < 1 || layout.Size > maxSize)
            return "queue size out of range";
        if (!packed && !System.Numerics.BitOperations.IsPow2(layout.Size))
            return "size of a split queue is not a power of two";
        (ulong driverAlign, ulong driverBytes, ulong deviceBytes) = packed ? (4UL, 4UL, 4UL) : (2UL, 6 + (2 * size), 6 + (8 * size));
        if (layout.Descriptors % 16 != 0 || layout.Driver % driverAlign != 0 || layout.Device % 4 != 0)
            return "queue is not aligned";
        bool inMemory = memory.IsMemory(layout.Descriptors, 16 * size, writable: packed)
            && memory.IsMemory(layout.Driver, driverBytes, writable: false)
            && memory.IsMemory(layout.Device, deviceBytes, writable: true);
        return inMemory ? null : "queue outside memory";
    }

    /// <summary>Takes the next request.</summary>
    public abstract PopResult TryPop(DescriptorChain chain);

    /// <summary>Gives a request back with the number of bytes written to it.</summary>
    /// <returns>False when memory is gone.</returns>
    public bool TryPush(DescriptorChain chain, uint written)
    {
        if (!PushCore(chain, written))
            return Broken("queue outside memory");
        _usedSinceSignal = Math.Min(_usedSinceSignal + (uint)Step(chain), ushort.MaxValue);
        return true;
    }

    /// <summary>Asks the driver to notify about the next request, and looks whether one came meanwhile.</summary>
    /// <returns>False when memory is gone.</returns>
    public abstract bool TryEnableNotifications(out bool more);

    /// <summary>Whether the requests given back since the last call deserve an interrupt.</summary>
    /// <returns>False when memory is gone.</returns>
    public bool TryTakeSignal(out bool interrupt)
    {
        interrupt = false;
        if (_usedSinceSignal == 0)
            return true;
        // our write of the used entry before our read of what the driver waits for
        Interlocked.MemoryBarrier();
        if (!WantsInterrupt((ushort)_usedSinceSignal, out interrupt))
            return Broken("queue outside memory");
        _usedSinceSignal = 0;
        return true;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_usedSinceSignal);
        SaveCore(writer);
    }

    public void Load(StateReader reader)
    {
        _usedSinceSignal = reader.ReadUInt32();
        LoadCore(reader);
    }

    /// <summary>Appends the buffers of an indirect table.</summary>
    protected PopResult AddTable(DescriptorChain chain, in Descriptor table, bool packed)
    {
        if (!Indirect)
            return Refuse("indirect descriptor that was not negotiated");
        if (table.HasNext)
            return Refuse("indirect descriptor that goes on");
        uint count = table.Length / Descriptor.Size;
        if (count == 0 || table.Length % Descriptor.Size != 0)
            return Refuse("indirect table of a wrong length");
        if (count > (uint)MaxChain)
            return Refuse("descriptor chain longer than the queue");
        if (!Memory.IsMemory(table.Address, table.Length, writable: false))
            return Refuse("indirect table outside memory");
        uint index = 0;
        for (uint walked = 0; walked < count; walked++)
        {
            ulong address = table.Address + (index * (ulong)Descriptor.Size);
            bool read = packed
                ? Descriptor.TryReadPacked(Memory, address, out Descriptor entry)
                : Descriptor.TryReadSplit(Memory, address, out entry);
            if (!read)
                return Refuse("indirect table outside memory");
            if (entry.IsIndirect)
                return Refuse("indirect descriptor in an indirect table");
            if (chain.Add(entry) is { } reason)
                return Refuse(reason);
            if (packed)
            {
                // Virtio 1.2, 2.8.7: entries follow each other, only the write flag means something
                index++;
                continue;
            }

            if (!entry.HasNext)
                return PopResult.Chain;
            index = entry.NextOrId;
            if (index >= count)
                return Refuse("descriptor index out of range");
        }

        return packed ? PopResult.Chain : Refuse("descriptor chain loops");
    }

    protected PopResult Refuse(string reason)
    {
        Fault = reason;
        return PopResult.Broken;
    }

    protected bool Broken(string reason)
    {
        Fault = reason;
        return false;
    }

    /// <summary>Whether moving the position to <paramref name="now"/> by <paramref name="step"/> passed the awaited one. Virtio 1.2, 2.7.10.</summary>
    protected static bool Passed(ushort awaited, ushort now, ushort step) => (ushort)(now - awaited - 1) < step;

    protected abstract int Step(DescriptorChain chain);

    protected abstract bool PushCore(DescriptorChain chain, uint written);

    protected abstract bool WantsInterrupt(ushort step, out bool interrupt);

    protected abstract void SaveCore(StateWriter writer);

    protected abstract void LoadCore(StateReader reader);
}
