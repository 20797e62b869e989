using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A terminal of a part that can be wired to a pin of the board: an interrupt output, the contact of a button.</summary>
public sealed class Terminal
{
    private readonly Part _part;
    private PinDriver? _driver;
    private (PinDrive Drive, int Millivolts) _drive;

    internal Terminal(Part part, string name) => (_part, Name) = (part, name);

    /// <summary>Raised when the level of the pin changed, with the new one.</summary>
    public event Action<bool>? Changed;

    /// <summary>Raised when it is wired to a pin and its part is attached.</summary>
    public event Action? Connected;

    /// <summary>As the data sheet calls it.</summary>
    public string Name { get; }

    /// <summary>The pin that it is wired to.</summary>
    public Pin? Pin { get; private set; }

    /// <summary>Level of the pin; low while it is not wired.</summary>
    public bool Level => Pin?.Level ?? false;

    /// <summary>Wires it to a pin, instead of the one it was wired to.</summary>
    /// <param name="pin">A pin of the same machine.</param>
    public void Connect(Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        Disconnect();
        Pin = pin;
        pin.Changed += OnChanged;
        if (_part.IsAttached)
            Join();
    }

    /// <summary>Takes the wire away.</summary>
    public void Disconnect()
    {
        if (Pin is null)
            return;
        Leave();
        Pin.Changed -= OnChanged;
        Pin = null;
    }

    /// <summary>Drives the terminal.</summary>
    /// <param name="drive">How.</param>
    public void Set(PinDrive drive) => Set(drive, 0);

    /// <summary>Drives the terminal as an open-drain output.</summary>
    /// <param name="low">Whether it pulls to ground.</param>
    public void SetOpenDrain(bool low) => Set(low ? PinDrive.Low : PinDrive.Floating);

    /// <summary>Drives the terminal to a voltage.</summary>
    /// <param name="millivolts">Against ground.</param>
    public void SetVoltage(int millivolts) => Set(PinDrive.Analog, millivolts);

    internal void Join()
    {
        if (Pin is null)
            return;
        _driver = Pin.Driver($"{_part.Name} {Name}");
        Apply();
        Connected?.Invoke();
    }

    internal void Leave()
    {
        _driver?.Release();
        _driver = null;
    }

    /// <summary>What it does, after a load: the pin has its own side of it.</summary>
    internal void Save(StateWriter writer)
    {
        writer.Write((byte)_drive.Drive);
        writer.Write(_drive.Millivolts);
    }

    internal void Load(StateReader reader)
    {
        var drive = (PinDrive)reader.ReadByte();
        if (drive > PinDrive.Analog)
            throw reader.Damaged($"terminal {Name} is driven in an unknown way");
        _drive = (drive, reader.ReadInt32());
    }

    private void Set(PinDrive drive, int millivolts)
    {
        _drive = (drive, millivolts);
        Apply();
    }

    private void Apply()
    {
        if (_drive.Drive == PinDrive.Analog)
            _driver?.SetVoltage(_drive.Millivolts);
        else
            _driver?.Set(_drive.Drive);
    }

    private void OnChanged(bool level)
    {
        if (_part.IsAttached)
            Changed?.Invoke(level);
    }
}
