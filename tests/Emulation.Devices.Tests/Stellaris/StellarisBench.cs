using Emulation.Core;

namespace Emulation.Devices.Tests.Stellaris;

/// <summary>What peripherals of a Stellaris need besides a bench: a bus clock of 10 MHz (100 ns a cycle) that can be stopped, and a converter clock of 16 MHz.</summary>
public sealed class StellarisBench
{
    public StellarisBench() : this(new DeviceBench(), 10_000_000, 16_000_000) { }

    public StellarisBench(DeviceBench bench, ulong frequency, ulong converter)
    {
        Bench = bench;
        var tree = new ClockTree("test clocks");
        BusClock = tree.Gate("gate", tree.Source("SYSCLK", frequency), enabled: true);
        Converter = tree.Source("ADCCLK", converter);
        Rtc = tree.Source("CCP", 32_768);
    }

    public DeviceBench Bench { get; }

    public ClockGate BusClock { get; }

    public ClockSource Converter { get; }

    public ClockSource Rtc { get; }

    public void Cycles(long count) => Bench.Advance(100 * count);

    public StellarisSystemControl CreateSystem() => new("SYSCTL", new StellarisClocks(8_000_000), Bench.Clock, Bench.Log);

    public StellarisFlash CreateFlash() => new("FLASH", new RamBlock("flash", StellarisFlash.Size, 0xff), Bench.Clock, Bench.Log);

    public StellarisGpio CreateGpio(char port = 'A') => new($"GPIO{port}", Bench.Clock, Bench.Log, BusClock);

    public StellarisTimer CreateTimer() => new("TIMER0", Bench.Clock, Bench.Log, BusClock, Rtc);

    public StellarisWatchdog CreateWatchdog() => new("WDT", Bench.Clock, Bench.Log, BusClock);

    public StellarisAdc CreateAdc() => new("ADC", Bench.Clock, Bench.Log, BusClock, Converter, () => 1_000_000);

    public StellarisPwm CreatePwm() => new("PWM", Bench.Clock, Bench.Log, BusClock);

    public StellarisQei CreateQei() => new("QEI0", Bench.Clock, Bench.Log, BusClock);

    public StellarisI2c CreateI2c(I2cBus? bus = null) => new("I2C0", bus ?? new I2cBus("i2c", Bench.Clock, Bench.Log), Bench.Clock, Bench.Log, BusClock);

    public Pl022 CreateSsi(SpiBus? bus = null) => new("SSI0", bus ?? new SpiBus("spi", Bench.Clock, Bench.Log), BusClock, Bench.Clock, Bench.Log);
}
