using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Holds an image's refcounts against what its tables refer to, and writes new ones where they differ.</summary>
/// <remarks>A repair writes a whole new set of refcounts past the end of the file and then switches to it with the header: it is done whole or not at all.</remarks>
internal sealed class Qcow2Checker(HostFile file, Qcow2Header header, ImageName name)
{
    private readonly Qcow2Geometry _geometry = header.Geometry();
    private ulong[] _table = [];
    private long _leaks;
    private long _wrongCounts;
    private long _copiedFlags;

    public async ValueTask<DiskCheckResult> RunAsync(DiskRepair repair)
    {
        var walk = new Qcow2Walk(file, header, name);
        await walk.RunAsync().ConfigureAwait(false);
        List<long> structures = await CountStructuresAsync(walk).ConfigureAwait(false);
        await CompareAsync(walk).ConfigureAwait(false);
        await CheckCopiedAsync(walk, fix: false).ConfigureAwait(false);

        long corruptions = walk.Corruptions;
        bool flagged = header.IsDirty || header.IsCorrupt;
        bool wanted = repair == DiskRepair.All ? _leaks + corruptions > 0 || flagged : repair == DiskRepair.Leaks && _leaks > 0 && corruptions == 0;
        if (wanted)
            await RepairAsync(walk, structures).ConfigureAwait(false);
        long left = wanted ? walk.Structural : corruptions;
        return new DiskCheckResult
        {
            Corruptions = left,
            Leaks = wanted ? 0 : _leaks,
            RepairedCorruptions = corruptions - left,
            RepairedLeaks = wanted ? _leaks : 0,
            Messages = walk.Messages,
            ImageEnd = walk.Counts.End << _geometry.ClusterBits,
            TotalClusters = _geometry.ClusterOf(_geometry.RoundUp(header.Size)),
            AllocatedClusters = walk.Allocated,
            CompressedClusters = walk.Compressed,
        };
    }

    // the clusters of the refcount structures, each of which counts once
    private async ValueTask<List<long>> CountStructuresAsync(Qcow2Walk walk)
    {
        var structures = new List<long>();
        _table = await Qcow2Refcounts.ReadTableAsync(file, header).ConfigureAwait(false);
        for (int i = 0; i < header.RefcountTableClusters; i++)
            structures.Add(_geometry.ClusterOf(header.RefcountTableOffset) + i);
        for (int i = 0; i < _table.Length; i++)
        {
            if (_table[i] == 0)
                continue;
            if (_table[i] <= long.MaxValue && walk.IsCluster((long)_table[i]))
            {
                structures.Add(_geometry.ClusterOf((long)_table[i]));
                continue;
            }

            walk.NoteRepairable(name.At(header.RefcountTableOffset + (i * 8L), $"refcount table entry 0x{_table[i]:x16} does not point to a cluster").Message);
            _table[i] = 0;
        }

        foreach (long cluster in structures)
        {
            if (walk.Counts[cluster] != 0)
                walk.NoteRepairable(name.At(cluster << _geometry.ClusterBits, "a cluster of the refcounts is used for something else too").Message);
            walk.Counts.Add(cluster);
        }

        return structures;
    }

    private async ValueTask CompareAsync(Qcow2Walk walk)
    {
        byte[] block = new byte[_geometry.ClusterSize];
        long perBlock = 1L << _geometry.RefcountBlockBits;
        long blocks = Math.Max(_table.Length, ((walk.Counts.End - 1) >> _geometry.RefcountBlockBits) + 1);
        for (long i = 0; i < blocks; i++)
        {
            ulong entry = i < _table.Length ? _table[i] : 0;
            if (entry == 0 && i << _geometry.RefcountBlockBits >= walk.Counts.End)
                continue;
            if (entry == 0)
                block.AsSpan().Clear();
            else
                await file.ReadAsync((long)entry, block).ConfigureAwait(false);
            for (int j = 0; j < perBlock; j++)
            {
                long cluster = (i << _geometry.RefcountBlockBits) + j;
                ulong stored = Qcow2RefcountField.Read(block, j, _geometry.RefcountOrder);
                ulong counted = walk.Counts[cluster];
                if (stored > counted)
                {
                    _leaks++;
                    walk.AddMessage(name.At(cluster << _geometry.ClusterBits, $"refcount {stored}, but {counted} references: space is lost").Message);
                }
                else if (stored < counted)
                {
                    _wrongCounts++;
                    walk.NoteRepairable(name.At(cluster << _geometry.ClusterBits, $"refcount {stored}, but {counted} references").Message);
                }
            }
        }
    }

