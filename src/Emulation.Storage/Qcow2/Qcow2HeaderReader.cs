using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>Reads and checks a header. Nothing is allocated by what it says before that has been held against the file and the limits.</summary>
internal sealed class Qcow2HeaderReader(HostFile file, ImageName name)
{
    private byte[] _bytes = [];

    public async ValueTask<Qcow2Header> ReadAsync()
    {
        _bytes = new byte[Math.Min(Qcow2Header.LengthCreated, file.Length)];
        await file.ReadAsync(0, _bytes).ConfigureAwait(false);
        if (_bytes.Length < Qcow2Header.LengthV2 || Word(0) != Qcow2Bits.Magic)
            throw name.At(0, "this is not a qcow2 image");
        uint version = Word(4);
        if (version is not (2 or 3))
            throw name.At(4, $"version {version} is not supported; 2 and 3 are");
        uint clusterBits = Word(20);
        if (clusterBits is < Qcow2Limits.MinClusterBits or > Qcow2Limits.MaxClusterBits)
            throw name.At(20, $"clusters of 2^{clusterBits} bytes are not supported; 512 bytes to 2 MiB are");
        _bytes = new byte[Math.Min(1 << (int)clusterBits, file.Length)];
        await file.ReadAsync(0, _bytes).ConfigureAwait(false);
        return Parse((int)version, (int)clusterBits);
    }

    private Qcow2Header Parse(int version, int clusterBits)
    {
        (int headerLength, int refcountOrder, ulong incompatible) = (Qcow2Header.LengthV2, 4, 0UL);
        if (version > 2)
        {
            if (_bytes.Length < Qcow2Header.LengthV3)
                throw name.At(_bytes.Length, "the file ends inside its header");
            uint length = Word(100);
            if (length < Qcow2Header.LengthV3 || length % 8 != 0 || length > _bytes.Length)
                throw name.At(100, $"a header of {length} bytes is not possible");
            headerLength = (int)length;
            incompatible = Long(72);
            if (Word(96) > 6)
                throw name.At(96, $"refcounts of 2^{Word(96)} bits are not possible");
            refcountOrder = (int)Word(96);
        }

        List<Qcow2HeaderExtension> extensions = ReadExtensions(headerLength, BackingOffset(version));
        Qcow2Features.Check(name, incompatible, extensions);
        if (Word(32) > 2)
            throw name.At(32, $"encryption method {Word(32)} is not supported; 1 (AES) and 2 (LUKS) are");
        byte compression = headerLength > Qcow2Header.LengthV3 ? _bytes[Qcow2Header.LengthV3] : (byte)0;
        bool compressionBit = (incompatible & Qcow2Bits.IncompatibleCompression) != 0;
        if (compressionBit != (compression != 0))
            throw name.At(104, "the compression type and its feature bit contradict each other");
        if (compression > 1)
            throw name.At(104, $"compression type {compression} is not supported; 0 (zlib) and 1 (zstd) are");
        if ((incompatible & Qcow2Bits.IncompatibleExtendedL2) != 0 && clusterBits < Qcow2Limits.MinExtendedClusterBits)
            throw name.At(20, "extended L2 entries need clusters of at least 16 KiB");

        var header = new Qcow2Header
        {
            Version = version,
            ClusterBits = clusterBits,
            RefcountOrder = refcountOrder,
            Incompatible = incompatible,
            Compatible = version > 2 ? Long(80) : 0,
            Autoclear = version > 2 ? Long(88) : 0,
            HeaderLength = headerLength,
            CompressionType = compression,
            EncryptionMethod = Word(32),
            Size = Position(24),
            BackingFile = ReadBackingName(version),
            L1Size = (int)Math.Min(Word(36), int.MaxValue),
            L1Offset = Position(40),
            RefcountTableOffset = Position(48),
            RefcountTableClusters = (int)Math.Min(Word(56), int.MaxValue),
            SnapshotCount = (int)Math.Min(Word(60), int.MaxValue),
            SnapshotsOffset = Position(64),
        };
        header.Extensions.AddRange(extensions);
        CheckTables(header);
        return header;
    }

