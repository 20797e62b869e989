using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Emulation.Storage;

/// <summary>The header of a qcow image of version 1; all fields are big-endian.</summary>
internal sealed record QcowHeader
{
    public const int Length = 48;
    public const uint Magic = 0x5146_49fb;
    public const uint Version = 1;
    public const int CryptOffset = 36;

    private const int MinClusterBits = 9;
    private const int MaxClusterBits = 16;
    private const int MaxBackingName = 1023;
    private const uint Aes = 1;

    // L1 tables of 32 MiB, as large as those of qcow2
    private const long MaxL1Entries = 4 << 20;

    public required int ClusterBits { get; init; }

    public required int TableBits { get; init; }

    public required long DiskSize { get; init; }

    public required long L1Offset { get; init; }

    public bool Encrypted { get; init; }

    public string? BackingFile { get; init; }

    public int ClusterSize => 1 << ClusterBits;

    /// <summary>Entries of the L1 table.</summary>
    public long L1Entries => ImageFields.Blocks(DiskSize, 1L << (ClusterBits + TableBits));

    public static async ValueTask<QcowHeader> ReadAsync(HostFile file, ImageName name)
    {
        byte[] bytes = await ImageFields.ReadAsync(file, 0, Length, name).ConfigureAwait(false);
        uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
        ulong U64(int at) => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at));
        void Require(bool fine, int at, string what)
        {
            if (!fine)
                throw name.At(at, what);
        }

        Require(U32(0) == Magic, 0, "the signature of a qcow image is not there");
        Require(U32(4) == Version, 4, $"version {U32(4)} is not that of qcow, 1");
        (int clusterBits, int tableBits) = (bytes[32], bytes[33]);
        Require(clusterBits is >= MinClusterBits and <= MaxClusterBits, 32, $"clusters of 2^{clusterBits} bytes are not possible; 2^9 to 2^16 are");
        Require(tableBits is >= MinClusterBits - 3 and <= MaxClusterBits - 3, 33, $"tables of 2^{tableBits} entries are not possible; 2^6 to 2^13 are");
        Require(U32(CryptOffset) <= Aes, CryptOffset, $"encryption method {U32(CryptOffset)} is not known; 1 (AES) is");
        ulong sectors = U64(24) / ImageFields.Sector;
        Require(sectors is > 0 and <= long.MaxValue / ImageFields.Sector, 24, $"a disk of {U64(24)} bytes is not possible");
        var header = new QcowHeader
        {
            ClusterBits = clusterBits,
            TableBits = tableBits,
            DiskSize = (long)sectors * ImageFields.Sector,
            L1Offset = (long)U64(40),
            Encrypted = U32(CryptOffset) == Aes,
            BackingFile = U64(8) == 0 ? null : await ReadNameAsync(file, U64(8), U32(16), name).ConfigureAwait(false),
        };
        Require(header.L1Entries <= MaxL1Entries, 24, $"a disk of {header.DiskSize} bytes is too large for these clusters and tables");
        Require(header.L1Offset >= Length && header.L1Offset % 8 == 0 && header.L1Offset <= file.Length - (header.L1Entries * 8), 40, $"the L1 table is said to be at byte 0x{U64(40):x}");
        return header;
    }

    /// <summary>The header of a new image, with sizes as QEMU chooses them.</summary>
    public static QcowHeader Create(long length, QcowCreateOptions options)
    {
        int nameLength = Encoding.UTF8.GetByteCount(options.BackingFile ?? "");
        if (options.BackingFile is not null && nameLength is 0 or > MaxBackingName)
            throw Wrong($"the name of a backing file has 1 to {MaxBackingName} bytes");
        if (options.BackingFile is null && options.BackingFormat is not null)
            throw Wrong("there is a format for a backing file, but no backing file");
        // small clusters keep what has to be copied from below little
        (int clusterBits, int tableBits) = options.BackingFile is null ? (12, 9) : (9, 12);
        ImageFields.CheckLength("qcow", length, MaxL1Entries << (clusterBits + tableBits));
        return new QcowHeader
        {
            ClusterBits = clusterBits,
            TableBits = tableBits,
            DiskSize = length,
            L1Offset = (Length + nameLength + 7) & ~7,
            Encrypted = options.Passphrase is not null,
            BackingFile = options.BackingFile,
        };
    }

    /// <summary>The fields and the backing file's name behind them.</summary>
    public byte[] ToBytes()
    {
        byte[] backing = Encoding.UTF8.GetBytes(BackingFile ?? "");
        byte[] bytes = new byte[L1Offset];
        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
        void U64(int at, long value) => BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(at), value);
        U32(0, Magic);
        U32(4, Version);
        U64(8, backing.Length > 0 ? Length : 0);
        U32(16, (uint)backing.Length);
        U64(24, DiskSize);
        bytes[32] = (byte)ClusterBits;
        bytes[33] = (byte)TableBits;
        U32(CryptOffset, Encrypted ? Aes : 0);
        U64(40, L1Offset);
        backing.CopyTo(bytes, Length);
        return bytes;
    }

    public TwoLevelLayout ToLayout() => new()
    {
        L1Offset = L1Offset,
        L1Bytes = L1Entries * 8,
        L1Entries = L1Entries,
        TableEntries = 1L << TableBits,
        ClusterSize = ClusterSize,
        DataStart = Length,
        BigEndian = true,
        PageSize = ImageFields.Sector,
        HasPacked = true,
    };

    private static DiskImageException Wrong(string what) => new($"qcow image cannot be created: {what}");

    private static async ValueTask<string> ReadNameAsync(HostFile file, ulong at, uint length, ImageName name)
    {
        if (length is 0 or > MaxBackingName || at is < Length or > long.MaxValue / 2)
            throw name.At(8, $"the name of the backing file is said to be {length} bytes at byte 0x{at:x}");
        return Encoding.UTF8.GetString(await ImageFields.ReadAsync(file, (long)at, (int)length, name).ConfigureAwait(false));
    }
}
