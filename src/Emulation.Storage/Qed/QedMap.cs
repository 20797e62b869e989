using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The map of a QED image: an L1 table of L2 tables of clusters. The end of the file says what is free.</summary>
internal sealed class QedMap : BlockMap
{
    private const int PageSize = 4096;
    private const int L1Cache = 1 << 20;
    private const ulong ZeroEntry = 1;

    private readonly QedHeader _header;
    private readonly ImageName _name;
    private readonly TablePageCache _l1;
    private readonly TablePageCache _l2;

    // where L2 tables are, ascending
    private readonly List<long> _tables;
    private readonly Stack<long> _free = [];
    private long _end;

    private QedMap(HostFile file, QedHeader header, ImageName name, List<long> tables, int cacheSize)
    {
        (File, _header, _name, _tables) = (file, header, name, tables);
        _l1 = new TablePageCache(file, PageSize, L1Cache);
        _l2 = new TablePageCache(file, PageSize, cacheSize);
        _end = RoundUp(file.Length);
    }

    public override HostFile File { get; }

    public override int BlockSize => _header.ClusterSize;

    // clusters that are given back would be lost: nothing records them
    public override bool CanUnmap => false;

    /// <summary>Where L2 tables are, ascending.</summary>
    public IReadOnlyList<long> Tables => _tables;

    /// <summary>End of the last cluster.</summary>
    public long End => _end;

    /// <summary>Opens the tables; every L1 entry is looked at.</summary>
    public static async ValueTask<QedMap> OpenAsync(HostFile file, QedHeader header, ImageName name, int cacheSize)
        => new(file, header, name, await ReadTablesAsync(file, header, name).ConfigureAwait(false), cacheSize);

    public override async ValueTask<BlockEntry> GetAsync(long index)
    {
        long l2 = await TableAsync(index).ConfigureAwait(false);
        if (l2 == 0)
            return new BlockEntry(BlockKind.None);
        long at = l2 + (index % _header.TableEntries * 8);
        ulong entry = await ReadEntryAsync(_l2, at).ConfigureAwait(false);
        if (entry <= ZeroEntry)
            return new BlockEntry(entry == ZeroEntry ? BlockKind.Zero : BlockKind.None);
        if (WhatIsWrong(entry) is { } wrong)
            throw _name.At(at, $"cluster {index} is said to be at byte 0x{entry:x}, {wrong}");
        return new BlockEntry(BlockKind.Data, (long)entry);
    }

    public override async ValueTask SetAsync(long index, BlockEntry entry)
    {
        // changed pages stay in memory until a flush
        if (_l2.IsCrowded || _l1.IsCrowded)
            await FlushAsync().ConfigureAwait(false);
        long l2 = await TableAsync(index).ConfigureAwait(false);
        if (l2 == 0)
            l2 = await AddTableAsync(index).ConfigureAwait(false);
        ulong value = entry.Kind switch
        {
            BlockKind.None => 0,
            BlockKind.Zero => ZeroEntry,
            _ => (ulong)entry.Host,
        };
        await WriteEntryAsync(_l2, l2 + (index % _header.TableEntries * 8), value).ConfigureAwait(false);
    }

    public override async ValueTask<long> AllocateAsync()
    {
        if (_free.TryPop(out long free))
            return free;
        return await AppendAsync(_header.ClusterSize).ConfigureAwait(false);
    }

    public override void Undo(long host) => _free.Push(host);

    public override async ValueTask FlushAsync()
    {
        // data, then L2 tables that point to them, then the L1 table that points to those
        await File.FlushAsync().ConfigureAwait(false);
        if (_l2.HasDirty(TablePageKind.L2))
        {
            await _l2.WriteAsync(TablePageKind.L2).ConfigureAwait(false);
            await File.FlushAsync().ConfigureAwait(false);
        }

        if (_l1.HasDirty(TablePageKind.L2))
        {
            await _l1.WriteAsync(TablePageKind.L2).ConfigureAwait(false);
            await File.FlushAsync().ConfigureAwait(false);
        }
    }

