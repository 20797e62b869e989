using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Reference counts of host clusters, and through them the allocation of clusters. QEMU docs/interop/qcow2, "Host cluster management".</summary>
/// <remarks>
/// A cluster that loses a reference keeps its count until the tables without that reference are durable (<see cref="Release"/>,
/// <see cref="ApplyReleasesAsync"/>): so counts in the file are never too small, and a cluster is not used again too early.
/// </remarks>
internal sealed partial class Qcow2Refcounts
{
    private const int MaxFreed = 1 << 16;
    private const int TableSector = 64;

    private readonly HostFile _file;
    private readonly TablePageCache _cache;
    private readonly Qcow2Geometry _geometry;
    private readonly ImageName _name;
    private readonly Qcow2ClusterSet _tables;
    private readonly Qcow2Header _header;
    private readonly IndexSet _changed = new();
    private readonly Stack<(long First, int Count)> _releases = [];

    // some of the free clusters, to be taken before a search for others
    private readonly Stack<long> _freed = [];
    private ulong[] _table;
    private bool _tableMoved;
    private long _hint;

    /// <param name="file">The image file.</param>
    /// <param name="cache">Its tables.</param>
    /// <param name="header">Its header; says where the table is, also after it has moved.</param>
    /// <param name="name">For messages.</param>
    /// <param name="table">The refcount table's entries.</param>
    /// <param name="tables">All clusters of active tables; kept up to date here for refcount structures.</param>
    public Qcow2Refcounts(HostFile file, TablePageCache cache, Qcow2Header header, ImageName name, ulong[] table, Qcow2ClusterSet tables)
    {
        (_file, _cache, _header, _name, _table, _tables) = (file, cache, header, name, table, tables);
        _geometry = header.Geometry();
    }

    /// <summary>Clusters whose release waits for a flush.</summary>
    public int Waiting { get; private set; }

    /// <summary>Whether something waits to be written.</summary>
    public bool IsDirty => _cache.HasDirty(TablePageKind.Refcount) || _changed.Count > 0 || _tableMoved;

    /// <summary>End of the highest cluster that was allocated.</summary>
    public long End { get; private set; }

    /// <summary>The entries of the table.</summary>
    public ReadOnlySpan<ulong> Table => _table;

    /// <summary>Reads and checks the table of a header.</summary>
    public static async ValueTask<ulong[]> ReadTableAsync(HostFile file, Qcow2Header header)
    {
        byte[] bytes = new byte[(long)header.RefcountTableClusters << header.ClusterBits];
        await file.ReadAsync(header.RefcountTableOffset, bytes).ConfigureAwait(false);
        ulong[] table = new ulong[bytes.Length / 8];
        for (int i = 0; i < table.Length; i++)
            table[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(i * 8));
        return table;
    }

    /// <summary>Adds the clusters of the refcount structures to the set of tables; refuses what points astray or twice to the same place.</summary>
    public void ClaimTables()
    {
        Claim(_header.RefcountTableOffset, (long)_header.RefcountTableClusters << _geometry.ClusterBits, _header.RefcountTableOffset, "the refcount table");
        for (int i = 0; i < _table.Length; i++)
        {
            if (_table[i] != 0)
                Claim(Block(i), _geometry.ClusterSize, EntryPosition(i), "a refcount block");
        }
    }

    public ValueTask<ulong> GetAsync(long cluster)
    {
        long index = cluster >> _geometry.RefcountBlockBits;
        if (index >= _table.Length || _table[index] == 0)
            return new(0UL);
        long position = Position(index, cluster);
        return _cache.TryGet(position, out TablePage? page) ? new(Read(page, cluster)) : LoadAsync(position, cluster);
    }

    public async ValueTask SetAsync(long cluster, ulong value)
    {
        long index = cluster >> _geometry.RefcountBlockBits;
        while (await GrowForAsync(index).ConfigureAwait(false))
        {
            // each round adds a block or a table
        }

        if (_moved is not null && !_moved.Contains((int)index))
            await MoveBlockAsync((int)index).ConfigureAwait(false);
        // counts may be written at any time: none in memory is smaller than what is durable allows
        if (_cache.IsCrowdedBy(TablePageKind.Refcount))
            await _cache.WriteAsync(TablePageKind.Refcount).ConfigureAwait(false);
        TablePage page = await _cache.GetAsync(Position(index, cluster), TablePageKind.Refcount).ConfigureAwait(false);
        Qcow2RefcountField.Write(page.Data, FieldIndex(cluster), _geometry.RefcountOrder, value);
        _cache.MarkDirty(page);
    }

    /// <summary>Adds to a count; refuses to leave what its width can hold.</summary>
    public async ValueTask AddAsync(long cluster, int delta)
    {
        ulong value = await GetAsync(cluster).ConfigureAwait(false);
        if (delta < 0 && value < (ulong)-delta)
            throw _name.At(cluster << _geometry.ClusterBits, "a cluster in use has refcount 0: the refcounts are damaged; check and repair the image");
        if (delta > 0 && value > _geometry.MaxRefcount - (ulong)delta)
            throw _name.At(cluster << _geometry.ClusterBits, $"a cluster would have more references than a refcount of {1 << _geometry.RefcountOrder} bits can count");
        await SetAsync(cluster, value + (ulong)delta).ConfigureAwait(false);
    }

