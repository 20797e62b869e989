using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Emulation.Storage;

/// <summary>Offers disks over the network or a Unix socket, as the NBD protocol has it (doc/proto.md of the nbd repository): fixed newstyle
/// negotiation, structured replies, block status, several exports, several connections to each, TLS.</summary>
/// <remarks>A peer that breaks the protocol, or leaves, or sends nothing ends its own connection and nothing else.</remarks>
public sealed class NbdServer : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServedExport> _exports = [];
    private readonly List<Socket> _listeners = [];
    private readonly List<string> _socketFiles = [];
    private readonly HashSet<Task> _tasks = [];
    private readonly HashSet<NbdTransport> _connections = [];
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _lastLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _clients;
    private Task? _disposal;

    /// <summary>Creates a server that listens nowhere yet.</summary>
    /// <param name="options">Limits and security; null for the defaults.</param>
    public NbdServer(NbdServerOptions? options = null)
    {
        Options = options ?? new NbdServerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.MaxConnections, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.MaxRequests, 1, nameof(options));
        _slots = new SemaphoreSlim(Options.MaxConnections);
    }

    /// <summary>Limits and security.</summary>
    public NbdServerOptions Options { get; }

    /// <summary>Completes when there were clients that used an export, and the last of them has left.</summary>
    public Task LastClientLeft => _lastLeft.Task;

    /// <summary>How many clients use an export now.</summary>
    public int Clients => Volatile.Read(ref _clients);

    internal IReadOnlyList<ServedExport> Exports
    {
        get
        {
            lock (_lock)
                return [.. _exports.Values];
        }
    }

    /// <summary>Offers a disk.</summary>
    /// <param name="export">The disk and its name.</param>
    /// <exception cref="ArgumentException">The name is taken or too long, or the disk has no such bitmap.</exception>
    public void Add(NbdExport export)
    {
        ArgumentNullException.ThrowIfNull(export);
        foreach (string text in (string[])[export.Name, export.Description ?? ""])
        {
            if (System.Text.Encoding.UTF8.GetByteCount(text) > NbdProtocol.MaxString || text.Contains('\0', StringComparison.Ordinal))
                throw new ArgumentException($"names and descriptions of exports have at most {NbdProtocol.MaxString} bytes and no NUL", nameof(export));
        }

        foreach (string bitmap in export.Bitmaps)
        {
            if (export.Device is not Qcow2Image image || image.Bitmaps.All(b => b.Name != bitmap))
                throw new ArgumentException($"the disk of export '{export.Name}' has no bitmap '{bitmap}'", nameof(export));
        }

        lock (_lock)
        {
            RangeGate gate = _exports.Values.FirstOrDefault(e => ReferenceEquals(e.Device, export.Device))?.Gate ?? new RangeGate();
            if (!_exports.TryAdd(export.Name, new ServedExport(export, gate)))
                throw new ArgumentException($"there is an export '{export.Name}' already", nameof(export));
        }
    }

    /// <summary>Lets clients connect over TCP.</summary>
    /// <param name="endPoint">Address and port; port 0 takes a free one.</param>
    /// <returns>Where the default export is now.</returns>
    /// <exception cref="NbdException">The address or port is not to be had.</exception>
    public NbdUri Listen(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var local = (IPEndPoint)Listen(endPoint, ProtocolType.Tcp).LocalEndPoint!;
        return new NbdUri { Host = local.Address.ToString(), Port = local.Port, Tls = Options.Tls is { Required: true } };
    }

    /// <summary>Lets clients connect over a Unix socket.</summary>
    /// <param name="path">Its path: there is nothing yet, or a socket on which nobody listens. It is deleted with the server.</param>
    /// <returns>Where the default export is now.</returns>
    /// <exception cref="NbdException">There is something already, or it cannot be made.</exception>
    public NbdUri Listen(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        NbdEndPoint.RemoveStale(path);
        Listen(NbdEndPoint.Unix(path), ProtocolType.Unspecified);
        if (path[0] != '\0')
            _socketFiles.Add(Path.GetFullPath(path));
        return new NbdUri { Socket = path, Tls = Options.Tls is { Required: true } };
    }

    /// <summary>Serves one client on a connection of your own: a pipe, a tunnel, a socket that was accepted elsewhere.</summary>
    /// <param name="stream">The connection; closed at the end.</param>
    /// <returns>Completes when the client has left.</returns>
    public Task ServeAsync(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        return RunAsync(stream, "a stream");
    }

    /// <summary>Ends the server: nobody can connect any more, requests that are under way are answered, connections are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        Task disposal;
        lock (_lock)
            disposal = _disposal ??= Task.Run(EndAsync);
        await disposal.ConfigureAwait(false);
    }

    /// <summary>Ends the server: nobody can connect any more, requests that are under way are answered, connections are closed.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal ServedExport? Find(string name)
    {
        lock (_lock)
            return _exports.GetValueOrDefault(name);
    }

    private Socket Listen(EndPoint endPoint, ProtocolType protocol)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol);
        try
        {
            // set by hand on Unix only: elsewhere it would let others share the port
            socket.Bind(endPoint);
            socket.Listen(Math.Min(Options.MaxConnections, 128));
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new NbdException($"cannot listen on {endPoint}: {e.Message}", e);
        }

        lock (_lock)
            _listeners.Add(socket);
        Track(Task.Run(() => AcceptAsync(socket)));
        return socket;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            bool entered = false;
            try
            {
                await _slots.WaitAsync(_stop.Token).ConfigureAwait(false);
                entered = true;
                Socket socket = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                entered = false;
                NbdEndPoint.Tune(socket);
                Track(Task.Run(() => RunThenLeaveAsync(socket)));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // no more files, or a peer that left before it was let in: others may still come
                Options.Log?.Invoke($"a connection could not be accepted: {e.Message}");
                await Task.Delay(50).ConfigureAwait(false);
            }
            finally
            {
                if (entered)
                    _slots.Release();
            }
        }
    }

    private async Task RunThenLeaveAsync(Socket socket)
    {
        try
        {
            string peer = socket.AddressFamily == AddressFamily.Unix ? "a Unix socket" : socket.RemoteEndPoint?.ToString() ?? "a peer";
            await RunAsync(new NetworkStream(socket, ownsSocket: true), peer).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            socket.Dispose(); // it left before anything began
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task RunAsync(Stream stream, string peer)
    {
        var transport = new NbdTransport(stream);
        lock (_lock)
            _connections.Add(transport);
        NbdTransport current = transport;
        try
        {
            var negotiation = new NbdNegotiation(transport, this);
            NbdSessionSetup? setup;
            using (var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
            {
                timeout.CancelAfter(Options.HandshakeTimeout);
                try
                {
                    setup = await negotiation.RunAsync(timeout.Token).ConfigureAwait(false);
                }
                finally
                {
                    current = negotiation.Transport;
                }
            }

            if (setup is not null)
                await ServeAsync(current, setup).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Options.Log?.Invoke(_stop.IsCancellationRequested ? $"{peer}: closed, the server is ending" : $"{peer}: the handshake took too long");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or AuthenticationException or ObjectDisposedException or SocketException or InvalidOperationException)
        {
            Options.Log?.Invoke($"{peer}: {e.Message}");
        }
        finally
        {
            await current.DisposeAsync().ConfigureAwait(false);
            transport.Close();
            lock (_lock)
                _connections.Remove(transport);
        }
    }

    private async Task ServeAsync(NbdTransport transport, NbdSessionSetup setup)
    {
        Interlocked.Increment(ref _clients);
        try
        {
            await new NbdSession(transport, setup, Options, _abort.Token).RunAsync(_stop.Token).ConfigureAwait(false);
        }
        finally
        {
            if (Interlocked.Decrement(ref _clients) == 0)
                _lastLeft.TrySetResult();
        }
    }

    private void Track(Task task)
    {
        lock (_lock)
            _tasks.Add(task);
        _ = task.ContinueWith(
            done =>
            {
                lock (_lock)
                    _tasks.Remove(done);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] tasks;
        lock (_lock)
        {
            foreach (Socket listener in _listeners)
                listener.Dispose();
            tasks = [.. _tasks];
        }

        foreach (string path in _socketFiles)
            NbdEndPoint.Delete(path);
        if (!await EndedAsync(tasks).ConfigureAwait(false))
        {
            await _abort.CancelAsync().ConfigureAwait(false);
            lock (_lock)
            {
                foreach (NbdTransport connection in _connections)
                    connection.Close();
            }

            // a device that does not care for its cancellation token is left to itself
            await EndedAsync(tasks).ConfigureAwait(false);
        }
    }

    private async Task<bool> EndedAsync(Task[] tasks)
    {
        try
        {
            await Task.WhenAll(tasks).WaitAsync(Options.ShutdownTimeout).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
