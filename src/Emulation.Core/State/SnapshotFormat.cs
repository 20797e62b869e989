using System.Numerics;
using System.Runtime.InteropServices;

namespace Emulation.Core;

/// <summary>The snapshot file, version 1. All numbers are little-endian.</summary>
/// <remarks>
/// Header: magic (8 bytes), format version (u32). Then sections: kind (u8), name length (u16), name (UTF-8), version (i32), payload length (u64),
/// payload, CRC-32C of all of the section before it (u32). The first section is the manifest: machine name and what follows, so that a file of another
/// machine is refused before anything changes. Then one section per memory, one per device and vCPU, the machine's own, and the end.
/// A memory's payload is its size (u64), then for each chunk a bit map of its pages that are not zero (u16, bit 0 first), and those pages. In version 2 of
/// the section, for memory that is not zero at first, what the pages are that are left out follows the size (u8).
/// </remarks>
internal static class SnapshotFormat
{
    public const uint Version = 1;
    public const int MaxName = 1024;
    public const int MaxState = 256 << 20;
    public const int PagesPerChunk = RamBlock.ChunkSize / RamBlock.PageSize;

    public static ReadOnlySpan<byte> Magic => "EMUSTATE"u8;

    public static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(data))
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        foreach (byte rest in data[(data.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, rest);
        return crc;
    }
}

/// <summary>Kinds of section in a snapshot file.</summary>
internal enum SectionKind : byte
{
    End = 0,
    Manifest = 1,
    Memory = 2,
    State = 3,
}
