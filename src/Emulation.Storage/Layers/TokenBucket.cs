namespace Emulation.Storage;

/// <summary>Tokens that come at a rate and are kept up to a limit. A request larger than that is let go ahead and makes those after it wait longer.</summary>
internal sealed class TokenBucket
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly double _rate;
    private readonly double _burst;
    private double _tokens;
    private long _last;

    private TokenBucket(long rate, long burst, TimeProvider time)
    {
        (_rate, _time, _last) = (rate, time, time.GetTimestamp());
        _burst = burst > 0 ? burst : Math.Max(rate / 10.0, 1);
        _tokens = _burst;
    }

    /// <summary>A full bucket; null for a rate of 0, which is no limit.</summary>
    public static TokenBucket? Of(long rate, long burst, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfNegative(burst);
        return rate == 0 ? null : new TokenBucket(rate, burst, time);
    }

    /// <summary>Takes tokens and tells how long to wait until they would have been there.</summary>
    public TimeSpan Take(long count)
    {
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            _tokens = Math.Min(_burst, _tokens + (_time.GetElapsedTime(_last, now).TotalSeconds * _rate));
            _last = now;
            _tokens -= count;
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(-_tokens / _rate, TimeSpan.MaxValue.TotalSeconds / 2));
        }
    }

    /// <summary>Puts back what was taken for a request that did not come to be.</summary>
    public void Return(long count)
    {
        lock (_lock)
            _tokens = Math.Min(_burst, _tokens + count);
    }
}
