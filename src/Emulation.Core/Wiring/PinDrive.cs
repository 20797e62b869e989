namespace Emulation.Core;

/// <summary>What one party does to a <see cref="Pin"/>.</summary>
public enum PinDrive
{
    /// <summary>Nothing: high impedance.</summary>
    Floating,

    /// <summary>A weak resistor to ground.</summary>
    PullDown,

    /// <summary>A weak resistor to the supply.</summary>
    PullUp,

    /// <summary>Ground.</summary>
    Low,

    /// <summary>The supply voltage.</summary>
    High,

    /// <summary>A voltage: <see cref="PinDriver.Millivolts"/>.</summary>
    Analog,
}
