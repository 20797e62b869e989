using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Emulation.Storage;

/// <summary>The header of a QED image; all fields are little-endian. QEMU docs/interop/qed_spec.</summary>
internal sealed record QedHeader
{
    public const uint Magic = 0x0044_4551;
    public const ulong FeatureBackingFile = 1;
    public const ulong FeatureNeedCheck = 2;
    public const ulong FeatureBackingRaw = 4;

    public const int Length = 64;
    private const int MinClusterSize = 4096;
    private const int MaxClusterSize = 64 << 20;
    private const int MaxTableSize = 16;
    private const int MaxHeaderBytes = 1 << 30;
    public const int MaxBackingName = 1023;

    public required int ClusterSize { get; init; }

    public required int TableSize { get; init; }

    public int HeaderSize { get; init; } = 1;

    public ulong Features { get; init; }

    public ulong CompatibleFeatures { get; init; }

    public ulong AutoclearFeatures { get; init; }

    public required long L1Offset { get; init; }

    public required long DiskSize { get; init; }

    public string? BackingFile { get; init; }

    public bool NeedCheck => (Features & FeatureNeedCheck) != 0;

    /// <summary>The format of the image below, where the header says it.</summary>
    public string? BackingFormat => (Features & FeatureBackingRaw) != 0 ? "raw" : null;

    public long HeaderBytes => (long)HeaderSize * ClusterSize;

    public long TableBytes => (long)TableSize * ClusterSize;

    /// <summary>Entries of a table.</summary>
    public long TableEntries => TableBytes / 8;

    public static async ValueTask<QedHeader> ReadAsync(HostFile file, ImageName name)
    {
        byte[] bytes = await ImageFields.ReadAsync(file, 0, Length, name).ConfigureAwait(false);
        void Require(bool fine, int at, string what)
        {
            if (!fine)
                throw name.At(at, what);
        }

        Require(ImageFields.U32(bytes, 0) == Magic, 0, "the signature of a QED image is not there");
        (uint cluster, uint table, uint clusters) = (ImageFields.U32(bytes, 4), ImageFields.U32(bytes, 8), ImageFields.U32(bytes, 12));
        Require(cluster is >= MinClusterSize and <= MaxClusterSize && BitOperations.IsPow2(cluster), 4, $"a cluster size of {cluster} bytes is not a power of two from 4 KiB to 64 MiB");
        Require(table is >= 1 and <= MaxTableSize && BitOperations.IsPow2(table), 8, $"a table of {table} clusters is not possible; 1, 2, 4, 8 and 16 are");
        Require(clusters >= 1 && clusters <= MaxHeaderBytes / cluster, 12, $"a header of {clusters} clusters is not possible");
        ulong features = ImageFields.U64(bytes, 16);
        ulong unknown = features & ~(FeatureBackingFile | FeatureNeedCheck | FeatureBackingRaw);
        Require(unknown == 0, 16, $"the features 0x{unknown:x} are not supported");
        (ulong l1, ulong size) = (ImageFields.U64(bytes, 40), ImageFields.U64(bytes, 48));
        var header = new QedHeader
        {
            ClusterSize = (int)cluster,
            TableSize = (int)table,
            HeaderSize = (int)clusters,
            Features = features,
            CompatibleFeatures = ImageFields.U64(bytes, 24),
            AutoclearFeatures = ImageFields.U64(bytes, 32),
            L1Offset = (long)l1,
            DiskSize = (long)size,
            BackingFile = (features & FeatureBackingFile) == 0 ? null : await ReadNameAsync(file, bytes, (long)clusters * cluster, name).ConfigureAwait(false),
        };
        Require(l1 % cluster == 0 && header.L1Offset >= header.HeaderBytes && header.L1Offset <= file.Length - header.TableBytes, 40,
            $"the L1 table is said to be at byte 0x{l1:x}");
        Require(size % ImageFields.Sector == 0 && size is > 0 and <= long.MaxValue && header.Fits(header.DiskSize), 48, $"a disk of {size} bytes is not possible with these tables");
        return header;
    }

    public static void Check(QedCreateOptions options)
    {
        if (!BitOperations.IsPow2(options.ClusterSize) || options.ClusterSize is < MinClusterSize or > MaxClusterSize)
            throw Wrong($"a cluster size of {options.ClusterSize} bytes is not a power of two from 4 KiB to 64 MiB");
        if (!BitOperations.IsPow2(options.TableSize) || options.TableSize is < 1 or > MaxTableSize)
            throw Wrong($"a table of {options.TableSize} clusters is not possible; 1, 2, 4, 8 and 16 are");
        if (options.BackingFile is null != options.BackingFormat is null)
            throw Wrong("a backing file and its format go together");
        if (options.BackingFile is not null && Encoding.UTF8.GetByteCount(options.BackingFile) is 0 or > MaxBackingName)
            throw Wrong($"the name of a backing file has 1 to {MaxBackingName} bytes");
    }

    public static DiskImageException Wrong(string what) => new($"qed image cannot be created: {what}");

    /// <summary>Whether the tables reach to the end of a disk.</summary>
    public bool Fits(long length) => (UInt128)(ulong)TableEntries * (ulong)TableEntries * (ulong)ClusterSize >= (UInt128)(ulong)length;

    public TwoLevelLayout ToLayout() => new()
    {
        L1Offset = L1Offset,
        L1Bytes = TableBytes,
        // also those behind the end of the disk, which a larger one comes to use
        L1Entries = TableEntries,
        TableEntries = TableEntries,
        ClusterSize = ClusterSize,
        DataStart = HeaderBytes,
        ZeroEntry = 1,
        SizeOffset = 48,
    };

    /// <summary>The fields and the backing file's name behind them.</summary>
    public byte[] ToBytes()
    {
        byte[] backing = Encoding.UTF8.GetBytes(BackingFile ?? "");
        byte[] bytes = new byte[Length + backing.Length];
        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
        void U64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);
        U32(0, Magic);
        U32(4, (uint)ClusterSize);
        U32(8, (uint)TableSize);
        U32(12, (uint)HeaderSize);
        U64(16, Features);
        U64(24, CompatibleFeatures);
        U64(32, AutoclearFeatures);
        U64(40, (ulong)L1Offset);
        U64(48, (ulong)DiskSize);
        U32(56, backing.Length > 0 ? Length : 0u);
        U32(60, (uint)backing.Length);
        backing.CopyTo(bytes, Length);
        return bytes;
    }

    private static async ValueTask<string> ReadNameAsync(HostFile file, byte[] header, long headerBytes, ImageName name)
    {
        (uint at, uint length) = (ImageFields.U32(header, 56), ImageFields.U32(header, 60));
        if (length is 0 or > MaxBackingName || at < Length || at > headerBytes - length)
            throw name.At(56, $"the name of the backing file is said to be {length} bytes at byte 0x{at:x}");
        return Encoding.UTF8.GetString(await ImageFields.ReadAsync(file, at, (int)length, name).ConfigureAwait(false));
    }
}
