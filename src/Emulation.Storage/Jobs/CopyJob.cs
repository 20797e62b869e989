namespace Emulation.Storage;

/// <summary>Copies a disk piece by piece: reads one, looks for zeros, perhaps compresses it, and writes what is left.</summary>
/// <remarks>
/// What allows one call at a time gets one at a time; such a target is written in the order of the disk, so that the same source always
/// gives the same image.
/// </remarks>
internal sealed class CopyJob : ICopySteps
{
    private const int PlainPiece = 1 << 20;                     // fits a core's cache between reading and writing
    private const int PackedPiece = 512 << 10;
    private const int PlainWorkers = 4;
    private const int MaxMemory = 64 << 20;
    private const int Page = 4096;

    private readonly IBlockDevice _source;
    private readonly IBlockDevice _target;
    private readonly DiskCopyOptions _options;
    private readonly IProgress<DiskProgress>? _progress;
    private readonly IPackedTarget? _packed;
    private readonly int _grain;
    private readonly int _piece;
    private readonly CopyReader _reader;
    private readonly RateLimit _rate;
    private readonly Func<long, long, ValueTask<BlockRun>>? _held;
    private readonly Lock _reporting = new();
    private long _next;
    private long _done;

    /// <param name="source">Read from.</param>
    /// <param name="target">Written to.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="held">What of the source is to be copied: the runs that are allocated; null for all.</param>
    public CopyJob(IBlockDevice source, IBlockDevice target, DiskCopyOptions options, IProgress<DiskProgress>? progress, Func<long, long, ValueTask<BlockRun>>? held = null)
    {
        (_source, _target, _options, _progress, _held) = (source, target, options, progress, held);
        if (options.OwnOnly)
            _held ??= (offset, length) => DiskChain.StatusAsync([source], offset, length);
        _reader = new CopyReader(source, options.Unreadable);
        _rate = new RateLimit(options.BytesPerSecond);
        if (options.SparseSize != 0 && (!int.IsPow2(options.SparseSize) || options.SparseSize < 512))
            throw new DiskImageException($"stretches of {options.SparseSize} zeros are not possible; 0 or a power of two of at least 512 is");
        if (target.Length < source.Length)
            throw new DiskImageException($"a disk of {source.Length} bytes does not fit into one of {target.Length} bytes");
        if (options.Compress)
        {
            _packed = target as IPackedTarget;
            if (_packed is not { CanCompress: true })
                throw new DiskImageException(DiskJobs.NotCompressible);
        }

        // what is written in units of a cluster is looked at in units of a cluster
        int sparse = options.SparseSize == 0 ? Page : Math.Min(options.SparseSize, PlainPiece);
        _grain = target is IPackedTarget packed ? Math.Max(packed.ClusterSize, sparse) : sparse;
        _piece = Math.Max(options.Compress ? PackedPiece : PlainPiece, _grain);
    }

