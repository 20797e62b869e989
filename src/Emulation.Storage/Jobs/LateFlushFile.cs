namespace Emulation.Storage;

/// <summary>A file that is of no use before it is complete: it is made durable once, when it is closed, and only if it came to be complete.</summary>
/// <remarks>The host is told what is about to be written: asking for space once costs less than asking for each page.</remarks>
internal sealed class LateFlushFile(IBlockDevice file) : PassThrough(file)
{
    private const int WorthReserving = 64 << 10;

    private readonly PlainFile? _plain = file as PlainFile;
    private bool _canReserve = file is PlainFile;
    private long _from;
    private long _to;

    /// <summary>Whether closing makes the file durable.</summary>
    public bool FlushOnClose { get; set; }

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_canReserve && buffer.Length >= WorthReserving && (offset < _from || offset + buffer.Length > _to))
            _canReserve = _plain!.TryReserve(offset, buffer.Length);
        return base.WriteCoreAsync(offset, buffer, cancellationToken);
    }

    /// <summary>Takes space for what the file has just grown by, of which all will be written.</summary>
    /// <param name="from">Its former length.</param>
    public void ReserveFrom(long from)
    {
        if (!_canReserve)
            return;
        if (_to != from)
            _from = from;
        _to = Length;
        _canReserve = _plain!.TryReserve(from, _to - from);
    }

    protected override ValueTask FinishAsync() => FlushOnClose ? Inner.FlushAsync() : ValueTask.CompletedTask;
}
