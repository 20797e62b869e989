namespace Emulation.Storage;

/// <summary>The disk of a differencing image: what was written to it by sectors, over its parent.</summary>
/// <param name="map">The tables; the disk owns their file.</param>
/// <param name="parent">The image below, owned; null when it stays closed.</param>
/// <param name="readOnly">Whether changes are refused.</param>
internal sealed class VhdxDifferencingDisk(VhdxMap map, BlockDevice? parent, bool readOnly) : TableDisk, ILayer, IDescribed, IMappedDisk
{
    private readonly VhdxSectorBitmap _bitmap = new(map);
    private readonly byte[] _sector = new byte[map.Layout.SectorSize];

    public override long Length => map.Length;

    public override bool ReadOnly => readOnly;

    public override bool CanResize => !readOnly;

    public override BlockHints Hints => map.Hints;

    /// <summary>The image's tables.</summary>
    public VhdxMap Map => map;

    public override IBlockDevice? Backing => parent;

    protected override BlockMap Tables => map;

    public required DiskImageInfo Info { get; init; }

    public bool IsLinked => parent is not null;

    public async ValueTask RelinkAsync()
    {
        if (parent is null)
            return;
        if (!parent.ReadOnly)
            await VhdxParent.MapOf(parent).BeginAsync().ConfigureAwait(false);
        await map.WriteParentAsync(VhdxParent.IdentityOf(parent)).ConfigureAwait(false);
    }

    public async ValueTask<DiskExtent> MapAsync(long offset, long length)
    {
        (long index, int within, _) = Part(offset, length);
        BlockRun run = await GetOwnStatusAsync(offset, length).ConfigureAwait(false);
        VhdxBlock block = await map.GetBlockAsync(index).ConfigureAwait(false);
        bool data = run.Status == BlockStatus.Allocated;
        return new DiskExtent(offset, run.Length, 0, run.Status != BlockStatus.None, !data, data, false, data ? block.Host + within : null);
    }

    public async ValueTask<BlockRun> GetOwnStatusAsync(long offset, long length)
    {
        (long index, int within, int count) = Part(offset, length);
        VhdxBlockState state = (await map.GetBlockAsync(index).ConfigureAwait(false)).State;
        if (state == VhdxBlockState.PartiallyPresent)
        {
            (bool present, long run) = await _bitmap.FindRunAsync(index, within, count).ConfigureAwait(false);
            return new BlockRun(run, present ? BlockStatus.Allocated : BlockStatus.None);
        }

        return new BlockRun(count, state switch
        {
            VhdxBlockState.NotPresent => BlockStatus.None,
            VhdxBlockState.FullyPresent => BlockStatus.Allocated,
            _ => BlockStatus.Allocated | BlockStatus.Zero,
        });
    }

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            (long index, int within, int count) = Part(offset, buffer.Length);
            VhdxBlock block = await map.GetBlockAsync(index).ConfigureAwait(false);
            bool below = block.State == VhdxBlockState.NotPresent;
            if (block.State == VhdxBlockState.PartiallyPresent)
            {
                (bool present, long length) = await _bitmap.FindRunAsync(index, within, count).ConfigureAwait(false);
                (below, count) = (!present, (int)length);
            }

