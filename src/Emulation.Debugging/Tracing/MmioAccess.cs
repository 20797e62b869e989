using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>An access of a CPU to a device, or to nothing.</summary>
/// <param name="Time">Virtual nanoseconds.</param>
/// <param name="Pc">Address of the instruction.</param>
/// <param name="Address">Address of the access.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Value">The value.</param>
/// <param name="IsWrite">Whether it is a write.</param>
public readonly record struct MmioAccess(long Time, ulong Pc, ulong Address, int Size, ulong Value, bool IsWrite)
{
    /// <summary>How often it came, one after the other with the same value: a loop that polls is one access.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Names what is at an address: a device's register, by the board's own models or by an SVD file.</summary>
    /// <param name="memory">The bus.</param>
    /// <param name="address">The address.</param>
    /// <param name="write">Whether it is written.</param>
    /// <param name="svd">Names for what no device models; null for none.</param>
    public static string Describe(AddressSpace memory, ulong address, bool write, SvdDevice? svd)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (memory.TryFind(address, out FlatRange range) && range.Region is MmioRegion region)
        {
            ulong offset = range.Offset + (address - range.Start);
            string? register = region.Handler is MmioDevice device ? device.Registers.NameAt(offset, write) : null;
            return $"{region.Name}.{register ?? svd?.RegisterAt(address) ?? $"0x{offset:x}"}";
        }

        return svd?.NameOf(address) ?? (range.Region is { } memoryRegion ? memoryRegion.Name : "nothing");
    }

    /// <summary>The access as a line of text.</summary>
    /// <param name="memory">The bus, for names.</param>
    /// <param name="svd">Names for what no device models; null for none.</param>
    public string ToString(AddressSpace memory, SvdDevice? svd)
        => $"{Time / 1000.0,12:F3} us  pc 0x{Pc:x8}  {(IsWrite ? "write" : "read ")}{8 * Size,3}  0x{Address:x8} {(IsWrite ? "<-" : "->")} 0x{Value:x}  {Describe(memory, Address, IsWrite, svd)}{(Times > 1 ? $", {Times} times" : "")}";
}
