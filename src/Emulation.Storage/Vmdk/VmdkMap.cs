using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The map of a sparse extent: a grain directory of grain tables, and a second copy of both. The end of the file says what is free.</summary>
/// <remarks>
/// The first change marks the extent as not cleanly closed. After a crash the second copy may differ from the first, which is the one that
/// counts; whoever opens the extent for writing next makes the copy equal.
/// </remarks>
internal sealed class VmdkMap : VmdkGrainMap
{
    // a table may begin at any sector, with grains around it
    private const int PageSize = ImageFields.Sector;
    private const uint ZeroEntry = 1;

    private readonly VmdkHeader _header;
    private readonly ImageName _name;
    private readonly VmdkDirectory _directory;
    private readonly VmdkDirectory? _redundant;
    private readonly VmdkRegions _regions;
    private readonly TablePageCache _tables;
    private readonly TablePageCache _copies;
    private readonly bool _hasBacking;
    private readonly SemaphoreSlim _gate = new(1);

    // room of this session's grains that nothing points to any more, and of those that the file's tables still point to
    private readonly Stack<long> _free = [];
    private readonly List<long> _released = [];
    private readonly List<long> _newTables = [];
    private readonly long _start;
    private long _end;
    private bool _begun;
    private bool _marked;

    private VmdkMap(HostFile file, VmdkHeader header, ImageName name, VmdkDirectory directory, VmdkDirectory? redundant, VmdkRegions regions, int cacheSize, bool hasBacking)
    {
        (File, _header, _name, _directory, _redundant, _regions, _hasBacking) = (file, header, name, directory, redundant, regions, hasBacking);
        _tables = new TablePageCache(file, PageSize, redundant is null ? cacheSize : cacheSize / 2);
        _copies = new TablePageCache(file, PageSize, cacheSize / 2);
        _start = _end = header.IsCompressed ? RoundUp(file.Length, PageSize) : RoundUp(Math.Max(file.Length, header.DataOffset), header.GrainSize);
        _marked = header.IsUnclean;
    }

    public override HostFile File { get; }

    public override int BlockSize => _header.GrainSize;

    // without a mark for zeros, what is not there is zero only where nothing is below
    public override bool CanUnmap => HasZero || !_hasBacking;

    public override bool HasZero => _header.HasZeroGrain;

    public override bool AllowsConcurrentReads => true;

    /// <summary>End of the last grain.</summary>
    public long End => _end;

    public VmdkDirectory Directory => _directory;

    public VmdkRegions Regions => _regions;

    /// <summary>Opens the tables; every entry of the directory is looked at, and of the redundant one when the extent is to be written.</summary>
    public static async ValueTask<VmdkMap> OpenAsync(HostFile file, VmdkHeader header, ImageName name, int cacheSize, bool writable, bool hasBacking)
    {
        VmdkDirectory directory = await VmdkDirectory.ReadAsync(file, header.DirectoryOffset, header.Tables, name).ConfigureAwait(false);
        VmdkRegions regions = Structures(header, name);
        regions.AddTables(directory, header.TableBytes, file.Length);
        VmdkDirectory? redundant = null;
        if (writable && header.RedundantOffset > 0)
        {
            if (header.IsUnclean)
                await new VmdkRedundancy(file, header, name, directory, regions).RunAsync(repair: true).ConfigureAwait(false);
            redundant = await VmdkDirectory.ReadAsync(file, header.RedundantOffset, header.Tables, name).ConfigureAwait(false);
            regions = Structures(header, name);
            regions.AddTables(directory, header.TableBytes, file.Length);
            regions.AddTables(redundant, header.TableBytes, file.Length);
        }

        return new VmdkMap(file, header, name, directory, redundant, regions, cacheSize, hasBacking);
    }

