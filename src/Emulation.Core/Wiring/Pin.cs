namespace Emulation.Core;

/// <summary>An electrical node: several parties drive it, its level is what comes of that. Used under the device lock.</summary>
/// <remarks>
/// Ground wins over the supply, so open-drain lines work without more; both at once is <see cref="IsContended"/>. Strong drivers win over resistors.
/// A voltage reads as high from half of the supply. A node that nothing drives keeps the level it had, as its capacitance does.
/// </remarks>
public sealed class Pin
{
    private readonly List<PinDriver> _drivers = [];

    /// <summary>Creates a node that nothing drives, at low level.</summary>
    /// <param name="name">The board's name, such as <c>PD12</c>.</param>
    /// <param name="supplyMillivolts">The supply voltage.</param>
    public Pin(string name, int supplyMillivolts = 3300)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(supplyMillivolts);
        (Name, SupplyMillivolts) = (name, supplyMillivolts);
    }

    /// <summary>The board's name.</summary>
    public string Name { get; }

    /// <summary>The supply voltage in millivolts.</summary>
    public int SupplyMillivolts { get; }

    /// <summary>The logic level.</summary>
    public bool Level { get; private set; }

    /// <summary>The voltage in millivolts.</summary>
    public int Millivolts { get; private set; }

    /// <summary>Whether ground and the supply fight.</summary>
    public bool IsContended { get; private set; }

    /// <summary>Whether nothing drives it.</summary>
    public bool IsFloating { get; private set; } = true;

    /// <summary>The parties.</summary>
    public IReadOnlyList<PinDriver> Drivers => _drivers;

    /// <summary>Raised after the level changed, with the new one. Not raised when a snapshot is loaded: listeners load their own side.</summary>
    public event Action<bool>? Changed;

    /// <summary>Raised after the voltage changed, also where the level did not.</summary>
    public event Action? VoltageChanged;

    /// <summary>Raised after a party changed what it does, before anything else is.</summary>
    public event Action<PinDriver>? Driven;

    /// <summary>The party of a name; a new one that does nothing yet if there is none.</summary>
    /// <param name="name">Unique at this pin.</param>
    public PinDriver Driver(string name)
    {
        PinDriver? driver = _drivers.Find(d => d.Name == name);
        if (driver is null)
            _drivers.Add(driver = new PinDriver(this, name));
        return driver;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {(Level ? "high" : "low")}";

    internal void Save(StateWriter writer)
    {
        writer.Write(Millivolts);
        writer.Write(Level);
        writer.Write(_drivers.Count);
        foreach (PinDriver driver in _drivers)
        {
            writer.Write(driver.Name);
            writer.Write((int)driver.Drive);
            writer.Write(driver.Millivolts);
        }
    }

    internal void Load(StateReader reader)
    {
        int millivolts = reader.ReadInt32();
        bool level = reader.ReadBoolean();
        foreach (PinDriver driver in _drivers)
            driver.Restore(PinDrive.Floating, 0);
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            var drive = (PinDrive)reader.ReadInt32();
            if (!Enum.IsDefined(drive))
                throw reader.Damaged($"pin {Name} is driven in an unknown way");
            Driver(name).Restore(drive, reader.ReadInt32());
        }

        _ = Evaluate();
        (Level, Millivolts) = (level, millivolts);
    }

    internal void Resolve(PinDriver driver)
    {
        Driven?.Invoke(driver);
        (int millivolts, bool level) = Evaluate();
        bool voltage = millivolts != Millivolts, changed = level != Level;
        (Level, Millivolts) = (level, millivolts);
        if (changed)
            Changed?.Invoke(level);
        if (voltage)
            VoltageChanged?.Invoke();
    }

    private (int Millivolts, bool Level) Evaluate()
    {
        bool low = false, high = false, up = false, down = false;
        int? analog = null;
        foreach (PinDriver driver in _drivers)
        {
            low |= driver.Drive == PinDrive.Low;
            high |= driver.Drive == PinDrive.High;
            up |= driver.Drive == PinDrive.PullUp;
            down |= driver.Drive == PinDrive.PullDown;
            if (driver.Drive == PinDrive.Analog)
                analog = Math.Min(analog ?? int.MaxValue, driver.Millivolts);
        }

        IsContended = low && high;
        IsFloating = !(low || high || up || down || analog is not null);
        if (low)
            return (0, false);
        if (high)
            return (SupplyMillivolts, true);
        if (analog is { } voltage)
            return (voltage, voltage >= SupplyMillivolts / 2);
        if (up != down)
            return (up ? SupplyMillivolts : 0, up);
        return up ? (SupplyMillivolts / 2, Level) : (Millivolts, Level);
    }
}
