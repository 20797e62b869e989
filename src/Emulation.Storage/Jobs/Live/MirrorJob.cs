using System.Runtime.ExceptionServices;

namespace Emulation.Storage;

/// <summary>Copies a disk that a machine goes on using, until both are the same, and then lets the machine use the copy.</summary>
/// <remarks>
/// <para>Give <see cref="Disk"/> to the machine, <see cref="RunAsync"/>, then <see cref="CompleteAsync"/>: only that makes the machine wait, for as long
/// as the last parts take. Until then the source has everything, whatever happens to the target.</para>
/// <para>Source and target belong to the caller, who closes both when the machine is done with <see cref="Disk"/>.</para>
/// </remarks>
public sealed class MirrorJob : IDisposable
{
    private const int Piece = 1 << 20;
    private const int ConcurrentCalls = 64;
    private const int Workers = 2;
    private const int MaxIdlePasses = 3;

    private readonly MirrorOptions _options;
    private readonly DirtyMap _map;
    private readonly DirtyMap _blank;
    private readonly PartCopy _copy;
    private readonly DiskGate _gate;
    private readonly GuestDisk _disk;
    private readonly IBlockDevice _target;
    private readonly bool _concurrent;
    private readonly long _length;
    private readonly RateLimit _rate;
    private int _running;
    private long _done;

    /// <summary>Begins to follow what is written through <see cref="Disk"/>; copies nothing yet.</summary>
    /// <param name="source">The disk; from now on used through <see cref="Disk"/> only.</param>
    /// <param name="target">Of the same size; used by the job only.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="DiskImageException">The sizes differ, or the target is read-only.</exception>
    public MirrorJob(IBlockDevice source, IBlockDevice target, MirrorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        _options = options ?? new MirrorOptions();
        if (!int.IsPow2(_options.Granularity) || _options.Granularity is < 512 or > 64 << 20)
            throw new DiskImageException($"a granularity of {_options.Granularity} bytes is not a power of two from 512 to 64 MiB");
        if (source.Length != target.Length)
            throw new DiskImageException($"a disk of {source.Length} bytes cannot be mirrored to one of {target.Length} bytes");
        if (target.ReadOnly)
            throw new DiskImageException("the target of a mirror is read-only");
        _target = target;
        _length = source.Length;
        _concurrent = source.AllowsConcurrentCalls && target.AllowsConcurrentCalls;
        _map = new DirtyMap(_length, _options.Granularity);
        _map.Mark(0, _length);
        // parts of which nothing has been written to a target that was zero
        _blank = new DirtyMap(_length, _options.Granularity);
        if (_options.TargetIsZero)
            _blank.Mark(0, _length);
        _copy = new PartCopy(source, target);
        _rate = new RateLimit(_options.BytesPerSecond);
        _gate = new DiskGate(_concurrent ? ConcurrentCalls : 1);
        _disk = new GuestDisk(source, _gate, readsPassGate: !_concurrent) { After = _map.Mark };
    }

    /// <summary>The disk for the machine: the source, after <see cref="CompleteAsync"/> the target. Its calls may overlap. Disposing it closes neither.</summary>
    public IBlockDevice Disk => _disk;

    /// <summary>Bytes that are not yet in the target as they are in the source.</summary>
    public long DirtyBytes => _map.DirtyBytes;

    /// <summary>Whether <see cref="Disk"/> is the target now.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Copies until both are the same, or until the machine writes as fast as it is copied. Can be called again.</summary>
    /// <param name="progress">Told how far it is; may be called on any thread, by one at a time. The total grows with what is written meanwhile.</param>
    /// <param name="cancellationToken">Stops it; the machine stays on the source, and the job can be run again.</param>
    public async Task RunAsync(IProgress<DiskProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Begin();
        try
        {
            long best = long.MaxValue;
            for (int idle = 0; _map.DirtyBytes is > 0 and long dirty && idle < MaxIdlePasses; idle++)
            {
                if (dirty < best)
                    (best, idle) = (dirty, 0);
                await PassAsync(progress, gated: true, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Makes the machine wait, copies what is left, makes the target durable and lets the machine go on with it.</summary>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it; the machine then goes on with the source.</param>
    public async Task CompleteAsync(IProgress<DiskProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Begin();
        try
        {
            await _gate.CloseAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await PassAsync(progress, gated: false, cancellationToken).ConfigureAwait(false);
                await _target.FlushAsync(cancellationToken).ConfigureAwait(false);
                _disk.After = null;
                _disk.Current = _target;
                IsComplete = true;
            }
            finally
            {
                _gate.Open();
            }
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Stops following writes. <see cref="Disk"/> goes on to work.</summary>
    public void Dispose() => _disk.After = null;

    private void Begin()
    {
        if (IsComplete)
            throw new InvalidOperationException("the mirror is complete");
        if (Interlocked.Exchange(ref _running, 1) != 0)
            throw new InvalidOperationException("the mirror is running already");
    }

    // everything that is dirty, once
    private async Task PassAsync(IProgress<DiskProgress>? progress, bool gated, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = new Task[_concurrent ? Workers : 1];
        long cursor = 0;
        var turn = new Lock();
        ExceptionDispatchInfo? failure = null;

        bool Take(out long offset, out int count)
        {
            lock (turn)
            {
                bool found = _map.TryTake(cursor, _length, Piece, out offset, out count);
                cursor = found ? offset + count : _length;
                return found;
            }
        }

        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Run(async () =>
            {
                byte[] buffer = new byte[Math.Max(Piece, _options.Granularity)];
                try
                {
                    while (Take(out long offset, out int count))
                    {
                        await CopyAsync(offset, buffer.AsMemory(0, count), gated, stop.Token).ConfigureAwait(false);
                        lock (turn)
                        {
                            _done += count;
                            progress?.Report(new DiskProgress(_done, _done + _map.DirtyBytes));
                        }
                    }
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }, CancellationToken.None);
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
        failure?.Throw();
    }

    private async ValueTask CopyAsync(long offset, Memory<byte> part, bool gated, CancellationToken cancellationToken)
    {
        bool copied = false;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (gated)
                await _rate.WaitAsync(part.Length, cancellationToken).ConfigureAwait(false);
            bool zero = await ReadAsync(offset, part, gated, cancellationToken).ConfigureAwait(false);
            bool blank = TakeBlank(offset, part.Length);
            await _copy.WriteAsync(offset, part, zero, blank, cancellationToken).ConfigureAwait(false);
            copied = true;
        }
        finally
        {
            if (!copied)
                _map.Mark(offset, part.Length);
            _map.Release(offset, part.Length);
        }
    }

    private async ValueTask<bool> ReadAsync(long offset, Memory<byte> part, bool gated, CancellationToken cancellationToken)
    {
        if (!gated)
            return await _copy.ReadAsync(offset, part, cancellationToken).ConfigureAwait(false);
        await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _copy.ReadAsync(offset, part, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Exit();
        }
    }

    // whether all of a part is blank; from now on it is not
    private bool TakeBlank(long offset, int count)
    {
        if (!_blank.TryTake(offset, offset + count, count, out long at, out int found))
            return false;
        while (_blank.TryTake(offset, offset + count, count, out _, out _))
        {
            // the rest of it
        }

        return at == offset && found == count;
    }
}
