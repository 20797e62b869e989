using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Finds and changes what the L1 and L2 tables say about guest clusters. QEMU docs/interop/qcow2, "Cluster mapping".</summary>
internal sealed class Qcow2Mapper(Qcow2Metadata metadata)
{
    private readonly Qcow2Geometry _geometry = metadata.Geometry;
    private readonly TablePageCache _cache = metadata.Cache;

    /// <summary>The run that starts at a guest offset.</summary>
    /// <param name="l1">The L1 table to go by: the active one or a snapshot's.</param>
    /// <param name="offset">First guest byte.</param>
    /// <param name="length">Most bytes of interest.</param>
    public ValueTask<Qcow2Run> MapAsync(ulong[] l1, long offset, long length)
    {
        long index = offset >> _geometry.L1Shift;
        ulong entry = index < l1.Length ? l1[index] : 0;
        if (entry == 0)
        {
            long span = ((index + 1) << _geometry.L1Shift) - offset;
            return new(new Qcow2Run(Qcow2RunKind.Unallocated, Math.Min(length, span), 0, false, 0));
        }

        long position = PositionOf(metadata.L2Offset(entry, index), offset >> _geometry.ClusterBits);
        bool copied = (entry & Qcow2Bits.Copied) != 0;
        return _cache.TryGet(position, out TablePage? page)
            ? new(Scan(page, position, copied, offset, length))
            : LoadAsync(position, copied, offset, length);
    }

    /// <summary>The entry of a guest cluster in the active table.</summary>
    public async ValueTask<Qcow2Entry> GetAsync(long cluster)
    {
        long index = cluster >> _geometry.L2Bits;
        ulong l1 = metadata.L1[index];
        if (l1 == 0)
            return default;
        long position = PositionOf(metadata.L2Offset(l1, index), cluster);
        TablePage page = await _cache.GetAsync(position, TablePageKind.L2).ConfigureAwait(false);
        Qcow2Entry entry = Decode(page, position);
        return (l1 & Qcow2Bits.Copied) != 0 || metadata.DataFile is not null ? entry : entry with { Copied = false };
    }

    /// <summary>Changes the entry of a guest cluster in the active table, which gets a table of its own where it shares one.</summary>
    public async ValueTask SetAsync(long cluster, Qcow2Entry entry)
    {
        int index = (int)(cluster >> _geometry.L2Bits);
        ulong l1 = metadata.L1[index];
        long table = metadata.L2Offset(l1, index);
        if (table == 0 || (l1 & Qcow2Bits.Copied) == 0)
            table = await OwnTableAsync(index, table).ConfigureAwait(false);
        long position = PositionOf(table, cluster);
        TablePage page = await _cache.GetAsync(position, TablePageKind.L2).ConfigureAwait(false);
        metadata.Codec.Encode(entry, page.Data.AsSpan((int)(position & (_geometry.PageSize - 1))));
        _cache.MarkDirty(page);
    }

    /// <summary>A whole table as it is now, changes in memory included.</summary>
    public async ValueTask ReadTableAsync(long table, byte[] bytes)
    {
        await metadata.File.ReadAsync(table, bytes).ConfigureAwait(false);
        for (int i = 0; i < bytes.Length; i += _geometry.PageSize)
        {
            if (_cache.TryGet(table + i, out TablePage? page))
                page.Data.CopyTo(bytes, i);
        }
    }

    /// <summary>Writes a whole table to clusters that nothing refers to yet.</summary>
    public async ValueTask<long> WriteNewTableAsync(ReadOnlyMemory<byte> bytes)
    {
        long table = await metadata.Refcounts.AllocateAsync().ConfigureAwait(false);
        try
        {
            if (bytes.IsEmpty)
                await metadata.File.ZeroAsync(table, _geometry.ClusterSize).ConfigureAwait(false);
            else
                await metadata.File.WriteAsync(table, bytes).ConfigureAwait(false);
        }
        catch
        {
            await metadata.Refcounts.UndoAsync(table).ConfigureAwait(false);
            throw;
        }

        _cache.Drop(table, _geometry.ClusterSize);
        return table;
    }

    /// <summary>Marks every standard cluster of a table as shared.</summary>
    public void ClearCopied(Span<byte> table)
    {
        for (int i = 0; i < table.Length; i += _geometry.EntrySize)
        {
            ulong word = BinaryPrimitives.ReadUInt64BigEndian(table[i..]);
            BinaryPrimitives.WriteUInt64BigEndian(table[i..], word & ~Qcow2Bits.Copied);
        }
    }

    private async ValueTask<long> OwnTableAsync(int index, long shared)
    {
        byte[] bytes = [];
        if (shared != 0)
        {
            bytes = new byte[_geometry.ClusterSize];
            await ReadTableAsync(shared, bytes).ConfigureAwait(false);
            if (metadata.DataFile is null)
                ClearCopied(bytes);
        }

        long table = await WriteNewTableAsync(bytes).ConfigureAwait(false);
        metadata.Tables.Add(_geometry.ClusterOf(table));
        metadata.SetL1(index, (ulong)table | Qcow2Bits.Copied);
        if (shared != 0)
            metadata.Refcounts.Release(shared, _geometry.ClusterSize);
        return table;
    }

    private async ValueTask<Qcow2Run> LoadAsync(long position, bool copied, long offset, long length)
    {
        TablePage page = await _cache.GetAsync(position, TablePageKind.L2).ConfigureAwait(false);
        return Scan(page, position, copied, offset, length);
    }

    // goes on as long as the kind stays and the bytes follow one another, up to the end of the page
    private Qcow2Run Scan(TablePage page, long position, bool copied, long offset, long length)
    {
        Qcow2Entry entry = Decode(page, position);
        int within = _geometry.Within(offset);
        if (entry.IsCompressed)
            return new Qcow2Run(Qcow2RunKind.Compressed, Math.Min(length, _geometry.ClusterSize - within), entry.Host, false, entry.Sectors);
        int subcluster = within >> _geometry.SubclusterBits;
        Qcow2RunKind kind = KindOf(entry, subcluster);
        var run = new Qcow2Run(kind, 0, entry.Host + within, copied && entry.Copied, 0);
        long found = -(within & ((1 << _geometry.SubclusterBits) - 1));
        while (true)
        {
            while (subcluster < _geometry.Subclusters && KindOf(entry, subcluster) == kind)
            {
                subcluster++;
                found += 1L << _geometry.SubclusterBits;
            }

            position += _geometry.EntrySize;
            if (found >= length || subcluster < _geometry.Subclusters || (position & (_geometry.PageSize - 1)) == 0)
                break;
            entry = Decode(page, position);
            if (entry.IsCompressed || KindOf(entry, 0) != kind)
                break;
            if (kind == Qcow2RunKind.Data && (entry.Host != run.Host + found || (copied && entry.Copied) != run.Copied))
                break;
            subcluster = 0;
        }

        return run with { Length = Math.Min(found, length) };
    }

    private static Qcow2RunKind KindOf(Qcow2Entry entry, int subcluster)
        => (entry.Allocated >> subcluster & 1) != 0 ? Qcow2RunKind.Data
            : (entry.Zeroes >> subcluster & 1) != 0 ? Qcow2RunKind.Zero
            : Qcow2RunKind.Unallocated;

    private Qcow2Entry Decode(TablePage page, long position)
        => metadata.Codec.Decode(page.Data.AsSpan((int)(position & (_geometry.PageSize - 1))), position, metadata.DataEnd);

    private long PositionOf(long table, long cluster) => table + ((cluster & ((1L << _geometry.L2Bits) - 1)) * _geometry.EntrySize);
}
