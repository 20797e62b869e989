using System.Buffers;

namespace Emulation.Storage;

/// <summary>A disk in blocks of one size, each of which lies in the file, is zero, or shows through from the image below.</summary>
/// <param name="map">Where blocks are; the disk owns its file.</param>
/// <param name="length">Size of the disk in bytes.</param>
/// <param name="backing">The image below, owned.</param>
/// <param name="readOnly">Whether changes are refused.</param>
/// <param name="cipher">Encrypts data by their sector on the disk; owned.</param>
internal class BlockDisk(BlockMap map, long length, BlockDevice? backing, bool readOnly, SectorCipher? cipher = null) : TableDisk, ILayer, IDescribed, IMappedDisk
{
    private const int Piece = 1 << 16;
    private const int MaxDataRun = 4 << 20;

    private readonly BlockData _data = new(map.File, cipher);

    private long _length = length;

    public override long Length => _length;

    public override bool ReadOnly => readOnly;

    public override BlockHints Hints => map.Hints;

    public override bool CanResize => !readOnly && map.CanResize;

    // reading changes nothing
    public override bool AllowsConcurrentCalls
        => readOnly && map.AllowsConcurrentReads && map.File.Device.AllowsConcurrentCalls && backing?.AllowsConcurrentCalls != false;

    /// <summary>The image's tables.</summary>
    public BlockMap Map => map;

    protected override BlockMap Tables => map;

    public override IBlockDevice? Backing => backing;

    /// <summary>What the image says about itself; an extent of an image says nothing.</summary>
    public DiskImageInfo Info { get; init; } = new() { Format = "" };

    public bool IsLinked => backing is not null && map.IsLinked;

    public ValueTask RelinkAsync() => IsLinked ? map.RelinkAsync(backing!) : ValueTask.CompletedTask;

    public async ValueTask<BlockRun> GetOwnStatusAsync(long offset, long length)
    {
        // what is copied in pieces asks again for each
        (BlockKind kind, long run) = await map.FindKindAsync(offset, length, MaxDataRun).ConfigureAwait(false);
        return new BlockRun(run, kind switch { BlockKind.None => BlockStatus.None, BlockKind.Zero => BlockStatus.Allocated | BlockStatus.Zero, _ => BlockStatus.Allocated });
    }

