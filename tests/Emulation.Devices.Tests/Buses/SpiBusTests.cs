using Emulation.Core;

namespace Emulation.Devices.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SpiBusTests
{
    private readonly DeviceBench _bench = new();
    private SpiBus _bus = null!;

    [SetUp]
    public void SetUp() => _bus = new SpiBus("spi", _bench.Clock, _bench.Log);

    [Test]
    public void Only_the_selected_device_takes_part()
    {
        ShiftRegister595 a = _bus.Attach(0, new ShiftRegister595()), b = _bus.Attach(1, new ShiftRegister595());
        _bus.Select(0);
        _bus.Exchange(0x5a);
        _bus.Deselect(0);
        (a.Outputs, b.Outputs).Should().Be(((byte)0x5a, (byte)0));
        _bus.Exchange(0x11).Should().Be(0xff, "nothing drives MISO");
    }

    [Test]
    public void Words_of_any_width_in_both_orders()
    {
        ShiftRegister595 a = _bus.Attach(0, new ShiftRegister595());
        _bus.Select(0);
        _bus.Exchange(0x1a5, new SpiFrame(9));
        _bus.Deselect(0);
        a.Outputs.Should().Be(0xa5);
        _bus.Select(0);
        _bus.Exchange(0x25, new SpiFrame(8, LsbFirst: true));
        _bus.Deselect(0);
        a.Outputs.Should().Be(0xa4);
        _bus.Select(0);
        _bus.Exchange(0xdead_beef, new SpiFrame(32)).Should().Be(0xa4de_adbe);
        _bus.Exchange(0, new SpiFrame(8)).Should().Be(0xef);
    }

    [Test]
    public void A_device_does_not_work_in_another_mode()
    {
        _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q16));
        _bus.Select(0);
        _bus.Exchange(0x9f, new SpiFrame(8, SpiMode.Mode1)).Should().Be(0xff);
        _bench.Messages.Should().ContainSingle().Which.Should().Contain("SPI mode 1");
    }

    [Test]
    public void A_pin_is_a_chip_select()
    {
        var pin = new Pin("PB6");
        PinDriver port = pin.Driver("gpio");
        port.Set(true);
        ShiftRegister595 a = _bus.Attach(pin, new ShiftRegister595());
        _bus.Exchange(1);
        port.Set(false);
        _bus.Exchange(2);
        a.Outputs.Should().Be(0);
        port.Set(true);
        a.Outputs.Should().Be(2);
        _bus.Detach(a).Should().BeTrue();
        port.Set(false);
        _bus.Selected.Should().BeEmpty();
    }

    [Test]
    public void A_corrupted_word_is_evidence()
    {
        _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q16));
        BusFault fault = _bus.CorruptWord(0x80, nth: 2);
        _bus.Select(0);
        _bus.Exchange(0x9f);
        _bus.Exchange(0).Should().Be(0x6f);
        fault.Fired.Should().BeTrue();
        _bus.Exchange(0).Should().Be(0x40);
    }

    [Test]
    public void Sniffer_writes_selections_down()
    {
        using var sniffer = new SpiSniffer(_bus);
        _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q128));
        _bus.Select(0);
        foreach (byte value in (byte[])[0x9f, 0, 0, 0])
            _bus.Exchange(value);
        _bus.Deselect(0);
        sniffer.Transcript.Should().Be("0.000 us cs0: 9f/ff 00/ef 00/40 00/18");
    }

    [Test]
    public void Taken_chip_selects_and_wrong_frames_are_named()
    {
        _bus.Attach(0, new ShiftRegister595());
        FluentActions.Invoking(() => _bus.Attach(0, new ShiftRegister595())).Should().Throw<InvalidOperationException>().WithMessage("spi: cs0 is taken*");
        FluentActions.Invoking(() => _bus.Exchange(0, new SpiFrame(7, Lanes: 2))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => _bus.Exchange(0, new SpiFrame(33))).Should().Throw<ArgumentOutOfRangeException>();
    }
}
