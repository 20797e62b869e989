namespace Emulation.Devices.Tests;

/// <summary>PL061: DDI 0190B.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Pl061Tests
{
    private readonly Pl061 _gpio = new("gpio", new DeviceBench().Log);

    [Test]
    public void The_address_masks_data()
    {
        _gpio.Write(0x400, 4, 0xf0);
        _gpio.Write(0x0c0 * 4, 4, 0xff);
        _gpio.Read(0x3fc, 4).Should().Be(0xc0);
        _gpio.Output(7).Level.Should().BeTrue();
        _gpio.Output(5).Level.Should().BeFalse();
        _gpio.Input(0)(true);
        _gpio.Read(0x3fc, 4).Should().Be(0xc1);
        _gpio.Read(0x004, 4).Should().Be(1);
        _gpio.Read(0x100, 4).Should().Be(0x40);
    }

    [TestCase(0u, 1u, true, false, TestName = "A rising edge interrupts")]
    [TestCase(0u, 0u, false, true, TestName = "A falling edge interrupts")]
    [TestCase(8u, 0u, true, true, TestName = "Both edges interrupt")]
    public void Edges(uint both, uint rising, bool onRise, bool onFall)
    {
        _gpio.Write(0x408, 4, both);
        _gpio.Write(0x40c, 4, rising << 3);
        _gpio.Write(0x410, 4, 8);
        _gpio.Input(3)(true);
        _gpio.Irq.Level.Should().Be(onRise);
        _gpio.Write(0x41c, 4, 8);
        _gpio.Irq.Level.Should().BeFalse();
        _gpio.Input(3)(false);
        _gpio.Irq.Level.Should().Be(onFall);
    }

    [Test]
    public void A_level_interrupts_while_it_lasts()
    {
        _gpio.Write(0x404, 4, 8);
        _gpio.Write(0x40c, 4, 8);
        _gpio.Write(0x410, 4, 8);
        _gpio.Input(3)(true);
        _gpio.Write(0x41c, 4, 8);
        _gpio.Irq.Level.Should().BeTrue();
        _gpio.Read(0x418, 4).Should().Be(8);
        _gpio.Input(3)(false);
        _gpio.Irq.Level.Should().BeFalse();
    }
}
