using Emulation.Core;

namespace Emulation.Devices;

/// <summary>One queue of a device as a transport sees it: where the driver put it and whether it is in use.</summary>
internal sealed class Virtqueue(int index, ushort maxSize)
{
    public int Index => index;

    /// <summary>Most entries; also the longest chain.</summary>
    public ushort MaxSize => maxSize;

    /// <summary>Entries the driver asked for; checked when it enables the queue.</summary>
    public uint Size { get; set; } = maxSize;

    public ulong DescriptorArea { get; set; }

    public ulong DriverArea { get; set; }

    public ulong DeviceArea { get; set; }

    /// <summary>The ring while the queue is enabled.</summary>
    public Ring? Ring { get; private set; }

    public bool Ready => Ring is not null;

    public void Reset()
    {
        Ring = null;
        Size = maxSize;
        DescriptorArea = DriverArea = DeviceArea = 0;
    }

    public void Disable() => Ring = null;

    /// <summary>Starts to use the queue from its beginning.</summary>
    /// <returns>Null, or what is wrong with its place.</returns>
    public string? Enable(GuestMemory memory, VirtioFeatures features)
    {
        if (Size > maxSize)
            return "queue size out of range";
        RingLayout layout = Layout;
        if (Ring.Check(memory, layout, maxSize, features.HasFlag(VirtioFeatures.PackedRing)) is { } fault)
            return fault;
        Ring = CreateRing(memory, features);
        return null;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Size);
        writer.Write(DescriptorArea);
        writer.Write(DriverArea);
        writer.Write(DeviceArea);
        writer.Write(Ready);
        Ring?.Save(writer);
    }

    public void Load(StateReader reader, GuestMemory memory, VirtioFeatures features)
    {
        Size = reader.ReadUInt32();
        DescriptorArea = reader.ReadUInt64();
        DriverArea = reader.ReadUInt64();
        DeviceArea = reader.ReadUInt64();
        Ring = null;
        if (!reader.ReadBoolean())
            return;
        if (Size < 1 || Size > maxSize)
            throw reader.Damaged($"queue {index} has {Size} entries");
        // its place is checked at each access: the machine may load its memory later
        Ring ring = CreateRing(memory, features);
        ring.Load(reader);
        Ring = ring;
    }

    private RingLayout Layout => new((int)Size, DescriptorArea, DriverArea, DeviceArea);

    private Ring CreateRing(GuestMemory memory, VirtioFeatures features) => features.HasFlag(VirtioFeatures.PackedRing)
        ? new PackedRing(memory, Layout, maxSize, features)
        : new SplitRing(memory, Layout, maxSize, features);
}
