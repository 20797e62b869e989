using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// A PCI Express host with memory-mapped configuration space, and the bus behind it. PCI Express Base 3.0, 7.2.2. Ports: a configuration window; windows
/// for memory and I/O ports, where base addresses of functions appear; out IRQ "INTA" to "INTD"; messages.
/// </summary>
/// <remarks>There is one bus; every number of a bus but 0 is empty. Pins of function 0 of device d go to line (d + pin) mod 4, as behind any bridge.</remarks>
public sealed class PciHost : IDevice, IMmio
{
    /// <summary>Devices on the bus.</summary>
    public const int DeviceCount = 32;

    private readonly PciFunction?[] _functions = new PciFunction?[8 * DeviceCount];
    private readonly bool[,] _pins = new bool[8 * DeviceCount, 4];
    private readonly IrqLine[] _lines = new IrqLine[4];
    private readonly List<(bool Ports, ulong BusAddress, ContainerRegion Region)> _windows = [];
    private readonly GuestLog _log;

    /// <summary>Creates a host whose bus has a host bridge as device 0 and nothing else.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="buses">Bus numbers that the configuration window covers: 1 to 256.</param>
    public PciHost(string name, GuestLog log, int buses = 256)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)buses - 1, 255u, nameof(buses));
        Name = name;
        _log = log;
        ConfigRegion = new MmioRegion($"{name}.config", (ulong)buses << 20, this) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word };
        for (int i = 0; i < 4; i++)
            _lines[i] = new IrqLine($"{name}.INT{(char)('A' + i)}");
        Bridge = new PciHostBridge($"{name}.bridge", log);
        Add(Bridge, 0);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The configuration window, to put into an address space.</summary>
    public MmioRegion ConfigRegion { get; }

    /// <summary>The host bridge; a device of its own in the machine.</summary>
    public PciFunction Bridge { get; }

    /// <summary>The functions on the bus, by place.</summary>
    public IEnumerable<PciFunction> Functions => _functions.OfType<PciFunction>();

    /// <summary>Takes messages of functions: address, data, and requester ID (the place on the bus). Under the device lock.</summary>
    public Action<ulong, uint, int>? MessageSink { get; set; }

    /// <summary>An interrupt line of the bus.</summary>
    /// <param name="line">0 for INTA to 3 for INTD.</param>
    public IrqLine Line(int line) => _lines[line];

    /// <summary>Adds a window.</summary>
    /// <param name="ports">Whether it is for I/O ports, and not memory.</param>
    /// <param name="busAddress">The bus address at its start.</param>
    /// <param name="size">Bytes.</param>
    /// <returns>The window, to put into an address space.</returns>
    public ContainerRegion AddWindow(bool ports, ulong busAddress, ulong size)
    {
        var region = new ContainerRegion($"{Name}.{(ports ? "ports" : "memory")}@{busAddress:x}", size);
        _windows.Add((ports, busAddress, region));
        return region;
    }

    /// <summary>Puts a function on the bus. The caller also adds it to the machine.</summary>
    /// <param name="function">The function.</param>
    /// <param name="device">Device number; null for the next that is free.</param>
    /// <param name="number">Function number, 0 to 7.</param>
    /// <exception cref="ArgumentException">The place is taken, or the bus is full.</exception>
    public void Add(PciFunction function, int? device = null, int number = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)number, 7u);
        int at = device ?? Enumerable.Range(0, DeviceCount).FirstOrDefault(d => _functions[8 * d] is null, -1);
        if ((uint)at >= DeviceCount || _functions[(8 * at) + number] is not null)
            throw new ArgumentException($"there is no place for '{function.Name}' on the bus of '{Name}'", nameof(device));
        _functions[(8 * at) + number] = function;
        function.Attach(this, (8 * at) + number);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        int register = (int)(offset & 0xfff);
        return Find(offset) is { } function ? function.ReadConfig(register, size) : uint.MaxValue >> (32 - (8 * size));
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value) => Find(offset)?.WriteConfig((int)(offset & 0xfff), size, (uint)value);

    /// <inheritdoc/>
    public void Reset()
    {
        Array.Clear(_pins);
        foreach (IrqLine line in _lines)
            line.Set(false);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (IrqLine line in _lines)
            writer.Write(line.Level);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        foreach (IrqLine line in _lines)
            line.Restore(reader.ReadBoolean());
    }

    internal void SendMessage(ulong address, uint data, int requester)
    {
        if (MessageSink is { } sink)
            sink(address, data, requester);
        else
            _log.Error(Name, $"a message to 0x{address:x}, and nothing takes messages");
    }

    internal void SetPin(int slot, int pin, bool level, bool restore = false)
    {
        if (pin < 0)
            return;
        _pins[slot, pin] = level;
        int line = ((slot / 8) + pin) % 4;
        if (restore)
            return;
        bool any = false;
        for (int other = 0; other < _functions.Length && !any; other++)
            any = _pins[other, (line - (other / 8) + DeviceCount) % 4];
        _lines[line].Set(any);
    }

    internal ContainerRegion? FindWindow(bool ports, ulong address, ulong size, out ulong offset)
    {
        foreach ((bool forPorts, ulong start, ContainerRegion region) in _windows)
        {
            offset = address - start;
            if (forPorts == ports && address >= start && offset < region.Size && size <= region.Size - offset)
                return region;
        }

        offset = 0;
        return null;
    }

    private PciFunction? Find(ulong offset) => offset >> 20 == 0 ? _functions[(int)(offset >> 12)] : null;
}
