using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The tables of an open image, and the order in which they are written.</summary>
/// <remarks>
/// Between two flushes of the file its writes may become durable in any order or not at all. So: refcounts and data first; after a flush
/// the L2 tables; after another the L1 table, where it changed; after a last one, references that are gone may be counted down. Whatever
/// is cut off, every cluster in use has been counted.
/// </remarks>
internal sealed class Qcow2Metadata
{
    private const int MaxWaiting = 1 << 16;
    private const int L1Sector = 64;

    private readonly IndexSet _changedL1 = new();
    private bool _prepared;
    private string? _refused;

    public Qcow2Metadata(HostFile file, IBlockDevice? dataFile, Qcow2Header header, ImageName name, ulong[] l1, ulong[] refcountTable, int cacheSize)
    {
        File = file;
        DataFile = dataFile;
        Header = header;
        Name = name;
        L1 = l1;
        Geometry = header.Geometry();
        Cache = new TablePageCache(file, Geometry.PageSize, cacheSize);
        Codec = new Qcow2EntryCodec(Geometry, name, header.HasDataFile);
        Refcounts = new Qcow2Refcounts(file, Cache, header, name, refcountTable, Tables);
    }

    public HostFile File { get; }

    /// <summary>Holds the guest's data if the image file does not.</summary>
    public IBlockDevice? DataFile { get; }

    public Qcow2Header Header { get; }

    public Qcow2Geometry Geometry { get; }

    public ImageName Name { get; }

    public TablePageCache Cache { get; }

    public Qcow2EntryCodec Codec { get; }

    public Qcow2Refcounts Refcounts { get; }

    /// <summary>Encrypts the guest's data; null when they are not encrypted.</summary>
    public Qcow2Encryption? Encryption { get; init; }

    /// <summary>Clusters that hold active tables; guest data never goes there. Empty on a read-only image.</summary>
    public Qcow2ClusterSet Tables { get; } = new();

    public ulong[] L1 { get; private set; }

    /// <summary>End of the file that holds the guest's data, rounded up to a cluster.</summary>
    public long DataEnd => DataFile is null ? Geometry.RoundUp(File.Length) : long.MaxValue & -(long)Geometry.ClusterSize;

    /// <summary>The offset of the L2 table of an L1 entry; 0 without one.</summary>
    public long L2Offset(ulong entry, long index)
    {
        long offset = (long)(entry & Qcow2Bits.OffsetMask);
        if ((entry & ~(Qcow2Bits.OffsetMask | Qcow2Bits.Copied)) != 0 || Geometry.Within(offset) != 0 || offset >= Geometry.RoundUp(File.Length))
            throw Name.Error($"L1 entry {index}, 0x{entry:x16}, does not point to a cluster of the file");
        return offset;
    }

    /// <summary>Collects the clusters of all active tables; refuses an image whose tables point astray or to the same place.</summary>
    public void ClaimTables(IEnumerable<(long Offset, long Length)> otherTables)
    {
        Tables.Clear();
        Tables.Add(0);
        Refcounts.ClaimTables();
        Claim(Header.L1Offset, Header.L1Size * 8L, "the L1 table");
        if (Encryption is { ByHost: true })
        {
            (long offset, long length) = Qcow2Encryption.Place(Header, File, Name);
            Claim(offset, length, "the LUKS header");
        }

        foreach ((long offset, long length) in otherTables)
            Claim(offset, length, "a table of snapshots or bitmaps");
        for (int i = 0; i < L1.Length; i++)
        {
            long table = L2Offset(L1[i], i);
            if (table != 0)
                Claim(table, Geometry.ClusterSize, "an L2 table");
        }
    }

    /// <summary>Called before anything changes.</summary>
    public ValueTask PrepareAsync()
    {
        if (_refused is not null)
            throw Name.Error($"no more writing after damage was found: {_refused}");
        return _prepared && !Cache.IsCrowded && Refcounts.Waiting < MaxWaiting ? ValueTask.CompletedTask : PrepareSlowAsync();
    }

    /// <summary>An error after which the image is not written any more.</summary>
    public DiskImageException Damaged(long offset, string what)
    {
        DiskImageException error = Name.At(offset, what);
        _refused = error.Message;
        return error;
    }

    public void SetL1(int index, ulong entry)
    {
        L1[index] = entry;
        _changedL1.Add(index / L1Sector);
    }

    /// <summary>Takes over an L1 table that the header refers to already.</summary>
    public void ReplaceL1(ulong[] l1)
    {
        _changedL1.Clear();
        L1 = l1;
    }

