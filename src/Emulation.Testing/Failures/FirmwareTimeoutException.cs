namespace Emulation.Testing;

/// <summary>What a test waits for did not happen in the virtual time it had.</summary>
/// <param name="summary">What was expected.</param>
/// <param name="report">The state of the board.</param>
public sealed class FirmwareTimeoutException(string summary, string report) : FirmwareTestException(summary, report);