    /// <summary>The structures that lie at fixed places.</summary>
    public static VmdkRegions Structures(VmdkHeader header, ImageName name)
    {
        var regions = new VmdkRegions(name);
        regions.Add(0, VmdkHeader.Length, 0, "the header");
        if (header.DescriptorOffset > 0 && header.DescriptorLength > 0)
            regions.Add(header.DescriptorOffset, header.DescriptorLength, 28, "the descriptor");
        regions.Add(header.DirectoryOffset, header.Tables * 4L, header.IsCowd ? 20 : 56, "the grain directory");
        if (header.RedundantOffset > 0)
            regions.Add(header.RedundantOffset, header.Tables * 4L, 48, "the redundant grain directory");
        return regions;
    }

    public override async ValueTask<BlockEntry> GetAsync(long index)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return await FindAsync(index).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public override async ValueTask<(BlockEntry First, int Count)> GetRunAsync(long index, int most)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            BlockEntry first = await FindAsync(index).ConfigureAwait(false);
            int count = 1;
            for (; count < most; count++)
            {
                // no table, no grains: all that it would have at once
                if (first.Kind == BlockKind.None && _directory[(index + count) / _header.TableEntries] == 0)
                {
                    count += (int)Math.Min(_header.TableEntries - ((index + count) % _header.TableEntries), most - count) - 1;
                    continue;
                }

                BlockEntry next = await FindAsync(index + count).ConfigureAwait(false);
                if (next.Kind != first.Kind || (next.Kind == BlockKind.Data && next.Host != first.Host + ((long)count * BlockSize)))
                    break;
            }

