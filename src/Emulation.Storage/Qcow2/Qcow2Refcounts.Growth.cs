namespace Emulation.Storage;

/// <summary>How the refcount structures themselves grow and move.</summary>
internal sealed partial class Qcow2Refcounts
{
    private HashSet<int>? _moved;
    private ulong[] _savedTable = [];
    private (long Offset, int Clusters) _savedPlace;
    private long _floor;

    /// <summary>
    /// Begins a transaction: from now on no refcount in the file changes. A block that changes moves to a new place, allocation goes on
    /// past the end of the file, and only a new header makes it all valid, at once.
    /// </summary>
    public void Begin()
    {
        if (_moved is not null || IsDirty || Waiting > 0)
            throw new InvalidOperationException("a transaction begins with everything written");
        _moved = [];
        _savedTable = (ulong[])_table.Clone();
        _savedPlace = (_header.RefcountTableOffset, _header.RefcountTableClusters);
        _floor = Math.Max(_geometry.RoundUp(_file.Length), End) >> _geometry.ClusterBits;
    }

    /// <summary>Writes everything to new places; the header then says where, but is not written. What it replaces is released.</summary>
    public async ValueTask PrepareCommitAsync()
    {
        if (!_tableMoved)
            await MoveTableAsync(_table.Length).ConfigureAwait(false);
        await _cache.WriteAsync(TablePageKind.Refcount).ConfigureAwait(false);
        await WriteTableAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the transaction after the header has been written.</summary>
    public void Commit()
    {
        _moved = null;
        _tableMoved = false;
        _changed.Clear();
        _hint = 0;
    }

    /// <summary>Ends the transaction as if it had not begun. The cache must be cleared and the set of tables made anew.</summary>
    public void RollBack()
    {
        _moved = null;
        _tableMoved = false;
        _changed.Clear();
        _table = _savedTable;
        (_header.RefcountTableOffset, _header.RefcountTableClusters) = _savedPlace;
        _releases.Clear();
        Waiting = 0;
    }

    /// <summary>Sees to it that the block of that index exists; true when something had to be made, after which all has to be looked at again.</summary>
    private async ValueTask<bool> GrowForAsync(long index)
    {
        if (index < _table.Length && _table[index] != 0)
            return false;
        if (index >= _table.Length)
        {
            await GrowTableAsync(index + 1).ConfigureAwait(false);
            return true;
        }

        // the lowest free cluster: it has a block already, or its block will describe itself, and no block is counted in a later one
        long cluster = await FindLowestAsync(1).ConfigureAwait(false);
        long own = cluster >> _geometry.RefcountBlockBits;
        if (own >= _table.Length)
        {
            await GrowTableAsync(own + 1).ConfigureAwait(false);
            return true;
        }

        CheckUnused(cluster, 1);
        Take(cluster, 1);
        long offset = cluster << _geometry.ClusterBits;
        await _file.ZeroAsync(offset, _geometry.ClusterSize).ConfigureAwait(false);
        _cache.Drop(offset, _geometry.ClusterSize);
        if (_table[own] != 0)
        {
            await SetAsync(cluster, 1).ConfigureAwait(false);
            Link((int)index, offset);
            return true;
        }

        Link((int)own, offset);
        try
        {
            await SetAsync(cluster, 1).ConfigureAwait(false);
        }
        catch
        {
            Unlink((int)own);
            throw;
        }

        return true;
    }

    private void Link(int index, long offset)
    {
        _tables.Add(_geometry.ClusterOf(offset));
        _table[index] = (ulong)offset;
        _changed.Add(index);
        _moved?.Add(index);
    }

    private void Unlink(int index)
    {
        long offset = (long)_table[index];
        _cache.Drop(offset, _geometry.ClusterSize);
        _tables.Remove(_geometry.ClusterOf(offset));
        _table[index] = 0;
        _changed.Remove(index);
    }

    private async ValueTask GrowTableAsync(long entries)
    {
        long wanted = Math.Max(entries, _table.Length + (_table.Length / 2L));
        long bytes = Math.Min(_geometry.RoundUp(wanted * 8), Qcow2Limits.MaxRefcountTableBytes);
        if (entries * 8 > bytes)
            throw _name.Error("the image file is full: the refcount table has reached its greatest size");
        await MoveTableAsync((int)(bytes / 8)).ConfigureAwait(false);
    }

    private async ValueTask MoveTableAsync(int entries)
    {
        (long offset, int clusters, int oldEntries) = (_header.RefcountTableOffset, _header.RefcountTableClusters, _table.Length);
        Array.Resize(ref _table, entries);
        int needed = (int)(_geometry.RoundUp(entries * 8L) >> _geometry.ClusterBits);
        long moved;
        try
        {
            moved = await AllocateAsync(needed).ConfigureAwait(false);
        }
        catch when (_table.Length == entries)
        {
            // where the table is there is no room for its new entries
            for (int i = oldEntries; i < entries; i++)
            {
                if (_table[i] != 0)
                    Unlink(i);
            }

            Array.Resize(ref _table, oldEntries);
            throw;
        }

        if (_table.Length != entries)
        {
            // it grew once more on the way and has its place already
            await UndoAsync(moved, needed).ConfigureAwait(false);
            return;
        }

        for (int i = 0; i < needed; i++)
            _tables.Add(_geometry.ClusterOf(moved) + i);
        (_header.RefcountTableOffset, _header.RefcountTableClusters) = (moved, needed);
        _tableMoved = true;
        Release(offset, (long)clusters << _geometry.ClusterBits);
    }

    private async ValueTask MoveBlockAsync(int index)
    {
        _moved!.Add(index);
        long old = Block(index);
        long cluster = _floor;
        CheckUnused(cluster, 1);
        Take(cluster, 1);
        byte[] block = new byte[_geometry.ClusterSize];
        await _file.ReadAsync(old, block).ConfigureAwait(false);
        await _file.WriteAsync(cluster << _geometry.ClusterBits, block).ConfigureAwait(false);
        _cache.Drop(cluster << _geometry.ClusterBits, _geometry.ClusterSize);
        _tables.Add(cluster);
        _table[index] = (ulong)(cluster << _geometry.ClusterBits);
        Release(old, _geometry.ClusterSize);
        await SetAsync(cluster, 1).ConfigureAwait(false);
    }
}
