using Emulation.Core;

namespace Emulation.Devices;

/// <summary>An SPI bus: one controller, and devices with a chip select each.</summary>
/// <remarks>
/// The controller does the timing: it calls <see cref="Exchange(uint, in SpiFrame)"/> at the end of each word. Memory controllers with two or four lanes send commands, addresses and
/// data by the word, each with its lanes and direction, and dummy clocks as words whose content does not matter: Bits = clocks x lanes.
/// A reset of the machine deselects all devices; parts keep their state otherwise: see <see cref="PowerCycle"/>.
/// </remarks>
public sealed partial class SpiBus : IDevice, IPowered
{
    /// <summary>Number of the first chip select that is a pin.</summary>
    public const int FirstPinSelect = 256;

    // the ends of links at the slave's bus have numbers from here on, which nobody selects
    private const int FirstLink = 1 << 16;

    private readonly VirtualClock _clock;
    private readonly GuestLog _log;
    private readonly PartSet<int> _devices;
    private readonly BusFaults _faults = new();
    private readonly SortedSet<int> _selected = [];
    private readonly Dictionary<int, (Pin Pin, Action<bool> Handler)> _wires = [];

    /// <summary>Creates a bus of a machine that is being composed; add it with <see cref="MachineContext.AddDevice{T}(T)"/>.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="context">The machine.</param>
    public SpiBus(string name, MachineContext context) : this(name, context.Clock, context.Log, PartSet<int>.In(context, name, Describe)) { }

    /// <summary>Creates a bus outside of a machine: nothing forks it.</summary>
    /// <param name="name">Shown in messages.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Where mistakes of the guest go.</param>
    public SpiBus(string name, VirtualClock clock, GuestLog log) : this(name, clock, log, new PartSet<int>(name, Describe)) { }

    private SpiBus(string name, VirtualClock clock, GuestLog log, PartSet<int> devices)
    {
        Name = name;
        _clock = clock;
        _log = log;
        _devices = devices;
        devices.Connect(clock, log, Describe, OnDevicesChanged);
    }

    /// <summary>Raised for everything that happens on the bus, under the device lock.</summary>
    public event SpiObserver? Observed;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The chip selects that are active, lowest first.</summary>
    public IReadOnlyCollection<int> Selected => _selected;

    /// <summary>The devices by chip select.</summary>
    public IEnumerable<ISpiDevice> Devices => _devices.Entries.Select(static e => (ISpiDevice)e.Part);

    /// <summary>The controller as a slave of another master; null where it cannot be one. Set when the machine is composed.</summary>
    public ISpiSlave? Slave { get; set; }

    /// <summary>What the controller reads when no device drives its input: all ones (a pull-up) or all zeros.</summary>
    public bool PullUp { get; init; } = true;

