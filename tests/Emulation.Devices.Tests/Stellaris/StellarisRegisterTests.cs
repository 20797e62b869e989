using Emulation.Core;

namespace Emulation.Devices.Tests.Stellaris;

/// <summary>Bits that are there, as the register descriptions of the LM3S6965 data sheet and its maker's register file have them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StellarisRegisterTests
{
    private readonly StellarisBench _bench = new();

    // "System Control", registers 19 to 30: what the device has not cannot be clocked or reset
    [TestCase(0x100u, 0x0011_0f48u)]
    [TestCase(0x110u, 0x0011_0f48u)]
    [TestCase(0x120u, 0x0011_0048u)]
    [TestCase(0x104u, 0x030f_5317u)]
    [TestCase(0x128u, 0x5000_007fu)]
    [TestCase(0x040u, 0x0011_0048u)]
    [TestCase(0x044u, 0x030f_5317u)]
    [TestCase(0x048u, 0x5000_007fu)]
    public void Gates_and_resets_are_those_of_the_units_that_are_there(uint offset, uint bits) => Stored(_bench.CreateSystem(), offset).Should().Be(bits);

    // "System Control", register 9: bit 12 of RCC is reserved and reads as one
    [Test]
    public void A_reserved_bit_of_RCC_keeps_its_value()
    {
        StellarisSystemControl system = _bench.CreateSystem();
        system.Read(0x60, 4).Should().Be(0x078e_3ad1);
        system.Write(0x60, 4, 0x078e_2ad1);
        system.Read(0x60, 4).Should().Be(0x078e_3ad1);
    }

    // "Universal Asynchronous Receivers/Transmitters", registers 3, 8 and 10: no modem signals
    [Test]
    public void The_UART_has_no_modem_signals()
    {
        var options = new Pl011Options { Clock = _bench.BusClock, Paced = true, PeripheralId = 0x0118_0011, HasModem = false };
        var uart = new Pl011("UART0", _bench.Bench.Port, _bench.Bench.Clock, _bench.Bench.Log, options);
        uart.Read(0x18, 4).Should().Be(0x90, "UARTFR");
        Stored(uart, 0x30).Should().Be(0x387, "UARTCTL");
        Stored(uart, 0x38).Should().Be(0x7f0, "UARTIM");
        uart.Write(0x30, 4, 0x381);
        (uart.Read(0x3c, 4) & 0xf).Should().Be(0, "loopback changes no modem signal");
    }

    // "General-Purpose Timers", register 5
    [Test]
    public void The_timer_has_seven_interrupts() => Stored(_bench.CreateTimer(), 0x18).Should().Be(0x70f);

    // "Inter-Integrated Circuit (I2C) Interface", register 4
    [Test]
    public void The_period_of_the_I2C_master_has_seven_bits() => Stored(_bench.CreateI2c(), 0x0c).Should().Be(0x7f);

    // "Analog-to-Digital Converter (ADC)": four inputs; eight, four, four and one steps
    [TestCase(0, 0x3333_3333u, 0xffff_ffffu)]
    [TestCase(1, 0x3333u, 0xffffu)]
    [TestCase(2, 0x3333u, 0xffffu)]
    [TestCase(3, 0x3u, 0xfu)]
    public void Sequencers_have_their_steps(int sequencer, uint mux, uint control)
    {
        StellarisAdc adc = _bench.CreateAdc();
        ulong at = 0x40 + (0x20 * (ulong)sequencer);
        Stored(adc, at).Should().Be(mux);
        Stored(adc, at + 4).Should().Be(control);
    }

    private static ulong Stored(MmioDevice device, ulong offset)
    {
        device.Write(offset, 4, uint.MaxValue);
        ulong ones = device.Read(offset, 4);
        device.Write(offset, 4, 0);
        return ones & ~device.Read(offset, 4);
    }
}
