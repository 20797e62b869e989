using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emulation.Core;

/// <summary>Where mistakes of a guest are recorded: each distinct one once, so that a looping guest cannot flood the host.</summary>
/// <param name="logger">The sink.</param>
public sealed class GuestLog(ILogger? logger = null)
{
    private const int MaxDistinct = 1000;
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private readonly ConcurrentDictionary<(string, string), byte> _seen = new();

    /// <summary>Raised for each line that is logged (device, message).</summary>
    public event Action<string, string>? Logged;

    /// <summary>Records a guest error of <paramref name="device"/>; a repeated message is dropped.</summary>
    /// <param name="device">Name of the device or region.</param>
    /// <param name="message">What the guest did.</param>
    public void Error(string device, string message)
    {
        if (_seen.Count >= MaxDistinct || !_seen.TryAdd((device, message), 0))
            return;
        _logger.LogWarning("{Device}: {Message}", device, message);
        Logged?.Invoke(device, message);
    }
}
