namespace Emulation.Storage;

/// <summary>A device whose requests wait until their turn by rates of bytes and operations has come.</summary>
internal sealed class ThrottledDisk : PassThrough
{
    // a timer takes no longer waits
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly (TokenBucket? Bytes, TokenBucket? Operations) _total;
    private readonly (TokenBucket? Bytes, TokenBucket? Operations) _reads;
    private readonly (TokenBucket? Bytes, TokenBucket? Operations) _writes;

    public ThrottledDisk(IBlockDevice inner, ThrottleOptions options, bool leaveOpen) : base(inner, leaveOpen)
    {
        _time = options.Time;
        (_total, _reads, _writes) = (Of(options.Total), Of(options.Reads), Of(options.Writes));
    }

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await WaitAsync(_reads, buffer.Length, cancellationToken).ConfigureAwait(false);
        await Inner.ReadAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await WaitAsync(_writes, buffer.Length, cancellationToken).ConfigureAwait(false);
        await Inner.WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        await WaitAsync(_writes, length, cancellationToken).ConfigureAwait(false);
        await Inner.WriteZeroesAsync(offset, length, mayUnmap, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        await WaitAsync(_writes, 0, cancellationToken).ConfigureAwait(false);
        await Inner.DiscardAsync(offset, length, cancellationToken).ConfigureAwait(false);
    }

    private (TokenBucket? Bytes, TokenBucket? Operations) Of(ThrottleRate? rate) => rate is null ? default
        : (TokenBucket.Of(rate.BytesPerSecond, rate.BurstBytes, _time), TokenBucket.Of(rate.OperationsPerSecond, rate.BurstOperations, _time));

    private async ValueTask WaitAsync((TokenBucket? Bytes, TokenBucket? Operations) own, long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TimeSpan wait = TimeSpan.Zero;
        foreach ((TokenBucket? bucket, long count) in ((TokenBucket?, long)[])[(own.Bytes, bytes), (own.Operations, 1), (_total.Bytes, bytes), (_total.Operations, 1)])
        {
            if (bucket?.Take(count) is { } needed && needed > wait)
                wait = needed;
        }

        try
        {
            for (; wait > TimeSpan.Zero; wait -= s_longest)
                await Task.Delay(wait < s_longest ? wait : s_longest, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            own.Bytes?.Return(bytes);
            own.Operations?.Return(1);
            _total.Bytes?.Return(bytes);
            _total.Operations?.Return(1);
            throw;
        }
    }
}