    // the flag says that a count is exactly one; with the refcounts repaired it goes by what was counted
    private async ValueTask CheckCopiedAsync(Qcow2Walk walk, bool fix)
    {
        byte[] table = new byte[_geometry.ClusterSize];
        bool l1Changed = false;
        for (int i = 0; i < walk.L1.Length; i++)
        {
            long offset = (long)(walk.L1[i] & Qcow2Bits.OffsetMask);
            if (!walk.IsCluster(offset))
                continue;
            if (Differs(walk, walk.L1[i], offset, header.L1Offset + (i * 8L), fix) && fix)
            {
                walk.L1[i] ^= Qcow2Bits.Copied;
                l1Changed = true;
            }

            await file.ReadAsync(offset, table).ConfigureAwait(false);
            bool changed = false;
            for (int position = 0; position < table.Length; position += _geometry.EntrySize)
            {
                ulong word = BinaryPrimitives.ReadUInt64BigEndian(table.AsSpan(position));
                long host = (long)(word & Qcow2Bits.OffsetMask);
                if (header.HasDataFile || (word & Qcow2Bits.Compressed) != 0 || !walk.IsCluster(host) || !Differs(walk, word, host, offset + position, fix))
                    continue;
                BinaryPrimitives.WriteUInt64BigEndian(table.AsSpan(position), word ^ Qcow2Bits.Copied);
                changed = true;
            }

            if (changed && fix)
                await file.WriteAsync(offset, table).ConfigureAwait(false);
        }

        if (!l1Changed || !fix)
            return;
        byte[] bytes = new byte[walk.L1.Length * 8];
        for (int i = 0; i < walk.L1.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), walk.L1[i]);
        await file.WriteAsync(header.L1Offset, bytes).ConfigureAwait(false);
    }

    private bool Differs(Qcow2Walk walk, ulong word, long offset, long position, bool fix)
    {
        ulong references = walk.Counts[_geometry.ClusterOf(offset)];
        if ((word & Qcow2Bits.Copied) != 0 == (references == 1))
            return false;
        if (!fix)
        {
            _copiedFlags++;
            walk.NoteRepairable(name.At(position, $"entry 0x{word:x16} is wrong about its cluster, which has {references} references").Message);
        }

        return true;
    }

    private async ValueTask RepairAsync(Qcow2Walk walk, List<long> structures)
    {
        if (!file.Device.CanResize)
            throw name.Error("it cannot be repaired: what it lies on cannot grow");
        if (_leaks + _wrongCounts + walk.Corruptions - walk.Structural - _copiedFlags > 0)
            await WriteRefcountsAsync(walk, structures).ConfigureAwait(false);
        // also when no flag was wrong before: a table that shared its place with the old refcounts has it for itself now
        await CheckCopiedAsync(walk, fix: true).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        if (walk.Structural > 0 || (header.Incompatible & (Qcow2Bits.IncompatibleDirty | Qcow2Bits.IncompatibleCorrupt)) == 0)
            return;
        header.Incompatible &= ~(Qcow2Bits.IncompatibleDirty | Qcow2Bits.IncompatibleCorrupt);
        await header.WriteAsync(file).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask WriteRefcountsAsync(Qcow2Walk walk, List<long> structures)
    {
        Qcow2Counts counts = walk.Counts;
        // the old structures are free from now on, unless something else is there too
        foreach (long cluster in structures)
            counts.Subtract(cluster);
        long first = Math.Max(counts.End, _geometry.RoundUp(file.Length) >> _geometry.ClusterBits);
        (long blocks, long tableClusters) = (0, 0);
        while (true)
        {
            long end = first + blocks + tableClusters;
            long needed = ((end - 1) >> _geometry.RefcountBlockBits) + 1;
            long neededTable = _geometry.RoundUp(needed * 8) >> _geometry.ClusterBits;
            if (needed <= blocks && neededTable <= tableClusters)
                break;
            (blocks, tableClusters) = (needed, neededTable);
        }

        if (tableClusters << _geometry.ClusterBits > Qcow2Limits.MaxRefcountTableBytes)
            throw name.Error("it cannot be repaired: the refcount table would be larger than 8 MiB");
        for (long cluster = first; cluster < first + blocks + tableClusters; cluster++)
            counts.Add(cluster);
        byte[] table = new byte[tableClusters << _geometry.ClusterBits];
        byte[] block = new byte[_geometry.ClusterSize];
        for (long i = 0; i < blocks; i++)
        {
            long offset = (first + tableClusters + i) << _geometry.ClusterBits;
            BinaryPrimitives.WriteInt64BigEndian(table.AsSpan((int)i * 8), offset);
            for (int j = 0; j < 1 << _geometry.RefcountBlockBits; j++)
            {
                ulong count = counts[(i << _geometry.RefcountBlockBits) + j];
                if (count > _geometry.MaxRefcount)
                    throw name.Error($"it cannot be repaired: a cluster has {count} references, more than its refcounts can count");
                Qcow2RefcountField.Write(block, j, _geometry.RefcountOrder, count);
            }

            await file.WriteAsync(offset, block).ConfigureAwait(false);
        }

        await file.WriteAsync(first << _geometry.ClusterBits, table).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        (header.RefcountTableOffset, header.RefcountTableClusters) = (first << _geometry.ClusterBits, (int)tableClusters);
        await header.WriteAsync(file).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
    }
}
