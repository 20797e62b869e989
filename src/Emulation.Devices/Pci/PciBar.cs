using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A base address register and the region it shows.</summary>
internal sealed class PciBar
{
    private ContainerRegion? _window;

    public PciBar(int index, PciBarKind kind, MmioRegion region)
    {
        ulong least = kind == PciBarKind.Ports ? 4UL : 16;
        if (region.Size < least || !BitOperations.IsPow2(region.Size))
            throw new ArgumentOutOfRangeException(nameof(region), region.Size, $"a base address register covers a power of two of at least {least} bytes");
        (Index, Kind, Region) = (index, kind, region);
    }

    public int Index { get; }

    public PciBarKind Kind { get; }

    public MmioRegion Region { get; }

    public bool IsWide => Kind >= PciBarKind.Memory64;

    public uint Flags => Kind switch
    {
        PciBarKind.Ports => 1u,
        PciBarKind.Memory32 => 0,
        PciBarKind.Memory64 => 4,
        _ => 12,
    };

    /// <summary>Shows the region at a place in a window of the host, or nowhere.</summary>
    public void Map(ContainerRegion? window, ulong offset)
    {
        if (ReferenceEquals(window, _window) && (window is null || offset == Offset))
            return;
        _window?.Remove(Region);
        _window = window;
        Offset = offset;
        // where a guest lays regions over each other one of them answers
        window?.Add(offset, Region);
    }

    private ulong Offset { get; set; }
}
