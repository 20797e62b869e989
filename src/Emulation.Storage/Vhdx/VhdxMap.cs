using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The tables of a VHDX image: BAT, sector bitmaps and the disk's size, by pages of 4 KiB that the log writes.</summary>
internal sealed class VhdxMap : BlockMap
{
    // an operation changes a few pages of the BAT and those that a block has of a sector bitmap; all of them fit into one entry of the log
    private const int MostChanged = VhdxLogWriter.MaxPages / 2;

    private readonly VhdxImageParts _parts;
    private readonly ImageName _name;
    private readonly TablePageCache _pages;
    private readonly VhdxLogWriter _log;

    // places that the tables in the file still point to
    private readonly List<(long Place, int Length)> _released = [];

    public VhdxMap(HostFile file, VhdxImageParts parts, ImageName name, int cacheSize)
    {
        (File, _parts, _name) = (file, parts, name);
        _pages = new TablePageCache(file, VhdxLayout.Page, cacheSize);
        _log = new VhdxLogWriter(file, parts.Headers);
        Length = parts.Metadata.DiskSize;
    }

    public override HostFile File { get; }

    public override int BlockSize => Layout.BlockSize;

    public override bool CanUnmap => !_parts.Metadata.Fixed;

    public override bool CanResize => true;

    public override BlockHints Hints => new(Layout.SectorSize, Math.Max(Layout.SectorSize, _parts.Metadata.PhysicalSectorSize), 0);

    /// <summary>Size of the disk in bytes.</summary>
    public long Length { get; private set; }

    public VhdxLayout Layout => _parts.Layout;

    public VhdxHeader Header => _parts.Headers.Current;

    public override async ValueTask<BlockEntry> GetAsync(long index)
    {
        VhdxBlock block = await GetBlockAsync(index).ConfigureAwait(false);
        return block.State switch
        {
            VhdxBlockState.NotPresent => new BlockEntry(BlockKind.None),
            VhdxBlockState.FullyPresent => new BlockEntry(BlockKind.Data, block.Host),
            _ => new BlockEntry(BlockKind.Zero),
        };
    }

    public override ValueTask SetAsync(long index, BlockEntry entry) => SetBlockAsync(index, entry.Kind switch
    {
        BlockKind.None => new VhdxBlock(VhdxBlockState.NotPresent),
        BlockKind.Zero => new VhdxBlock(VhdxBlockState.Zero),
        _ => new VhdxBlock(VhdxBlockState.FullyPresent, entry.Host),
    });

    /// <summary>What the BAT says about a payload block.</summary>
    public async ValueTask<VhdxBlock> GetBlockAsync(long index) => await ReadAsync(Layout.PayloadEntry(index)).ConfigureAwait(false);

    /// <summary>Says where a payload block is.</summary>
    public async ValueTask SetBlockAsync(long index, VhdxBlock block)
    {
        await MakeRoomAsync().ConfigureAwait(false);
        VhdxBlock old = await GetBlockAsync(index).ConfigureAwait(false);
        if (old.IsPlaced && old.Host != block.Host)
            _released.Add((old.Host, BlockSize));
        await WriteAsync(Layout.PayloadEntry(index), block).ConfigureAwait(false);
    }

    public override async ValueTask<long> AllocateAsync()
    {
        long place = _parts.Space.Allocate(BlockSize);
        try
        {
            if (place > VhdxLayout.MaxFileSize - BlockSize)
                throw _name.At(place, "the file is too large");
            await File.ReserveAsync(place + BlockSize).ConfigureAwait(false);
            return place;
        }
        catch
        {
            Undo(place);
            throw;
        }
    }

    public override void Undo(long host) => _parts.Space.Release(host, BlockSize);

    /// <summary>The place of a chunk's sector bitmap; -1 when there is none.</summary>
    public async ValueTask<long> GetBitmapAsync(long chunk)
    {
        VhdxBlock bitmap = await ReadAsync(Layout.BitmapEntry(chunk)).ConfigureAwait(false);
        return bitmap.State == VhdxBlockState.FullyPresent ? bitmap.Host : -1;
    }

    /// <summary>The place of a chunk's sector bitmap, made if there is none.</summary>
    public async ValueTask<long> AddBitmapAsync(long chunk)
    {
        long place = await GetBitmapAsync(chunk).ConfigureAwait(false);
        if (place >= 0)
            return place;
        await MakeRoomAsync().ConfigureAwait(false);
        place = _parts.Space.Allocate(VhdxLayout.Unit);
        await File.ZeroAsync(place, VhdxLayout.Unit).ConfigureAwait(false);
        await WriteAsync(Layout.BitmapEntry(chunk), new VhdxBlock(VhdxBlockState.FullyPresent, place)).ConfigureAwait(false);
        return place;
    }

    /// <summary>A page of a sector bitmap. It is kept over no call that may fetch another.</summary>
    public ValueTask<TablePage> GetPageAsync(long offset) => _pages.GetAsync(offset, TablePageKind.L2);

    /// <summary>Says that a page changed. <see cref="MakeRoomAsync"/> came before the operation.</summary>
    public void MarkDirty(TablePage page) => _pages.MarkDirty(page);

    /// <summary>Sees to it that one more operation fits into an entry of the log with all that waits.</summary>
    public ValueTask MakeRoomAsync()
        => _pages.IsCrowded || _pages.CountDirty(TablePageKind.L2) > MostChanged ? FlushAsync() : ValueTask.CompletedTask;

