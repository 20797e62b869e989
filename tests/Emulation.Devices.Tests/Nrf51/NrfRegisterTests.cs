using Emulation.Core;

namespace Emulation.Devices.Tests.Nrf51;

/// <summary>Bits that are there and values after a reset, as the maker's register description (nrf51.svd) and the tables of the nRF51 Series Reference Manual have them.</summary>
public sealed class NrfRegisterTests
{
    private readonly DeviceBench _bench = new();

    // 12.2 "POWER" and 13.2 "CLOCK"
    [Test]
    public void Power_and_clock_have_their_values_after_reset()
    {
        var power = new NrfPower("power", new NrfClocks(new ClockTree()), true, _bench.Clock, _bench.Log);
        power.Read(0x524, 4).Should().Be(3, "RAMON");
        power.Read(0x554, 4).Should().Be(3, "RAMONB");
        power.Read(0x550, 4).Should().Be(0xffff_ffff, "XTALFREQ");
        Stored(power, 0x528).Should().Be(0xc00f_ffdf, "MPU.PERR0");
    }

    // 17.2: DISABLED to RSSISTOP is bit 8
    [Test]
    public void The_radio_has_all_shortcuts()
    {
        var radio = new NrfRadio("radio", _bench.Memory, _bench.Clock, _bench.Log);
        Stored(radio, 0x200).Should().Be(0x17f);
        Stored(radio, 0x734).Should().Be(0x8fff_ffff, "OVERRIDE4");
    }

    // 16.2: channels 16 to 19 are not there
    [Test]
    public void Groups_have_the_channels_that_are_there() => Stored(new NrfPpi("ppi", _bench.Log), 0x800).Should().Be(0xfff0_ffff);

    // 31.2: ENABLE has two bits, and 1 is the value that enables
    [Test]
    public void The_converter_is_enabled_by_one()
    {
        var pins = new PinSet();
        var gpio = new NrfGpio("gpio", pins, _bench.Log);
        var adc = new NrfAdc("adc", [.. gpio.Pins.Take(8)], _bench.Clock, _bench.Log);
        Stored(adc, 0x500).Should().Be(3);
        foreach (uint enable in (uint[])[2, 3, 1])
        {
            adc.Write(0x500, 4, enable);
            adc.Write(0x00, 4, 1);
            adc.Read(0x400, 4).Should().Be(enable == 1 ? 1u : 0, "BUSY");
        }
    }

    [Test]
    public void The_comparator_tells_the_crossings_that_ANADETECT_names([Values(0u, 1u, 2u)] uint detect)
    {
        var pins = new PinSet();
        var gpio = new NrfGpio("gpio", pins, _bench.Log);
        var comparator = new NrfLpcomp("lpcomp", [.. gpio.Pins.Take(8)], _bench.Clock, _bench.Log);
        int count = 0;
        comparator.AnalogDetected += () => count++;
        PinDriver input = pins["P2"].Driver("test");
        input.SetVoltage(0);
        comparator.Write(0x504, 4, 2);
        comparator.Write(0x508, 4, 3);
        comparator.Write(0x520, 4, detect);
        comparator.Write(0x500, 4, 1);
        comparator.Write(0x00, 4, 1);
        _bench.Advance(1_000_000);
        input.SetVoltage(3000);
        int up = count;
        input.SetVoltage(0);
        (up, count - up).Should().Be(detect switch { 0 => (1, 1), 1 => (1, 0), _ => (0, 1) });
    }

    private static ulong Stored(MmioDevice device, ulong offset)
    {
        device.Write(offset, 4, uint.MaxValue);
        ulong ones = device.Read(offset, 4);
        device.Write(offset, 4, 0);
        return ones & ~device.Read(offset, 4);
    }
}
