using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The clocks of an STM32F405/407. RM0090 7.2, figure 21. The RCC sets them; the board adds it before all peripherals.</summary>
/// <remarks>A system reset leaves the oscillators of the backup domain alone: the <see cref="Stm32F4Rcc"/> settles everything else in its own reset.</remarks>
public sealed class Stm32F4Clocks : IDevice
{
    private readonly ClockTree _tree;
    private readonly Stm32System _system;
    private readonly Dictionary<string, ClockGate> _gates = [];
    private readonly Dictionary<string, ClockGate> _timerGates = [];

    /// <summary>Creates the clocks.</summary>
    /// <param name="system">Says which reset is coming.</param>
    /// <param name="hse">Frequency of the crystal or clock at OSC_IN; 0 for none.</param>
    /// <param name="lse">Frequency of the crystal or clock at OSC32_IN; 0 for none.</param>
    /// <param name="i2sInput">Frequency of the clock at I2S_CKIN; 0 for none.</param>
    /// <param name="name">Unique in the machine.</param>
    public Stm32F4Clocks(Stm32System system, Frequency hse, Frequency lse = default, Frequency i2sInput = default, string name = "clocks")
    {
        ArgumentNullException.ThrowIfNull(system);
        (_system, Name, _tree) = (system, name, new ClockTree(name));
        Hsi = _tree.Source("HSI", 16_000_000);
        Hse = _tree.Source("HSE", hse, enabled: false);
        Lsi = _tree.Source("LSI", 32_000, enabled: false);
        Lse = _tree.Source("LSE", lse, enabled: false);
        ClockSource i2sPin = _tree.Source("I2S_CKIN", i2sInput);
        PllSource = _tree.Mux("PLLSRC", 0, Hsi, Hse);
        PllInput = _tree.Divider("PLL input", PllSource, 16);
        PllVco = _tree.Divider("PLL VCO", PllInput, 1, 0);
        Pll = _tree.Divider("PLL", PllVco, 2);
        Pll48 = _tree.Divider("PLL48CLK", PllVco, 4);
        PllI2sVco = _tree.Divider("PLLI2S VCO", PllInput, 1, 0);
        PllI2s = _tree.Divider("PLLI2SCLK", PllI2sVco, 2);
        I2s = _tree.Mux("I2SCLK", 0, PllI2s, i2sPin);
        Sysclk = _tree.Mux("SYSCLK", 0, Hsi, Hse, Pll);
        Hclk = _tree.Divider("HCLK", Sysclk);
        Bus = _tree.Gate("bus clock", Hclk, enabled: true);
        SysTick = _tree.Divider("HCLK/8", Bus, 8);
        Pclk1 = _tree.Divider("PCLK1", Bus);
        Pclk2 = _tree.Divider("PCLK2", Bus);
        TimerClock1 = _tree.Divider("APB1 timer clock", Bus);
        TimerClock2 = _tree.Divider("APB2 timer clock", Bus);
        HseRtc = _tree.Divider("HSE_RTC", _tree.Gate("HSE_RTC gate", Hse));
        Rtc = _tree.Gate("RTCCLK", RtcSource = _tree.Mux("RTCSEL", 0, null, Lse, Lsi, HseRtc));
        Mco1 = _tree.Divider("MCO1", Mco1Source = _tree.Mux("MCO1 source", 0, Hsi, Lse, Hse, Pll));
        Mco2 = _tree.Divider("MCO2", Mco2Source = _tree.Mux("MCO2 source", 0, Sysclk, PllI2s, Hse, Pll));
        foreach (Stm32RccUnit unit in Stm32F4RccTable.Units.Where(static u => u.Parts.HasFlag(Stm32RccParts.Enable)))
        {
            bool first = unit.Bus == Stm32Bus.Apb1;
            ClockSignal bus = unit.Bus switch { Stm32Bus.Apb1 => Pclk1, Stm32Bus.Apb2 => Pclk2, _ => Bus };
            bool on = (Stm32F4RccTable.EnableReset(unit.Bus) >> unit.Bit & 1) != 0;
            _gates.Add(unit.Name, _tree.Gate(unit.Name, bus, on));
            if (unit.Parts.HasFlag(Stm32RccParts.Timer))
                _timerGates.Add(unit.Name, _tree.Gate($"{unit.Name} counter", first ? TimerClock1 : TimerClock2, on));
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>All clocks.</summary>
    public IReadOnlyList<ClockSignal> Signals => _tree.Signals;

    /// <summary>The internal oscillator of 16 MHz.</summary>
    public ClockSource Hsi { get; }

    /// <summary>The external high-speed oscillator or clock.</summary>
    public ClockSource Hse { get; }

    /// <summary>The internal oscillator of 32 kHz.</summary>
    public ClockSource Lsi { get; }

    /// <summary>The external low-speed oscillator or clock.</summary>
    public ClockSource Lse { get; }

    /// <summary>The main PLL's output for the system.</summary>
    public ClockDivider Pll { get; }

    /// <summary>The main PLL's output for USB, SDIO and RNG.</summary>
    public ClockDivider Pll48 { get; }

    /// <summary>The I2S PLL.</summary>
    public ClockDivider PllI2s { get; }

    /// <summary>The clock of I2S peripherals.</summary>
    public ClockMux I2s { get; }

    /// <summary>The system clock.</summary>
    public ClockMux Sysclk { get; }

    /// <summary>The clock of the CPU, memory and AHB.</summary>
    public ClockDivider Hclk { get; }

    /// <summary>HCLK as long as the device is not in Stop or Standby mode, in which the CPU executes nothing: the clock of the buses and SysTick.</summary>
    public ClockGate Bus { get; }

    /// <summary>The external clock of the SysTick timer.</summary>
    public ClockDivider SysTick { get; }

    /// <summary>The clock of APB1.</summary>
    public ClockDivider Pclk1 { get; }

    /// <summary>The clock of APB2.</summary>
    public ClockDivider Pclk2 { get; }

    /// <summary>The clock of the timers on APB1.</summary>
    public ClockDivider TimerClock1 { get; }

    /// <summary>The clock of the timers on APB2.</summary>
    public ClockDivider TimerClock2 { get; }

    /// <summary>The clock of the RTC.</summary>
    public ClockGate Rtc { get; }

    /// <summary>The clock at pin MCO1 where its alternate function is selected.</summary>
    public ClockDivider Mco1 { get; }

    /// <summary>The clock at pin MCO2 where its alternate function is selected.</summary>
    public ClockDivider Mco2 { get; }

    internal ClockMux PllSource { get; }

    internal ClockDivider PllInput { get; }

    internal ClockDivider PllVco { get; }

    internal ClockDivider PllI2sVco { get; }

    internal ClockDivider HseRtc { get; }

    internal ClockMux RtcSource { get; }

    internal ClockMux Mco1Source { get; }

    internal ClockMux Mco2Source { get; }

    internal ClockGate HseRtcGate => (ClockGate)_tree.Find("HSE_RTC gate")!;

    /// <summary>The clock of a peripheral's registers.</summary>
    /// <param name="peripheral">The name in the manual, such as <c>USART2</c>.</param>
    public ClockGate Gate(string peripheral) => _gates[peripheral];

    /// <summary>The clock that a timer counts.</summary>
    /// <param name="timer">The name in the manual, such as <c>TIM2</c>.</param>
    public ClockGate TimerGate(string timer) => _timerGates[timer];

    internal ClockGate? FindTimerGate(string name) => _timerGates.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Reset()
    {
        if (!_system.KeepsBackup)
            _tree.Reset();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => _tree.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => _tree.Load(reader);
}
