namespace Emulation.Storage;

/// <summary>A persistent bitmap of a qcow2 image: which parts of the disk were written since it was made or cleared.</summary>
public sealed class Qcow2Bitmap
{
    internal Qcow2Bitmap() { }

    /// <summary>Its name, unique within the image.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of the disk that one bit stands for.</summary>
    public long Granularity => 1L << GranularityBits;

    /// <summary>Whether writes are recorded in it.</summary>
    public bool Enabled { get; internal set; }

    /// <summary>Whether it can be relied on; false when a writer did not come to save it.</summary>
    public required bool Consistent { get; init; }

    internal int GranularityBits { get; init; }

    internal long TableOffset { get; set; }

    internal int TableSize { get; set; }

    // where the flags are in the file, and what they are
    internal long FlagsPosition { get; set; }

    internal uint Flags { get; set; }

    internal byte[] Extra { get; init; } = [];

    // the table's entries and the bits, once they are needed
    internal ulong[]? Table { get; set; }

    internal byte[]? Bits { get; set; }

    internal void Mark(long offset, long length)
    {
        if (Bits is null || length <= 0)
            return;
        long last = (offset + length - 1) >> GranularityBits;
        for (long bit = offset >> GranularityBits; bit <= last; bit++)
        {
            if ((bit & 7) == 0 && last - bit >= 7)
            {
                Bits[bit >> 3] = byte.MaxValue;
                bit += 7;
            }
            else
            {
                Bits[bit >> 3] |= (byte)(1 << (int)(bit & 7));
            }
        }
    }
}

/// <summary>A run of bytes of a disk that were all written, or all not, as a bitmap has it.</summary>
/// <param name="Length">Bytes; at least 1.</param>
/// <param name="Written">Whether they were.</param>
public readonly record struct BitmapRun(long Length, bool Written);
