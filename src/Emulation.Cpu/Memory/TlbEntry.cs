using System.Runtime.InteropServices;

namespace Emulation.Cpu;

/// <summary>An entry of a software TLB. A tag is the page's virtual address, or <see cref="Invalid"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TlbEntry
{
    /// <summary>No page: it has low bits set, which no page address has.</summary>
    public const ulong Invalid = ulong.MaxValue;

    /// <summary>Page that loads may use this entry for.</summary>
    public ulong Read;

    /// <summary>Page that stores may use this entry for.</summary>
    public ulong Write;

    /// <summary>Added to a virtual address gives the host address.</summary>
    public ulong Addend;

    /// <summary>Physical address of the page.</summary>
    public ulong Physical;
}
