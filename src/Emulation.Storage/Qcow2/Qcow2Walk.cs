using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Walks over everything an image refers to and counts the references; what is wrong is noted, not thrown.</summary>
internal sealed class Qcow2Walk(HostFile file, Qcow2Header header, ImageName name)
{
    private const int MaxMessages = 100;

    private readonly Qcow2Geometry _geometry = header.Geometry();
    private readonly Qcow2EntryCodec _codec = new(header.Geometry(), name, header.HasDataFile);
    private readonly byte[] _table = new byte[header.Geometry().ClusterSize];

    public Qcow2Counts Counts { get; } = new(name);

    public List<string> Messages { get; } = [];

    public long Corruptions { get; private set; }

    /// <summary>Corruptions other than wrong refcounts, which a new set of refcounts does not repair.</summary>
    public long Structural { get; private set; }

    public long Allocated { get; private set; }

    public long Compressed { get; private set; }

    /// <summary>L1 table of the active disk.</summary>
    public ulong[] L1 { get; private set; } = [];

    public long FileEnd => header.HasDataFile ? long.MaxValue & -(long)_geometry.ClusterSize : _geometry.RoundUp(file.Length);

    /// <summary>Counts everything except the refcount structures.</summary>
    public async ValueTask RunAsync()
    {
        Counts.Add(0);
        L1 = await Qcow2Metadata.ReadL1Async(file, header.L1Offset, header.L1Size).ConfigureAwait(false);
        CountRange(header.L1Offset, header.L1Size * 8L);
        await WalkL1Async(L1, active: true).ConfigureAwait(false);
        try
        {
            (List<Qcow2Snapshot> snapshots, long length) = await Qcow2SnapshotTable.ReadAsync(file, header, name).ConfigureAwait(false);
            CountRange(header.SnapshotsOffset, length);
            var seen = new Qcow2ClusterSet();
            foreach (Qcow2Snapshot snapshot in snapshots)
            {
                if (snapshot.L1Size > 0 && !seen.Add(_geometry.ClusterOf(snapshot.L1Offset)))
                {
                    Note(name.Error($"snapshot {snapshot.Id} has the L1 table of another").Message);
                    continue;
                }

                CountRange(snapshot.L1Offset, snapshot.L1Size * 8L);
                await WalkL1Async(await Qcow2Metadata.ReadL1Async(file, snapshot.L1Offset, snapshot.L1Size).ConfigureAwait(false), active: false)
                    .ConfigureAwait(false);
            }
        }
        catch (DiskImageException e)
        {
            Note(e.Message);
        }

        try
        {
            if (header.EncryptionMethod == 2)
            {
                (long offset, long length) = Qcow2Encryption.Place(header, file, name);
                CountRange(offset, length);
            }
        }
        catch (DiskImageException e)
        {
            Note(e.Message);
        }

        if ((header.Autoclear & Qcow2Bits.AutoclearBitmaps) != 0)
            await WalkBitmapsAsync().ConfigureAwait(false);
    }

    /// <summary>Notes an error that a repair of the refcounts leaves.</summary>
    public void Note(string message)
    {
        Structural++;
        NoteRepairable(message);
    }

    public void NoteRepairable(string message)
    {
        Corruptions++;
        AddMessage(message);
    }

    public void AddMessage(string message)
    {
        if (Messages.Count < MaxMessages)
            Messages.Add(message);
    }

    public void CountRange(long offset, long length)
    {
        if (length <= 0)
            return;
        for (long cluster = _geometry.ClusterOf(offset); cluster <= _geometry.ClusterOf(offset + length - 1); cluster++)
            Counts.Add(cluster);
    }

    public bool IsCluster(long offset) => offset > 0 && _geometry.Within(offset) == 0 && offset < _geometry.RoundUp(file.Length);

    private async ValueTask WalkL1Async(ulong[] l1, bool active)
    {
        var seen = new Qcow2ClusterSet();
        for (int i = 0; i < l1.Length; i++)
        {
            long table = (long)(l1[i] & Qcow2Bits.OffsetMask);
            if (table == 0 && (l1[i] & ~Qcow2Bits.Copied) == 0)
                continue;
            if (!IsCluster(table) || (l1[i] & ~(Qcow2Bits.OffsetMask | Qcow2Bits.Copied)) != 0)
            {
                Note(name.Error($"L1 entry {i}, 0x{l1[i]:x16}, does not point to a cluster of the file").Message);
                continue;
            }

            Counts.Add(_geometry.ClusterOf(table));
            if (!seen.Add(_geometry.ClusterOf(table)))
            {
                Note(name.Error($"L1 entry {i}, 0x{l1[i]:x16}, points to the table of another entry").Message);
                continue;
            }

            await file.ReadAsync(table, _table).ConfigureAwait(false);
            WalkL2(table, active);
        }
    }

