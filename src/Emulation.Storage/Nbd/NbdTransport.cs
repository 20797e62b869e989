using System.Buffers;
using System.IO.Pipelines;

namespace Emulation.Storage;

/// <summary>The bytes of one connection, in both directions. One reads, any number send.</summary>
internal sealed class NbdTransport : IAsyncDisposable
{
    private const int ReadSize = 128 << 10;

    // from here on a copy costs more than a call
    private const int DirectRead = 8 << 10;
    private const int SmallPayload = 16 << 10;
    private const int SendPiece = 1 << 20;

    private readonly PipeReader _input;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private long _lastActivity = Environment.TickCount64;
    private int _closed;

    public NbdTransport(Stream stream, IDisposable? below = null)
    {
        Stream = stream;
        Below = below;
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadSize, minimumReadSize: ReadSize / 4, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public Stream Stream { get; }

    /// <summary>For the handshake, where messages alternate.</summary>
    public PipeWriter Output { get; }

    /// <summary>When bytes moved last, as <see cref="Environment.TickCount64"/> has it.</summary>
    public long LastActivity => Volatile.Read(ref _lastActivity);

    // what the stream lies on, closed with it
    private IDisposable? Below { get; }

    /// <summary>The same connection through a layer, which owns it from now on.</summary>
    public NbdTransport Over(Stream layer) => new(layer, Stream);

    public void Touch() => Volatile.Write(ref _lastActivity, Environment.TickCount64);

    /// <summary>Whether the peer sent more than was read: an error where it has to wait for an answer.</summary>
    public bool HasUnreadBytes()
    {
        if (!_input.TryRead(out ReadResult result))
            return false;
        bool any = !result.Buffer.IsEmpty;
        _input.AdvanceTo(result.Buffer.Start);
        return any;
    }

    /// <summary>Fills a buffer; false when the peer closed the connection before its first byte.</summary>
    public async ValueTask<bool> TryReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ReadResult result = await _input.ReadAtLeastAsync(buffer.Length, cancellationToken).ConfigureAwait(false);
        if (result.Buffer.Length < buffer.Length)
        {
            bool nothing = result.Buffer.IsEmpty;
            _input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            return nothing ? false : throw Ended();
        }

        Take(result.Buffer, buffer.Span);
        return true;
    }

    /// <summary>Fills a buffer.</summary>
    public async ValueTask ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            if (_input.TryRead(out ReadResult result) && !result.Buffer.IsEmpty)
            {
                int count = (int)Math.Min(buffer.Length, result.Buffer.Length);
                Take(result.Buffer, buffer.Span[..count]);
                buffer = buffer[count..];
            }
            else if (buffer.Length >= DirectRead)
            {
                int count = await Stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                    throw Ended();
                Touch();
                buffer = buffer[count..];
            }
            else if (!await TryReadAsync(buffer, cancellationToken).ConfigureAwait(false))
            {
                throw Ended();
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Hands on the next bytes as they come.</summary>
    /// <param name="count">How many.</param>
    /// <param name="sink">Is given each piece, and how many bytes came before it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask ReadPiecesAsync(long count, Action<ReadOnlySpan<byte>, int>? sink, CancellationToken cancellationToken)
    {
        for (long done = 0; done < count;)
        {
            ReadResult result = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (result.Buffer.IsEmpty && result.IsCompleted)
                throw Ended();
            ReadOnlySequence<byte> part = result.Buffer.Slice(0, Math.Min(count - done, result.Buffer.Length));
            foreach (ReadOnlyMemory<byte> piece in part)
            {
                sink?.Invoke(piece.Span, (int)done);
                done += piece.Length;
            }

            _input.AdvanceTo(part.End);
            Touch();
        }
    }

    public ValueTask SkipAsync(long count, CancellationToken cancellationToken) => ReadPiecesAsync(count, null, cancellationToken);

    /// <summary>Sends a message whole; another one never comes between its bytes.</summary>
    /// <param name="header">First bytes.</param>
    /// <param name="payload">The others; may be empty.</param>
    /// <param name="wait">Ends the wait for the turn; what has begun is finished.</param>
    /// <param name="stop">Ends sending: the connection is of no use afterwards.</param>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, CancellationToken wait, CancellationToken stop)
    {
        await _sending.WaitAsync(wait).ConfigureAwait(false);
        byte[]? joined = null;
        try
        {
            if (payload.Length is > 0 and <= SmallPayload)
            {
                joined = ArrayPool<byte>.Shared.Rent(header.Length + payload.Length);
                header.CopyTo(joined);
                payload.CopyTo(joined.AsMemory(header.Length));
                (header, payload) = (joined.AsMemory(0, header.Length + payload.Length), default);
            }

            await Stream.WriteAsync(header, stop).ConfigureAwait(false);
            Touch();
            while (!payload.IsEmpty)
            {
                ReadOnlyMemory<byte> piece = payload[..Math.Min(payload.Length, SendPiece)];
                await Stream.WriteAsync(piece, stop).ConfigureAwait(false);
                Touch();
                payload = payload[piece.Length..];
            }
        }
        finally
        {
            if (joined is not null)
                ArrayPool<byte>.Shared.Return(joined);
            _sending.Release();
        }
    }

    /// <summary>Closes the connection at once; whoever reads or sends fails.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        try
        {
            Below?.Dispose();
            Stream.Dispose();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // it is gone either way
        }
    }

    /// <summary>Ends the connection as TLS wants it, where the peer takes part.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Stream is System.Net.Security.SslStream { IsAuthenticated: true } tls && Volatile.Read(ref _closed) == 0)
        {
            try
            {
                await tls.ShutdownAsync().WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or TimeoutException or InvalidOperationException)
            {
                // the peer left first
            }
        }

        Close();
    }

    private void Take(ReadOnlySequence<byte> from, Span<byte> to)
    {
        ReadOnlySequence<byte> part = from.Slice(0, to.Length);
        part.CopyTo(to);
        _input.AdvanceTo(part.End);
        Touch();
    }

    private static EndOfStreamException Ended() => new("the peer closed the connection in the middle of a message");
}
