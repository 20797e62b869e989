using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The clocks of a SiFive FE310. FE310-G002 Manual, "Power, Reset, Clock, Interrupt (PRCI)" and "Always-On Power Domain".</summary>
/// <remarks>The manual gives ranges for the ring oscillators; here they have 72 MHz and 160 kHz at their reset trim, and each step of trim changes that by 1 %.</remarks>
public sealed class SifiveClocks
{
    /// <summary>Hertz of the high-frequency ring oscillator at its reset trim, before its divider.</summary>
    public const ulong RingOscillator = 72_000_000;

    /// <summary>Hertz of the low-frequency ring oscillator at its reset trim, before its divider.</summary>
    public const ulong LowRingOscillator = 160_000;

    /// <summary>Creates the clocks.</summary>
    /// <param name="tree">The machine's clock tree.</param>
    /// <param name="crystal">Hertz of the crystal at HFXOSC.</param>
    /// <param name="lowFrequency">Hertz of the board's low-frequency oscillator (psdlfaltclk).</param>
    public SifiveClocks(ClockTree tree, ulong crystal = 16_000_000, ulong lowFrequency = 32_768)
    {
        ArgumentNullException.ThrowIfNull(tree);
        Hfrosc = tree.Source("hfrosc", RingOscillator);
        Hfroscclk = tree.Divider("hfroscclk", Hfrosc, divider: 5);
        Hfxosc = tree.Source("hfxoscclk", crystal);
        PllReference = tree.Mux("pllref", 1, Hfroscclk, Hfxosc);
        Pll = tree.Divider("pll", PllReference);
        PllOutput = tree.Mux("pllout", 1, Pll, PllReference);
        Pllclk = tree.Divider("pllclk", PllOutput);
        Hfclk = tree.Mux("hfclk", 0, Hfroscclk, Pllclk);
        Lfrosc = tree.Source("lfrosc", LowRingOscillator);
        Lfroscclk = tree.Divider("lfroscclk", Lfrosc, divider: 5);
        Lfaltclk = tree.Source("lfaltclk", lowFrequency);
        Lfclk = tree.Mux("lfclk", 1, Lfroscclk, Lfaltclk);
    }

    /// <summary>The clock of the core and the peripherals.</summary>
    public ClockMux Hfclk { get; }

    /// <summary>The clock of the always-on domain and of <c>mtime</c>.</summary>
    public ClockMux Lfclk { get; }

    internal ClockSource Hfrosc { get; }

    internal ClockDivider Hfroscclk { get; }

    internal ClockSource Hfxosc { get; }

    internal ClockMux PllReference { get; }

    internal ClockDivider Pll { get; }

    internal ClockMux PllOutput { get; }

    internal ClockDivider Pllclk { get; }

    internal ClockSource Lfrosc { get; }

    internal ClockDivider Lfroscclk { get; }

    internal ClockSource Lfaltclk { get; }

    /// <summary>Applies a trim value of five bits to a ring oscillator.</summary>
    internal static void Trim(ClockSource oscillator, ulong trim)
    {
        const int PartsPerStep = 10_000;
        const int ResetTrim = 16;
        oscillator.Deviation = ((int)trim - ResetTrim) * PartsPerStep;
    }
}
