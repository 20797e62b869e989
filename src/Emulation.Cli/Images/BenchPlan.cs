using System.Diagnostics;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>Requests of one size, one step from the other.</summary>
internal sealed record BenchPlan
{
    public required int Count { get; init; }

    public required int Depth { get; init; }

    public required int Size { get; init; }

    public required long Step { get; init; }

    public required long Start { get; init; }

    public required bool Write { get; init; }

    public required byte Pattern { get; init; }

    public required int FlushInterval { get; init; }

    public required bool Drain { get; init; }

    public void Check()
    {
        if (Count < 0)
            throw new UsageException("-c: the number of requests is negative");
        if (Depth is < 1 or > 65536)
            throw new UsageException("-d: 1 to 65536 requests at once are possible");
        if (FlushInterval < 0 || (FlushInterval > 0 && !Write))
            throw new UsageException("--flush-interval goes with -w only");
        if (FlushInterval > 0 && FlushInterval < Depth)
            throw new UsageException($"--flush-interval: {FlushInterval} is less than the {Depth} requests at once");
        if (Start < 0)
            throw new UsageException("-o: the offset is negative");
    }

    /// <summary>Runs the requests; gives the seconds they took.</summary>
    public async Task<double> RunAsync(BlockDevice image, CancellationToken cancellationToken)
    {
        if (Size > image.Length || Start > image.Length - Size)
            throw new UsageException($"a request of {Size} bytes at byte {Start} does not fit a disk of {image.Length} bytes");
        var watch = Stopwatch.StartNew();
        int group = FlushInterval > 0 && Drain ? FlushInterval : Count;
        for (int done = 0; done < Count; done += group)
        {
            await GroupAsync(image, done, Math.Min(group, Count - done), cancellationToken).ConfigureAwait(false);
            if (FlushInterval > 0 && Drain && Count - done >= group)
                await image.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return watch.Elapsed.TotalSeconds;
    }

    private async Task GroupAsync(BlockDevice image, int first, int count, CancellationToken cancellationToken)
    {
        int workers = image.AllowsConcurrentCalls ? Math.Min(Depth, Math.Max(count, 1)) : 1;
        int next = 0;
        var tasks = new Task[workers];
        for (int i = 0; i < workers; i++)
            tasks[i] = Task.Run(() => WorkAsync(image, () => first + Interlocked.Increment(ref next) - 1, first + count, cancellationToken), cancellationToken);
        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    private async Task WorkAsync(BlockDevice image, Func<int> take, int end, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Size];
        buffer.AsSpan().Fill(Pattern);
        // behind the last place that a request fits it begins again
        long places = image.Length - Size;
        for (int request = take(); request < end; request = take())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long offset = places == 0 ? 0 : (long)(((ulong)Start + ((UInt128)(uint)request * (ulong)Step)) % (ulong)(places + 1));
            if (Write)
                await image.WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
            else
                await image.ReadAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
            if (FlushInterval > 0 && !Drain && (request + 1) % FlushInterval == 0)
                await image.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
