namespace Emulation.Storage;

/// <summary>The disk that a machine goes on using while a job works on it. It does not own what it passes calls on to.</summary>
/// <remarks>Its calls may overlap: the gate lets one in at a time where the devices need that.</remarks>
internal sealed class GuestDisk(IBlockDevice source, DiskGate gate, bool readsPassGate) : BlockDevice
{
    /// <summary>Where calls go.</summary>
    public IBlockDevice Current { get; set; } = source;

    /// <summary>Called before a range changes.</summary>
    public Func<long, long, ValueTask>? Before { get; set; }

    /// <summary>Called after a range has changed, or may have.</summary>
    public Action<long, long>? After { get; set; }

    public override long Length => Current.Length;

    public override BlockHints Hints => Current.Hints;

    public override bool ReadOnly => Current.ReadOnly;

    public override bool AllowsConcurrentCalls => true;

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!readsPassGate)
        {
            await Current.ReadAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Current.ReadAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Exit();
        }
    }

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => ChangeAsync(offset, buffer.Length, () => Current.WriteAsync(offset, buffer, cancellationToken), cancellationToken);

    protected override ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => ChangeAsync(offset, length, () => Current.DiscardAsync(offset, length, cancellationToken), cancellationToken);

    protected override ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
        => ChangeAsync(offset, length, () => Current.WriteZeroesAsync(offset, length, mayUnmap, cancellationToken), cancellationToken);

    protected override async ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Current.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Exit();
        }
    }

    protected override async ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Current.GetStatusAsync(offset, length, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Exit();
        }
    }

    protected override void Close() { }

    private async ValueTask ChangeAsync(long offset, long length, Func<ValueTask> change, CancellationToken cancellationToken)
    {
        await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Before is { } before)
                await before(offset, length).ConfigureAwait(false);
            await change().ConfigureAwait(false);
        }
        finally
        {
            After?.Invoke(offset, length);
            gate.Exit();
        }
    }
}
