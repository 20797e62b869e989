using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>Where an address lies, after one or both stages.</summary>
internal struct WalkResult
{
    /// <summary>Address of the byte.</summary>
    public ulong Address;

    /// <summary>Whether it is of the Secure physical address space: NS of the descriptors, in Secure state.</summary>
    public bool IsSecure;

    /// <summary>What the tables allow now: no write while hardware has to mark the page dirty first.</summary>
    public PageRights Rights;

    /// <summary>log2 of the bytes that are mapped alike.</summary>
    public int Reach;

    /// <summary>Whether it is the same under every ASID.</summary>
    public bool IsGlobal;

    /// <summary>Whether the memory is Device.</summary>
    public bool IsDevice;

    /// <summary>Attributes as in MAIR.</summary>
    public byte Attributes;

    /// <summary>Shareability as in descriptors.</summary>
    public byte Shareability;

    /// <summary>Whether rights or places differ inside the granule of 4 KiB: subpages and tiny pages before Armv7.</summary>
    public bool IsSplit;

    /// <summary>Whether the page is guarded: BTI.</summary>
    public bool IsGuarded;
}