    private void CheckTables(Qcow2Header header)
    {
        Qcow2Geometry geometry = header.Geometry();
        if (header.L1Size > Qcow2Limits.MaxL1Bytes / 8)
            throw name.At(36, $"an L1 table of {header.L1Size} entries is larger than 32 MiB");
        if (header.L1Size < geometry.L1Entries(header.Size))
            throw name.At(36, $"an L1 table of {header.L1Size} entries is too small for a disk of {header.Size} bytes");
        CheckTable(40, "the L1 table", header.L1Offset, header.L1Size * 8L, geometry);
        long refcountBytes = (long)header.RefcountTableClusters << header.ClusterBits;
        if (refcountBytes > Qcow2Limits.MaxRefcountTableBytes)
            throw name.At(56, $"a refcount table of {refcountBytes} bytes is larger than 8 MiB");
        if (refcountBytes == 0)
            throw name.At(56, "there is no refcount table");
        CheckTable(48, "the refcount table", header.RefcountTableOffset, refcountBytes, geometry);
        if (header.SnapshotCount > Qcow2Limits.MaxSnapshots)
            throw name.At(60, $"{header.SnapshotCount} snapshots are more than {Qcow2Limits.MaxSnapshots}");
        if (header.SnapshotCount > 0)
            CheckTable(64, "the snapshot table", header.SnapshotsOffset, header.SnapshotCount * 40L, geometry);
        if ((header.Autoclear & Qcow2Bits.AutoclearRawDataFile) != 0 && header.HasDataFile && header.BackingFile is not null)
            throw name.At(8, "a raw external data file and a backing file exclude each other");
        if (header.HasDataFile && header.SnapshotCount > 0)
            throw name.At(60, "internal snapshots and an external data file exclude each other");
    }

    private void CheckTable(int field, string what, long offset, long bytes, Qcow2Geometry geometry)
    {
        if (geometry.Within(offset) != 0)
            throw name.At(field, $"{what} at 0x{offset:x} does not begin with a cluster");
        if (bytes == 0)
            return;
        // the file may end inside the table's last cluster
        if (offset == 0 || offset > geometry.RoundUp(file.Length) || geometry.RoundUp(bytes) > geometry.RoundUp(file.Length) - offset)
            throw name.At(field, $"{what} at 0x{offset:x}, {bytes} bytes, lies outside the file of {file.Length} bytes");
    }

    // 0 when there is none
    private int BackingOffset(int version)
    {
        long offset = Position(8);
        if (offset == 0)
            return 0;
        uint length = Word(16);
        if (length > Qcow2Limits.MaxBackingName)
            throw name.At(16, $"the name of the backing file has {length} bytes; at most {Qcow2Limits.MaxBackingName} are allowed");
        if (offset < (version == 2 ? Qcow2Header.LengthV2 : Qcow2Header.LengthV3) || offset > _bytes.Length - length)
            throw name.At(8, $"the name of the backing file at 0x{offset:x} is not in the first cluster");
        return (int)offset;
    }

    private string? ReadBackingName(int version)
    {
        int offset = BackingOffset(version);
        return offset == 0 || Word(16) == 0 ? null : Encoding.UTF8.GetString(_bytes, offset, (int)Word(16));
    }

    // the area ends with a mark of type 0, or where the backing file's name begins
    private List<Qcow2HeaderExtension> ReadExtensions(int start, int backing)
    {
        var extensions = new List<Qcow2HeaderExtension>();
        int end = backing == 0 ? _bytes.Length : backing;
        for (int position = start; position <= end - 8;)
        {
            uint type = Word(position);
            uint length = Word(position + 4);
            if (type == Qcow2Bits.ExtensionEnd)
                break;
            if (length > end - position - 8)
                throw name.At(position, $"header extension 0x{type:x8} of {length} bytes leaves the header");
            extensions.Add(new Qcow2HeaderExtension(type, _bytes.AsSpan(position + 8, (int)length).ToArray()));
            position += 8 + (int)((length + 7) & ~7u);
        }

        return extensions;
    }

    private uint Word(int offset) => BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(offset));

    private ulong Long(int offset) => BinaryPrimitives.ReadUInt64BigEndian(_bytes.AsSpan(offset));

    private long Position(int offset)
    {
        ulong value = Long(offset);
        return value <= long.MaxValue / 2 ? (long)value : throw name.At(offset, $"0x{value:x} is not a possible size or offset");
    }
}
