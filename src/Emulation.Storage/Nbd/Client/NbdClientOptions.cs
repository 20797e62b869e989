namespace Emulation.Storage;

/// <summary>How an NBD export is used.</summary>
public sealed record NbdClientOptions
{
    /// <summary>Whether changes are refused although the server would take them.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>TLS; null for what the URI says: none for <c>nbd</c>, the host's trust for <c>nbds</c>.</summary>
    public NbdClientTls? Tls { get; init; }

    /// <summary>How long connecting and the handshake may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server may send nothing, and take nothing, while it owes replies; then the connection counts as lost.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a lost connection is tried again; requests wait meanwhile and are then sent once more. Zero: they fail at once.</summary>
    public TimeSpan ReconnectTimeout { get; init; }

    /// <summary>Most requests under way at a time.</summary>
    public int MaxRequests { get; init; } = 32;

    /// <summary>A bitmap of the server whose bits <see cref="NbdDisk.GetWrittenAsync"/> reads; null for none.</summary>
    public string? Bitmap { get; init; }
}