    public bool InOrder => !_target.AllowsConcurrentCalls;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int wanted = _options.Workers > 0 ? _options.Workers : _options.Compress ? Environment.ProcessorCount + 1 : Math.Min(PlainWorkers, Environment.ProcessorCount);
        int threads = Math.Clamp(wanted, _options.Workers > 0 ? 1 : 2, Math.Max(2, MaxMemory / (4 * _piece)));
        using (var crew = new CopyCrew(this, 2 * threads, () => new CopyPiece(_piece, _packed), cancellationToken))
            await crew.RunAsync(threads, _options.CallerWorks).ConfigureAwait(false);
        if (_held is null && _target.Length > _source.Length && !_options.TargetIsZero)
            await _target.WriteZeroesAsync(_source.Length, _target.Length - _source.Length, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    public bool Take(CopyPiece piece, CancellationToken cancellationToken)
    {
        while (Choose(piece, cancellationToken))
            Report(piece.Length);
        // what allows one call at a time is read where there is one
        if (piece is { Length: > 0, Zero: false } && !_source.AllowsConcurrentCalls)
            Blocking.Wait(_reader.ReadAsync(piece.Offset, piece.Data, cancellationToken));
        return piece.Length > 0;
    }

    public void Read(CopyPiece piece, CancellationToken cancellationToken)
    {
        if (piece.Zero)
            return;
        if (_source.AllowsConcurrentCalls)
            Blocking.Wait(_reader.ReadAsync(piece.Offset, piece.Data, cancellationToken));
        Blocking.Wait(_rate.WaitAsync(piece.Length, cancellationToken));
        piece.Compress();
    }

    public void Write(CopyPiece piece, CancellationToken cancellationToken)
    {
        Blocking.Wait(piece.Zero
            ? ZeroAsync(piece.Offset, piece.Length, cancellationToken)
            : WriteAsync(piece.Offset, piece.Data, piece.Packed, cancellationToken));
        Report(piece.Length);
    }

    // Pieces begin at multiples of their size, so that none shares a cluster with another. True: this one is not to be copied.
    private bool Choose(CopyPiece piece, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        long offset = _next;
        long rest = _source.Length - offset;
        (piece.Offset, piece.Length) = (offset, 0);
        if (rest == 0)
            return false;
        BlockRun run = Blocking.Wait(_held is null ? _source.GetStatusAsync(offset, rest, stop) : _held(offset, rest));
        bool zero = (run.Status & BlockStatus.Zero) != 0 && _options.SparseSize > 0;
        bool skip = false;
        if (_held is not null)
        {
            // exact for a commit; of a target that has clusters of its own, whole ones
            long align = _options.OwnOnly ? _grain : 1;
            skip = (run.Status & BlockStatus.Allocated) == 0;
            long whole = run.Length == rest ? rest : run.Length - (run.Length % align);
            (zero, skip) = (zero && whole > 0, skip && whole > 0);
            long data = Math.Min((run.Length + align - 1) / align * align, _piece - (offset % _piece));
            piece.Length = zero || skip ? whole : Math.Min(data, rest);
        }
        else
        {
            zero = zero && (run.Length == rest || run.Length >= _piece);
            piece.Length = !zero ? Math.Min(rest, _piece) : run.Length == rest ? rest : run.Length - (run.Length % _piece);
        }

        piece.Zero = zero;
        _next = offset + piece.Length;
        return skip;
    }

    private async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> piece, PackedClusters? packed, CancellationToken stop)
    {
        int index = 0;
        for (int position = 0; position < piece.Length;)
        {
            int end = Math.Min(position + _grain, piece.Length);
            if (packed is not null && packed[index] is { IsEmpty: false } bytes)
            {
                await _packed!.WritePackedAsync(offset + position, bytes, stop).ConfigureAwait(false);
                index++;
                position = end;
                continue;
            }

            bool zero = IsZero(piece.Span[position..end]);
            while (packed is null && end < piece.Length)
            {
                int next = Math.Min(end + _grain, piece.Length);
                if (IsZero(piece.Span[end..next]) != zero)
                    break;
                end = next;
            }

            if (zero)
                await ZeroAsync(offset + position, end - position, stop).ConfigureAwait(false);
            else
                await _target.WriteAsync(offset + position, piece[position..end], stop).ConfigureAwait(false);
            index++;
            position = end;
        }
    }

    private ValueTask ZeroAsync(long offset, long length, CancellationToken stop)
        => _options.TargetIsZero ? ValueTask.CompletedTask : _target.WriteZeroesAsync(offset, length, cancellationToken: stop);

    private bool IsZero(ReadOnlySpan<byte> bytes) => _options.SparseSize > 0 && !bytes.ContainsAnyExcept((byte)0);

    private void Report(long length)
    {
        if (_progress is null)
            return;
        lock (_reporting)
        {
            _done += length;
            _progress.Report(new DiskProgress(_done, _source.Length));
        }
    }
}
