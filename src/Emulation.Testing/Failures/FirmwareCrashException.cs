using Emulation.Core;

namespace Emulation.Testing;

/// <summary>The firmware did something that ended the run: an access to what no device models, an exception without a handler, a lock-up.</summary>
/// <param name="summary">What it did.</param>
/// <param name="report">The state of the board.</param>
/// <param name="fault">The fault; null where there is none.</param>
public sealed class FirmwareCrashException(string summary, string report, GuestFault? fault) : FirmwareTestException(summary, report)
{
    /// <summary>The fault; null where there is none.</summary>
    public GuestFault? Fault { get; } = fault;
}
