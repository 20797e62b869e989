using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The clocks of an nRF51. nRF51 Series Reference Manual, chapter 13, "Clock management (CLOCK)".</summary>
public sealed class NrfClocks
{
    /// <summary>Creates the clocks.</summary>
    /// <param name="tree">The machine's clock tree.</param>
    public NrfClocks(ClockTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        Tree = tree;
        // the RC oscillator stands in until the crystal runs, with the same frequency
        Hfclk = tree.Source("hfclk", 16_000_000);
        Lfosc = tree.Source("lfosc", 32_768);
        Lfclk = tree.Gate("lfclk", Lfosc);
    }

    /// <summary>The tree they belong to.</summary>
    public ClockTree Tree { get; }

    /// <summary>The clock of the CPU and the peripherals.</summary>
    public ClockSource Hfclk { get; }

    /// <summary>The clock of RTC and watchdog.</summary>
    public ClockSignal LowFrequency => Lfclk;

    internal ClockGate Lfclk { get; }

    /// <summary>The low-frequency oscillators: a deviation is drift.</summary>
    public ClockSource Lfosc { get; }
}
