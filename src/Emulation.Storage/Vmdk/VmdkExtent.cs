namespace Emulation.Storage;

/// <summary>A part of a disk.</summary>
/// <param name="Start">Its first byte on the disk.</param>
/// <param name="Device">Holds it; owned.</param>
/// <param name="At">Where the descriptor says so.</param>
/// <param name="IsZero">Whether it holds nothing but zeros, and can hold nothing else.</param>
internal sealed record VmdkExtent(long Start, BlockDevice Device, long At, bool IsZero = false)
{
    /// <summary>Path of its file.</summary>
    public string? Path { get; init; }

    /// <summary>Its type in the descriptor; empty when it is the file with the descriptor.</summary>
    public string Type { get; init; } = "";

    public long End => Start + Device.Length;
}
