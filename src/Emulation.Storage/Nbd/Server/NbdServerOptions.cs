namespace Emulation.Storage;

/// <summary>Limits and security of an NBD server.</summary>
public sealed record NbdServerOptions
{
    /// <summary>TLS; null for a server without.</summary>
    public NbdServerTls? Tls { get; init; }

    /// <summary>Most connections at a time; others wait until one ends.</summary>
    public int MaxConnections { get; init; } = 128;

    /// <summary>Most requests of one connection that are under way; the next is not read before one has been answered.</summary>
    public int MaxRequests { get; init; } = 32;

    /// <summary>Most bytes of requests and replies of one connection that are held in memory; one request of up to 32 MiB is always possible.</summary>
    public long MaxBytesInFlight { get; init; } = 64 << 20;

    /// <summary>How long a peer may take to choose an export.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests that are under way may take when the server ends; then they are cancelled.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told in a sentence why a connection ended badly or a request failed; called on any thread.</summary>
    public Action<string>? Log { get; init; }
}
