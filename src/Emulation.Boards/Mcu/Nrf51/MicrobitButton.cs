using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>A button of the micro:bit: it pulls its pin to ground while it is pressed; a resistor pulls it up else.</summary>
public sealed class MicrobitButton
{
    private readonly PinDriver _driver;

    internal MicrobitButton(string name, Pin pin)
    {
        (Name, Pin) = (name, pin);
        _driver = pin.Driver($"button {name}");
        _driver.Set(PinDrive.PullUp);
    }

    /// <summary>The letter beside it.</summary>
    public string Name { get; }

    /// <summary>Its pin.</summary>
    public Pin Pin { get; }

    /// <summary>Whether it is pressed. Set while the machine does not run, or on its thread.</summary>
    public bool IsPressed
    {
        get => _driver.Drive == PinDrive.Low;
        set => _driver.Set(value ? PinDrive.Low : PinDrive.PullUp);
    }
}
