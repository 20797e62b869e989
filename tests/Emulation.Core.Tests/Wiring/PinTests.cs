namespace Emulation.Core.Tests.Wiring;

public sealed class PinTests
{
    [TestCase(PinDrive.High, PinDrive.Floating, true, 3300)]
    [TestCase(PinDrive.Low, PinDrive.PullUp, false, 0)]
    [TestCase(PinDrive.Low, PinDrive.High, false, 0)]
    [TestCase(PinDrive.PullUp, PinDrive.Floating, true, 3300)]
    [TestCase(PinDrive.High, PinDrive.PullDown, true, 3300)]
    public void Strong_drivers_win_over_resistors_and_ground_over_the_supply(PinDrive first, PinDrive second, bool level, int millivolts)
    {
        var pin = new Pin("P");
        pin.Driver("a").Set(first);
        pin.Driver("b").Set(second);
        (pin.Level, pin.Millivolts).Should().Be((level, millivolts));
        pin.IsContended.Should().Be(first == PinDrive.Low && second == PinDrive.High);
    }

    [Test]
    public void Changes_are_told_once_and_a_floating_pin_keeps_its_level()
    {
        var pin = new Pin("P");
        var levels = new List<bool>();
        int voltages = 0;
        pin.Changed += levels.Add;
        pin.VoltageChanged += () => voltages++;
        PinDriver driver = pin.Driver("a");
        driver.Set(true);
        driver.Set(PinDrive.High);
        driver.Release();
        (pin.Level, pin.IsFloating).Should().Be((true, true));
        driver.SetVoltage(1_649);
        driver.SetVoltage(1_650);
        levels.Should().Equal(true, false, true);
        voltages.Should().Be(3);
        pin.Driver("a").Should().BeSameAs(driver);
    }

    [Test]
    public void What_drives_a_pin_is_saved_and_loaded_silently_also_where_the_part_is_gone()
    {
        var pins = new PinSet();
        pins.Add("A").Driver("port").Set(true);
        pins.Add("B").Driver("sensor").SetVoltage(700);
        pins["B"].Driver("port").Set(PinDrive.PullUp);
        var writer = new StateWriter();
        pins.Save(writer);

        var other = new PinSet();
        other.Add("A").Driver("port");
        other.Add("B");
        int told = 0;
        other["A"].Changed += _ => told++;
        other.Load(new StateReader("pins", 1, writer.Written.ToArray()));
        told.Should().Be(0);
        other["A"].Level.Should().BeTrue();
        other["B"].Millivolts.Should().Be(700);
        other["B"].Driver("sensor").Release();
        other["B"].Level.Should().BeTrue("the pull-up is left");
        FluentActions.Invoking(() => other["C"]).Should().Throw<ArgumentException>().WithMessage("*'C'*");
    }
}
