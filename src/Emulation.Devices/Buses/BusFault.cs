namespace Emulation.Devices;

/// <summary>A fault that a test injected into a bus, and the evidence that it happened.</summary>
public sealed class BusFault
{
    internal BusFault(BusFaultKind kind, int countdown, uint mask = 0) => (Kind, Countdown, Mask) = (kind, countdown, mask);

    /// <summary>Whether it has happened: a fault that missed is a failed test.</summary>
    public bool Fired { get; internal set; }

    internal BusFaultKind Kind { get; }

    internal uint Mask { get; }

    /// <summary>Units (bytes, words, frames) until it happens; 1 is the next.</summary>
    internal int Countdown { get; set; }
}
