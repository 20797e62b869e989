using System.Diagnostics;

namespace Emulation.Storage;

/// <summary>Keeps a job to so many bytes per second, on average since it began.</summary>
internal sealed class RateLimit(long bytesPerSecond)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _bytes;

    /// <summary>Waits until so many more bytes are due.</summary>
    public async ValueTask WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond <= 0)
            return;
        double due = Interlocked.Add(ref _bytes, bytes) / (double)bytesPerSecond;
        TimeSpan rest = TimeSpan.FromSeconds(Math.Min(due, 1e6)) - Stopwatch.GetElapsedTime(_start);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, cancellationToken).ConfigureAwait(false);
    }
}
