using System.Net.Sockets;

namespace Emulation.Storage.Tests.Nbd;

/// <summary>A server that says what a test wants.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Socket> _peers = [];

    /// <summary>Creates a server that talks to each peer as <paramref name="talk"/> does; the connection stays open until the end unless it closes it.</summary>
    public FakeServer(Func<NetworkStream, Task> talk)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_folder["s"]));
        _listener.Listen();
        Uri = new NbdUri { Socket = _folder["s"] };
        _ = Task.Run(async () =>
        {
            while (true)
            {
                Socket peer = await _listener.AcceptAsync();
                _peers.Add(peer);
                _ = Task.Run(() => talk(new NetworkStream(peer, ownsSocket: true)));
            }
        });
    }

    public NbdUri Uri { get; }

    /// <summary>A server that is honest in the handshake and answers the first requests with given bytes.</summary>
    public static FakeServer After(byte[] handshake, params byte[][] replies) => new(async stream =>
    {
        await stream.WriteAsync(handshake);
        await stream.ReadExactlyAsync(new byte[NbdBytes.ClientHandshake]);
        foreach (byte[] reply in replies)
        {
            await stream.ReadExactlyAsync(new byte[28]);
            await stream.WriteAsync(reply);
        }
    });

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Socket peer in _peers)
            peer.Dispose();
        _folder.Dispose();
    }
}
