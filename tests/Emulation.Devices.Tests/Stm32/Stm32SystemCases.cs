using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>System peripherals of the STM32 for the tests that every device must pass.</summary>
internal static class Stm32SystemCases
{
    public static IEnumerable<DeviceCase> All =>
    [
        Mmio("stm32-rcc", b => b.CreateRcc()),
        Mmio("stm32-pwr", b => b.CreatePwr()),
        Mmio("stm32-flash", b => b.CreateFlash()),
        Mmio("stm32-gpio", CreatePort, static (b, d, r) =>
        {
            PinDriver driver = ((Stm32Gpio)d).Pin(r.Next(2))!.Driver("test");
            driver.Set(r.Next(2) == 0);
        }),
        Mmio("stm32-exti", b => new Stm32Exti("EXTI", b.Bench.Log), static (_, d, r) => ((Stm32Exti)d).Input(r.Next(Stm32Exti.LineCount))(r.Next(2) == 0)),
        Mmio("stm32-syscfg", b => new Stm32F4Syscfg("SYSCFG", b.Bench.Clock, b.Bench.Log, b.BusClock, new Stm32Exti("EXTI", b.Bench.Log), new RamRegion(b.Bench.Ram))),
        Mmio("stm32-crc", b => new Stm32Crc("CRC", b.Bench.Clock, b.Bench.Log, b.BusClock)),
        Mmio("stm32-rng", b => new Stm32Rng("RNG", b.Bench.Clock, b.Bench.Log, b.BusClock, b.BusClock, new SeededEntropy(1))),
        Mmio("stm32-iwdg", b => new Stm32Iwdg("IWDG", b.System, b.Bench.Clock, b.Bench.Log, b.Lsi, static () => { })),
        Mmio("stm32-wwdg", b => new Stm32Wwdg("WWDG", b.System, b.Bench.Clock, b.Bench.Log, b.BusClock)),
        Mmio("stm32-rtc", CreateRtc, static (_, d, r) =>
        {
            if (r.Next(2) == 0)
                ((Stm32Rtc)d).SetTamper(r.Next(1, 3), r.Next(2) == 0);
            else
                ((Stm32Rtc)d).SetTimeStamp(r.Next(2) == 0);
        }),
        Mmio("stm32-spi", b => new Stm32Spi("SPI1", new SpiBus("bus", b.Bench.Clock, b.Bench.Log), b.Bench.Log, b.Bench.Clock, b.SlowClock), static (_, d, r) =>
        {
            var slave = new Stm32SpiSlave((Stm32Spi)d);
            if (r.Next(4) == 0)
                slave.Select();
            slave.Exchange((uint)r.Next(), new SpiFrame(r.Next(1, 17)));
            if (r.Next(4) == 0)
                slave.Deselect();
        }),
        Mmio("stm32-i2s", b => new Stm32Spi("SPI2", new SpiBus("bus", b.Bench.Clock, b.Bench.Log), b.Bench.Log, b.Bench.Clock, b.SlowClock, b.SlowClock),
            static (_, d, r) => ((Stm32Spi)d).ClockSound(new I2sSample(r.Next(2) == 0, 16, (uint)r.Next()))),
        new("stm32-i2c", CreateI2c, static d => ((DeviceWithBus)d).Device.Region, static (_, d, r) => DriveI2c((I2cBus)((DeviceWithBus)d).Bus, r)),
        new("stm32-can", CreateCan, static d => ((DeviceWithBus)d).Device.Region, static (_, d, r) => ((Stm32Can)((DeviceWithBus)d).Device).Received(new CanFrame((uint)r.Next(0x800), [1, 2]))),
        Mmio("stm32-dbgmcu", b => new Stm32Dbgmcu("DBGMCU", b.System, b.Bench.Log)),
        new("stm32-bkpsram", static b => Writable(new Stm32SystemBench(b)), static d => ((Stm32BackupSram)d).Region),
    ];

    private static DeviceCase Mmio(string name, Func<Stm32SystemBench, MmioDevice> create, Action<DeviceBench, IDevice, Random>? stimulate = null)
        => new(name, b => Create(b, create), static d => ((MmioDevice)d).Region, stimulate);

    // resets that the device itself asks for are over at once: each reset of these tests is a power-on reset
    private static MmioDevice Create(DeviceBench bench, Func<Stm32SystemBench, MmioDevice> create)
    {
        var system = new Stm32SystemBench(bench);
        system.System.ResetDemanded += system.System.CompleteReset;
        return create(system);
    }

    private static Stm32Gpio CreatePort(Stm32SystemBench bench)
    {
        Stm32Gpio port = bench.CreateGpio();
        for (int i = 0; i < 2; i++)
        {
            var pin = new Pin($"PA{i}");
            pin.Driver("board").Set(PinDrive.PullDown);
            port.ConnectPin(i, pin);
        }

        return port;
    }

    private static Stm32Rtc CreateRtc(Stm32SystemBench bench)
    {
        bench.CreatePwr().Write(0, 4, 0x4100);
        return new Stm32Rtc("RTC", bench.System, bench.Bench.Clock, bench.Bench.Log, bench.Lse);
    }

    // another master on the bus
    private static void DriveI2c(I2cBus bus, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                bus.Start(random.Next(128), (I2cDirection)random.Next(2));
                break;
            case 1:
                bus.Stop();
                break;
            case 2 when bus.Owner.Length == 0:
                bus.Read(random.Next(2) == 0);
                break;
            case 3 or 4 when bus.Owner.Length == 0:
                bus.Write((byte)random.Next(256));
                break;
        }
    }

    private static DeviceWithBus CreateI2c(DeviceBench bench)
    {
        var bus = new I2cBus("bus", bench.Clock, bench.Log);
        return new DeviceWithBus(new Stm32I2c("I2C1", bus, bench.Log, bench.Clock, new Stm32SystemBench(bench).SlowClock), bus);
    }

    private static DeviceWithBus CreateCan(DeviceBench bench)
    {
        var bus = new CanBus("bus", bench.Clock, bench.Log);
        return new DeviceWithBus(new Stm32Can("CAN1", bus, bench.Log, bench.Clock, new Stm32SystemBench(bench).SlowClock), bus);
    }

    private static Stm32BackupSram Writable(Stm32SystemBench bench)
    {
        Stm32F4Pwr power = bench.CreatePwr();
        power.Write(0, 4, 0x4100);
        return new Stm32BackupSram("BKPSRAM", bench.System, bench.Bench.Log, bench.BusClock);
    }
}
