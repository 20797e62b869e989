namespace Emulation.Testing;

/// <summary>A line that firmware sent.</summary>
/// <param name="Text">The line without its ending.</param>
/// <param name="Nanoseconds">Virtual time at which it was complete.</param>
public readonly record struct ReceivedLine(string Text, long Nanoseconds);
