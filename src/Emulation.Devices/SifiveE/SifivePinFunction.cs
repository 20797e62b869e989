namespace Emulation.Devices;

/// <summary>A hardware function of a pin of the FE310 (IOF0 or IOF1): what a peripheral drives there while the pin is given to it.</summary>
public sealed class SifivePinFunction
{
    private readonly SifiveGpio _gpio;
    private readonly int _pin;

    internal SifivePinFunction(SifiveGpio gpio, int pin) => (_gpio, _pin) = (gpio, pin);

    /// <summary>The level the peripheral drives.</summary>
    public bool Level { get; private set; }

    /// <summary>Whether the peripheral drives the pin.</summary>
    public bool IsOutput { get; private set; }

    /// <summary>The level of the pin, as the peripheral sees it.</summary>
    public bool Input => _gpio.PinLevel(_pin);

    internal bool IsConnected { get; private set; }

    /// <summary>Drives the pin.</summary>
    /// <param name="level">High or low.</param>
    public void Set(bool level) => Set(level, drive: true);

    /// <summary>Drives the pin, or lets go of it.</summary>
    /// <param name="level">High or low.</param>
    /// <param name="drive">Whether it is driven.</param>
    public void Set(bool level, bool drive)
    {
        IsConnected = true;
        if (Level == level && IsOutput == drive)
            return;
        Restore(level, drive);
        _gpio.OnFunctionChanged(_pin);
    }

    /// <summary>Takes a level from a saved state; the port has what it drives saved itself.</summary>
    /// <param name="level">High or low.</param>
    /// <param name="drive">Whether it is driven.</param>
    public void Restore(bool level, bool drive) => (Level, IsOutput, IsConnected) = (level, drive, true);
}