    public async ValueTask<DiskExtent> MapAsync(long offset, long length)
    {
        (long index, int within, _) = Part(offset, length);
        int most = (int)Math.Min((within + length + map.BlockSize - 1) / map.BlockSize, int.MaxValue);
        (BlockEntry entry, int blocks) = await map.GetRunAsync(index, most).ConfigureAwait(false);
        long run = Math.Min(length, ((long)blocks * map.BlockSize) - within);
        bool data = entry.Kind is BlockKind.Data or BlockKind.Indirect;
        // what is encrypted or in pieces is not there as it is
        long? host = entry.Kind == BlockKind.Data && cipher is null ? entry.Host + within : null;
        return new DiskExtent(offset, run, 0, entry.Kind != BlockKind.None, !data, data, entry.Kind == BlockKind.Indirect && map.HasPacked, host);
    }

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            (long index, int within, _) = Part(offset, buffer.Length);
            int most = (int)((within + (long)buffer.Length + map.BlockSize - 1) / map.BlockSize);
            (BlockEntry entry, int blocks) = await map.GetRunAsync(index, most).ConfigureAwait(false);
            int count = (int)Math.Min(buffer.Length, ((long)blocks * map.BlockSize) - within);
            Memory<byte> part = buffer[..count];
            if (entry.Kind == BlockKind.Data)
                await _data.ReadAsync(entry.Host + within, offset, part, cancellationToken).ConfigureAwait(false);
            else if (entry.Kind == BlockKind.None)
                await ReadBelowAsync(offset, part, cancellationToken).ConfigureAwait(false);
            else if (entry.Kind == BlockKind.Indirect)
                await map.ReadIndirectAsync(index, entry, within, part, cancellationToken).ConfigureAwait(false);
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
            BlockEntry entry = await map.GetAsync(index).ConfigureAwait(false);
            if (entry.Kind == BlockKind.Data)
                await _data.WriteAsync(entry.Host + within, offset, buffer[..count], cancellationToken).ConfigureAwait(false);
            else
                await WriteNewAsync(index, entry, within, buffer[..count], cancellationToken).ConfigureAwait(false);
            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken) => map.FlushAsync();

    protected override async ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        // whole blocks only: the edges keep their bytes, as the contract allows
        for (long end = offset + length; map.CanUnmap && offset < end;)
        {
            (long index, int within, int count) = Part(offset, end - offset);
            if (within == 0 && IsWhole(offset, count) && CanBeZero(offset))
                await UnmapAsync(index).ConfigureAwait(false);
            offset += count;
        }
    }

    protected override async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        for (long end = offset + length; offset < end;)
        {
            (long index, int within, int count) = Part(offset, end - offset);
            BlockEntry entry = await map.GetAsync(index).ConfigureAwait(false);
            if (entry.Kind == BlockKind.Zero || (entry.Kind == BlockKind.None && offset >= BackingEnd))
            {
                // zero already
            }
            else if (within == 0 && IsWhole(offset, count) && CanBeZero(offset) && (entry.Kind == BlockKind.None || (mayUnmap && map.CanUnmap)))
            {
                await UnmapAsync(index).ConfigureAwait(false);
            }
            else if (entry.Kind == BlockKind.Data)
            {
                await map.File.ReserveAsync(entry.Host + within + count).ConfigureAwait(false);
                await _data.ZeroAsync(entry.Host + within, offset, count, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await base.WriteZeroesCoreAsync(offset, count, mayUnmap, cancellationToken).ConfigureAwait(false);
            }

            offset += count;
        }
    }

    protected override async ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        BlockRun own = await GetOwnStatusAsync(offset, length).ConfigureAwait(false);
        if (own.Status == BlockStatus.Allocated && cipher is null)
            return await LookForHoleAsync(offset, own.Length, cancellationToken).ConfigureAwait(false);
        if (own.Status != BlockStatus.None)
            return own;
        long run = own.Length;
        long below = Math.Min(BackingEnd - offset, run);
        if (below <= 0)
            return new BlockRun(run, BlockStatus.Zero);
        BlockRun beneath = await backing!.GetStatusAsync(offset, below, cancellationToken).ConfigureAwait(false);
        return beneath with { Status = beneath.Status & ~BlockStatus.Allocated };
    }

    // where the file has a hole nothing needs to be read
    private async ValueTask<BlockRun> LookForHoleAsync(long offset, long length, CancellationToken cancellationToken)
    {
        (long index, int within, _) = Part(offset, length);
        (BlockEntry entry, int blocks) = await map.GetRunAsync(index, (int)Math.Min((within + length + map.BlockSize - 1) / map.BlockSize, int.MaxValue)).ConfigureAwait(false);
        if (entry.Kind != BlockKind.Data)
            return new BlockRun(length, BlockStatus.Allocated);
        long host = entry.Host + within;
        long run = Math.Min(length, ((long)blocks * map.BlockSize) - within);
        long present = Math.Min(run, map.File.Length - host);
        if (present <= 0)
            return new BlockRun(run, BlockStatus.Allocated | BlockStatus.Zero);
        BlockRun file = await map.File.Device.GetStatusAsync(host, present, cancellationToken).ConfigureAwait(false);
        return file with { Status = BlockStatus.Allocated | (file.Status & BlockStatus.Zero) };
    }

    protected override async ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        map.CheckSize(length);
        if (length % ImageFields.Sector != 0)
            throw new DiskImageException($"an image of this format has whole sectors of {ImageFields.Sector} bytes, not {length} bytes");
        long old = _length;
        if (length < old)
        {
            // what grows back later must be zero, and shows through from below no more
            await WriteZeroesCoreAsync(length, old - length, mayUnmap: true, cancellationToken).ConfigureAwait(false);
            await map.FlushAsync().ConfigureAwait(false);
            await map.WriteSizeAsync(length).ConfigureAwait(false);
            _length = length;
            return;
        }

        await map.ReserveAsync(length).ConfigureAwait(false);
        // what other programs left behind the end
        (long index, int within, _) = Part(old, 1);
        if (within > 0 && await map.GetAsync(index).ConfigureAwait(false) is { Kind: BlockKind.Data } last)
            await _data.ZeroAsync(last.Host + within, old, map.BlockSize - within, cancellationToken).ConfigureAwait(false);
        try
        {
            _length = length;
            // what lies below was not part of this disk: hidden before it can be seen
            if (BackingEnd > old)
                await WriteZeroesCoreAsync(old, BackingEnd - old, mayUnmap: true, cancellationToken).ConfigureAwait(false);
            await map.FlushAsync().ConfigureAwait(false);
            await map.WriteSizeAsync(length).ConfigureAwait(false);
        }
        catch
        {
            _length = old;
            throw;
        }
    }

    protected override void Close()
    {
        try
        {
            base.Close();
        }
        finally
        {
            cipher?.Dispose();
        }
    }

    // a block that gets a place of its own: the new bytes, and around them what was there before
    private async ValueTask WriteNewAsync(long index, BlockEntry old, int within, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        long host = await map.AllocateAsync().ConfigureAwait(false);
        try
        {
            await FillAsync(index, old, host, 0, within, cancellationToken).ConfigureAwait(false);
            await _data.WriteAsync(host + within, (index * map.BlockSize) + within, buffer, cancellationToken).ConfigureAwait(false);
            await FillAsync(index, old, host, within + buffer.Length, map.BlockSize, cancellationToken).ConfigureAwait(false);
            await map.SetAsync(index, new BlockEntry(BlockKind.Data, host)).ConfigureAwait(false);
        }
        catch
        {
            map.Undo(host);
            throw;
        }
    }

    private async ValueTask FillAsync(long index, BlockEntry old, long host, int from, int to, CancellationToken cancellationToken)
    {
        long start = index * map.BlockSize;
        long end = old.Kind switch
        {
            BlockKind.None => BackingEnd,
            BlockKind.Indirect => _length,
            _ => 0,
        };
        int copied = (int)Math.Clamp(end - start, from, Math.Max(from, to));
        if (copied > from)
        {
            byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
            try
            {
                for (; from < copied; from += Piece)
                {
                    Memory<byte> part = piece.AsMemory(0, Math.Min(Piece, copied - from));
                    if (old.Kind == BlockKind.None)
                        await backing!.ReadAsync(start + from, part, cancellationToken).ConfigureAwait(false);
                    else
                        await map.ReadIndirectAsync(index, old, from, part, cancellationToken).ConfigureAwait(false);
                    await _data.WriteAsync(host + from, start + from, part, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(piece);
            }
        }

        if (to > copied)
            await _data.ZeroAsync(host + copied, start + copied, to - copied, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask UnmapAsync(long index)
    {
        BlockEntry entry = await map.GetAsync(index).ConfigureAwait(false);
        if (entry.Kind != BlockKind.Zero)
            await map.SetAsync(index, new BlockEntry(BlockKind.Zero)).ConfigureAwait(false);
    }

    // without an entry for it, what lies below would show through
    private bool CanBeZero(long offset) => map.HasZero || offset >= BackingEnd;

    // the last block may be partial: reaching the end of the disk covers it whole
    private bool IsWhole(long offset, int count) => count == map.BlockSize || offset + count == _length;
}
