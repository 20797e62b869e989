using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>What peripherals of an STM32 need besides a bench: resets, clocks, and a bus clock of 16 MHz that runs.</summary>
public sealed class Stm32SystemBench
{
    public Stm32SystemBench(DeviceBench bench)
    {
        Bench = bench;
        Clocks = new Stm32F4Clocks(System, 8_000_000, 32_768);
        Tree = new ClockTree("test clocks");
        BusClock = Tree.Source("PCLK", 16_000_000);
        SlowClock = Tree.Source("slow PCLK", 50);
        Lsi = Tree.Source("LSI", 32_000);
        Lse = Tree.Source("LSE", 32_768);
        System.ResetDemanded += () => Resets++;
    }

    public DeviceBench Bench { get; }

    public Stm32System System { get; } = new();

    public Stm32F4Clocks Clocks { get; }

    public ClockTree Tree { get; }

    public ClockSource BusClock { get; }

    /// <summary>For devices that never rest: long times stay cheap.</summary>
    public ClockSource SlowClock { get; }

    public ClockSource Lsi { get; }

    public ClockSource Lse { get; }

    public int Resets { get; private set; }

    public Stm32F4Rcc CreateRcc() => new("RCC", Clocks, System, Bench.Clock, Bench.Log);

    public Stm32F4Pwr CreatePwr() => new("PWR", System, Bench.Clock, Bench.Log, BusClock);

    public Stm32F4Flash CreateFlash()
        => new("FLASH", new RamBlock("flash", Stm32F4Flash.MainSize, 0xff), new RamBlock("system", Stm32F4Flash.SystemSize, 0xff), new RamBlock("options", 0x1000, 0xff), Bench.Clock, Bench.Log);

    public Stm32Gpio CreateGpio(char port = 'A') => new($"GPIO{port}", Bench.Clock, Bench.Log, BusClock);
}
