namespace Emulation.Storage;

/// <summary>How the bytes of a chunk are in the file.</summary>
internal enum PackedKind
{
    /// <summary>Not at all: they are zeros.</summary>
    Zero,

    /// <summary>As they are.</summary>
    Plain,

    /// <summary>Compressed.</summary>
    Packed,
}

/// <summary>A range of a disk that is in the file as a whole.</summary>
/// <param name="Start">First byte on the disk.</param>
/// <param name="Length">Bytes on the disk.</param>
/// <param name="Kind">How they are in the file.</param>
/// <param name="Host">First byte in the file.</param>
/// <param name="HostLength">Bytes in the file.</param>
/// <param name="Type">How they are compressed, in the format's own numbers.</param>
internal readonly record struct PackedChunk(long Start, long Length, PackedKind Kind, long Host = 0, long HostLength = 0, uint Type = 0);
