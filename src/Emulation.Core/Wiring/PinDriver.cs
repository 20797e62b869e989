namespace Emulation.Core;

/// <summary>One party at a <see cref="Pin"/>: a GPIO port, a button, a sensor, a test.</summary>
public sealed class PinDriver
{
    private readonly Pin _pin;

    internal PinDriver(Pin pin, string name) => (_pin, Name) = (pin, name);

    /// <summary>Unique at its pin.</summary>
    public string Name { get; }

    /// <summary>What it does now.</summary>
    public PinDrive Drive { get; private set; }

    /// <summary>The voltage in millivolts while <see cref="Drive"/> is <see cref="PinDrive.Analog"/>.</summary>
    public int Millivolts { get; private set; }

    /// <summary>Changes what it does.</summary>
    /// <param name="drive">Anything but <see cref="PinDrive.Analog"/>.</param>
    public void Set(PinDrive drive) => Change(drive, 0);

    /// <summary>Drives the pin to the supply or to ground.</summary>
    /// <param name="level">High or low.</param>
    public void Set(bool level) => Change(level ? PinDrive.High : PinDrive.Low, 0);

    /// <summary>Drives the pin to a voltage.</summary>
    /// <param name="millivolts">Against ground.</param>
    public void SetVoltage(int millivolts) => Change(PinDrive.Analog, millivolts);

    /// <summary>Lets go of the pin.</summary>
    public void Release() => Change(PinDrive.Floating, 0);

    internal void Restore(PinDrive drive, int millivolts) => (Drive, Millivolts) = (drive, millivolts);

    private void Change(PinDrive drive, int millivolts)
    {
        if (Drive == drive && Millivolts == millivolts)
            return;
        Restore(drive, millivolts);
        _pin.Resolve(this);
    }
}
