using System.Security.Authentication;

namespace Emulation.Storage;

/// <summary>The way to an export: one connection at a time, a new one when that is lost, and requests that survive it.</summary>
internal sealed class NbdLink : IAsyncDisposable
{
    private const int FirstDelay = 50;
    private const int LongestDelay = 5000;

    private readonly NbdUri _uri;
    private readonly NbdClientOptions _options;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private NbdConnection _connection;

    private NbdLink(NbdUri uri, NbdClientOptions options, NbdConnection connection)
    {
        (_uri, _options, _connection) = (uri, options, connection);
        Info = connection.Info;
    }

    public NbdExportInfo Info { get; }

    public static async ValueTask<NbdLink> OpenAsync(NbdUri uri, NbdClientOptions options, CancellationToken cancellationToken)
        => new(uri, options, await ConnectAsync(uri, options, options.ConnectTimeout, static (u, o, c) => NbdConnection.OpenAsync(u, o, c), cancellationToken).ConfigureAwait(false));

    /// <summary>Does something that needs a handshake, within the time there is, and says so when it fails.</summary>
    public static async ValueTask<T> ConnectAsync<T>(
        NbdUri uri, NbdClientOptions options, TimeSpan timeout, Func<NbdUri, NbdClientOptions, CancellationToken, ValueTask<T>> connect, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await connect(uri, options, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NbdException($"NBD server {uri}: connecting and the handshake took longer than {timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is not NbdException && e is IOException or AuthenticationException or ObjectDisposedException or InvalidOperationException)
        {
            throw new NbdException($"NBD server {uri}: the handshake failed: {e.Message}", e);
        }
    }

    /// <summary>The id of a metadata context on the connection that answered; null when it is not in use there.</summary>
    public uint? ContextId(string name)
    {
        foreach ((uint id, string context) in Volatile.Read(ref _connection).Contexts)
        {
            if (context == name)
                return id;
        }

        return null;
    }

    /// <summary>Sends a request, again where a connection is lost, and waits for the answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="buffer">For a read: where the data go.</param>
    /// <param name="payload">For a write: the data.</param>
    /// <param name="hold">Is given what is on its way, for the case that the caller leaves.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NbdException">The server answers with an error, or there is none to be had.</exception>
    public async ValueTask<NbdCall> RunAsync(NbdRequest request, Memory<byte> buffer, ReadOnlyMemory<byte> payload, NbdHold hold, CancellationToken cancellationToken)
    {
        long lost = 0;
        while (true)
        {
            NbdConnection connection = await CurrentAsync(request, lost, cancellationToken).ConfigureAwait(false);
            var call = new NbdCall(request, buffer, payload);
            hold.Call = call;
            try
            {
                await connection.ExecuteAsync(call, cancellationToken).ConfigureAwait(false);
            }
            catch (NbdConnectionLostException e)
            {
                if (!e.CanRetry || _options.ReconnectTimeout <= TimeSpan.Zero || _closing.IsCancellationRequested)
                    throw new NbdException($"{Describe(request)}: {e.Message}", e);
                lost = lost == 0 ? Environment.TickCount64 : lost;
                continue;
            }

            if (call.Error == NbdError.None)
                return call;
            if (call.Error == NbdError.Shutdown && _options.ReconnectTimeout > TimeSpan.Zero)
            {
                connection.Fail(new NbdConnectionLostException("the server is ending", canRetry: true));
                lost = lost == 0 ? Environment.TickCount64 : lost;
                continue;
            }

            throw Failed(call);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _connecting.WaitAsync().ConfigureAwait(false);
        try
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async ValueTask<NbdConnection> CurrentAsync(NbdRequest request, long lost, CancellationToken cancellationToken)
    {
        NbdConnection current = Volatile.Read(ref _connection);
        if (current.IsAlive || _options.ReconnectTimeout <= TimeSpan.Zero)
            return current;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await _connecting.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                return _connection.IsAlive ? _connection : await ReconnectAsync(request, lost == 0 ? Environment.TickCount64 : lost, stop.Token).ConfigureAwait(false);
            }
            finally
            {
                _connecting.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NbdException($"{Describe(request)}: the disk was closed");
        }
    }

    private async ValueTask<NbdConnection> ReconnectAsync(NbdRequest request, long lost, CancellationToken stop)
    {
        NbdException? last = null;
        for (int delay = FirstDelay; ; delay = Math.Min(2 * delay, LongestDelay))
        {
            double rest = _options.ReconnectTimeout.TotalMilliseconds - (Environment.TickCount64 - lost);
            if (rest <= 0)
            {
                throw new NbdException(
                    $"{Describe(request)}: the connection was lost and could not be restored within {_options.ReconnectTimeout.TotalSeconds:0.###} s"
                    + (last is null ? "" : $": {last.Message}"),
                    last);
            }

            try
            {
                TimeSpan timeout = TimeSpan.FromMilliseconds(Math.Min(rest, _options.ConnectTimeout.TotalMilliseconds));
                NbdConnection next = await ConnectAsync(_uri, _options, timeout, static (u, o, c) => NbdConnection.OpenAsync(u, o, c), stop).ConfigureAwait(false);
                if (!IsSame(next.Info))
                {
                    await next.DisposeAsync().ConfigureAwait(false);
                    throw new NbdException($"{Describe(request)}: the connection was lost, and now there is another export of that name, with {next.Info.Length} bytes instead of {Info.Length}");
                }

                NbdConnection old = _connection;
                Volatile.Write(ref _connection, next);
                await old.DisposeAsync().ConfigureAwait(false);
                return next;
            }
            catch (NbdException e)
            {
                last = e;
            }

            rest = _options.ReconnectTimeout.TotalMilliseconds - (Environment.TickCount64 - lost);
            await Task.Delay((int)Math.Clamp(rest, 1, delay), stop).ConfigureAwait(false);
        }
    }

    private bool IsSame(NbdExportInfo other)
        => other.Length == Info.Length && other.MinimumBlockSize == Info.MinimumBlockSize && other.MaximumPayload >= Info.MaximumPayload
            && (Info.Flags & ~other.Flags) == NbdExportFlags.None && ((other.Flags & ~Info.Flags) & NbdExportFlags.ReadOnly) == 0;

    private string Describe(NbdRequest request)
        => $"NBD export '{_uri.ExportName}' at {_uri}: {request.Command} of {request.Length} bytes at byte {request.Offset}";

    private NbdException Failed(NbdCall call)
    {
        string name = call.Error switch
        {
            NbdError.NotPermitted => "not permitted (NBD_EPERM)",
            NbdError.InputOutput => "input/output error (NBD_EIO)",
            NbdError.NoMemory => "no memory (NBD_ENOMEM)",
            NbdError.Invalid => "invalid request (NBD_EINVAL)",
            NbdError.NoSpace => "no space (NBD_ENOSPC)",
            NbdError.Overflow => "too long (NBD_EOVERFLOW)",
            NbdError.NotSupported => "not supported (NBD_ENOTSUP)",
            NbdError.Shutdown => "the server is ending (NBD_ESHUTDOWN)",
            _ => $"error {(uint)call.Error}",
        };
        string text = call.ErrorText.Length == 0 ? "" : $": {call.ErrorText}";
        return new NbdException($"{Describe(call.Request)}: the server answers: {name}{text}", call.Error, (long)call.Request.Offset);
    }
}
