using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Emulation.Storage;

/// <summary>Lays out a new image: header, refcount table, refcount blocks, L1 table.</summary>
internal static class Qcow2Creator
{
    public static async ValueTask CreateAsync(IBlockDevice file, long length, Qcow2CreateOptions options, ImageName name)
    {
        Check(length, options);
        int clusterBits = BitOperations.Log2((uint)options.ClusterSize);
        int order = BitOperations.Log2((uint)options.RefcountBits);
        var geometry = new Qcow2Geometry(options.Version, clusterBits, order, options.ExtendedL2);
        long l1Entries = geometry.L1Entries(length);
        if (l1Entries > Qcow2Limits.MaxL1Bytes / 8)
            throw name.Error($"a disk of {length} bytes is too large for clusters of {options.ClusterSize} bytes");

        // header, then table, then blocks, then L1; all of it counted in the blocks
        long l1Clusters = geometry.RoundUp(Math.Max(l1Entries, 1) * 8) >> clusterBits;
        byte[] luks = options.Passphrase is null ? [] : LuksCreator.Create(options.Passphrase);
        long luksClusters = geometry.RoundUp(luks.Length) >> clusterBits;
        (long blocks, long tableClusters) = (1, 1);
        long used;
        while (true)
        {
            used = 1 + tableClusters + blocks + l1Clusters + luksClusters;
            long needed = ((used - 1) >> geometry.RefcountBlockBits) + 1;
            long neededTable = geometry.RoundUp(needed * 8) >> clusterBits;
            if (needed <= blocks && neededTable <= tableClusters)
                break;
            (blocks, tableClusters) = (Math.Max(needed, blocks), Math.Max(neededTable, tableClusters));
        }

        var header = new Qcow2Header
        {
            Version = options.Version,
            ClusterBits = clusterBits,
            RefcountOrder = order,
            Size = length,
            L1Size = (int)Math.Max(l1Entries, 1),
            L1Offset = (1 + tableClusters + blocks) << clusterBits,
            RefcountTableOffset = 1L << clusterBits,
            RefcountTableClusters = (int)tableClusters,
            Incompatible = (options.ExtendedL2 ? Qcow2Bits.IncompatibleExtendedL2 : 0)
                | (options.Compression != Qcow2Compression.Zlib ? Qcow2Bits.IncompatibleCompression : 0)
                | (options.DataFile is not null ? Qcow2Bits.IncompatibleDataFile : 0),
            Compatible = options.LazyRefcounts ? Qcow2Bits.CompatibleLazyRefcounts : 0,
            Autoclear = options.DataFileIsRaw ? Qcow2Bits.AutoclearRawDataFile : 0,
            CompressionType = (byte)options.Compression,
            EncryptionMethod = luks.Length > 0 ? 2u : 0,
            BackingFile = options.BackingFile,
        };
        if (options.BackingFormat is not null)
            header.Extensions.Add(Text(Qcow2Bits.ExtensionBackingFormat, options.BackingFormat));
        if (options.DataFile is not null)
            header.Extensions.Add(Text(Qcow2Bits.ExtensionDataFile, options.DataFile));
        long luksOffset = (used - luksClusters) << clusterBits;
        if (luks.Length > 0)
        {
            byte[] place = new byte[16];
            BinaryPrimitives.WriteInt64BigEndian(place, luksOffset);
            BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(8), luks.Length);
            header.Extensions.Add(new Qcow2HeaderExtension(Qcow2Bits.ExtensionEncryption, place));
        }

        // small clusters may have no room for the names of features
        if (options.Version > 2 && clusterBits > 10)
            header.Extensions.Add(Qcow2Features.Table());

