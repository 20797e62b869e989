using Emulation.Core;
using Emulation.Devices.Tests.SifiveE;

namespace Emulation.Devices.Tests.Nrf51;

/// <summary>The devices of the nRF51 for the tests that every device must pass.</summary>
public static class NrfCases
{
    public static IEnumerable<DeviceCase> All =>
    [
        Case("nrf-ppi", static b => new NrfPpi("ppi", b.Log)),
        Case("nrf-power", static b => Clocked(b, static (c, b) => new NrfPower("power", c, true, b.Clock, b.Log))),
        Case("nrf-gpio", static b => Pinned((pins, gpio) => gpio, b), SifiveCases.DrivePins),
        Case("nrf-gpiote", static b => Pinned((pins, gpio) => new NrfGpiote("gpiote", gpio, b.Log), b), SifiveCases.DrivePins),
        Case("nrf-timer", static b => Clocked(b, static (c, b) => new NrfTimer("timer", c, true, b.Clock, b.Log))),
        Case("nrf-timer-16", static b => Clocked(b, static (c, b) => new NrfTimer("timer", c, false, b.Clock, b.Log))),
        Case("nrf-rtc", static b => Clocked(b, static (c, b) => new NrfRtc("rtc", c, 4, b.Clock, b.Log)),
            static (_, d, r) => ((ClockGate)((DeviceBundle)d).Other<ClockTree>().Find("lfclk")!).Enabled = r.Next(4) != 0),
        Case("nrf-uart", static b => new NrfUart("uart", b.Port, b.Clock, b.Log), static (b, d, r) =>
        {
            ((NrfUart)d).Write(0x500, 4, 4);
            b.Port.Send([(byte)r.Next(256)]);
        }),
        Case("nrf-serial", static b => new NrfSerial("serial", new SpiBus("spi", b.Clock, b.Log), new I2cBus("i2c", b.Clock, b.Log), b.Memory, b.Clock, b.Log),
            static (_, d, r) => ((NrfSerial)d).Write(0x500, 4, (ulong)r.Next(3) switch { 0 => 1UL, 1 => 2UL, _ => 5UL })),
        Case("nrf-rng", static b => new NrfRng("rng", new SeededEntropy(1), b.Clock, b.Log)),
        Case("nrf-temp", static b => new NrfTemp("temp", b.Clock, b.Log)),
        Case("nrf-wdt", static b => Clocked(b, static (c, b) => new NrfWatchdog("wdt", c, b.Clock, b.Log))),
        Case("nrf-nvmc", static b => new NrfNvmc("nvmc", new RamBlock("flash", 1 << 16), new RamBlock("uicr", 4096), b.Clock, b.Log)),
        Case("nrf-adc", static b => Pinned((pins, gpio) => new NrfAdc("adc", [.. gpio.Pins.Take(8)], b.Clock, b.Log), b), SifiveCases.DrivePins),
        Case("nrf-lpcomp", static b => Pinned((pins, gpio) => new NrfLpcomp("lpcomp", [.. gpio.Pins.Take(8)], b.Clock, b.Log), b), SifiveCases.DrivePins),
        Case("nrf-qdec", static b => Pinned((pins, gpio) => new NrfQdec("qdec", gpio, b.Clock, b.Log), b), SifiveCases.DrivePins),
        Case("nrf-ecb", static b => new NrfEcb("ecb", b.Memory, b.Clock, b.Log)),
        Case("nrf-ccm", static b => new NrfCcmAar("ccm", b.Memory, b.Clock, b.Log)),
        Case("nrf-radio", static b => new NrfRadio("radio", b.Memory, b.Clock, b.Log)),
    ];

    private static DeviceCase Case(string name, Func<DeviceBench, IDevice> create, Action<DeviceBench, IDevice, Random>? stimulate = null)
        => new(name, create, static d => SifiveCases.MainOf(d).Region, stimulate) { TimeBits = 20 };

    private static DeviceBundle Clocked(DeviceBench bench, Func<NrfClocks, DeviceBench, MmioDevice> create)
    {
        var tree = new ClockTree();
        return new DeviceBundle(create(new NrfClocks(tree), bench), tree);
    }

    private static DeviceBundle Pinned(Func<PinSet, NrfGpio, MmioDevice> create, DeviceBench bench)
    {
        var pins = new PinSet();
        var gpio = new NrfGpio("gpio", pins, bench.Log);
        SifiveCases.Wire(pins);
        MmioDevice device = create(pins, gpio);
        return ReferenceEquals(device, gpio) ? new DeviceBundle(device, pins) : new DeviceBundle(device, pins, gpio);
    }
}
