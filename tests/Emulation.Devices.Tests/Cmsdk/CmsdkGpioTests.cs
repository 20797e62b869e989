using Emulation.Core;

namespace Emulation.Devices.Tests.Cmsdk;

public sealed class CmsdkGpioTests
{
    private CmsdkGpio _port = null!;
    private Pin[] _pins = [];

    [SetUp]
    public void Create()
    {
        _port = new CmsdkGpio("gpio", new GuestLog());
        _pins = [.. Enumerable.Range(0, CmsdkGpio.PinCount).Select(i => new Pin($"P{i}"))];
        for (int i = 0; i < _pins.Length; i++)
            _port.Connect(i, _pins[i]);
    }

    [Test]
    public void Outputs_follow_the_data_and_masked_writes_change_some()
    {
        _port.Write(0x10, 4, 0xff0f);
        _port.Write(0x04, 4, 0xa505);
        Levels().Should().Be(0xa505);
        _port.Write(0x400 + (0x03 << 2), 4, 0x0002);
        _port.Write(0x800 + (0xf0 << 2), 4, 0x5fff);
        Levels().Should().Be(0x5506);
        _port.Read(0x800 + (0xff << 2), 4).Should().Be(0x5500);
        _port.Write(0x14, 4, 0xffff);
        _pins[2].IsFloating.Should().BeTrue();
        _port.Write(0x10, 4, 4);
        _port.Write(0x18, 4, 4);
        _pins[2].IsFloating.Should().BeTrue("the alternate function has it");
    }

    [TestCase(0u, 0u, false, true, true)]
    [TestCase(0u, 1u, true, false, true)]
    [TestCase(1u, 0u, true, false, false)]
    [TestCase(1u, 1u, false, true, false)]
    public void Interrupts_come_by_level_or_edge(uint type, uint polarity, bool before, bool quiet, bool again)
    {
        PinDriver outside = _pins[3].Driver("test");
        outside.Set(quiet && type == 0 || before && type == 1);
        _port.Write(0x28, 4, type << 3);
        _port.Write(0x30, 4, polarity << 3);
        _port.Write(0x20, 4, 8);
        _port.Irq(3).Level.Should().BeFalse();
        outside.Set(polarity == 1);
        (_port.Irq(3).Level, _port.Combined.Level, _port.Read(0x38, 4)).Should().Be((true, true, 8ul));
        _port.Write(0x38, 4, 8);
        _port.Irq(3).Level.Should().Be(again, "a level is there still");
    }

    private int Levels() => _pins.Select((p, i) => p.Level ? 1 << i : 0).Sum();
}