    private void WalkL2(long table, bool active)
    {
        for (int position = 0; position < _table.Length; position += _geometry.EntrySize)
        {
            Span<byte> bytes = _table.AsSpan(position, _geometry.EntrySize);
            if (!bytes.ContainsAnyExcept((byte)0))
                continue;
            Qcow2Entry entry;
            try
            {
                entry = _codec.Decode(bytes, table + position, FileEnd);
            }
            catch (DiskImageException e)
            {
                Note(e.Message);
                continue;
            }

            if (active && (entry.IsCompressed || entry.Host != 0))
            {
                Allocated++;
                Compressed += entry.IsCompressed ? 1 : 0;
            }

            if (entry.IsCompressed)
                CountRange(entry.Host, entry.CompressedLength);
            else if (entry.Host != 0 && !header.HasDataFile)
                Counts.Add(_geometry.ClusterOf(entry.Host));
        }
    }

    // QEMU docs/interop/qcow2, "Bitmaps": directory, tables and the clusters they refer to
    private async ValueTask WalkBitmapsAsync()
    {
        if (header.Find(Qcow2Bits.ExtensionBitmaps) is not { Data.Length: >= 24 } extension)
        {
            Note(name.At(88, "bitmaps are said to be valid, but there are none").Message);
            return;
        }

        uint count = BinaryPrimitives.ReadUInt32BigEndian(extension.Data);
        ulong size = BinaryPrimitives.ReadUInt64BigEndian(extension.Data.AsSpan(8));
        ulong offset = BinaryPrimitives.ReadUInt64BigEndian(extension.Data.AsSpan(16));
        if (size > Qcow2Limits.MaxSnapshotTableBytes || offset > (ulong)file.Length || size > (ulong)file.Length - offset || !IsCluster((long)offset))
        {
            Note(name.Error($"the bitmap directory at 0x{offset:x} lies outside the file").Message);
            return;
        }

        CountRange((long)offset, (long)size);
        byte[] directory = new byte[size];
        await file.ReadAsync((long)offset, directory).ConfigureAwait(false);
        int position = 0;
        for (uint i = 0; i < count; i++)
        {
            if (position > directory.Length - 24)
            {
                Note(name.At((long)offset + position, $"the bitmap directory ends before bitmap {i} of {count}").Message);
                return;
            }

            await WalkBitmapAsync(
                (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(directory.AsSpan(position)), long.MaxValue),
                BinaryPrimitives.ReadUInt32BigEndian(directory.AsSpan(position + 8))).ConfigureAwait(false);
            long next = position + 24 + BinaryPrimitives.ReadUInt32BigEndian(directory.AsSpan(position + 20))
                + BinaryPrimitives.ReadUInt16BigEndian(directory.AsSpan(position + 18));
            position = (int)Math.Min((next + 7) & ~7L, directory.Length);
        }
    }

    private async ValueTask WalkBitmapAsync(long offset, uint entries)
    {
        if (!IsCluster(offset) || entries * 8L > Qcow2Limits.MaxL1Bytes || offset > file.Length - (entries * 8L))
        {
            Note(name.Error($"a bitmap table at 0x{offset:x} lies outside the file").Message);
            return;
        }

        CountRange(offset, entries * 8L);
        byte[] table = new byte[entries * 8];
        await file.ReadAsync(offset, table).ConfigureAwait(false);
        for (int i = 0; i < entries; i++)
        {
            long cluster = (long)(BinaryPrimitives.ReadUInt64BigEndian(table.AsSpan(i * 8)) & Qcow2Bits.OffsetMask);
            if (cluster == 0)
                continue;
            if (IsCluster(cluster))
                Counts.Add(_geometry.ClusterOf(cluster));
            else
                Note(name.At(offset + (i * 8L), "a bitmap table entry does not point to a cluster of the file").Message);
        }
    }
}
