namespace Emulation.Storage;

/// <summary>A disk whose blocks are found through tables, perhaps over an image below: how it ends, and what shows through.</summary>
internal abstract class TableDisk : BlockDevice
{
    private bool _closed;

    /// <summary>The image below, owned; null when there is none or it stays closed.</summary>
    public abstract IBlockDevice? Backing { get; }

    /// <summary>The image's tables; the disk owns their file.</summary>
    protected abstract BlockMap Tables { get; }

    /// <summary>End of what shows through from below.</summary>
    protected long BackingEnd => Math.Min(Backing?.Length ?? 0, Length);

    public override async ValueTask DisposeAsync()
    {
        if (!ReadOnly && !_closed)
        {
            try
            {
                await Tables.CloseAsync().ConfigureAwait(false);
            }
            finally
            {
                _closed = true;
                Dispose();
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Fills a buffer with what shows through, and zeros behind its end.</summary>
    protected async ValueTask ReadBelowAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int present = (int)Math.Clamp(BackingEnd - offset, 0, buffer.Length);
        buffer.Span[present..].Clear();
        if (present > 0)
            await Backing!.ReadAsync(offset, buffer[..present], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The block of an offset, the offset in it, and how much of the rest lies in it.</summary>
    protected (long Index, int Within, int Count) Part(long offset, long rest)
    {
        int size = Tables.BlockSize;
        long index = offset / size;
        int within = (int)(offset - (index * size));
        return (index, within, (int)Math.Min(rest, size - within));
    }

    protected override void Close()
    {
        try
        {
            if (!ReadOnly && !_closed)
                Blocking.Wait(Tables.CloseAsync());
        }
        finally
        {
            _closed = true;
            Backing?.Dispose();
            Tables.File.Dispose();
        }
    }
}
