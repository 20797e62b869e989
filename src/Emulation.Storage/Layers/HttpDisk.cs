using System.Net;
using System.Numerics;

namespace Emulation.Storage;

/// <summary>A file on a web server, read by ranges as it is needed. The server must support them, and the file must stay as it is.</summary>
/// <remarks>
/// What was read last is kept, as much as requests under way and read-ahead take; <see cref="DiskImage.Cache"/> over it keeps more.
/// A file that changes on the server is an error, where the server tells versions apart by ETag or Last-Modified. RFC 9110, section 14.
/// </remarks>
public sealed class HttpDisk : BlockDevice
{
    private readonly HttpRange _range;
    private readonly HttpClient? _ownClient;
    private readonly HttpDiskOptions _options;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();

    // pieces that are here or on their way, and which was used when
    private readonly Dictionary<long, Piece> _pieces = [];
    private readonly int _maxPieces;
    private long _uses;
    private long _next = -1;

    private HttpDisk(HttpRange range, HttpClient? ownClient, HttpDiskOptions options)
    {
        (_range, _ownClient, _options) = (range, ownClient, options);
        _slots = new SemaphoreSlim(options.MaxRequests);
        _maxPieces = (2 * options.MaxRequests) + (options.ReadAhead / options.RequestSize) + 1;
    }

    /// <inheritdoc/>
    public override long Length => _range.Length;

    /// <inheritdoc/>
    public override bool ReadOnly => true;

    /// <inheritdoc/>
    public override bool AllowsConcurrentCalls => true;

    /// <inheritdoc/>
    public override BlockHints Hints => BlockHints.Default with { OptimalTransferSize = _options.RequestSize };

    /// <summary>Opens a file.</summary>
    /// <param name="uri">An http or https address.</param>
    /// <param name="options">Requests and retries.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The device; the caller disposes it.</returns>
    /// <exception cref="DiskImageException">The file is not there or empty, or the server does not answer or has no ranges.</exception>
    public static async ValueTask<HttpDisk> OpenAsync(Uri uri, HttpDiskOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException("the address is not one of http or https", nameof(uri));
        options ??= new HttpDiskOptions();
        if (!BitOperations.IsPow2(options.RequestSize) || options.RequestSize is < 4096 or > 64 << 20)
            throw new ArgumentOutOfRangeException(nameof(options), options.RequestSize, "a request has a power of two of bytes from 4 KiB to 64 MiB");
        ArgumentOutOfRangeException.ThrowIfNegative(options.ReadAhead);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Retries);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRequests, 1);
        HttpClient? own = options.Client is null ? MakeClient() : null;
        var range = new HttpRange(options.Client ?? own!, uri, options);
        try
        {
            await range.ProbeAsync(cancellationToken).ConfigureAwait(false);
            return new HttpDisk(range, own, options);
        }
        catch
        {
            own?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        bool sequential = Interlocked.Exchange(ref _next, offset + buffer.Length) == offset;
        long last = (offset + buffer.Length - 1) / _options.RequestSize;
        long ahead = sequential ? Math.Min(last + (_options.ReadAhead / _options.RequestSize), (Length - 1) / _options.RequestSize) : last;
        while (!buffer.IsEmpty)
        {
            long index = offset / _options.RequestSize;
            // what comes next is on its way while this is waited for
            Task<byte[]> piece = Start(index);
            for (long next = index + 1; next <= ahead && next < index + Math.Max(_options.MaxRequests, 1 + ahead - last); next++)
                _ = Start(next);
            byte[] bytes = await piece.WaitAsync(cancellationToken).ConfigureAwait(false);
            int within = (int)(offset - (index * _options.RequestSize));
            int count = Math.Min(bytes.Length - within, buffer.Length);
            bytes.AsMemory(within, count).CopyTo(buffer);
            offset += count;
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => throw new InvalidOperationException("the block device is read-only");

    /// <inheritdoc/>
    protected override void Close()
    {
        _closing.Cancel();
        _ownClient?.Dispose();
        lock (_lock)
            _pieces.Clear();
    }

    private static HttpClient MakeClient() => new(new SocketsHttpHandler
    {
        AutomaticDecompression = DecompressionMethods.None,
        MaxAutomaticRedirections = 10,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(30),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // each request has its own
    };

    private Task<byte[]> Start(long index)
    {
        lock (_lock)
        {
            if (_pieces.TryGetValue(index, out Piece? piece) && !piece.Bytes.IsFaulted && !piece.Bytes.IsCanceled)
            {
                piece.Used = ++_uses;
                return piece.Bytes;
            }

            if (_pieces.Count >= _maxPieces)
                _pieces.Remove(_pieces.MinBy(p => p.Value.Used).Key);
            piece = new Piece(Task.Run(() => FetchAsync(index))) { Used = ++_uses };
            // nobody may come to wait for what was asked for ahead
            _ = piece.Bytes.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            _pieces[index] = piece;
            return piece.Bytes;
        }
    }

    private async Task<byte[]> FetchAsync(long index)
    {
        await _slots.WaitAsync(_closing.Token).ConfigureAwait(false);
        try
        {
            long offset = index * _options.RequestSize;
            return await _range.FetchAsync(offset, (int)Math.Min(_options.RequestSize, Length - offset), _closing.Token).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private sealed class Piece(Task<byte[]> bytes)
    {
        public Task<byte[]> Bytes { get; } = bytes;

        public long Used { get; set; }
    }
}
