using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Arm PrimeCell general-purpose input/output PL061: eight lines. Arm DDI 0190B. Ports: 4 KiB MMIO; in and out per line; out IRQ "intr" (GPIOINTR).</summary>
/// <remarks>Inputs that nobody drives are low. Hardware control (GPIOAFSEL) leaves a line as it is.</remarks>
public sealed class Pl061 : MmioDevice
{
    /// <summary>Lines of the device.</summary>
    public const int LineCount = 8;

    private readonly IrqLine[] _outputs = new IrqLine[LineCount];
    private readonly BitField _direction;
    private readonly BitField _levelSense;
    private readonly BitField _bothEdges;
    private readonly BitField _event;
    private readonly BitField _mask;
    private byte _data;
    private byte _inputs;
    private byte _latched;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    public Pl061(string name, GuestLog log) : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        Irq = AddLine("intr");
        for (int i = 0; i < LineCount; i++)
            _outputs[i] = AddLine($"gpio{i}");

        // bits 9 to 2 of the address are a mask (3.3.1)
        Registers.DefineMany(0x000, 256, 4, "GPIODATA").Bits(7, 0, "data", read: i => (ulong)(Pins & i), write: WriteData).Ignored(31, 8);
        Registers.Define(0x400, "GPIODIR").Bits(7, 0, "direction", out _direction).Ignored(31, 8).Then(Update);
        Registers.Define(0x404, "GPIOIS").Bits(7, 0, "sense", out _levelSense).Ignored(31, 8).Then(Update);
        Registers.Define(0x408, "GPIOIBE").Bits(7, 0, "both edges", out _bothEdges).Ignored(31, 8).Then(Update);
        Registers.Define(0x40c, "GPIOIEV").Bits(7, 0, "event", out _event).Ignored(31, 8).Then(Update);
        Registers.Define(0x410, "GPIOIE").Bits(7, 0, "mask", out _mask).Ignored(31, 8).Then(Update);
        Registers.Define(0x414, "GPIORIS", access: RegisterAccess.ReadOnly).Bits(7, 0, "raw", FieldMode.ReadOnly, read: () => Raw).Reserved(31, 8);
        Registers.Define(0x418, "GPIOMIS", access: RegisterAccess.ReadOnly).Bits(7, 0, "masked", FieldMode.ReadOnly, read: () => Raw & _mask!.Value).Reserved(31, 8);
        Registers.Define(0x41c, "GPIOIC", access: RegisterAccess.WriteOnly).Bits(7, 0, "clear", FieldMode.WriteOnly, write: Clear).Ignored(31, 8);
        Registers.Define(0x420, "GPIOAFSEL").Bits(7, 0, "hardware control").Ignored(31, 8);
        PrimeCell.DefineIdentification(Registers, 0x61, 0x10, 0x04, 0);
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    private byte Pins => (byte)((_data & _direction.Value) | (_inputs & ~_direction.Value));

    private byte Raw
    {
        get
        {
            ulong asserted = ~(Pins ^ _event.Value);
            return (byte)((_levelSense.Value & asserted) | (~_levelSense.Value & _latched));
        }
    }

    /// <summary>An output; it follows the data register while its direction is out, and is low otherwise.</summary>
    /// <param name="line">0 to 7.</param>
    public IrqLine Output(int line) => _outputs[line];

    /// <summary>An input, for <see cref="IrqLine.Connect"/>.</summary>
    /// <param name="line">0 to 7.</param>
    public Action<bool> Input(int line)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)line, (uint)LineCount - 1, nameof(line));
        return level => Drive(line, level);
    }

    /// <inheritdoc/>
    protected override void ResetState() => _data = _latched = 0;

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_data);
        writer.Write(_inputs);
        writer.Write(_latched);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _data = reader.ReadByte();
        _inputs = reader.ReadByte();
        _latched = reader.ReadByte();
    }

    private void Drive(int line, bool level)
    {
        byte before = Pins;
        _inputs = (byte)(level ? _inputs | (1 << line) : _inputs & ~(1 << line));
        int changed = before ^ Pins;
        _latched |= (byte)((uint)changed & (uint)(_bothEdges.Value | ~(Pins ^ _event.Value)) & (uint)~_levelSense.Value);
        Update();
    }

    private void WriteData(int mask, ulong value)
    {
        ulong writable = (ulong)mask & _direction.Value;
        _data = (byte)((_data & ~writable) | (value & writable));
        Update();
    }

    private void Clear(ulong lines)
    {
        _latched &= (byte)~lines;
        Update();
    }

    private void Update()
    {
        for (int i = 0; i < LineCount; i++)
            _outputs[i].Set((_data & _direction.Value & (1UL << i)) != 0);
        Irq.Set((Raw & _mask.Value) != 0);
    }
}
