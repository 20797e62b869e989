using Emulation.Core;

namespace Emulation.Devices;

/// <summary>AHB GPIO of the Cortex-M System Design Kit: 16 pins. Arm DDI 0479, 3.5. Ports: 4 KiB MMIO; 16 pins; out IRQ "gpioint" and one per pin.</summary>
/// <remarks>An alternate function is what the board connects; the port lets go of the pin for it.</remarks>
public sealed class CmsdkGpio : MmioDevice
{
    /// <summary>Pins of a port.</summary>
    public const int PinCount = 16;

    private readonly PinDriver?[] _drivers = new PinDriver?[PinCount];
    private readonly Pin?[] _pins = new Pin?[PinCount];
    private readonly IrqLine[] _pinIrqs = new IrqLine[PinCount];
    private ushort _output;
    private ushort _enabled;
    private ushort _alternate;
    private ushort _interrupts;
    private ushort _edges;
    private ushort _polarity;
    private ushort _status;
    private ushort _levels;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    public CmsdkGpio(string name, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        Combined = AddLine("gpioint");
        for (int i = 0; i < PinCount; i++)
            _pinIrqs[i] = AddLine($"gpioint{i}");
        Half(0x00, "DATA", () => _levels, v => _output = v);
        Half(0x04, "DATAOUT", () => _output, v => _output = v);
        Pair(0x10, "OUTEN", () => _enabled, v => _enabled = v);
        Pair(0x18, "ALTFUNC", () => _alternate, v => _alternate = v);
        Pair(0x20, "INTEN", () => _interrupts, v => _interrupts = v);
        Pair(0x28, "INTTYPE", () => _edges, v => _edges = v);
        Pair(0x30, "INTPOL", () => _polarity, v => _polarity = v);
        Half(0x38, "INTSTATUS, INTCLEAR", () => _status, v => _status &= (ushort)~v);

        // bits 9 to 2 of the address are a mask of the data (3.5.3)
        Registers.DefineMany(0x400, 256, 4, "MASKLOWBYTE").Bits(15, 0, "data", read: i => (ulong)(_levels & i), write: (i, v) => WriteMasked(i, v)).Ignored(31, 16);
        Registers.DefineMany(0x800, 256, 4, "MASKHIGHBYTE").Bits(15, 0, "data", read: i => (ulong)(_levels & (i << 8)), write: (i, v) => WriteMasked(i << 8, v)).Ignored(31, 16);
        CmsdkId.Define(Registers, 0x20);
    }

    /// <summary>Any pin's interrupt.</summary>
    public IrqLine Combined { get; }

    /// <summary>The interrupt of a pin.</summary>
    /// <param name="pin">0 to 15.</param>
    public IrqLine Irq(int pin) => _pinIrqs[pin];

    /// <summary>Connects a pin.</summary>
    /// <param name="index">0 to 15.</param>
    /// <param name="pin">The pin.</param>
    public void Connect(int index, Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        _pins[index] = pin;
        _drivers[index] = pin.Driver(Name);
        pin.Changed += _ => Update();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_output, _enabled, _alternate, _interrupts, _edges, _polarity, _status) = (0, 0, 0, 0, 0, 0, 0);
        foreach (PinDriver? driver in _drivers)
            driver?.Release();
        _levels = Levels();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        foreach (ushort value in (ushort[])[_output, _enabled, _alternate, _interrupts, _edges, _polarity, _status, _levels])
            writer.Write(value);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        foreach (Action<ushort> set in (Action<ushort>[])
            [v => _output = v, v => _enabled = v, v => _alternate = v, v => _interrupts = v, v => _edges = v, v => _polarity = v, v => _status = v, v => _levels = v])
            set(reader.ReadUInt16());
    }

    private void Half(ulong offset, string name, Func<ushort> read, Action<ushort> write)
        => Registers.Define(offset, name).Bits(15, 0, "pins", read: () => read(), write: v =>
        {
            write((ushort)v);
            Drive();
        }).Ignored(31, 16);

    private void Pair(ulong offset, string name, Func<ushort> read, Action<ushort> write)
    {
        Half(offset, $"{name}SET", read, v => write((ushort)(read() | v)));
        Half(offset + 4, $"{name}CLR", read, v => write((ushort)(read() & ~v)));
    }

    private void WriteMasked(int mask, ulong value)
    {
        _output = (ushort)((_output & ~mask) | ((int)value & mask));
        Drive();
    }

    private void Drive()
    {
        for (int i = 0; i < PinCount; i++)
        {
            if (((_enabled & ~_alternate) >> i & 1) != 0)
                _drivers[i]?.Set((_output >> i & 1) != 0);
            else
                _drivers[i]?.Release();
        }

        Update();
    }

    private ushort Levels()
    {
        int levels = 0;
        for (int i = 0; i < PinCount; i++)
            levels |= (_pins[i]?.Level ?? ((_output & _enabled) >> i & 1) != 0) ? 1 << i : 0;
        return (ushort)levels;
    }

    // a level interrupt stays while its level does; an edge stays until it is cleared
    private void Update()
    {
        ushort now = Levels();
        int changed = now ^ _levels;
        _levels = now;
        int active = ~(now ^ _polarity);
        _status |= (ushort)(_interrupts & active & (~_edges | changed));
        for (int i = 0; i < PinCount; i++)
            _pinIrqs[i].Set((_status >> i & 1) != 0);
        Combined.Set(_status != 0);
    }
}