    /// <summary>Takes clusters that follow one another; each has refcount 1 afterwards.</summary>
    /// <returns>Offset of the first.</returns>
    public async ValueTask<long> AllocateAsync(int count = 1)
    {
        while (true)
        {
            long first = await FindAsync(count).ConfigureAwait(false);
            bool grown = false;
            for (long index = first >> _geometry.RefcountBlockBits; !grown && index <= (first + count - 1) >> _geometry.RefcountBlockBits; index++)
                grown = await GrowForAsync(index).ConfigureAwait(false);
            if (grown)
                continue; // what was found may have been taken for that
            CheckUnused(first, count);
            Take(first, count);
            for (int i = 0; i < count; i++)
                await SetAsync(first + i, 1).ConfigureAwait(false);
            return first << _geometry.ClusterBits;
        }
    }

    /// <summary>Gives back clusters that nothing has ever referred to.</summary>
    public async ValueTask UndoAsync(long offset, int count = 1)
    {
        long first = _geometry.ClusterOf(offset);
        for (int i = 0; i < count; i++)
        {
            await SetAsync(first + i, 0).ConfigureAwait(false);
            Freed(first + i);
        }
    }

    private async ValueTask<ulong> LoadAsync(long position, long cluster)
    {
        _ = Block((int)(cluster >> _geometry.RefcountBlockBits));
        TablePage page = await _cache.GetAsync(position, TablePageKind.Refcount).ConfigureAwait(false);
        return Read(page, cluster);
    }

    private async ValueTask<long> FindAsync(int count)
    {
        while (count == 1 && _moved is null && _freed.TryPeek(out long freed))
        {
            if (await GetAsync(freed).ConfigureAwait(false) == 0)
                return freed;
            _freed.Pop();
        }

        return await FindLowestAsync(count).ConfigureAwait(false);
    }

    // the lowest run of free clusters from the hint on, or in a transaction from its floor on
    private async ValueTask<long> FindLowestAsync(int count)
    {
        if (_moved is not null)
            return _floor;
        long first = _hint;
        bool passed = false;
        for (long cluster = first; cluster < first + count; cluster++)
        {
            if (await GetAsync(cluster).ConfigureAwait(false) != 0)
                first = cluster + 1;
            else if (!passed)
                (passed, _hint) = (true, cluster); // all before it is in use
        }

        return first;
    }

    private void Take(long first, int count)
    {
        if (_moved is not null)
            _floor = Math.Max(_floor, first + count);
        else if (first == _hint)
            _hint = first + count;
        End = Math.Max(End, (first + count) << _geometry.ClusterBits);
    }

    private void CheckUnused(long first, int count)
    {
        if (first + count > Qcow2Limits.HostEnd >> _geometry.ClusterBits)
            throw _name.Error("the image file has reached its greatest size");
        if (!_file.Device.CanResize && (first + count) << _geometry.ClusterBits > _file.Length)
            throw _name.Error($"the image is full: what it lies on has {_file.Length} bytes and cannot grow");
        for (long cluster = first; cluster < first + count; cluster++)
        {
            if (cluster == 0 || _tables.Contains(cluster))
                throw _name.At(cluster << _geometry.ClusterBits, "a cluster that holds a table has refcount 0: the refcounts are damaged; check and repair the image");
        }
    }

    private void Claim(long offset, long length, long position, string what)
    {
        for (long cluster = _geometry.ClusterOf(offset); cluster < _geometry.ClusterOf(offset + length); cluster++)
        {
            if (!_tables.Add(cluster))
                throw _name.At(position, $"{what} at 0x{cluster << _geometry.ClusterBits:x} overlaps another table; check and repair the image");
        }
    }

    private long Block(int index)
    {
        ulong entry = _table[index];
        long offset = (long)(entry & ~511UL);
        if ((entry & 511) != 0 || offset < 0 || _geometry.Within(offset) != 0 || offset >= _geometry.RoundUp(_file.Length))
            throw _name.At(EntryPosition(index), $"refcount table entry 0x{entry:x16} does not point to a cluster of the file");
        return offset;
    }

    private long EntryPosition(int index) => _header.RefcountTableOffset + (index * 8L);

    private long Position(long index, long cluster)
        => (long)_table[index] + ((cluster & ((1L << _geometry.RefcountBlockBits) - 1)) << _geometry.RefcountOrder >> 3);

    private int FieldIndex(long cluster) => (int)(cluster & ((_geometry.PageSize * 8L >> _geometry.RefcountOrder) - 1));

    private ulong Read(TablePage page, long cluster) => Qcow2RefcountField.Read(page.Data, FieldIndex(cluster), _geometry.RefcountOrder);
}
