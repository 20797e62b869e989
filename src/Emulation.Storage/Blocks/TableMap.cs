namespace Emulation.Storage;

/// <summary>A map that is one table of 32-bit entries. Formats derive from it what they keep besides.</summary>
internal abstract partial class TableMap : BlockMap
{
    // gaps beyond these stay lost until a check
    private const int MaxFree = 1 << 16;

    private AllocationTable _table;

    // places that may be written to, and those that the table in the file still points to
    private readonly SortedSet<long> _free = [];
    private readonly List<long> _released = [];

    protected TableMap(HostFile file, ImageName name, TableLayout layout, AllocationTable table)
    {
        (File, Name, Layout, _table) = (file, name, layout, table);
        Validate();
    }

    public override HostFile File { get; }

    public override int BlockSize => Layout.BlockSize;

    public override bool CanUnmap => Layout.CanUnmap;

    /// <summary>End of the last block.</summary>
    public long End { get; private set; }

    /// <summary>Blocks that the table points to.</summary>
    public long Used { get; private set; }

    /// <summary>Blocks that nothing points to.</summary>
    public long Lost { get; private set; }

    /// <summary>End of all that belongs to the image.</summary>
    protected virtual long FileEnd => End;

    protected TableLayout Layout { get; private set; }

    protected ImageName Name { get; }

    public override ValueTask<BlockEntry> GetAsync(long index)
    {
        uint entry = _table[index];
        return new(entry == Layout.None ? new BlockEntry(BlockKind.None)
            : entry == Layout.Zero ? new BlockEntry(BlockKind.Zero)
            : new BlockEntry(BlockKind.Data, Layout.Place(entry) + Layout.Prefix));
    }

    public override ValueTask SetAsync(long index, BlockEntry entry)
    {
        uint old = _table[index];
        if (Layout.IsData(old))
        {
            _released.Add(Layout.Place(old));
            Used--;
        }

        _table[index] = entry.Kind switch
        {
            BlockKind.None => Layout.None,
            BlockKind.Zero => Layout.Zero,
            _ => Layout.Entry(entry.Host - Layout.Prefix)!.Value,
        };
        if (entry.Kind == BlockKind.Data)
            Used++;
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<long> AllocateAsync()
    {
        long place;
        if (_free.Count > 0)
        {
            place = _free.Min;
            _free.Remove(place);
        }
        else
        {
            place = Layout.Align(End);
            if (Layout.Entry(place) is null)
                throw Name.At(place, "the image is full: its table cannot express a block so far into the file");
            End = place + Layout.Stride;
        }

        try
        {
            await File.ReserveAsync(place + Layout.Stride).ConfigureAwait(false);
            await PrepareAsync(place).ConfigureAwait(false);
        }
        catch
        {
            _free.Add(place);
            throw;
        }

        return place + Layout.Prefix;
    }

    public override void Undo(long host) => _free.Add(host - Layout.Prefix);

    public override async ValueTask FlushAsync()
    {
        // data, then what makes the table valid, then the table, then what depends on it
        await File.FlushAsync().ConfigureAwait(false);
        if (!_table.IsDirty)
            return;
        if (await BeforeTableAsync().ConfigureAwait(false))
            await File.FlushAsync().ConfigureAwait(false);
        await _table.WriteAsync().ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
        if (await AfterTableAsync().ConfigureAwait(false))
            await File.FlushAsync().ConfigureAwait(false);
        foreach (long place in _released)
            _free.Add(place);
        _released.Clear();
    }

    public override async ValueTask CloseAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await CompactAsync().ConfigureAwait(false);
        if (await AfterTableAsync().ConfigureAwait(false))
            await File.FlushAsync().ConfigureAwait(false);
        await File.TrimAsync(FileEnd).ConfigureAwait(false);
    }

    /// <summary>Moves the last blocks into free places.</summary>
    public async ValueTask CompactAsync()
    {
        if (_free.Count == 0 || !Layout.CanUnmap)
            return;
        List<(long Place, int Index)> blocks = Blocks();
        byte[] piece = new byte[Math.Min(Layout.Stride, 1 << 16)];
        int last = blocks.Count - 1;
        var left = new List<long>();
        for (; last >= 0 && _free.Count > 0 && _free.Min < blocks[last].Place; last--)
        {
            long to = _free.Min;
            _free.Remove(to);
            (long from, int index) = blocks[last];
            await MoveAsync(from, to, piece).ConfigureAwait(false);
            _table[index] = Layout.Entry(to)!.Value;
            left.Add(to);
        }

        long end = Math.Max(last >= 0 ? blocks[last].Place + Layout.Stride : Layout.DataStart, left.Count > 0 ? left[^1] + Layout.Stride : 0);
        end = Math.Max(end, Layout.Align(Layout.KeptEnd));
        _free.Clear();
        await FlushAsync().ConfigureAwait(false);
        End = end;
        if (await AfterTableAsync().ConfigureAwait(false))
            await File.FlushAsync().ConfigureAwait(false);
        await File.CutAsync(FileEnd).ConfigureAwait(false);
        Lost = 0;
    }

    /// <summary>Writes what a new block has before the guest's bytes.</summary>
    protected virtual ValueTask PrepareAsync(long place) => ValueTask.CompletedTask;

    /// <summary>Writes what must be durable before the table; whether it wrote anything.</summary>
    protected virtual ValueTask<bool> BeforeTableAsync() => new(false);

    /// <summary>Writes what may be durable only after the table; whether it wrote anything.</summary>
    protected virtual ValueTask<bool> AfterTableAsync() => new(false);


    private List<(long Place, int Index)> Blocks()
    {
        var blocks = new List<(long Place, int Index)>();
        for (int i = 0; i < _table.Count; i++)
        {
            if (Layout.IsData(_table[i]))
                blocks.Add((Layout.Place(_table[i]), i));
        }

        blocks.Sort();
        return blocks;
    }

    // every block inside the file, none where the tables are or where another is
    private void Validate()
    {
        long end = Layout.Align(Layout.DataStart);
        List<(long Place, int Index)> blocks = Blocks();
        foreach ((long place, int index) in blocks)
        {
            long at = Layout.TableOffset + ((long)index * 4);
            if (place < Layout.DataStart)
                throw Name.At(at, $"block {index} is said to be at byte 0x{place:x}, where the tables are");
            if (place >= File.Length)
                throw Name.At(at, $"block {index} is said to be at byte 0x{place:x}, past the end of the file");
            if (place < end)
                throw Name.At(at, $"block {index} is said to be at byte 0x{place:x}, where another block is");
            Lost += (place - end) / Layout.Stride;
            for (; Layout.GapsAreFree && place - end >= Layout.Stride && _free.Count < MaxFree; end += Layout.Stride)
                _free.Add(end);
            end = place + Layout.Stride;
        }

        Used = blocks.Count;
        End = Math.Max(end, Layout.Align(Layout.KeptEnd));
    }
}