    /// <summary>Attaches a device.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="chipSelect">The chip select, from 0; which of them are the controller's own and which are pins is the board's choice.</param>
    /// <param name="device">The device; a composition step makes a new one each time it runs.</param>
    /// <returns><paramref name="device"/>.</returns>
    /// <exception cref="InvalidOperationException">The chip select is taken, or the device is attached elsewhere.</exception>
    public T Attach<T>(int chipSelect, T device)
        where T : class, ISpiDevice
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegative(chipSelect);
        _devices.Add(chipSelect, device);
        if (_selected.Contains(chipSelect))
            device.Select();
        return device;
    }

    /// <summary>Attaches a device whose chip select is a pin; it gets a number from <see cref="FirstPinSelect"/> on.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="chipSelect">The pin.</param>
    /// <param name="device">The device; a composition step makes a new one each time it runs.</param>
    /// <param name="activeHigh">Whether high selects it.</param>
    /// <returns><paramref name="device"/>.</returns>
    /// <exception cref="InvalidOperationException">The device is attached elsewhere.</exception>
    public T Attach<T>(Pin chipSelect, T device, bool activeHigh = false)
        where T : class, ISpiDevice
    {
        ArgumentNullException.ThrowIfNull(chipSelect);
        ArgumentNullException.ThrowIfNull(device);
        int slot = FirstPinSelect;
        foreach ((int other, _) in _devices.Entries)
            slot = other < FirstLink ? Math.Max(slot, other + 1) : slot;
        Wire(slot, chipSelect, activeHigh);
        try
        {
            _devices.Add(slot, device, (activeHigh ? "+" : "-") + chipSelect.Name);
        }
        catch
        {
            Unwire(slot);
            throw;
        }

        if (chipSelect.Level == activeHigh)
            Select(slot);
        return device;
    }

    internal T AttachLink<T>(T node)
        where T : class, ISpiDevice
    {
        int slot = FirstLink;
        while (_devices.Find(slot) is not null)
            slot++;
        return Attach(slot, node);
    }

    /// <summary>Takes a device off the bus.</summary>
    /// <param name="device">What was attached.</param>
    /// <returns>Whether it was.</returns>
    public bool Detach(ISpiDevice device)
    {
        foreach ((int slot, object part) in _devices.Entries)
        {
            if (ReferenceEquals(part, device))
                return _devices.Remove(slot);
        }

        return false;
    }

    /// <summary>The device of a chip select: the way to a part of a fork.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="chipSelect">The chip select.</param>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public T Get<T>(int chipSelect)
        where T : class
        => _devices.Find(chipSelect) as T ?? throw new InvalidOperationException($"{Name}: there is no {typeof(T).Name} at chip select {chipSelect}");

    /// <summary>The only device of a type.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public T Get<T>()
        where T : class
        => _devices.Entries.Select(static e => e.Part).OfType<T>().FirstOrDefault() ?? throw new InvalidOperationException($"{Name}: there is no {typeof(T).Name}");

    /// <summary>Makes a chip select active; nothing happens when it is.</summary>
    /// <param name="chipSelect">The chip select, whether or not a device is there.</param>
    public void Select(int chipSelect)
    {
        if (!_selected.Add(chipSelect))
            return;
        Device(chipSelect)?.Select();
        Observed?.Invoke(new SpiEvent(_clock.Now, SpiEventKind.Select, chipSelect, 0, 0, default));
    }

    /// <summary>Makes a chip select inactive; nothing happens when it is.</summary>
    /// <param name="chipSelect">The chip select.</param>
    public void Deselect(int chipSelect)
    {
        if (!_selected.Remove(chipSelect))
            return;
        Device(chipSelect)?.Deselect();
        Observed?.Invoke(new SpiEvent(_clock.Now, SpiEventKind.Deselect, chipSelect, 0, 0, default));
    }

    /// <summary>Sets a chip select by the level of its line, for lines that are active low.</summary>
    /// <param name="chipSelect">The chip select.</param>
    /// <param name="level">High is inactive.</param>
    public void SetSelectLevel(int chipSelect, bool level)
    {
        if (level)
            Deselect(chipSelect);
        else
            Select(chipSelect);
    }

    /// <summary>Exchanges a byte, most significant bit first, in mode 0.</summary>
    /// <param name="value">What the controller sends.</param>
    /// <returns>What it gets.</returns>
    public byte Exchange(byte value) => (byte)Exchange(value, SpiFrame.Byte);

    /// <summary>Exchanges a word.</summary>
    /// <param name="value">What the controller sends; bits above the word are ignored.</param>
    /// <param name="frame">How.</param>
    /// <returns>What it gets; all ones or zeros while the controller drives all lanes, or no device is selected.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The frame is none: a mistake of the controller's code.</exception>
    public uint Exchange(uint value, in SpiFrame frame)
    {
        if (frame.Bits is < 1 or > 32 || frame.Lanes is not (1 or 2 or 4 or 8) || frame.Bits % frame.Lanes != 0)
            throw new ArgumentOutOfRangeException(nameof(frame), $"{Name}: {frame.Bits} bits on {frame.Lanes} lanes");
        uint idle = PullUp ? frame.Mask : 0;
        uint sent = Order(value & frame.Mask, frame), received = idle;
        bool driven = false;
        foreach (int slot in _selected)
        {
            if (Device(slot) is not { } device)
                continue;
            if (!device.Supports(frame.Mode))
            {
                _log.Error(Name, $"the {device.GetType().Name} at chip select {slot} does not work in SPI mode {(int)frame.Mode}");
                continue;
            }

            uint answer = device.Exchange(sent, frame) & frame.Mask;
            // two devices that drive one line: low wins, as it does about everywhere
            received = driven ? received & answer : answer;
            driven = true;
        }

        if (frame.Direction == SpiDirection.Out)
            received = idle;
        if (_faults.Take(BusFaultKind.Corrupt) is { } fault)
            received ^= fault.Mask & frame.Mask;
        received = Order(received, frame);
        if (Observed is { } observed)
            observed(new SpiEvent(_clock.Now, SpiEventKind.Exchange, _selected.Count > 0 ? _selected.Min : -1, value & frame.Mask, received, frame));
        return received;
    }

    private static string Describe(int slot) => $"cs{slot}";

    private static uint Order(uint value, in SpiFrame frame)
    {
        if (!frame.LsbFirst)
            return value;
        // each lane carries a bit per clock, so that it is groups that change places
        if (frame.Lanes > 1)
        {
            uint result = 0;
            for (int left = frame.Bits; left > 0; left -= frame.Lanes, value >>= frame.Lanes)
                result = (result << frame.Lanes) | (value & ((1u << frame.Lanes) - 1));
            return result;
        }

        uint reversed = 0;
        for (int left = frame.Bits; left > 0; left--, value >>= 1)
            reversed = (reversed << 1) | (value & 1);
        return reversed;
    }

    private ISpiDevice? Device(int slot) => (ISpiDevice?)_devices.Find(slot);
}
