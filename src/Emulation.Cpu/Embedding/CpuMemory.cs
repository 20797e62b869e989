using Emulation.Core;

namespace Emulation.Cpu;

/// <summary>Memory of a CPU that is used on its own: maps, reads and writes by physical address.</summary>
/// <param name="space">The CPU's address space.</param>
public sealed class CpuMemory(AddressSpace space) : IDisposable
{
    private readonly List<RamBlock> _blocks = [];

    /// <summary>The address space behind it.</summary>
    public AddressSpace Space { get; } = space;

    /// <summary>Maps zeroed memory.</summary>
    /// <param name="address">First address, a multiple of 4 KiB.</param>
    /// <param name="size">Bytes, a multiple of 4 KiB.</param>
    /// <param name="content">What its first bytes hold.</param>
    /// <param name="readOnly">Whether guest stores are dropped.</param>
    public RamBlock Map(ulong address, ulong size, ReadOnlySpan<byte> content = default, bool readOnly = false)
    {
        if ((address & (RamBlock.PageSize - 1)) != 0)
            throw new ArgumentOutOfRangeException(nameof(address), $"0x{address:x} is not a multiple of {RamBlock.PageSize}");
        if ((ulong)content.Length > size)
            throw new ArgumentOutOfRangeException(nameof(content), $"{content.Length} bytes do not fit in {size}");
        var ram = new RamBlock($"memory at 0x{address:x}", size);
        _blocks.Add(ram);
        Space.Root.Add(address, new RamRegion(ram, readOnly));
        if (!content.IsEmpty)
            ram.Write(0, content);
        return ram;
    }

    /// <summary>Maps device registers.</summary>
    /// <param name="address">First address.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="device">What answers.</param>
    /// <param name="sizes">Widths it accepts.</param>
    public void MapIo(ulong address, ulong size, IMmio device, AccessSizes sizes = AccessSizes.All)
        => Space.Root.Add(address, new MmioRegion($"device at 0x{address:x}", size, device) { Sizes = sizes });

    /// <summary>Reads memory.</summary>
    /// <param name="address">First address.</param>
    /// <param name="destination">Filled whole.</param>
    /// <exception cref="ArgumentOutOfRangeException">A byte is not memory.</exception>
    public void Read(ulong address, Span<byte> destination)
    {
        if (!Space.TryRead(address, destination))
            throw new ArgumentOutOfRangeException(nameof(address), $"no memory for {destination.Length} bytes at 0x{address:x}");
    }

    /// <summary>Writes memory, read-only memory too.</summary>
    /// <param name="address">First address.</param>
    /// <param name="source">The bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A byte is not memory.</exception>
    public void Write(ulong address, ReadOnlySpan<byte> source)
    {
        if (!Space.TryLoad(address, source))
            throw new ArgumentOutOfRangeException(nameof(address), $"no memory for {source.Length} bytes at 0x{address:x}");
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (RamBlock ram in _blocks)
            ram.Dispose();
        _blocks.Clear();
    }
}
