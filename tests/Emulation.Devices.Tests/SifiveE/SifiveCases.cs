using Emulation.Core;

namespace Emulation.Devices.Tests.SifiveE;

/// <summary>The devices of the FE310 for the tests that every device must pass.</summary>
public static class SifiveCases
{
    public static IEnumerable<DeviceCase> All =>
    [
        Case("sifive-prci", static b => Clocked(b, static (c, b) => new SifivePrci("prci", c, b.Clock, b.Log))),
        Case("sifive-aon", static b =>
        {
            // the first of two resets may be the one that the device itself asked for, and which it outlives
            DeviceBundle bundle = Clocked(b, static (c, b) => new SifiveAon("aon", c, b.Clock, b.Log));
            bundle.Resets = 2;
            return bundle;
        }, static (_, d, r) => Unlock((SifiveAon)MainOf(d), r)),
        Case("sifive-gpio", static b =>
        {
            var pins = new PinSet();
            var gpio = new SifiveGpio("gpio", pins, b.Log);
            Wire(pins);
            return new DeviceBundle(gpio, pins);
        }, DrivePins),
        Case("sifive-uart", static b => Clocked(b, static (c, b) => new SifiveUart("uart", b.Port, c.Hfclk, b.Clock, b.Log)), static (b, _, r) => b.Port.Send([(byte)r.Next(256)])),
        Case("sifive-spi", static b => Clocked(b, static (c, b) => new SifiveSpi("spi", new SpiBus("bus", b.Clock, b.Log), 4, false, c.Hfclk, b.Clock, b.Log))),
        Case("sifive-qspi", static b => Clocked(b, static (c, b) => new SifiveSpi("spi", new SpiBus("bus", b.Clock, b.Log), 1, true, c.Hfclk, b.Clock, b.Log))),
        Case("sifive-pwm-8", static b => Clocked(b, static (c, b) => new SifivePwm("pwm", 8, c.Hfclk, b.Clock, b.Log))),
        Case("sifive-pwm-16", static b => Clocked(b, static (c, b) => new SifivePwm("pwm", 16, c.Hfclk, b.Clock, b.Log))),
        Case("sifive-i2c", static b => Clocked(b, static (c, b) => new SifiveI2c("i2c", new I2cBus("bus", b.Clock, b.Log), c.Hfclk, b.Clock, b.Log))),
        Case("sifive-otp", static b =>
        {
            var memory = new RamBlock("otp", SifiveOtp.Size, background: 0xff);
            return new DeviceBundle(new SifiveOtp("otp", memory, b.Log), new SavedMemory(memory));
        }),
        Case("sifive-clint", static b => Clocked(b, static (c, b) => new Clint("clint", b.Clock, b.Log, 1, c.Lfclk))),
    ];

    internal static MmioDevice MainOf(IDevice device) => DeviceBundle.MainOf(device)!;

    internal static void DrivePins(DeviceBench bench, IDevice device, Random random)
    {
        IReadOnlyList<Pin> pins = ((DeviceBundle)device).Other<PinSet>().Pins;
        pins[random.Next(pins.Count)].Driver("test").Set((PinDrive)random.Next(5));
    }

    /// <summary>Gives every pin a resistor, or a pin that nothing drives would remember what was before a reset; and the party that tests drive it with.</summary>
    internal static void Wire(PinSet pins)
    {
        foreach (Pin pin in pins.Pins)
        {
            pin.Driver("board").Set(PinDrive.PullDown);
            pin.Driver("test");
        }
    }

    private static DeviceCase Case(string name, Func<DeviceBench, IDevice> create, Action<DeviceBench, IDevice, Random>? stimulate = null)
        => new(name, create, static d => MainOf(d).Region, stimulate) { TimeBits = 20 };

    private static DeviceBundle Clocked(DeviceBench bench, Func<SifiveClocks, DeviceBench, MmioDevice> create)
    {
        var tree = new ClockTree();
        var clocks = new SifiveClocks(tree);
        return new DeviceBundle(create(clocks, bench), tree);
    }

    private static void Unlock(SifiveAon aon, Random random)
    {
        aon.Write(random.Next(2) == 0 ? 0x1cUL : 0x14c, 4, 0x51f15e);
        aon.Write((ulong)random.Next(0x150) & ~3UL, 4, (ulong)random.NextInt64());
    }

    /// <summary>The content of a memory as a part of a bundle; a reset erases it.</summary>
    private sealed class SavedMemory(RamBlock memory) : IDevice
    {
        public string Name => memory.Name;

        public void Reset()
        {
            byte[] erased = new byte[memory.Size];
            Array.Fill(erased, memory.Background);
            memory.Write(0, erased);
        }

        public void Save(StateWriter writer)
        {
            byte[] bytes = new byte[memory.Size];
            memory.Read(0, bytes);
            writer.WriteRaw(bytes);
        }

        public void Load(StateReader reader)
        {
            byte[] bytes = new byte[memory.Size];
            reader.ReadRaw(bytes);
            memory.Write(0, bytes);
        }
    }
}
