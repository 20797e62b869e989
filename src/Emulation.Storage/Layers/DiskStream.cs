namespace Emulation.Storage;

/// <summary>A seekable stream over a device. Writing past its end makes a device that can be resized grow.</summary>
/// <param name="device">What is read and written.</param>
/// <param name="leaveOpen">Whether disposing the stream leaves the device open.</param>
public sealed class DiskStream(IBlockDevice device, bool leaveOpen = false) : Stream
{
    private long _position;
    private bool _disposed;

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <inheritdoc/>
    public override bool CanSeek => !_disposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_disposed && !device.ReadOnly;

    /// <inheritdoc/>
    public override long Length
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return device.Length;
        }
    }

    /// <inheritdoc/>
    public override long Position
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _position;
        }
        set
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Blocking.Wait(ReadAsync(buffer.AsMemory(offset, count)));
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = (int)Math.Clamp(device.Length - _position, 0, buffer.Length);
        if (count > 0)
            await device.ReadAsync(_position, buffer[..count], cancellationToken).ConfigureAwait(false);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Blocking.Wait(WriteAsync(buffer.AsMemory(offset, count)));
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The bytes go past the end of a device that cannot be resized; none are written.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (device.ReadOnly)
            throw new NotSupportedException("the block device is read-only");
        if (buffer.IsEmpty)
            return;
        if (buffer.Length > device.Length - _position)
        {
            if (!device.CanResize || buffer.Length > long.MaxValue - _position)
                throw new IOException($"a write of {buffer.Length} bytes at byte 0x{_position:x} leaves a device of {device.Length} bytes");
            await device.ResizeAsync(_position + buffer.Length, cancellationToken).ConfigureAwait(false);
        }

        await device.WriteAsync(_position, buffer, cancellationToken).ConfigureAwait(false);
        _position += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Flush() => Blocking.Wait(device.FlushAsync());

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => device.FlushAsync(cancellationToken).AsTask();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        long from = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            SeekOrigin.End => Length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "no place to count from"),
        };
        if (offset < -from || offset > long.MaxValue - from)
            throw new IOException($"byte {offset} from {origin} lies before the start of the device or is too far");
        return Position = from + offset;
    }

    /// <inheritdoc/>
    public override void SetLength(long value)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Blocking.Wait(device.ResizeAsync(value));
        _position = Math.Min(_position, value);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            if (!leaveOpen)
                await device.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            if (!leaveOpen)
                device.Dispose();
        }

        base.Dispose(disposing);
    }
}
