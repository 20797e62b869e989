namespace Emulation.Storage;

/// <summary>How fast a throttled device may be. What is not given is not limited; a request waits for all limits that apply to it.</summary>
public sealed record ThrottleOptions
{
    /// <summary>For reads and writes together.</summary>
    public ThrottleRate? Total { get; init; }

    /// <summary>For reads.</summary>
    public ThrottleRate? Reads { get; init; }

    /// <summary>For writes, zeroing included. Discards count as operations of no bytes.</summary>
    public ThrottleRate? Writes { get; init; }

    /// <summary>The clock that requests wait by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A rate and how far a burst may run ahead of it.</summary>
public sealed record ThrottleRate
{
    /// <summary>Bytes per second; 0 for no limit.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Bytes that may pass at once after a pause; 0 for those of a tenth of a second.</summary>
    public long BurstBytes { get; init; }

    /// <summary>Requests per second; 0 for no limit.</summary>
    public long OperationsPerSecond { get; init; }

    /// <summary>Requests that may pass at once after a pause; 0 for those of a tenth of a second.</summary>
    public long BurstOperations { get; init; }
}
