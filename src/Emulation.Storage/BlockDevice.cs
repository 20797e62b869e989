namespace Emulation.Storage;

/// <summary>Base of block devices: checks ranges and permissions once, so that an implementation sees valid, non-empty requests only.</summary>
public abstract class BlockDevice : IBlockDevice
{
    private bool _disposed;

    /// <inheritdoc/>
    public abstract long Length { get; }

    /// <inheritdoc/>
    public virtual BlockHints Hints => BlockHints.Default;

    /// <inheritdoc/>
    public abstract bool ReadOnly { get; }

    /// <inheritdoc/>
    public virtual bool AllowsConcurrentCalls => false;

    /// <inheritdoc/>
    public virtual bool CanResize => false;

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        CheckRange(offset, buffer.Length);
        return buffer.IsEmpty ? ValueTask.CompletedTask : ReadCoreAsync(offset, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        CheckRange(offset, buffer.Length);
        CheckWritable();
        return buffer.IsEmpty ? ValueTask.CompletedTask : WriteCoreAsync(offset, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return ReadOnly ? ValueTask.CompletedTask : FlushCoreAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DiscardAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        CheckRange(offset, length);
        CheckWritable();
        return length == 0 ? ValueTask.CompletedTask : DiscardCoreAsync(offset, length, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WriteZeroesAsync(long offset, long length, bool mayUnmap = true, CancellationToken cancellationToken = default)
    {
        CheckRange(offset, length);
        CheckWritable();
        return length == 0 ? ValueTask.CompletedTask : WriteZeroesCoreAsync(offset, length, mayUnmap, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<BlockRun> GetStatusAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        CheckRange(offset, length);
        ArgumentOutOfRangeException.ThrowIfZero(length);
        return GetStatusCoreAsync(offset, length, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask ResizeAsync(long length, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!CanResize)
            throw new NotSupportedException($"{GetType().Name} has a fixed size");
        CheckWritable();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return length == Length ? ValueTask.CompletedTask : ResizeCoreAsync(length, cancellationToken);
    }

    /// <summary>Closes the device and what it owns.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the device and what it owns.</summary>
    public virtual ValueTask DisposeAsync()
    {
        Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Fills a buffer that is not empty from a range inside the device.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="buffer">Filled whole.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected abstract ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes bytes to a range inside the device.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="buffer">The bytes, at least one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected abstract ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Makes earlier writes durable. Not called on a read-only device.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected virtual ValueTask FlushCoreAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Gives up the content of a range; nothing happens by default.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes, at least one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected virtual ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Makes a range read as zeros; by default by writing them.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes, at least one.</param>
    /// <param name="mayUnmap">Whether the space may be given back.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected virtual async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        byte[] zeroes = new byte[Math.Min(length, 1 << 16)];
        while (length > 0)
        {
            int count = (int)Math.Min(length, zeroes.Length);
            await WriteCoreAsync(offset, zeroes.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            offset += count;
            length -= count;
        }
    }

    /// <summary>Reports on a range inside the device; by default that this layer holds it.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes, at least one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected virtual ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => new(new BlockRun(length, BlockStatus.Allocated));

    /// <summary>Changes the size. Called only when <see cref="CanResize"/>.</summary>
    /// <param name="length">New size in bytes, not the present one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected virtual ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Closes what the device owns; called once.</summary>
    protected abstract void Close();

    private void CheckRange(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (offset < 0 || offset > Length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"the offset lies outside a device of {Length} bytes");
        if (length < 0 || length > Length - offset)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"the range from byte {offset} leaves a device of {Length} bytes");
    }

    private protected void CheckWritable()
    {
        if (ReadOnly)
            throw new InvalidOperationException("the block device is read-only");
    }
}
