using System.Runtime.ExceptionServices;

namespace Emulation.Storage;

/// <summary>Copies a disk as it is when the job begins, while a machine goes on writing it: what is about to be written over is copied first.</summary>
/// <remarks>
/// <para>Give <see cref="Disk"/> to the machine, then <see cref="RunAsync"/>. A target that fails ends the backup, not the machine: its writes go on.</para>
/// <para>Source and target belong to the caller, who closes both when the machine is done with <see cref="Disk"/>.</para>
/// </remarks>
public sealed class BackupJob : IDisposable
{
    private const int Piece = 1 << 20;
    private const int Granularity = 64 << 10;

    private readonly BackupOptions _options;
    private readonly DirtyMap _pending;
    private readonly DirtyMap? _since;
    private readonly PartCopy _copy;
    private readonly DiskGate _gate = new(1);
    private readonly GuestDisk _disk;
    private readonly IBlockDevice _source;
    private readonly IBlockDevice _target;
    private readonly RateLimit _rate;
    private readonly byte[] _buffer = new byte[Piece];
    private ExceptionDispatchInfo? _failure;
    private long _total;
    private bool _ended;

    private BackupJob(IBlockDevice source, IBlockDevice target, BackupOptions options, Qcow2Bitmap? bitmap)
    {
        (_source, _target, _options) = (source, target, options);
        _pending = new DirtyMap(source.Length, Granularity);
        _since = bitmap is null ? null : new DirtyMap(source.Length, (int)Math.Min(bitmap.Granularity, 1 << 30));
        _copy = new PartCopy(source, target);
        _rate = new RateLimit(options.BytesPerSecond);
        _disk = new GuestDisk(source, _gate, readsPassGate: !source.AllowsConcurrentCalls) { Before = SaveAsync, After = Written };
    }

    /// <summary>The disk for the machine. Its calls may overlap. Disposing it does not close the source.</summary>
    public IBlockDevice Disk => _disk;

    /// <summary>Begins a backup of what the disk holds now.</summary>
    /// <param name="source">The disk; from now on used through <see cref="Disk"/> only.</param>
    /// <param name="target">Of the same size; used by the job only.</param>
    /// <param name="options">What is copied; null for all.</param>
    /// <exception cref="DiskImageException">The sizes differ, the target is read-only, or the bitmap is not there or cannot be relied on.</exception>
    public static async ValueTask<BackupJob> StartAsync(IBlockDevice source, IBlockDevice target, BackupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        options ??= new BackupOptions();
        if (source.Length != target.Length)
            throw new DiskImageException($"a disk of {source.Length} bytes cannot be backed up to one of {target.Length} bytes");
        if (target.ReadOnly)
            throw new DiskImageException("the target of a backup is read-only");
        Qcow2Bitmap? bitmap = null;
        if (options.Bitmap is { } name)
        {
            if (source is not Qcow2Image image)
                throw new DiskImageException("only qcow2 images have persistent bitmaps");
            bitmap = image.Bitmaps.FirstOrDefault(b => b.Name == name) ?? throw new DiskImageException($"the disk has no bitmap '{name}'");
            await image.GetWrittenAsync(name, 0, 1).ConfigureAwait(false); // or says why it cannot be relied on
        }
        else if (options.Incremental)
        {
            throw new DiskImageException("an incremental backup needs a bitmap");
        }

        var job = new BackupJob(source, target, options, bitmap);
        await job.FindPendingAsync().ConfigureAwait(false);
        return job;
    }

    /// <summary>Copies what is left and makes the target durable. The machine then has the source again, as it was.</summary>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it; the target then is of no use.</param>
    public async Task RunAsync(IProgress<DiskProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        try
        {
            while (await StepAsync(cancellationToken).ConfigureAwait(false))
                progress?.Report(new DiskProgress(_total - _pending.DirtyBytes, _total));
            await FinishAsync(cancellationToken).ConfigureAwait(false);
            progress?.Report(new DiskProgress(_total, _total));
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Ends the job: what is not copied will not be. <see cref="Disk"/> goes on to work.</summary>
    public void Dispose()
    {
        _ended = true;
        (_disk.Before, _disk.After) = (null, null);
    }

    private async ValueTask FindPendingAsync()
    {
        if (!_options.Incremental)
            _pending.Mark(0, _source.Length);
        for (long offset = 0; _options.Incremental && offset < _source.Length;)
        {
            BitmapRun run = await ((Qcow2Image)_source).GetWrittenAsync(_options.Bitmap!, offset, _source.Length - offset).ConfigureAwait(false);
            if (run.Written)
                _pending.Mark(offset, run.Length);
            offset += run.Length;
        }

        _total = _pending.DirtyBytes;
    }

    // the machine's turn: it waits until what it is about to change is safe
    private async ValueTask SaveAsync(long offset, long length)
    {
        try
        {
            while (_failure is null && _pending.TryTake(offset, offset + length, Piece, out long at, out int count))
                await CopyAsync(at, count, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
        }
    }

    private void Written(long offset, long length) => _since?.Mark(offset, length);

    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        int copied = 0;
        await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _failure?.Throw();
            if (!_pending.TryTake(0, _source.Length, Piece, out long offset, out copied))
                return false;
            await CopyAsync(offset, copied, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Exit();
        }

        await _rate.WaitAsync(copied, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async ValueTask CopyAsync(long offset, int count, CancellationToken cancellationToken)
    {
        Memory<byte> part = _buffer.AsMemory(0, count);
        bool zero = await _copy.ReadAsync(offset, part, cancellationToken).ConfigureAwait(false);
        await _copy.WriteAsync(offset, part, zero, _options.TargetIsZero, cancellationToken).ConfigureAwait(false);
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        await _target.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (_since is null)
            return;
        await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var written = new List<(long, long)>();
            while (_since.TryTake(0, _source.Length, Math.Max(_since.Granularity, Piece), out long offset, out int count))
                written.Add((offset, count));
            await ((Qcow2Image)_source).ReplaceBitmapAsync(_options.Bitmap!, written).ConfigureAwait(false);
        }
        finally
        {
            _gate.Exit();
        }
    }
}
