using System.Buffers;

namespace Emulation.Storage;

/// <summary>A disk in blocks of one size, each of which lies in the file, is zero, or shows through from the image below.</summary>
/// <param name="map">Where blocks are; the disk owns its file.</param>
/// <param name="length">Size of the disk in bytes.</param>
/// <param name="backing">The image below, owned.</param>
/// <param name="readOnly">Whether changes are refused.</param>
internal sealed class BlockDisk(BlockMap map, long length, BlockDevice? backing, bool readOnly) : BlockDevice, ILayer
{
    private const int Piece = 1 << 16;

    private bool _closed;

    public override long Length => length;

    public override bool ReadOnly => readOnly;

    public override BlockHints Hints => BlockHints.Default;

    /// <summary>The image's tables.</summary>
    public BlockMap Map => map;

    public IBlockDevice? Backing => backing;

    // end of what shows through from below
    private long BackingEnd => backing is null ? 0 : Math.Min(backing.Length, length);

    public async ValueTask<BlockRun> GetOwnStatusAsync(long offset, long length)
    {
        (long index, _, int count) = Part(offset, length);
        BlockKind kind = (await map.GetAsync(index).ConfigureAwait(false)).Kind;
        long run = count;
        while (run < length && (await map.GetAsync((offset + run) / map.BlockSize).ConfigureAwait(false)).Kind == kind)
            run += Math.Min(map.BlockSize, length - run);
        return new BlockRun(run, kind switch { BlockKind.None => BlockStatus.None, BlockKind.Zero => BlockStatus.Allocated | BlockStatus.Zero, _ => BlockStatus.Allocated });
    }

    public override async ValueTask DisposeAsync()
    {
        if (!readOnly && !_closed)
        {
            try
            {
                await map.CloseAsync().ConfigureAwait(false);
            }
            finally
            {
                _closed = true;
                Dispose();
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            (long index, int within, int count) = Part(offset, buffer.Length);
            Memory<byte> part = buffer[..count];
            BlockEntry entry = await map.GetAsync(index).ConfigureAwait(false);
            if (entry.Kind == BlockKind.Data)
                await map.File.ReadAsync(entry.Host + within, part, cancellationToken).ConfigureAwait(false);
            else if (entry.Kind == BlockKind.None)
                await ReadBelowAsync(offset, part, cancellationToken).ConfigureAwait(false);
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
                await map.File.WriteAsync(entry.Host + within, buffer[..count], cancellationToken).ConfigureAwait(false);
            else
                await WriteNewAsync(index, entry.Kind, within, buffer[..count], cancellationToken).ConfigureAwait(false);
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
            if (within == 0 && IsWhole(offset, count))
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
            else if (within == 0 && IsWhole(offset, count) && (entry.Kind == BlockKind.None || (mayUnmap && map.CanUnmap)))
            {
                await UnmapAsync(index).ConfigureAwait(false);
            }
            else if (entry.Kind == BlockKind.Data)
            {
                await map.File.ReserveAsync(entry.Host + within + count).ConfigureAwait(false);
                await map.File.ZeroAsync(entry.Host + within, count).ConfigureAwait(false);
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
        if (own.Status != BlockStatus.None)
            return own;
        long run = own.Length;
        long below = Math.Min(BackingEnd - offset, run);
        if (below <= 0)
            return new BlockRun(run, BlockStatus.Zero);
        BlockRun beneath = await backing!.GetStatusAsync(offset, below, cancellationToken).ConfigureAwait(false);
        return beneath with { Status = beneath.Status & ~BlockStatus.Allocated };
    }

    protected override void Close()
    {
        try
        {
            if (!readOnly && !_closed)
            {
                ValueTask closing = map.CloseAsync();
                if (closing.IsCompleted)
                    closing.GetAwaiter().GetResult();
                else
                    closing.AsTask().GetAwaiter().GetResult();
            }
        }
        finally
        {
            _closed = true;
            backing?.Dispose();
            map.File.Dispose();
        }
    }

    // a block that gets a place of its own: the new bytes, and around them what was there before
    private async ValueTask WriteNewAsync(long index, BlockKind old, int within, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        long host = await map.AllocateAsync().ConfigureAwait(false);
        try
        {
            await FillAsync(index, old, host, 0, within, cancellationToken).ConfigureAwait(false);
            await map.File.WriteAsync(host + within, buffer, cancellationToken).ConfigureAwait(false);
            await FillAsync(index, old, host, within + buffer.Length, map.BlockSize, cancellationToken).ConfigureAwait(false);
            await map.SetAsync(index, new BlockEntry(BlockKind.Data, host)).ConfigureAwait(false);
        }
        catch
        {
            map.Undo(host);
            throw;
        }
    }

    private async ValueTask FillAsync(long index, BlockKind old, long host, int from, int to, CancellationToken cancellationToken)
    {
        long start = index * map.BlockSize;
        int copied = old == BlockKind.None ? (int)Math.Clamp(BackingEnd - start, from, Math.Max(from, to)) : from;
        if (copied > from)
        {
            byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
            try
            {
                for (; from < copied; from += Piece)
                {
                    Memory<byte> part = piece.AsMemory(0, Math.Min(Piece, copied - from));
                    await backing!.ReadAsync(start + from, part, cancellationToken).ConfigureAwait(false);
                    await map.File.WriteAsync(host + from, part, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(piece);
            }
        }

        if (to > copied)
            await map.File.ZeroAsync(host + copied, to - copied).ConfigureAwait(false);
    }

    private async ValueTask UnmapAsync(long index)
    {
        BlockEntry entry = await map.GetAsync(index).ConfigureAwait(false);
        if (entry.Kind != BlockKind.Zero)
            await map.SetAsync(index, new BlockEntry(BlockKind.Zero)).ConfigureAwait(false);
    }

    private async ValueTask ReadBelowAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int present = (int)Math.Clamp(BackingEnd - offset, 0, buffer.Length);
        buffer.Span[present..].Clear();
        if (present > 0)
            await backing!.ReadAsync(offset, buffer[..present], cancellationToken).ConfigureAwait(false);
    }

    // the last block may be partial: reaching the end of the disk covers it whole
    private bool IsWhole(long offset, int count) => count == map.BlockSize || offset + count == length;

    private (long Index, int Within, int Count) Part(long offset, long rest)
    {
        long index = offset / map.BlockSize;
        int within = (int)(offset - (index * map.BlockSize));
        return (index, within, (int)Math.Min(rest, map.BlockSize - within));
    }
}
