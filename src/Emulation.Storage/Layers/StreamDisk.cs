namespace Emulation.Storage;

/// <summary>A device over a seekable stream, which nobody else moves meanwhile.</summary>
internal sealed class StreamDisk : BlockDevice
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private long _length;
    private bool _closed;

    public StreamDisk(Stream stream, bool leaveOpen)
    {
        if (!stream.CanSeek || !stream.CanRead)
            throw new ArgumentException("the stream cannot be read at any place", nameof(stream));
        (_stream, _leaveOpen, _length) = (stream, leaveOpen, stream.Length);
    }

    public override long Length => _length;

    public override bool ReadOnly => !_stream.CanWrite;

    public override bool CanResize => _stream.CanWrite;

    public override async ValueTask DisposeAsync()
    {
        if (!_closed && !_leaveOpen)
        {
            _closed = true;
            await _stream.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _stream.Position = offset;
        int count = await _stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (count < buffer.Length)
            throw new EndOfStreamException($"the stream ends at byte {offset + count}, before its length of {_length} bytes");
    }

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        _stream.Position = offset;
        return _stream.WriteAsync(buffer, cancellationToken);
    }

    protected override async ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        // a file's stream hands its bytes to the host only
        if (_stream is FileStream file)
            file.Flush(flushToDisk: true);
        else
            await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        _stream.SetLength(length);
        _length = length;
        return ValueTask.CompletedTask;
    }

    protected override void Close()
    {
        if (!_closed && !_leaveOpen)
            _stream.Dispose();
        _closed = true;
    }
}
