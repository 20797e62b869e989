using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>RM0090 chapter 14.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Stm32DacTests
{
    private const ulong Cr = 0x00, Swtrigr = 0x04, R12 = 0x08, L12 = 0x0c, R8 = 0x10, Dual12 = 0x20, Dual8 = 0x28, Dor1 = 0x2c, Dor2 = 0x30, Sr = 0x34;
    private readonly Stm32Bench _bench = new();
    private readonly Stm32Dac _dac;
    private readonly Pin _pin = new("PA4");
    private readonly Stm32Trigger _trigger = new("TIM6_TRGO");

    public Stm32DacTests()
    {
        _dac = new Stm32Dac("dac", _bench.Devices.Log, _bench.Devices.Clock, _bench.Gate);
        _dac.Connect(1, _pin);
        _dac.ConnectTrigger(0, _trigger);
    }

    [Test]
    public void The_pin_has_the_voltage_while_the_channel_is_on()
    {
        _dac.Write(R12, 4, 2048);
        _pin.IsFloating.Should().BeTrue();
        _dac.Write(Cr, 4, 1);
        _pin.Millivolts.Should().Be(1650);
        _dac.Write(L12, 4, 0xfff0);
        _pin.Millivolts.Should().Be(3300);
        _dac.Write(R8, 4, 0x80);
        _dac.Read(Dor1, 4).Should().Be(0x800);
        _dac.Write(Cr, 4, 0);
        _pin.IsFloating.Should().BeTrue();
        _dac.Millivolts(1).Should().BeNull();
    }

    [Test]
    public void Dual_registers_write_both()
    {
        _dac.Write(Cr, 4, 0x1_0001);
        _dac.Write(Dual12, 4, 0x123_0456);
        _dac.Read(Dor1, 4).Should().Be(0x456);
        _dac.Read(Dor2, 4).Should().Be(0x123);
        _dac.Write(Dual8, 4, 0x1234);
        _dac.Read(Dor1, 4).Should().Be(0x340);
        _dac.Read(Dor2, 4).Should().Be(0x120);
    }

    [Test]
    public void Triggers_move_the_holding_register_on()
    {
        _dac.Write(Cr, 4, 5 | (7 << 3));
        _dac.Write(R12, 4, 100);
        _dac.Read(Dor1, 4).Should().Be(0);
        _dac.Write(Swtrigr, 4, 1);
        _dac.Read(Dor1, 4).Should().Be(100);
        _dac.Write(Cr, 4, 5);
        _dac.Write(R12, 4, 200);
        _trigger.IsObserved.Should().BeTrue();
        _trigger.Pulse();
        _dac.Read(Dor1, 4).Should().Be(200);
        _dac.Write(Cr, 4, 1);
        _trigger.IsObserved.Should().BeFalse();
    }

    [Test]
    public void The_triangle_rises_and_falls()
    {
        _dac.Write(Cr, 4, 5 | (2 << 6) | (1 << 8));
        _dac.Write(R12, 4, 10);
        var values = new List<ulong>();
        for (int i = 0; i < 8; i++)
        {
            _trigger.Pulse();
            values.Add(_dac.Read(Dor1, 4));
        }

        values.Should().Equal(10, 11, 12, 13, 12, 11, 10, 11);
    }

    [Test]
    public void Noise_is_masked_and_repeats_after_4095_triggers()
    {
        _dac.Write(Cr, 4, 5 | (1 << 6) | (11 << 8));
        var values = new List<ulong>();
        for (int i = 0; i < 4096; i++)
        {
            _trigger.Pulse();
            values.Add(_dac.Read(Dor1, 4));
        }

        values[0].Should().Be(0xaaa);
        values[4095].Should().Be(0xaaa);
        values.Take(4095).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void A_request_that_is_not_served_underruns()
    {
        _dac.Write(Cr, 4, 5 | (3 << 12));
        DmaRequest request = _dac.DmaRequests.First();
        request.Name.Should().Be("DAC1");
        _trigger.Pulse();
        request.Level.Should().BeTrue();
        request.Acknowledged!(false);
        _trigger.Pulse();
        _dac.Irq.Level.Should().BeFalse();
        _trigger.Pulse();
        _dac.Irq.Level.Should().BeTrue();
        _dac.Read(Sr, 4).Should().Be(0x2000);
        _dac.Write(Sr, 4, 0x2000);
        _dac.Irq.Level.Should().BeFalse();
    }
}
