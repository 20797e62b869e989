using System.Buffers.Binary;
using System.Globalization;

namespace Emulation.Storage;

/// <summary>The internal snapshots of an open image.</summary>
/// <remarks>
/// Nothing in the file changes until one header write switches from the old tables and refcounts to new ones: a snapshot is there whole
/// or not at all. A snapshot keeps the tables it was made of; the active disk goes on with copies.
/// </remarks>
internal sealed class Qcow2Snapshots(Qcow2Metadata metadata, Qcow2Mapper mapper, Qcow2Writer writer, Qcow2Bitmaps bitmaps, List<Qcow2Snapshot> list, long tableLength)
{
    private readonly Qcow2Geometry _geometry = metadata.Geometry;
    private long _tableLength = tableLength;

    public IReadOnlyList<Qcow2Snapshot> List { get; private set; } = list;

    /// <summary>Everything that snapshots and bitmaps themselves take, beside what their tables refer to.</summary>
    public IEnumerable<(long Offset, long Length)> Tables
    {
        get
        {
            if (_tableLength > 0)
                yield return (metadata.Header.SnapshotsOffset, _tableLength);
            foreach (Qcow2Snapshot snapshot in List)
            {
                if (snapshot.L1Size > 0)
                    yield return (snapshot.L1Offset, snapshot.L1Size * 8L);
            }

            foreach ((long, long) table in bitmaps.Tables)
                yield return table;
        }
    }

    /// <summary>Where the state of a machine begins in the space of guest offsets.</summary>
    public long StateOffset(long diskSize) => _geometry.L1Entries(diskSize) << _geometry.L1Shift;

    /// <summary>Finds a snapshot by its id, else by its name.</summary>
    public Qcow2Snapshot Find(string idOrName)
        => List.FirstOrDefault(s => s.Id == idOrName) ?? List.FirstOrDefault(s => s.Name == idOrName)
            ?? throw metadata.Name.Error($"there is no snapshot '{idOrName}'");