    /// <summary>Makes everything written so far durable.</summary>
    public async ValueTask FlushAsync()
    {
        // with the dirty bit set refcounts may wait; what needs room in memory does not
        if (!Header.IsDirty || Cache.IsCrowded)
            await Refcounts.WriteAsync().ConfigureAwait(false);
        if (DataFile is not null)
            await DataFile.FlushAsync().ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
        if (Cache.HasDirty(TablePageKind.L2) || _changedL1.Count > 0)
        {
            await Cache.WriteAsync(TablePageKind.L2).ConfigureAwait(false);
            if (_changedL1.Count > 0)
            {
                await File.FlushAsync().ConfigureAwait(false);
                await WriteL1Async().ConfigureAwait(false);
            }

            await File.FlushAsync().ConfigureAwait(false);
        }

        if (Refcounts.Waiting > 0)
            await Refcounts.ApplyReleasesAsync().ConfigureAwait(false);
    }

    /// <summary>Makes everything durable and leaves nothing that waits in memory.</summary>
    public async ValueTask SettleAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        while (Refcounts.IsDirty || Refcounts.Waiting > 0)
        {
            await Refcounts.WriteAsync().ConfigureAwait(false);
            await FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Turns lazy refcounts on or off, when nothing waits; with them the image is marked as dirty before anything else changes.</summary>
    public async ValueTask ChangeFeaturesAsync(bool lazy)
    {
        Header.Compatible = Header.Compatible & ~Qcow2Bits.CompatibleLazyRefcounts | (lazy ? Qcow2Bits.CompatibleLazyRefcounts : 0);
        Header.Incompatible = Header.Incompatible & ~Qcow2Bits.IncompatibleDirty | (lazy ? Qcow2Bits.IncompatibleDirty : 0);
        await Header.WriteAsync(File).ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>The last writing before the file is closed.</summary>
    public async ValueTask CloseAsync(Qcow2Bitmaps bitmaps)
    {
        if (!_prepared || _refused is not null)
            return;
        await SettleAsync().ConfigureAwait(false);
        await bitmaps.SaveAsync().ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
        if (Header.IsDirty)
        {
            Header.Incompatible &= ~Qcow2Bits.IncompatibleDirty;
            await Header.WriteAsync(File).ConfigureAwait(false);
            await File.FlushAsync().ConfigureAwait(false);
        }

        await File.TrimAsync(Refcounts.End).ConfigureAwait(false);
    }

    /// <summary>Writes an L1 table to a place of its own.</summary>
    public ValueTask WriteL1Async(long offset, ReadOnlySpan<ulong> l1)
    {
        byte[] bytes = new byte[Geometry.RoundUp(l1.Length * 8L)];
        for (int i = 0; i < l1.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), l1[i]);
        return File.WriteAsync(offset, bytes);
    }

    public static async ValueTask<ulong[]> ReadL1Async(HostFile file, long offset, int entries)
    {
        byte[] bytes = new byte[entries * 8];
        await file.ReadAsync(offset, bytes).ConfigureAwait(false);
        ulong[] l1 = new ulong[entries];
        for (int i = 0; i < entries; i++)
            l1[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(i * 8));
        return l1;
    }

    private async ValueTask WriteL1Async()
    {
        byte[] bytes = new byte[L1Sector * 8];
        for (int sector = _changedL1.Next(0); sector >= 0; sector = _changedL1.Next(sector + 1))
        {
            int first = sector * L1Sector;
            int count = Math.Min(L1Sector, L1.Length - first);
            for (int i = 0; i < count; i++)
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), L1[first + i]);
            await File.WriteAsync(Header.L1Offset + (first * 8L), bytes.AsMemory(0, count * 8)).ConfigureAwait(false);
        }

        _changedL1.Clear();
    }

    private async ValueTask PrepareSlowAsync()
    {
        if (!_prepared)
        {
            ulong autoclear = Header.Autoclear & (Qcow2Bits.AutoclearRawDataFile | Qcow2Bits.AutoclearBitmaps);
            bool dirty = Header.LazyRefcounts && !Header.IsDirty;
            if (autoclear != Header.Autoclear || dirty)
            {
                Header.Autoclear = autoclear;
                Header.Incompatible |= dirty ? Qcow2Bits.IncompatibleDirty : 0;
                await Header.WriteAsync(File).ConfigureAwait(false);
                await File.FlushAsync().ConfigureAwait(false);
            }

            _prepared = true;
        }

        if (Cache.IsCrowded || Refcounts.Waiting >= MaxWaiting)
            await FlushAsync().ConfigureAwait(false);
    }

    private void Claim(long offset, long length, string what)
    {
        for (long cluster = Geometry.ClusterOf(offset); cluster << Geometry.ClusterBits < offset + length; cluster++)
        {
            if (!Tables.Add(cluster))
                throw Name.At(cluster << Geometry.ClusterBits, $"{what} overlaps another table; check and repair the image");
        }
    }
}
