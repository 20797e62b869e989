namespace Emulation.Devices;

/// <summary>Which registers a virtio PCI function has. Virtio 1.2, section 4.1.</summary>
public enum VirtioPciInterface
{
    /// <summary>Those of virtio 1 alone.</summary>
    Modern,

    /// <summary>Those of virtio 1, and the legacy interface in I/O ports for drivers that know no other. Guests that use the latter are little-endian.</summary>
    Transitional,

    /// <summary>The legacy interface alone, as devices from before virtio 1.0 have it.</summary>
    Legacy,
}