            Memory<byte> part = buffer[..count];
            if (below)
                await ReadBelowAsync(offset, part, cancellationToken).ConfigureAwait(false);
            else if (block.IsPlaced)
                await map.File.ReadAsync(block.Host + within, part, cancellationToken).ConfigureAwait(false);
            else
                part.Span.Clear();
            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            (long index, int within, int count) = Part(offset, buffer.Length);
            ReadOnlyMemory<byte> part = buffer[..count];
            VhdxBlock block = await map.GetBlockAsync(index).ConfigureAwait(false);
            if (block.State == VhdxBlockState.FullyPresent)
                await map.File.WriteAsync(block.Host + within, part, cancellationToken).ConfigureAwait(false);
            else if (block.State == VhdxBlockState.PartiallyPresent)
                await WriteSectorsAsync(index, block.Host, offset, part, cancellationToken).ConfigureAwait(false);
            else
                await WriteNewAsync(index, block.State, offset, part, cancellationToken).ConfigureAwait(false);
            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken) => map.FlushAsync();

    protected override async ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        for (long end = offset + length; offset < end;)
        {
            (long index, int within, int count) = Part(offset, end - offset);
            if (IsWhole(index, within, count))
                await SetZeroAsync(index).ConfigureAwait(false);
            offset += count;
        }
    }

    protected override async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        for (long end = offset + length; offset < end;)
        {
            (long index, int within, int count) = Part(offset, end - offset);
            VhdxBlock block = await map.GetBlockAsync(index).ConfigureAwait(false);
            bool none = block.State == VhdxBlockState.NotPresent;
            bool zero = none ? offset >= BackingEnd : !block.IsPlaced;
            if (!zero && IsWhole(index, within, count) && (none || mayUnmap))
                await SetZeroAsync(index).ConfigureAwait(false);
            else if (block.State == VhdxBlockState.FullyPresent)
                await map.File.ZeroAsync(block.Host + within, count).ConfigureAwait(false);
            else if (!zero)
                await base.WriteZeroesCoreAsync(offset, count, mayUnmap, cancellationToken).ConfigureAwait(false);
            offset += count;
        }
    }

    protected override async ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        (long index, int within, int count) = Part(offset, length);
        VhdxBlockState state = (await map.GetBlockAsync(index).ConfigureAwait(false)).State;
        long run = count;
        bool below = state == VhdxBlockState.NotPresent;
        if (state == VhdxBlockState.PartiallyPresent)
        {
            (bool present, run) = await _bitmap.FindRunAsync(index, within, count).ConfigureAwait(false);
            below = !present;
        }
        else
        {
            while (run < length && (await map.GetBlockAsync((offset + run) / map.BlockSize).ConfigureAwait(false)).State == state)
                run += Math.Min(map.BlockSize, length - run);
        }

        if (!below)
            return new BlockRun(run, state is VhdxBlockState.FullyPresent or VhdxBlockState.PartiallyPresent ? BlockStatus.Allocated : BlockStatus.Allocated | BlockStatus.Zero);
        long shown = Math.Min(BackingEnd - offset, run);
        if (shown <= 0)
            return new BlockRun(run, BlockStatus.Zero);
        BlockRun beneath = await parent!.GetStatusAsync(offset, shown, cancellationToken).ConfigureAwait(false);
        return beneath with { Status = beneath.Status & ~BlockStatus.Allocated };
    }

    protected override async ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        if (parent?.Length > Length)
            throw new DiskImageException($"a disk of {Length} bytes over a parent of {parent.Length} bytes cannot become larger: what the parent has there would show");
        map.CheckSize(length);
        await map.ReserveAsync(length).ConfigureAwait(false);
        await map.WriteSizeAsync(length).ConfigureAwait(false);
    }

    private async ValueTask WriteNewAsync(long index, VhdxBlockState old, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        int within = (int)(offset % map.BlockSize);
        bool whole = IsWhole(index, within, part.Length);
        long host = await map.AllocateAsync().ConfigureAwait(false);
        try
        {
            if (!whole && old == VhdxBlockState.NotPresent)
            {
                // nothing of the block is present before the first sectors are
                await map.AddBitmapAsync(index / map.Layout.ChunkRatio).ConfigureAwait(false);
                await map.MakeRoomAsync().ConfigureAwait(false);
                await _bitmap.SetAsync(index, 0, map.BlockSize, present: false).ConfigureAwait(false);
                await WriteSectorsAsync(index, host, offset, part, cancellationToken).ConfigureAwait(false);
                await map.SetBlockAsync(index, new VhdxBlock(VhdxBlockState.PartiallyPresent, host)).ConfigureAwait(false);
                return;
            }

            await map.File.ZeroAsync(host, within).ConfigureAwait(false);
            await map.File.WriteAsync(host + within, part, cancellationToken).ConfigureAwait(false);
            await map.File.ZeroAsync(host + within + part.Length, map.BlockSize - within - part.Length).ConfigureAwait(false);
            await map.SetBlockAsync(index, new VhdxBlock(VhdxBlockState.FullyPresent, host)).ConfigureAwait(false);
        }
        catch
        {
            map.Undo(host);
            throw;
        }
    }

    // sectors at the edges are written whole: what the disk has there, and the new bytes over it
    private async ValueTask WriteSectorsAsync(long index, long host, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        int size = _sector.Length;
        long start = index * map.BlockSize;
        int first = (int)(offset - start) / size * size;
        int end = ((int)(offset - start) + part.Length + size - 1) / size * size;
        for (int within = first; !part.IsEmpty;)
        {
            int skip = (int)(offset - start) - within;
            int count = skip > 0 || part.Length < size ? Math.Min(size - skip, part.Length) : part.Length / size * size;
            ReadOnlyMemory<byte> bytes = part[..count];
            if (count < size)
            {
                await ReadCoreAsync(start + within, _sector, cancellationToken).ConfigureAwait(false);
                bytes.CopyTo(_sector.AsMemory(skip));
                bytes = _sector;
            }

            await map.File.WriteAsync(host + within, bytes, cancellationToken).ConfigureAwait(false);
            within += bytes.Length;
            offset += count;
            part = part[count..];
        }

        await map.MakeRoomAsync().ConfigureAwait(false);
        await _bitmap.SetAsync(index, first, end - first, present: true).ConfigureAwait(false);
    }

    private async ValueTask SetZeroAsync(long index)
    {
        if ((await map.GetBlockAsync(index).ConfigureAwait(false)).State != VhdxBlockState.Zero)
            await map.SetBlockAsync(index, new VhdxBlock(VhdxBlockState.Zero)).ConfigureAwait(false);
    }

    // the last block may be partial: reaching the end of the disk covers it whole
    private bool IsWhole(long index, int within, int count) => within == 0 && (count == map.BlockSize || (index * map.BlockSize) + count == Length);
}
