using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>What has to become durable before what.</summary>
internal sealed partial class Qcow2Refcounts
{
    /// <summary>Drops a reference to each cluster of a range, once the tables without it are durable.</summary>
    public void Release(long offset, long length)
    {
        long first = _geometry.ClusterOf(offset);
        int count = (int)(_geometry.ClusterOf(offset + length - 1) - first + 1);
        _releases.Push((first, count));
        Waiting += count;
    }

    /// <summary>Drops the references that were released; called after the tables have become durable.</summary>
    public async ValueTask ApplyReleasesAsync()
    {
        DiskImageException? damage = null;
        while (_releases.TryPop(out (long First, int Count) run))
        {
            Waiting -= run.Count;
            for (int i = 0; i < run.Count; i++)
            {
                try
                {
                    await DropAsync(run.First + i).ConfigureAwait(false);
                }
                catch (DiskImageException e)
                {
                    damage = e;
                }
                catch
                {
                    // the file failed: the rest waits for the next time
                    _releases.Push((run.First + i, run.Count - i));
                    Waiting += run.Count - i;
                    throw;
                }
            }
        }

        if (damage is not null)
            throw damage;
    }

    /// <summary>Writes what changed: first the blocks, then, when they are durable, what points to new ones.</summary>
    public async ValueTask WriteAsync()
    {
        await _cache.WriteAsync(TablePageKind.Refcount).ConfigureAwait(false);
        if (_changed.Count == 0 && !_tableMoved)
            return;
        if (_tableMoved)
            await WriteTableAsync().ConfigureAwait(false);
        await _file.FlushAsync().ConfigureAwait(false);
        if (_tableMoved)
        {
            await _header.WriteAsync(_file).ConfigureAwait(false);
            await _file.FlushAsync().ConfigureAwait(false);
        }
        else
        {
            await WriteChangedAsync().ConfigureAwait(false);
        }

        _changed.Clear();
        _tableMoved = false;
    }

    // A new block may be counted in another new one that comes before it: the entries of a sector become durable together, sectors one
    // after the other.
    private async ValueTask WriteChangedAsync()
    {
        byte[] bytes = new byte[TableSector * 8];
        int written = -1;
        for (int index = _changed.Next(0); index >= 0; index = _changed.Next(index + 1))
        {
            int sector = index / TableSector;
            if (sector == written)
                continue;
            if (written >= 0)
                await _file.FlushAsync().ConfigureAwait(false);
            for (int i = 0; i < TableSector; i++)
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), _table[(sector * TableSector) + i]);
            await _file.WriteAsync(EntryPosition(sector * TableSector), bytes).ConfigureAwait(false);
            written = sector;
        }
    }

    private async ValueTask WriteTableAsync()
    {
        byte[] bytes = new byte[_table.Length * 8];
        for (int i = 0; i < _table.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), _table[i]);
        await _file.WriteAsync(_header.RefcountTableOffset, bytes).ConfigureAwait(false);
    }

    private async ValueTask DropAsync(long cluster)
    {
        await AddAsync(cluster, -1).ConfigureAwait(false);
        if (_tables.Contains(cluster))
        {
            _tables.Remove(cluster);
            _cache.Drop(cluster << _geometry.ClusterBits, _geometry.ClusterSize);
        }

        Freed(cluster);
    }

    // the search would have to pass everything in use again if it began here each time
    private void Freed(long cluster)
    {
        if (_freed.Count < MaxFreed)
            _freed.Push(cluster);
        else
            _hint = Math.Min(_hint, cluster);
    }
}
