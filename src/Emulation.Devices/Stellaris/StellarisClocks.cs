using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The clocks of a Fury-class Stellaris microcontroller. LM3S6965 data sheet, "Clock Control". The system control sets them; each peripheral has a gate of its name.</summary>
public sealed class StellarisClocks : IDevice
{
    internal const uint PllFrequency = 400_000_000;
    private readonly ClockTree _tree = new();
    private readonly Dictionary<string, ClockGate> _gates = [];

    /// <summary>Creates the clocks.</summary>
    /// <param name="crystal">Hertz of the main oscillator's crystal.</param>
    public StellarisClocks(ulong crystal)
    {
        ArgumentOutOfRangeException.ThrowIfZero(crystal);
        Main = _tree.Source("MOSC", crystal, enabled: false);
        Internal = _tree.Source("IOSC", 12_000_000);
        ClockDivider quarter = _tree.Divider("IOSC/4", Internal, 4);
        Slow = _tree.Source("IOSC30", 30_000);
        Hibernation = _tree.Source("HIBCLK", 32_768);
        Oscillator = _tree.Mux("OSC", 1, Main, Internal, quarter, Slow, null, null, null, Hibernation);
        Pll = _tree.Divider("PLL", Oscillator, 1, 0);
        ClockDivider half = _tree.Divider("PLL/2", Pll, 2);
        Source = _tree.Mux("SYSSRC", 0, Oscillator, half);
        System = _tree.Divider("SYSCLK", Source);
        PwmDivider = _tree.Divider("PWMDIV", System);
        Converter = _tree.Mux("ADCCLK", 0, null, _tree.Divider("PLL/25", Pll, 25));
        foreach (StellarisUnit unit in StellarisUnit.All)
            _gates.Add(unit.Name, _tree.Gate(unit.Name, unit.Name == "PWM" ? PwmDivider : System));
    }

    /// <inheritdoc/>
    public string Name => _tree.Name;

    /// <summary>The main oscillator.</summary>
    public ClockSource Main { get; }

    /// <summary>The internal oscillator, nominally 12 MHz.</summary>
    public ClockSource Internal { get; }

    /// <summary>The internal oscillator of nominally 30 kHz.</summary>
    public ClockSource Slow { get; }

    /// <summary>The oscillator of the hibernation module.</summary>
    public ClockSource Hibernation { get; }

    /// <summary>The system clock: CPU and peripherals.</summary>
    public ClockDivider System { get; }

    /// <summary>16 MHz of the PLL for the converter; stands still while the PLL does.</summary>
    public ClockMux Converter { get; }

    internal ClockMux Oscillator { get; }

    internal ClockDivider Pll { get; }

    internal ClockMux Source { get; }

    internal ClockDivider PwmDivider { get; }

    /// <summary>The clock of a peripheral.</summary>
    /// <param name="name">Such as <c>UART0</c>.</param>
    public ClockGate Gate(string name) => _gates[name];

    /// <inheritdoc/>
    public void Reset() => _tree.Reset();

    /// <inheritdoc/>
    public void Save(StateWriter writer) => _tree.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => _tree.Load(reader);
}