    public override async ValueTask FlushAsync()
    {
        if (!_pages.HasDirty(TablePageKind.L2))
        {
            await File.FlushAsync().ConfigureAwait(false);
            return;
        }

        await _log.WriteAsync(_pages.GetDirty(TablePageKind.L2), _parts.Space.End).ConfigureAwait(false);
        await _pages.WriteAsync(TablePageKind.L2).ConfigureAwait(false);
        foreach ((long place, int length) in _released)
            _parts.Space.Release(place, length);
        _released.Clear();
    }

    public override async ValueTask CloseAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        if (!_parts.Headers.HasBegun)
            return;
        if (Header.Log != Guid.Empty)
            await _log.EmptyAsync().ConfigureAwait(false);
        await File.CutAsync(_parts.Space.End).ConfigureAwait(false);
    }

    /// <summary>Makes the disk larger.</summary>
    public override void CheckSize(long length)
    {
        if (length < Length)
            throw _name.Error($"a disk cannot become smaller than it is: {Length} bytes");
        if (length > VhdxLayout.MaxDiskSize || length % Layout.SectorSize != 0)
            throw _name.Error($"a disk has whole sectors of {Layout.SectorSize} bytes, at most {VhdxLayout.MaxDiskSize} bytes, not {length}");
        long at = _parts.Metadata.DiskSizeAt;
        if (at % VhdxLayout.Page > VhdxLayout.Page - sizeof(long))
            throw _name.At(at, "the size of the disk lies across two pages");
        if (Layout.Entries(length, HasBitmaps) * VhdxLayout.EntryLength > Layout.TableLength)
            throw _name.At(Layout.TableOffset, $"the block allocation table of {Layout.TableLength} bytes has no room for a disk of {length} bytes");
    }

    public override ValueTask ReserveAsync(long length) => PrepareGrowthAsync(length, HasBitmaps);

    public override async ValueTask WriteSizeAsync(long length)
    {
        long at = _parts.Metadata.DiskSizeAt;
        await MakeRoomAsync().ConfigureAwait(false);
        TablePage page = await GetPageAsync(at).ConfigureAwait(false);
        BinaryPrimitives.WriteInt64LittleEndian(page.Data.AsSpan((int)(at - page.Offset)), length);
        MarkDirty(page);
        Length = length;
        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Gives the disk its new identity, before anything else of it changes.</summary>
    public ValueTask BeginAsync() => _parts.Headers.BeginAsync(data: true);

    /// <summary>Records what identifies the parent.</summary>
    public async ValueTask WriteParentAsync(Guid dataWrite)
    {
        (long at, byte[] bytes) = _parts.Metadata.Parent!.Relink(dataWrite, _name);
        await MakeRoomAsync().ConfigureAwait(false);
        for (int done = 0; done < bytes.Length;)
        {
            TablePage page = await GetPageAsync(at + done).ConfigureAwait(false);
            int within = (int)(at + done - page.Offset);
            int count = Math.Min(bytes.Length - done, page.Data.Length - within);
            bytes.AsSpan(done, count).CopyTo(page.Data.AsSpan(within));
            MarkDirty(page);
            done += count;
        }

        await FlushAsync().ConfigureAwait(false);
    }

    private bool HasBitmaps => _parts.Metadata.Parent is not null;

    // whatever is behind the end of the disk now is zero, and in a fixed image has its place
    private async ValueTask PrepareGrowthAsync(long length, bool bitmaps)
    {
        long blocks = Layout.Blocks(Length);
        VhdxBlock last = await GetBlockAsync(blocks - 1).ConfigureAwait(false);
        long within = Length - ((blocks - 1) * BlockSize);
        if (last.IsPlaced && within < BlockSize)
            await File.ZeroAsync(last.Host + within, BlockSize - within).ConfigureAwait(false);
        // entries that no disk needed may hold anything
        for (long block = blocks; block < Layout.Blocks(length); block++)
            await ClearAsync(Layout.PayloadEntry(block)).ConfigureAwait(false);
        for (long chunk = Layout.Chunks(Length); bitmaps && chunk < Layout.Chunks(length); chunk++)
            await ClearAsync(Layout.BitmapEntry(chunk)).ConfigureAwait(false);
        for (long block = blocks; _parts.Metadata.Fixed && block < Layout.Blocks(length); block++)
        {
            long place = await AllocateAsync().ConfigureAwait(false);
            await File.ZeroAsync(place, BlockSize).ConfigureAwait(false);
            await SetBlockAsync(block, new VhdxBlock(VhdxBlockState.FullyPresent, place)).ConfigureAwait(false);
        }
    }

    private async ValueTask ClearAsync(long at)
    {
        await MakeRoomAsync().ConfigureAwait(false);
        await WriteAsync(at, default).ConfigureAwait(false);
    }

    private async ValueTask<VhdxBlock> ReadAsync(long at)
    {
        TablePage page = _pages.TryGet(at, out TablePage? there) ? there : await _pages.GetAsync(at, TablePageKind.L2).ConfigureAwait(false);
        return VhdxBlock.Read(BinaryPrimitives.ReadUInt64LittleEndian(page.Data.AsSpan((int)(at - page.Offset))));
    }

    private async ValueTask WriteAsync(long at, VhdxBlock block)
    {
        TablePage page = await _pages.GetAsync(at, TablePageKind.L2).ConfigureAwait(false);
        Span<byte> entry = page.Data.AsSpan((int)(at - page.Offset), VhdxLayout.EntryLength);
        if (BinaryPrimitives.ReadUInt64LittleEndian(entry) == block.Entry)
            return;
        BinaryPrimitives.WriteUInt64LittleEndian(entry, block.Entry);
        _pages.MarkDirty(page);
    }
}
