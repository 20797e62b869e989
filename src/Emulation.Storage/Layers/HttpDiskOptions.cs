namespace Emulation.Storage;

/// <summary>How a file on a web server is read.</summary>
public sealed record HttpDiskOptions
{
    /// <summary>Sends the requests, with headers and handlers of your own; stays open. It must not decompress. None makes one that follows redirects.</summary>
    public HttpClient? Client { get; init; }

    /// <summary>Bytes of one request: a power of two from 4 KiB to 64 MiB.</summary>
    public int RequestSize { get; init; } = 256 << 10;

    /// <summary>Bytes that are asked for ahead when reads are in sequence; 0 for none.</summary>
    public int ReadAhead { get; init; } = 1 << 20;

    /// <summary>Most requests that are under way at once.</summary>
    public int MaxRequests { get; init; } = 4;

    /// <summary>How often a request is sent again after a status of 408, 429 or 5xx, a timeout or a broken connection.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The wait before the second try; it doubles each time, up to 30 seconds.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest time of one request from its start to its last byte.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of waits and timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
