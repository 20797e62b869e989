namespace Emulation.Devices;

/// <summary>Feature bits that belong to rings and transports rather than to one kind of device. Virtio 1.2, section 6.</summary>
[Flags]
public enum VirtioFeatures : ulong
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Descriptors may point to tables of descriptors.</summary>
    IndirectDescriptors = 1UL << 28,

    /// <summary>Both sides say at which entry they want the next notification.</summary>
    EventIndex = 1UL << 29,

    /// <summary>The driver knows virtio 1.0. It must.</summary>
    Version1 = 1UL << 32,

    /// <summary>The driver uses packed rings.</summary>
    PackedRing = 1UL << 34,

    /// <summary>Queues can be reset one by one.</summary>
    RingReset = 1UL << 40,
}

/// <summary>Bits of the device status field. Virtio 1.2, section 2.1.</summary>
[Flags]
internal enum VirtioStatus : byte
{
    None = 0,
    Acknowledge = 1,
    Driver = 2,
    DriverOk = 4,
    FeaturesOk = 8,
    NeedsReset = 64,
    Failed = 128,
    WrittenByDriver = Acknowledge | Driver | DriverOk | FeaturesOk | Failed,
}
