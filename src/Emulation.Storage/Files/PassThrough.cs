namespace Emulation.Storage;

/// <summary>Another device as it is; base of devices that change one thing about it.</summary>
internal class PassThrough(IBlockDevice inner, bool leaveOpen = false) : BlockDevice
{
    private bool _closed;

    public override long Length => Inner.Length;

    public override BlockHints Hints => Inner.Hints;

    public override bool ReadOnly => Inner.ReadOnly;

    public override bool AllowsConcurrentCalls => Inner.AllowsConcurrentCalls;

    public override bool CanResize => Inner.CanResize;

    protected IBlockDevice Inner { get; } = inner;

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => Inner.ReadAsync(offset, buffer, cancellationToken);

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => Inner.WriteAsync(offset, buffer, cancellationToken);

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken) => Inner.FlushAsync(cancellationToken);

    protected override ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => Inner.DiscardAsync(offset, length, cancellationToken);

    protected override ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
        => Inner.WriteZeroesAsync(offset, length, mayUnmap, cancellationToken);

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => Inner.GetStatusAsync(offset, length, cancellationToken);

    protected override ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken) => Inner.ResizeAsync(length, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (!_closed)
        {
            _closed = true;
            try
            {
                await FinishAsync().ConfigureAwait(false);
            }
            finally
            {
                if (!leaveOpen)
                    await Inner.DisposeAsync().ConfigureAwait(false);
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Writes what waits; called once, before the device below is closed.</summary>
    protected virtual ValueTask FinishAsync() => ValueTask.CompletedTask;

    protected override void Close()
    {
        if (_closed)
            return;
        _closed = true;
        try
        {
            Blocking.Wait(FinishAsync());
        }
        finally
        {
            if (!leaveOpen)
                Inner.Dispose();
        }
    }
}
