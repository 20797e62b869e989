using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>What precedes everything in a stream: a sector that says what follows, or, before a grain, 12 bytes.</summary>
/// <remarks>VMware Virtual Disk Format 5.0, "Stream-Optimized Compressed Sparse Extents".</remarks>
internal static class VmdkMarker
{
    public const uint EndOfStream = 0;
    public const uint Table = 1;
    public const uint Directory = 2;
    public const uint Footer = 3;

    /// <summary>Bytes before a grain's data: its first sector of the disk, and the length of the data.</summary>
    public const int GrainLength = 12;

    public static void WriteGrain(Span<byte> target, long offset, int length)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, offset / ImageFields.Sector);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], length);
    }

    public static byte[] Of(uint type, long length)
    {
        byte[] sector = new byte[ImageFields.Sector];
        BinaryPrimitives.WriteInt64LittleEndian(sector, length / ImageFields.Sector);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(12), type);
        return sector;
    }
}
