using System.Buffers.Binary;
using System.Numerics;

namespace Emulation.Storage;

/// <summary>The map of a QED or qcow image: an L1 table of L2 tables of clusters. The end of the file says what is free.</summary>
internal sealed class TwoLevelMap : BlockMap
{
    private const int L1Cache = 1 << 20;
    private const ulong PackedFlag = 1UL << 63;

    private readonly TwoLevelLayout _layout;
    private readonly ImageName _name;
    private readonly TablePageCache _l1;
    private readonly TablePageCache _l2;

    // where L2 tables are, ascending
    private readonly List<long> _tables;
    private readonly Stack<long> _free = [];
    private long _end;

    // the compressed cluster that was read last
    private long _unpackedIndex = -1;
    private byte[] _unpacked = [];

    private TwoLevelMap(HostFile file, TwoLevelLayout layout, ImageName name, List<long> tables, int cacheSize)
    {
        (File, _layout, _name, _tables) = (file, layout, name, tables);
        _l1 = new TablePageCache(file, layout.PageSize, L1Cache);
        _l2 = new TablePageCache(file, layout.PageSize, cacheSize);
        _end = RoundUp(file.Length);
    }

    public override HostFile File { get; }

    public override int BlockSize => _layout.ClusterSize;

    public override bool HasPacked => _layout.HasPacked;

    // clusters that are given back would be lost: nothing records them
    public override bool CanUnmap => false;

    public override bool HasZero => _layout.ZeroEntry != 0;

    public override bool CanResize => _layout.SizeOffset is not null;

    public override ValueTask ReserveAsync(long length)
        => (UInt128)(_layout.L1Bytes / 8) * (ulong)_layout.TableEntries * (uint)_layout.ClusterSize >= (UInt128)(ulong)length ? ValueTask.CompletedTask
            : throw _name.Error($"the tables do not reach to the end of a disk of {length} bytes");

    public override async ValueTask WriteSizeAsync(long length)
    {
        byte[] size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, length);
        await File.WriteAsync(_layout.SizeOffset!.Value, size).ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Where L2 tables are, ascending.</summary>
    public IReadOnlyList<long> Tables => _tables;

    /// <summary>End of the last cluster.</summary>
    public long End => _end;

    /// <summary>Opens the tables; every L1 entry is looked at.</summary>
    public static async ValueTask<TwoLevelMap> OpenAsync(HostFile file, TwoLevelLayout layout, ImageName name, int cacheSize)
        => new(file, layout, name, await ReadTablesAsync(file, layout, name).ConfigureAwait(false), cacheSize);

