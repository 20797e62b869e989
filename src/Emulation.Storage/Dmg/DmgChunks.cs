using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Reads tables of chunks ("mish") of a UDIF image; all fields are big-endian.</summary>
internal sealed class DmgChunks(HostFile file, DmgTrailer trailer, ImageName name)
{
    public const uint Adc = 0x8000_0004;
    public const uint Zlib = 0x8000_0005;
    public const uint Bzip2 = 0x8000_0006;
    public const uint Lzfse = 0x8000_0007;
    public const uint Lzma = 0x8000_0008;

    private const int HeaderLength = 204;
    private const int RunLength = 40;
    private const int MaxChunks = 1 << 20;
    private const uint Zero = 0;
    private const uint Raw = 1;
    private const uint Ignore = 2;
    private const uint Comment = 0x7fff_fffe;
    private const uint Terminator = 0xffff_ffff;

    private readonly List<PackedChunk> _chunks = [];

    /// <summary>All chunks by their place on the disk; none overlap.</summary>
    public PackedChunk[] Read(List<byte[]> tables)
    {
        foreach (byte[] table in tables)
            ReadTable(table);
        _chunks.Sort((a, b) => a.Start.CompareTo(b.Start));
        for (int i = 1; i < _chunks.Count; i++)
        {
            if (_chunks[i].Start < _chunks[i - 1].Start + _chunks[i - 1].Length)
                throw Wrong($"two chunks are said to be at byte 0x{_chunks[i].Start:x} of the disk");
        }

        return [.. _chunks];
    }

    private void ReadTable(byte[] table)
    {
        if (table.Length < HeaderLength || !table.AsSpan().StartsWith("mish"u8))
            throw Wrong("a table of chunks has no header");
        ulong firstSector = BinaryPrimitives.ReadUInt64BigEndian(table.AsSpan(8));
        ulong dataOffset = BinaryPrimitives.ReadUInt64BigEndian(table.AsSpan(24));
        uint runs = BinaryPrimitives.ReadUInt32BigEndian(table.AsSpan(200));
        if (runs > (uint)(table.Length - HeaderLength) / RunLength || _chunks.Count + runs > MaxChunks)
            throw Wrong($"a table of {table.Length} bytes is said to have {runs} chunks; at most {MaxChunks} are supported in all");
        for (int i = 0; i < runs; i++)
        {
            ReadOnlySpan<byte> run = table.AsSpan(HeaderLength + (i * RunLength), RunLength);
            uint type = BinaryPrimitives.ReadUInt32BigEndian(run);
            if (type == Terminator)
                break;
            if (type != Comment)
                Add(type, run, firstSector, dataOffset);
        }
    }

    private void Add(uint type, ReadOnlySpan<byte> run, ulong firstSector, ulong dataOffset)
    {
        UInt128 start = (UInt128)firstSector + BinaryPrimitives.ReadUInt64BigEndian(run[8..]);
        ulong sectors = BinaryPrimitives.ReadUInt64BigEndian(run[16..]);
        UInt128 host = (UInt128)(ulong)trailer.DataOffset + dataOffset + BinaryPrimitives.ReadUInt64BigEndian(run[24..]);
        ulong hostLength = BinaryPrimitives.ReadUInt64BigEndian(run[32..]);
        if (sectors == 0)
            return;
        if (start + sectors > (UInt128)(long.MaxValue / ImageFields.Sector))
            throw Wrong($"a chunk is said to have {sectors} sectors from sector {start}");
        (long at, long length) = ((long)start * ImageFields.Sector, (long)sectors * ImageFields.Sector);
        if (type is Zero or Ignore)
        {
            _chunks.Add(new(at, length, PackedKind.Zero));
            return;
        }

        if (type is not (Raw or Adc or Zlib or Bzip2 or Lzma))
            throw Wrong(type == Lzfse ? "LZFSE chunks (type 0x80000007) are not supported" : $"chunks of type 0x{type:x} are not known");
        if (host > (ulong)file.Length || hostLength > (ulong)file.Length - (ulong)host || (type == Raw && hostLength < (ulong)length))
            throw Wrong($"the chunk for byte 0x{at:x} of the disk is said to be {hostLength} bytes at byte 0x{host:x} of the file");
        if (type != Raw && (length > PackedDisk.MaxChunk || hostLength > PackedDisk.MaxChunk))
            throw Wrong($"a compressed chunk of {length} bytes, {hostLength} in the file, is too large; 64 MiB are the most");
        _chunks.Add(new(at, length, type == Raw ? PackedKind.Plain : PackedKind.Packed, (long)host, (long)hostLength, type));
    }

    private DiskImageException Wrong(string what) => name.At(trailer.PlistOffset, what);
}
