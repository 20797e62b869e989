namespace Emulation.Boards.Loading;

/// <summary>One piece of an image and where it goes.</summary>
/// <param name="Address">Physical address.</param>
/// <param name="Data">The bytes.</param>
/// <param name="Size">Bytes in memory: at least as many; the rest is zero.</param>
internal readonly record struct ImageSegment(ulong Address, ReadOnlyMemory<byte> Data, ulong Size)
{
    public ulong End => Address + Size;
}

/// <summary>A file, ready to be copied into the guest's memory.</summary>
/// <param name="Purpose">What it is for.</param>
/// <param name="Path">Where it came from.</param>
/// <param name="Entry">Physical address of its first instruction.</param>
/// <param name="Segments">Its pieces; at least one.</param>
internal sealed record GuestImage(string Purpose, string Path, ulong Entry, IReadOnlyList<ImageSegment> Segments)
{
    /// <summary>Lowest address.</summary>
    public ulong Start => Segments.Min(static s => s.Address);

    /// <summary>The address behind the highest byte.</summary>
    public ulong End => Segments.Max(static s => s.End);

    /// <summary>One piece at an address.</summary>
    public static GuestImage Raw(string purpose, string path, ulong address, ReadOnlyMemory<byte> data, ulong size = 0)
        => new(purpose, path, address, [new ImageSegment(address, data, Math.Max(size, (ulong)data.Length))]);
}
