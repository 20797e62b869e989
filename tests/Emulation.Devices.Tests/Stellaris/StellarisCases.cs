using Emulation.Core;

namespace Emulation.Devices.Tests.Stellaris;

/// <summary>Stellaris peripherals for the tests that every device must pass.</summary>
internal static class StellarisCases
{
    public static IEnumerable<DeviceCase> All =>
    [
        Mmio("stellaris-sysctl", b => b.CreateSystem()),
        Mmio("stellaris-flash", b => b.CreateFlash()),
        Mmio("stellaris-gpio", CreatePort, static (_, d, r) => ((StellarisGpio)d).Pin(r.Next(2))!.Driver("test").Set(r.Next(2) == 0)),
        Mmio("stellaris-timer", b => b.CreateTimer(), static (_, d, r) => (r.Next(2) == 0 ? ((StellarisTimer)d).CaptureA : ((StellarisTimer)d).CaptureB).SetInput(r.Next(2) == 0)),
        Mmio("stellaris-wdt", b => b.CreateWatchdog()),
        Mmio("stellaris-adc", b => b.CreateAdc(), static (_, d, r) => ((StellarisAdc)d).Trigger(r.Next(16))),
        Mmio("stellaris-comparators", b => new StellarisComparators("COMP", b.Bench.Log)),
        Mmio("stellaris-pwm", b => b.CreatePwm(), static (_, d, r) => ((StellarisPwm)d).Fault.SetInput(r.Next(2) == 0)),
        Mmio("stellaris-qei", b => b.CreateQei(), static (_, d, r) =>
        {
            var qei = (StellarisQei)d;
            (r.Next(3) switch { 0 => qei.PhaseA, 1 => qei.PhaseB, _ => qei.IndexPulse }).SetInput(r.Next(2) == 0);
        }),
        Mmio("stellaris-i2c", b => b.CreateI2c()),
        Mmio("pl022", b => b.CreateSsi()),
        Mmio("pl011-stellaris", b => new Pl011("UART0", b.Bench.Port, b.Bench.Clock, b.Bench.Log, new Pl011Options { Clock = b.BusClock, Paced = true, PeripheralId = 0x0118_0011, HasModem = false }),
            static (b, _, r) => b.Port.Send([(byte)r.Next(256)])),
    ];

    private static DeviceCase Mmio(string name, Func<StellarisBench, MmioDevice> create, Action<DeviceBench, IDevice, Random>? stimulate = null)
        // slow clocks: these tests let hours pass, and each edge of a PWM output is an event
        => new(name, b => create(new StellarisBench(b, 10, 10)), static d => ((MmioDevice)d).Region, stimulate);

    private static StellarisGpio CreatePort(StellarisBench bench)
    {
        StellarisGpio port = bench.CreateGpio();
        for (int i = 0; i < 2; i++)
        {
            var pin = new Pin($"PA{i}");
            pin.Driver("board").Set(PinDrive.PullDown);
            port.ConnectPin(i, pin);
        }

        return port;
    }
}