    public override async ValueTask CloseAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await File.TrimAsync(_end).ConfigureAwait(false);
    }

    /// <summary>Why an L2 entry cannot be right; null when it can.</summary>
    public string? WhatIsWrong(ulong entry)
    {
        if (entry % (uint)_header.ClusterSize != 0)
            return "where no cluster begins";
        if (entry >= (ulong)_end)
            return "past the end of the file";
        long host = (long)entry;
        bool inL1 = host < _header.L1Offset + _header.TableBytes && host + _header.ClusterSize > _header.L1Offset;
        if (host < _header.HeaderBytes || inL1)
            return "where the header or the L1 table is";
        int before = _tables.BinarySearch(host);
        before = before >= 0 ? before : ~before - 1;
        return before >= 0 && host < _tables[before] + _header.TableBytes ? "where an L2 table is" : null;
    }

    // every L2 table inside the file, none where something else is
    private static async ValueTask<List<long>> ReadTablesAsync(HostFile file, QedHeader header, ImageName name)
    {
        long span = header.TableEntries * header.ClusterSize;
        long entries = ImageFields.Blocks(header.DiskSize, span);
        var found = new List<(long Table, long At)>();
        byte[] piece = new byte[1 << 16];
        for (long first = 0; first < entries; first += piece.Length / 8)
        {
            int count = (int)Math.Min(entries - first, piece.Length / 8);
            long at = header.L1Offset + (first * 8);
            await file.ReadAsync(at, piece.AsMemory(0, count * 8)).ConfigureAwait(false);
            for (int i = 0; i < count; i++)
            {
                ulong entry = ImageFields.U64(piece, i * 8);
                if (entry == 0)
                    continue;
                if (entry % (uint)header.ClusterSize != 0 || entry > long.MaxValue || (long)entry < header.HeaderBytes || (long)entry > file.Length - header.TableBytes)
                    throw name.At(at + (i * 8), $"an L2 table is said to be at byte 0x{entry:x}");
                found.Add(((long)entry, at + (i * 8)));
            }
        }

        found.Sort();
        for (int i = 0; i < found.Count; i++)
        {
            (long table, long at) = found[i];
            bool inL1 = table < header.L1Offset + header.TableBytes && table + header.TableBytes > header.L1Offset;
            if (inL1 || (i > 0 && table < found[i - 1].Table + header.TableBytes))
                throw name.At(at, $"an L2 table is said to be at byte 0x{table:x}, where another table is");
        }

        return found.ConvertAll(f => f.Table);
    }

    private async ValueTask<long> TableAsync(long index)
        => (long)await ReadEntryAsync(_l1, L1EntryOf(index)).ConfigureAwait(false);

    private long L1EntryOf(long index) => _header.L1Offset + (index / _header.TableEntries * 8);

    private async ValueTask<long> AddTableAsync(long index)
    {
        long table = await AppendAsync(_header.TableBytes).ConfigureAwait(false);
        await File.ZeroAsync(table, _header.TableBytes).ConfigureAwait(false);
        await WriteEntryAsync(_l1, L1EntryOf(index), (ulong)table).ConfigureAwait(false);
        _tables.Add(table);
        return table;
    }

    private async ValueTask<long> AppendAsync(long length)
    {
        long place = _end;
        if (place > long.MaxValue / 2)
            throw _name.At(place, "the file is too large");
        await File.ReserveAsync(place + length).ConfigureAwait(false);
        _end = place + length;
        return place;
    }

    private long RoundUp(long offset) => (offset + _header.ClusterSize - 1) & -(long)_header.ClusterSize;

    private static async ValueTask<ulong> ReadEntryAsync(TablePageCache cache, long at)
    {
        TablePage page = await cache.GetAsync(at, TablePageKind.L2).ConfigureAwait(false);
        return BinaryPrimitives.ReadUInt64LittleEndian(page.Data.AsSpan((int)(at - page.Offset)));
    }

    private static async ValueTask WriteEntryAsync(TablePageCache cache, long at, ulong value)
    {
        TablePage page = await cache.GetAsync(at, TablePageKind.L2).ConfigureAwait(false);
        BinaryPrimitives.WriteUInt64LittleEndian(page.Data.AsSpan((int)(at - page.Offset)), value);
        cache.MarkDirty(page);
    }
}