            return (first, count);
        }
        finally
        {
            _gate.Release();
        }
    }

    public override async ValueTask SetAsync(long index, BlockEntry entry)
    {
        await BeginAsync().ConfigureAwait(false);
        // changed pages stay in memory until a flush
        if (_tables.IsCrowded || _copies.IsCrowded)
            await FlushAsync().ConfigureAwait(false);
        uint value = entry.Kind switch
        {
            BlockKind.None => 0,
            BlockKind.Zero => HasZero ? ZeroEntry : 0,
            _ => (uint)(entry.Host / PageSize),
        };
        long table = index / _header.TableEntries;
        if (_directory[table] == 0)
        {
            if (value == 0)
                return;
            await AddTableAsync(table).ConfigureAwait(false);
        }

        long within = index % _header.TableEntries * 4;
        uint old = await ExchangeAsync(_tables, _directory[table] + within, value).ConfigureAwait(false);
        if (_redundant is not null && _redundant[table] != 0)
            await ExchangeAsync(_copies, _redundant[table] + within, value).ConfigureAwait(false);
        // a grain of an earlier session might have another owner in an image that is damaged
        if (!_header.IsCompressed && old > ZeroEntry && old != value && old * (long)PageSize >= _start)
            _released.Add(old * (long)PageSize);
    }

    public override async ValueTask<long> AllocateAsync()
        => _free.TryPop(out long free) ? free : await AppendAsync(BlockSize).ConfigureAwait(false);

    public override ValueTask<long> AppendAsync(long index, long length) => AppendAsync(length);

    private async ValueTask<long> AppendAsync(long length)
    {
        long place = _end;
        if (place / PageSize > uint.MaxValue)
            throw _name.At(place, "the extent is full: its tables cannot express a place so far into the file");
        await File.ReserveAsync(place + length).ConfigureAwait(false);
        _end = RoundUp(place + length, PageSize);
        return place;
    }

    public override void Undo(long host)
    {
        if (!_header.IsCompressed)
            _free.Push(host);
    }

    public override async ValueTask FlushAsync()
    {
        // data, then tables that point to them and their copies, then directories that point to new tables
        await File.FlushAsync().ConfigureAwait(false);
        if (!_tables.HasDirty(TablePageKind.L2) && _newTables.Count == 0)
            return;
        await _copies.WriteAsync(TablePageKind.L2).ConfigureAwait(false);
        await _tables.WriteAsync(TablePageKind.L2).ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
        if (_newTables.Count > 0)
        {
            foreach (long table in _newTables)
            {
                await _directory.WriteAsync(table).ConfigureAwait(false);
                if (_redundant is not null)
                    await _redundant.WriteAsync(table).ConfigureAwait(false);
            }

            _newTables.Clear();
            await File.FlushAsync().ConfigureAwait(false);
        }

        foreach (long place in _released)
            _free.Push(place);
        _released.Clear();
    }

    public override async ValueTask CloseAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        long end = _end;
        foreach (long place in _free.OrderDescending())
        {
            if (place + BlockSize != end)
                break;
            end = place;
        }

        if (end < _end)
            await File.CutAsync(end).ConfigureAwait(false);
        else
            await File.TrimAsync(end).ConfigureAwait(false);
        _end = end;
        if (!_marked)
            return;
        await File.WriteAsync(VmdkHeader.UncleanOffset, new byte[1]).ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
        _marked = _begun = false;
    }

    /// <summary>Why a table's entry cannot be right; null when it can.</summary>
    public string? WhatIsWrong(uint entry)
    {
        long host = entry * (long)PageSize;
        if (host >= Math.Max(_end, File.Length))
            return "past the end of the file";
        return _regions.Find(host, _header.IsCompressed ? PageSize : BlockSize) is { } other ? $"where {other} is" : null;
    }

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    // an extent that is written is marked, and says itself where its directory is: a footer does not stay at the end of the file
    private async ValueTask BeginAsync()
    {
        if (_begun)
            return;
        if (_header.IsFooter)
            await File.WriteAsync(0, (_header with { IsUnclean = true }).ToBytes()).ConfigureAwait(false);
        else if (!_marked)
            await File.WriteAsync(VmdkHeader.UncleanOffset, new byte[] { 1 }).ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
        _begun = _marked = true;
    }

    private async ValueTask<BlockEntry> FindAsync(long index)
    {
        long table = _directory[index / _header.TableEntries];
        if (table == 0)
            return default;
        long at = table + (index % _header.TableEntries * 4);
        TablePage page = await _tables.GetAsync(at, TablePageKind.L2).ConfigureAwait(false);
        uint entry = BinaryPrimitives.ReadUInt32LittleEndian(page.Data.AsSpan((int)(at - page.Offset)));
        if (entry == 0)
            return default;
        if (entry == ZeroEntry && HasZero)
            return new BlockEntry(BlockKind.Zero);
        if (WhatIsWrong(entry) is { } wrong)
            throw _name.At(at, $"grain {index} is said to be at byte 0x{entry * (long)PageSize:x}, {wrong}");
        return new BlockEntry(BlockKind.Data, entry * (long)PageSize);
    }

    private async ValueTask AddTableAsync(long table)
    {
        if (_redundant is not null)
            _redundant.Set(table, await AppendTableAsync(_redundant.At(table)).ConfigureAwait(false));
        _directory.Set(table, await AppendTableAsync(_directory.At(table)).ConfigureAwait(false));
        _newTables.Add(table);
    }

    private async ValueTask<long> AppendTableAsync(long at)
    {
        long place = await AppendAsync(_header.TableBytes).ConfigureAwait(false);
        await File.ZeroAsync(place, _header.TableBytes).ConfigureAwait(false);
        _regions.AddLast(place, at);
        return place;
    }

    private static async ValueTask<uint> ExchangeAsync(TablePageCache cache, long at, uint value)
    {
        TablePage page = await cache.GetAsync(at, TablePageKind.L2).ConfigureAwait(false);
        Span<byte> entry = page.Data.AsSpan((int)(at - page.Offset), 4);
        uint old = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        if (old == value)
            return old;
        BinaryPrimitives.WriteUInt32LittleEndian(entry, value);
        cache.MarkDirty(page);
        return old;
    }

    private static long RoundUp(long offset, long unit) => (offset + unit - 1) / unit * unit;
}