    public async ValueTask<Qcow2Snapshot> CreateAsync(string name, DateTimeOffset date, ulong guestNanoseconds, long stateSize)
    {
        if (List.Count >= Qcow2Limits.MaxSnapshots)
            throw metadata.Name.Error($"it has {List.Count} snapshots and can have no more");
        ulong id = 0;
        foreach (Qcow2Snapshot other in List)
            id = ulong.TryParse(other.Id, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? Math.Max(id, number) : id;
        Qcow2Header header = metadata.Header;
        var snapshot = new Qcow2Snapshot
        {
            Id = (id + 1).ToString(CultureInfo.InvariantCulture),
            Name = name,
            Date = date,
            GuestNanoseconds = guestNanoseconds,
            StateSize = stateSize,
            DiskSize = header.Size,
            L1Offset = header.L1Offset,
            L1Size = header.L1Size,
        };
        await ChangeAsync(async () =>
        {
            // the state belongs to the snapshot alone, and the active disk goes on without it
            ulong[] l1 = await ShareAsync(metadata.L1, _geometry.L1Entries(header.Size), metadata.L1.Length).ConfigureAwait(false);
            await PutL1Async(l1).ConfigureAwait(false);
            await PutTableAsync([.. List, snapshot]).ConfigureAwait(false);
            return l1;
        }).ConfigureAwait(false);
        return snapshot;
    }

    public async ValueTask ApplyAsync(Qcow2Snapshot snapshot)
    {
        ulong[] source = await Qcow2Metadata.ReadL1Async(metadata.File, snapshot.L1Offset, snapshot.L1Size).ConfigureAwait(false);
        await ChangeAsync(async () =>
        {
            long used = _geometry.L1Entries(snapshot.DiskSize);
            ulong[] old = metadata.L1;
            ulong[] l1 = await ShareAsync(source, used, (int)Math.Max(used, 1)).ConfigureAwait(false);
            await DropAsync(old).ConfigureAwait(false);
            ReleaseTable(metadata.Header.L1Offset, old.Length * 8L);
            await PutL1Async(l1).ConfigureAwait(false);
            metadata.Header.Size = snapshot.DiskSize;
            return l1;
        }).ConfigureAwait(false);
    }

    public async ValueTask DeleteAsync(Qcow2Snapshot snapshot)
    {
        ulong[] gone = await Qcow2Metadata.ReadL1Async(metadata.File, snapshot.L1Offset, snapshot.L1Size).ConfigureAwait(false);
        await ChangeAsync(async () =>
        {
            await DropAsync(gone).ConfigureAwait(false);
            ReleaseTable(snapshot.L1Offset, gone.Length * 8L);
            await PutTableAsync([.. List.Where(s => s != snapshot)]).ConfigureAwait(false);
            ulong[] l1 = (ulong[])metadata.L1.Clone();
            if (await OwnAsync(l1).ConfigureAwait(false))
            {
                ReleaseTable(metadata.Header.L1Offset, metadata.L1.Length * 8L);
                await PutL1Async(l1).ConfigureAwait(false);
            }

            return l1;
        }).ConfigureAwait(false);
    }

    private async ValueTask ChangeAsync(Func<Task<ulong[]>> change)
    {
        await metadata.PrepareAsync().ConfigureAwait(false);
        await metadata.SettleAsync().ConfigureAwait(false);
        writer.ForgetTail();
        Qcow2Header header = metadata.Header;
        (IReadOnlyList<Qcow2Snapshot> list, long tableLength) = (List, _tableLength);
        (long Size, int L1Size, long L1Offset, int Count, long Offset) saved
            = (header.Size, header.L1Size, header.L1Offset, header.SnapshotCount, header.SnapshotsOffset);
        ulong[] l1;
        metadata.Refcounts.Begin();
        try
        {
            l1 = await change().ConfigureAwait(false);
            await metadata.Refcounts.PrepareCommitAsync().ConfigureAwait(false);
            await metadata.File.FlushAsync().ConfigureAwait(false);
            await header.WriteAsync(metadata.File).ConfigureAwait(false);
        }
        catch
        {
            (List, _tableLength) = (list, tableLength);
            (header.Size, header.L1Size, header.L1Offset, header.SnapshotCount, header.SnapshotsOffset) = saved;
            metadata.Refcounts.RollBack();
            metadata.Cache.Clear();
            metadata.ClaimTables(Tables);
            throw;
        }

        metadata.Refcounts.Commit();
        metadata.ReplaceL1(l1);
        metadata.Cache.Clear();
        await metadata.File.FlushAsync().ConfigureAwait(false);
        await metadata.SettleAsync().ConfigureAwait(false);
        metadata.ClaimTables(Tables);
    }

    // copies of tables that refer to the same clusters, each of which has one more reference
    private async ValueTask<ulong[]> ShareAsync(ulong[] source, long used, int length)
    {
        ulong[] l1 = new ulong[length];
        byte[] table = new byte[_geometry.ClusterSize];
        for (int i = 0; i < used; i++)
        {
            long offset = metadata.L2Offset(source[i], i);
            if (offset == 0)
                continue;
            await mapper.ReadTableAsync(offset, table).ConfigureAwait(false);
            await CountAsync(offset, table, +1).ConfigureAwait(false);
            mapper.ClearCopied(table);
            l1[i] = (ulong)await mapper.WriteNewTableAsync(table).ConfigureAwait(false) | Qcow2Bits.Copied;
        }

        return l1;
    }

    // an L1 table goes: one reference less for its tables and all that they refer to
    private async ValueTask DropAsync(ulong[] l1)
    {
        byte[] table = new byte[_geometry.ClusterSize];
        for (int i = 0; i < l1.Length; i++)
        {
            long offset = metadata.L2Offset(l1[i], i);
            if (offset == 0)
                continue;
            await mapper.ReadTableAsync(offset, table).ConfigureAwait(false);
            await CountAsync(offset, table, -1).ConfigureAwait(false);
            await metadata.Refcounts.AddAsync(_geometry.ClusterOf(offset), -1).ConfigureAwait(false);
        }
    }

    // marks what the active disk has for itself alone by now; true when anything changed
    private async ValueTask<bool> OwnAsync(ulong[] l1)
    {
        bool changed = false;
        byte[] table = new byte[_geometry.ClusterSize];
        for (int i = 0; i < l1.Length; i++)
        {
            long offset = metadata.L2Offset(l1[i], i);
            if (offset == 0)
                continue;
            await mapper.ReadTableAsync(offset, table).ConfigureAwait(false);
            if (await OwnAsync(offset, table).ConfigureAwait(false))
            {
                await metadata.Refcounts.AddAsync(_geometry.ClusterOf(offset), -1).ConfigureAwait(false);
                l1[i] = (ulong)await mapper.WriteNewTableAsync(table).ConfigureAwait(false) | Qcow2Bits.Copied;
                changed = true;
            }
            else if ((l1[i] & Qcow2Bits.Copied) == 0 && await metadata.Refcounts.GetAsync(_geometry.ClusterOf(offset)).ConfigureAwait(false) == 1)
            {
                l1[i] |= Qcow2Bits.Copied;
                changed = true;
            }
        }

        return changed;
    }

    private async ValueTask<bool> OwnAsync(long offset, byte[] table)
    {
        bool changed = false;
        for (int position = 0; position < table.Length; position += _geometry.EntrySize)
        {
            Qcow2Entry entry = metadata.Codec.Decode(table.AsSpan(position), offset + position, metadata.DataEnd);
            if (entry.IsCompressed || entry.Host == 0)
                continue;
            bool single = await metadata.Refcounts.GetAsync(_geometry.ClusterOf(entry.Host)).ConfigureAwait(false) == 1;
            if (single == entry.Copied)
                continue;
            ulong word = BinaryPrimitives.ReadUInt64BigEndian(table.AsSpan(position));
            BinaryPrimitives.WriteUInt64BigEndian(table.AsSpan(position), word ^ Qcow2Bits.Copied);
            changed = true;
        }

        return changed;
    }

    private async ValueTask CountAsync(long offset, byte[] table, int delta)
    {
        for (int position = 0; position < table.Length; position += _geometry.EntrySize)
        {
            if (BinaryPrimitives.ReadUInt64BigEndian(table.AsSpan(position)) == 0)
                continue;
            Qcow2Entry entry = metadata.Codec.Decode(table.AsSpan(position), offset + position, metadata.DataEnd);
            if (entry.Host == 0)
                continue;
            long last = _geometry.ClusterOf(entry.Host + (entry.IsCompressed ? entry.CompressedLength - 1 : 0));
            for (long cluster = _geometry.ClusterOf(entry.Host); cluster <= last; cluster++)
                await metadata.Refcounts.AddAsync(cluster, delta).ConfigureAwait(false);
        }
    }

    private async ValueTask PutL1Async(ulong[] l1)
    {
        int clusters = (int)(_geometry.RoundUp(l1.Length * 8L) >> _geometry.ClusterBits);
        metadata.Header.L1Offset = await metadata.Refcounts.AllocateAsync(clusters).ConfigureAwait(false);
        metadata.Header.L1Size = l1.Length;
        await metadata.WriteL1Async(metadata.Header.L1Offset, l1).ConfigureAwait(false);
    }

    private async ValueTask PutTableAsync(List<Qcow2Snapshot> snapshots)
    {
        byte[] bytes = Qcow2SnapshotTable.ToBytes(snapshots, metadata.Name);
        ReleaseTable(metadata.Header.SnapshotsOffset, _tableLength);
        metadata.Header.SnapshotsOffset = 0;
        if (bytes.Length > 0)
        {
            Array.Resize(ref bytes, (int)_geometry.RoundUp(bytes.Length));
            metadata.Header.SnapshotsOffset = await metadata.Refcounts.AllocateAsync(bytes.Length >> _geometry.ClusterBits).ConfigureAwait(false);
            await metadata.File.WriteAsync(metadata.Header.SnapshotsOffset, bytes).ConfigureAwait(false);
        }

        metadata.Header.SnapshotCount = snapshots.Count;
        (List, _tableLength) = (snapshots, bytes.Length);
    }

    private void ReleaseTable(long offset, long length)
    {
        if (length > 0)
            metadata.Refcounts.Release(offset, length);
    }
}
