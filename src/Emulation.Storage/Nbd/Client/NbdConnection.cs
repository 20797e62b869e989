using System.Net;
using System.Net.Sockets;

namespace Emulation.Storage;

/// <summary>One connection to an export: requests go out in any number, and answers find their request by its cookie.</summary>
internal sealed class NbdConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly NbdTransport _transport;
    private readonly Dictionary<ulong, NbdCall> _calls = [];
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _responseTimeout;
    private readonly Timer _watch;
    private readonly Task _receiving;
    private NbdConnectionLostException? _failure;
    private ulong _nextCookie = 1;

    private NbdConnection(NbdTransport transport, NbdExportInfo info, bool structured, List<(uint Id, string Name)> contexts, NbdClientOptions options)
    {
        _transport = transport;
        Info = info with { Contexts = contexts.ConvertAll(static c => c.Name) };
        Contexts = contexts;
        _slots = new SemaphoreSlim(options.MaxRequests);
        _responseTimeout = options.ResponseTimeout;
        TimeSpan period = TimeSpan.FromMilliseconds(Math.Clamp(_responseTimeout.TotalMilliseconds / 4, 20, 1000));
        _watch = new Timer(static self => ((NbdConnection)self!).Watch(), this, period, period);
        var receiver = new NbdReceiver(transport, structured, contexts, Take, Finish);
        _receiving = Task.Run(() => ReceiveAsync(receiver));
    }

    public NbdExportInfo Info { get; }

    /// <summary>Metadata contexts in use.</summary>
    public IReadOnlyList<(uint Id, string Name)> Contexts { get; }

    public bool IsAlive => Volatile.Read(ref _failure) is null;

    /// <summary>Connects and begins TLS; then options can be sent.</summary>
    public static async ValueTask<NbdClientHandshake> BeginAsync(NbdUri uri, NbdClientOptions options, CancellationToken cancellationToken)
    {
        NbdClientTls? tls = options.Tls;
        if (tls is null && uri.TlsCertificates is { } directory)
            tls = NbdClientTls.FromDirectory(directory);
        if (tls is null && uri.Tls)
            tls = new NbdClientTls();
        var transport = new NbdTransport(await DialAsync(uri, cancellationToken).ConfigureAwait(false));
        var handshake = new NbdClientHandshake(transport, uri);
        try
        {
            await handshake.BeginAsync(tls, cancellationToken).ConfigureAwait(false);
            return handshake;
        }
        catch
        {
            handshake.Transport.Close();
            transport.Close();
            throw;
        }
    }

    /// <summary>Connects and begins to use the export.</summary>
    /// <exception cref="NbdException">That does not work.</exception>
    public static async ValueTask<NbdConnection> OpenAsync(NbdUri uri, NbdClientOptions options, CancellationToken cancellationToken)
    {
        NbdClientHandshake handshake = await BeginAsync(uri, options, cancellationToken).ConfigureAwait(false);
        try
        {
            await handshake.AgreeOnStructureAsync(cancellationToken).ConfigureAwait(false);
            string[] wanted = options.Bitmap is { } bitmap
                ? [NbdProtocol.AllocationContext, NbdProtocol.DirtyBitmapPrefix + bitmap]
                : [NbdProtocol.AllocationContext];
            List<(uint Id, string Name)> contexts = await handshake.ContextsAsync(uri.ExportName, wanted, cancellationToken).ConfigureAwait(false);
            if (options.Bitmap is not null && contexts.TrueForAll(c => c.Name != wanted[^1]))
                throw handshake.Error($"export '{uri.ExportName}' has no bitmap '{options.Bitmap}'");
            NbdExportInfo info = await handshake.InfoAsync(uri.ExportName, go: true, cancellationToken).ConfigureAwait(false);
            return new NbdConnection(handshake.Transport, info, handshake.Structured, contexts, options);
        }
        catch
        {
            handshake.Transport.Close();
            throw;
        }
    }

    /// <summary>Sends a request and waits for the answer, which may be an error.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent goes on without the caller.</param>
    /// <exception cref="NbdConnectionLostException">There will be no answer.</exception>
    public async ValueTask ExecuteAsync(NbdCall call, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (_failure is null)
            {
                // what has waited for work until now was not waiting for an answer
                if (_calls.Count == 0)
                    _transport.Touch();
                call.Request = call.Request with { Cookie = _nextCookie++ };
                _calls.Add(call.Request.Cookie, call);
            }
        }

        if (_failure is { } failure)
        {
            _slots.Release();
            call.Fail(failure);
            throw failure;
        }

        byte[] header = new byte[NbdProtocol.RequestLength];
        call.Request.Write(header);
        try
        {
            await _transport.SendAsync(header, call.Payload, cancellationToken, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // nothing of it was sent
            Finish(call);
            call.Fail(new NbdConnectionLostException("the request was not sent", canRetry: true));
            throw;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            Fail(new NbdConnectionLostException($"the connection was lost: {e.Message}", canRetry: true, e));
        }

        try
        {
            await call.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            call.Abandon();
            throw;
        }
    }

    /// <summary>Gives the connection up.</summary>
    public void Fail(NbdConnectionLostException reason)
    {
        NbdCall[] calls;
        lock (_lock)
        {
            if (_failure is not null)
                return;
            Volatile.Write(ref _failure, reason);
            calls = [.. _calls.Values];
            _calls.Clear();
        }

        _watch.Dispose();
        _stop.Cancel();
        _transport.Close();
        foreach (NbdCall call in calls)
        {
            call.Fail(reason);
            _slots.Release();
        }
    }

    /// <summary>Takes leave of the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsAlive)
        {
            byte[] header = new byte[NbdProtocol.RequestLength];
            new NbdRequest(NbdCommandFlags.None, NbdCommand.Disconnect, 0, 0, 0).Write(header);
            using var goodbye = new CancellationTokenSource(s_goodbye);
            try
            {
                await _transport.SendAsync(header, default, goodbye.Token, goodbye.Token).ConfigureAwait(false);
                await _transport.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
                // it was gone already
            }
        }

        Fail(new NbdConnectionLostException("the disk was closed", canRetry: false));
        await _receiving.ConfigureAwait(false);
    }

    private static async ValueTask<Stream> DialAsync(NbdUri uri, CancellationToken cancellationToken)
    {
        EndPoint endPoint = uri.Socket is { } path ? NbdEndPoint.Unix(path)
            : IPAddress.TryParse(uri.Host, out IPAddress? address) ? new IPEndPoint(address, uri.Port)
            : new DnsEndPoint(uri.Host, uri.Port);
        Socket socket = uri.Socket is not null ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : endPoint is IPEndPoint ip ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            NbdEndPoint.Tune(socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new NbdException($"NBD server {uri}: cannot connect: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ReceiveAsync(NbdReceiver receiver)
    {
        try
        {
            await receiver.RunAsync(_stop.Token).ConfigureAwait(false);
            Fail(new NbdConnectionLostException("the server closed the connection", canRetry: true));
        }
        catch (InvalidDataException e)
        {
            Fail(new NbdConnectionLostException($"the server breaks the protocol: {e.Message}", canRetry: false, e));
        }
        catch (Exception e)
        {
            // whatever it is, those who wait must hear of it
            Fail(new NbdConnectionLostException($"the connection was lost: {e.Message}", canRetry: true, e));
        }
    }

    private NbdCall? Take(ulong cookie)
    {
        lock (_lock)
            return _calls.GetValueOrDefault(cookie);
    }

    private void Finish(NbdCall call)
    {
        bool removed;
        lock (_lock)
            removed = _calls.Remove(call.Request.Cookie);
        if (removed)
            _slots.Release();
    }

    private void Watch()
    {
        bool waiting;
        lock (_lock)
            waiting = _calls.Count > 0;
        if (waiting && Environment.TickCount64 - _transport.LastActivity > _responseTimeout.TotalMilliseconds)
            Fail(new NbdConnectionLostException($"the server has not answered for {_responseTimeout.TotalSeconds:0.###} s", canRetry: true));
    }
}