    public override async ValueTask<BlockEntry> GetAsync(long index)
    {
        long l2 = await TableAsync(index).ConfigureAwait(false);
        if (l2 == 0)
            return new BlockEntry(BlockKind.None);
        long at = l2 + (index % _layout.TableEntries * 8);
        ulong entry = await ReadEntryAsync(_l2, at).ConfigureAwait(false);
        if (entry <= _layout.ZeroEntry)
            return new BlockEntry(entry == 0 ? BlockKind.None : BlockKind.Zero);
        bool packed = _layout.HasPacked && (entry & PackedFlag) != 0;
        if ((packed ? WhatIsWrongPacked(entry) : WhatIsWrong(entry)) is { } wrong)
            throw _name.At(at, $"cluster {index} is said to be at byte 0x{(packed ? (ulong)Packed(entry).Host : entry):x}, {wrong}");
        return packed ? Packed(entry) : new BlockEntry(BlockKind.Data, (long)entry);
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
            BlockKind.Zero => _layout.ZeroEntry,
            _ => (ulong)entry.Host,
        };
        if (index == _unpackedIndex)
            _unpackedIndex = -1;
        await WriteEntryAsync(_l2, l2 + (index % _layout.TableEntries * 8), value).ConfigureAwait(false);
    }

    public override async ValueTask<long> AllocateAsync()
    {
        if (_free.TryPop(out long free))
            return free;
        return await AppendAsync(_layout.ClusterSize).ConfigureAwait(false);
    }

    public override async ValueTask ReadIndirectAsync(long index, BlockEntry entry, int within, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (index != _unpackedIndex)
        {
            _unpackedIndex = -1;
            byte[] packed = new byte[entry.Length];
            await File.ReadAsync(entry.Host, packed, cancellationToken).ConfigureAwait(false);
            if (_unpacked.Length == 0)
                _unpacked = new byte[_layout.ClusterSize];
            using var inflate = new DeflateCompressor(framed: false);
            if (!inflate.TryDecompress(packed, _unpacked))
                throw _name.At(entry.Host, $"the compressed cluster {index} cannot be decompressed");
            _unpackedIndex = index;
        }

        _unpacked.AsMemory(within, buffer.Length).CopyTo(buffer);
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
        if (entry % (uint)_layout.ClusterSize != 0)
            return "where no cluster begins";
        if (entry >= (ulong)_end)
            return "past the end of the file";
        long host = (long)entry;
        bool inL1 = host < _layout.L1Offset + _layout.L1Bytes && host + _layout.ClusterSize > _layout.L1Offset;
        if (host < _layout.DataStart || inL1)
            return "where the header or the L1 table is";
        int before = _tables.BinarySearch(host);
        before = before >= 0 ? before : ~before - 1;
        return before >= 0 && host < _tables[before] + _layout.TableBytes ? "where an L2 table is" : null;
    }

    /// <summary>What an L2 entry that is not 0 says, and why that cannot be right; null when it can.</summary>
    public (BlockEntry Entry, string? Wrong) Decode(ulong entry)
        => _layout.HasPacked && (entry & PackedFlag) != 0 ? (Packed(entry), WhatIsWrongPacked(entry)) : (new BlockEntry(BlockKind.Data, (long)entry), WhatIsWrong(entry));

    // compressed clusters are not written to, so it does no harm where they are
    private string? WhatIsWrongPacked(ulong entry)
    {
        BlockEntry packed = Packed(entry);
        return packed.Length == 0 ? "compressed to nothing"
            : packed.Host > File.Length - packed.Length ? "compressed, past the end of the file" : null;
    }

    // the flag, then the length, which takes as many bits as an offset in a cluster, then the place
    private BlockEntry Packed(ulong entry)
    {
        int shift = 63 - BitOperations.Log2((uint)_layout.ClusterSize);
        return new BlockEntry(BlockKind.Indirect, (long)(entry & ((1UL << shift) - 1)), (int)(entry >> shift & (uint)(_layout.ClusterSize - 1)));
    }

    // every L2 table inside the file, none where something else is
    private static async ValueTask<List<long>> ReadTablesAsync(HostFile file, TwoLevelLayout layout, ImageName name)
    {
        long entries = layout.L1Entries;
        var found = new List<(long Table, long At)>();
        byte[] piece = new byte[1 << 16];
        for (long first = 0; first < entries; first += piece.Length / 8)
        {
            int count = (int)Math.Min(entries - first, piece.Length / 8);
            long at = layout.L1Offset + (first * 8);
            await file.ReadAsync(at, piece.AsMemory(0, count * 8)).ConfigureAwait(false);
            for (int i = 0; i < count; i++)
            {
                ulong entry = Entry(piece.AsSpan(i * 8), layout);
                if (entry == 0)
                    continue;
                if (entry % (uint)layout.ClusterSize != 0 || entry > long.MaxValue || (long)entry < layout.DataStart || (long)entry > file.Length - layout.TableBytes)
                    throw name.At(at + (i * 8), $"an L2 table is said to be at byte 0x{entry:x}");
                found.Add(((long)entry, at + (i * 8)));
            }
        }

        found.Sort();
        for (int i = 0; i < found.Count; i++)
        {
            (long table, long at) = found[i];
            bool inL1 = table < layout.L1Offset + layout.L1Bytes && table + layout.TableBytes > layout.L1Offset;
            if (inL1 || (i > 0 && table < found[i - 1].Table + layout.TableBytes))
                throw name.At(at, $"an L2 table is said to be at byte 0x{table:x}, where another table is");
        }

        return found.ConvertAll(f => f.Table);
    }

    private async ValueTask<long> TableAsync(long index)
        => (long)await ReadEntryAsync(_l1, L1EntryOf(index)).ConfigureAwait(false);

    private long L1EntryOf(long index) => _layout.L1Offset + (index / _layout.TableEntries * 8);

    private async ValueTask<long> AddTableAsync(long index)
    {
        long table = await AppendAsync(RoundUp(_layout.TableBytes)).ConfigureAwait(false);
        await File.ZeroAsync(table, _layout.TableBytes).ConfigureAwait(false);
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

    private long RoundUp(long offset) => (offset + _layout.ClusterSize - 1) & -(long)_layout.ClusterSize;

    private async ValueTask<ulong> ReadEntryAsync(TablePageCache cache, long at)
    {
        TablePage page = await cache.GetAsync(at, TablePageKind.L2).ConfigureAwait(false);
        return Entry(page.Data.AsSpan((int)(at - page.Offset)), _layout);
    }

    private async ValueTask WriteEntryAsync(TablePageCache cache, long at, ulong value)
    {
        TablePage page = await cache.GetAsync(at, TablePageKind.L2).ConfigureAwait(false);
        BinaryPrimitives.WriteUInt64LittleEndian(page.Data.AsSpan((int)(at - page.Offset)), _layout.BigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        cache.MarkDirty(page);
    }

    private static ulong Entry(ReadOnlySpan<byte> at, TwoLevelLayout layout)
        => layout.BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(at) : BinaryPrimitives.ReadUInt64LittleEndian(at);
}