        byte[] first = header.ToFirstCluster(name);
        await file.ResizeAsync(used << clusterBits).ConfigureAwait(false);
        await WriteRefcountsAsync(file, geometry, tableClusters, blocks, used).ConfigureAwait(false);
        if (luks.Length > 0)
            await file.WriteAsync(luksOffset, luks).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        await file.WriteAsync(0, first).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>What room an image takes, all tables that it may come to need counted.</summary>
    public static DiskLayout Layout(long length, Qcow2CreateOptions options)
    {
        Check(length, options);
        var geometry = new Qcow2Geometry(options.Version, BitOperations.Log2((uint)options.ClusterSize), BitOperations.Log2((uint)options.RefcountBits), options.ExtendedL2);
        if (geometry.L1Entries(length) > Qcow2Limits.MaxL1Bytes / 8)
            throw Wrong($"a disk of {length} bytes is too large for clusters of {options.ClusterSize} bytes");
        long data = ImageFields.Blocks(length, options.ClusterSize);
        long l2 = geometry.L1Entries(length);
        long l1 = ImageFields.Blocks(l2 * 8, options.ClusterSize);
        long luks = options.Passphrase is null ? 0 : ImageFields.Blocks(LuksCreator.Length, options.ClusterSize);
        long counted = 1 + l1 + l2 + data;
        (long blocks, long table) = (0, 0);
        while (true)
        {
            long needed = ImageFields.Blocks(counted + table + blocks, 1L << geometry.RefcountBlockBits);
            long neededTable = ImageFields.Blocks(needed * 8, options.ClusterSize);
            if ((needed, neededTable) == (blocks, table))
                break;
            (blocks, table) = (needed, neededTable);
        }

        return new DiskLayout(options.ClusterSize, (1 + l1 + l2 + blocks + table + luks) << geometry.ClusterBits, options.ClusterSize,
            options.Preallocation is DiskPreallocation.Falloc or DiskPreallocation.Full);
    }

    private static async ValueTask WriteRefcountsAsync(IBlockDevice file, Qcow2Geometry geometry, long tableClusters, long blocks, long used)
    {
        byte[] table = new byte[tableClusters << geometry.ClusterBits];
        byte[] block = new byte[geometry.ClusterSize];
        for (int i = 0; i < blocks; i++)
        {
            long offset = (1 + tableClusters + i) << geometry.ClusterBits;
            BinaryPrimitives.WriteInt64BigEndian(table.AsSpan(i * 8), offset);
            long begin = (long)i << geometry.RefcountBlockBits;
            block.AsSpan().Clear();
            for (long cluster = begin; cluster < Math.Min(used, begin + (1L << geometry.RefcountBlockBits)); cluster++)
                Qcow2RefcountField.Write(block, (int)(cluster - begin), geometry.RefcountOrder, 1);
            await file.WriteAsync(offset, block).ConfigureAwait(false);
        }

        await file.WriteAsync(1L << geometry.ClusterBits, table).ConfigureAwait(false);
    }

    private static void Check(long length, Qcow2CreateOptions options)
    {
        if (length < 0 || length > long.MaxValue / 2)
            throw Wrong($"a disk of {length} bytes is not possible");
        if (options.Version is not (2 or 3))
            throw Wrong($"version {options.Version} does not exist; 2 and 3 do");
        if (!BitOperations.IsPow2(options.ClusterSize) || options.ClusterSize is < 1 << Qcow2Limits.MinClusterBits or > 1 << Qcow2Limits.MaxClusterBits)
            throw Wrong($"a cluster size of {options.ClusterSize} bytes is not a power of two from 512 to 2 MiB");
        if (!BitOperations.IsPow2(options.RefcountBits) || options.RefcountBits is < 1 or > 64)
            throw Wrong($"refcounts of {options.RefcountBits} bits are not possible; powers of two from 1 to 64 are");
        if (options.ExtendedL2 && options.ClusterSize < 1 << Qcow2Limits.MinExtendedClusterBits)
            throw Wrong("extended L2 entries need clusters of at least 16 KiB");
        if (options.Version == 2 && (options.RefcountBits != 16 || options.ExtendedL2 || options.LazyRefcounts
            || options.Compression != Qcow2Compression.Zlib || options.DataFile is not null || options.Passphrase is not null))
        {
            throw Wrong("version 2 has refcounts of 16 bits, zlib, and none of extended L2 entries, lazy refcounts, external data files and LUKS");
        }

        if (!Enum.IsDefined(options.Compression))
            throw Wrong($"compression {options.Compression} is not known");
        if (options.BackingFile is not null && options.BackingFormat is null)
            throw Wrong("the format of the backing file must be given");
        if (options.BackingFile is null && options.BackingFormat is not null)
            throw Wrong("there is a format for a backing file, but no backing file");
        if (options.DataFileIsRaw && (options.DataFile is null || options.BackingFile is not null))
            throw Wrong("a raw data file needs a data file and excludes a backing file");
        if (!Enum.IsDefined(options.Preallocation))
            throw Wrong($"preallocation {options.Preallocation} is not known");
        if (options.Preallocation != DiskPreallocation.Off && options.BackingFile is not null && !options.ExtendedL2)
            throw Wrong("preallocation with a backing file needs extended L2 entries");
    }

    private static DiskImageException Wrong(string what) => new($"qcow2 image cannot be created: {what}");

    private static Qcow2HeaderExtension Text(uint type, string text) => new(type, Encoding.UTF8.GetBytes(text));
}
