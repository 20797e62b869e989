namespace Emulation.Devices;

/// <summary>What a base address register of a PCI function asks for. PCI Local Bus Specification 3.0, 6.2.5.1.</summary>
public enum PciBarKind
{
    /// <summary>I/O ports.</summary>
    Ports,

    /// <summary>Memory below 4 GiB.</summary>
    Memory32,

    /// <summary>Memory anywhere; takes two registers.</summary>
    Memory64,

    /// <summary>Memory anywhere, prefetchable; takes two registers.</summary>
    PrefetchableMemory64,
}
