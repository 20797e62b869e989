using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Quadrature encoder interface of a Stellaris microcontroller. LM3S6965 data sheet, "Quadrature Encoder Interface (QEI)". Ports: 4 KiB MMIO; signals PhA, PhB and IDX; out IRQ "qei".</summary>
/// <remarks>A debugger does not stop it: STALLEN is kept as written.</remarks>
public sealed class StellarisQei : StellarisPeripheral
{
    private const uint Index = 1, Timer = 2, Direction = 4, Error = 8;
    private readonly CycleTimer _velocity;
    private readonly BitField _maximum, _load, _mask, _predivider;
    private readonly FlagField _enabled, _swap, _clockDirection, _both, _indexResets, _velocityEnabled, _invertA, _invertB, _invertIndex;
    private uint _position, _raw, _count, _speed;
    private int _edges;
    private bool _error, _backwards, _a, _b, _i;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock.</param>
    public StellarisQei(string name, VirtualClock clock, GuestLog log, ClockSignal busClock) : base(name, clock, log, busClock)
    {
        Irq = AddLine("qei");
        _velocity = new CycleTimer($"{name} velocity", clock, busClock, OnVelocity);
        PhaseA = new PinSignal("PhA") { InputChanged = OnInput };
        PhaseB = new PinSignal("PhB") { InputChanged = OnInput };
        IndexPulse = new PinSignal("IDX") { InputChanged = OnInput };
        Registers.Define(0x00, "QEICTL").Flag(0, "ENABLE", out _enabled).Flag(1, "SWAP", out _swap).Flag(2, "SIGMODE", out _clockDirection).Flag(3, "CAPMODE", out _both).Flag(4, "RESMODE", out _indexResets)
            .Flag(5, "VELEN", out _velocityEnabled).Bits(8, 6, "VELDIV", out _predivider).Flag(9, "INVA", out _invertA).Flag(10, "INVB", out _invertB).Flag(11, "INVI", out _invertIndex).Flag(12, "STALLEN")
            .Ignored(31, 13).Then(OnControl);
        Registers.Define(0x04, "QEISTAT", access: RegisterAccess.ReadOnly).Bits(1, 0, "DIRECTION, ERROR", FieldMode.ReadOnly, read: () => (_error ? 1u : 0) | (_backwards ? 2u : 0)).Reserved(31, 2);
        Registers.Define(0x08, "QEIPOS").Bits(31, 0, "POSITION", read: () => _position, write: v => _position = (uint)v);
        Registers.Define(0x0c, "QEIMAXPOS").Bits(31, 0, "MAXPOS", out _maximum);
        Registers.Define(0x10, "QEILOAD").Bits(31, 0, "LOAD", out _load).Then(OnControl);
        Registers.Define(0x14, "QEITIME", access: RegisterAccess.ReadOnly).Bits(31, 0, "TIME", FieldMode.ReadOnly, read: () => _velocity.Left);
        Registers.Define(0x18, "QEICOUNT", access: RegisterAccess.ReadOnly).Bits(31, 0, "COUNT", FieldMode.ReadOnly, read: () => _count);
        Registers.Define(0x1c, "QEISPEED", access: RegisterAccess.ReadOnly).Bits(31, 0, "SPEED", FieldMode.ReadOnly, read: () => _speed);
        Registers.Define(0x20, "QEIINTEN").Bits(3, 0, "enable", out _mask).Ignored(31, 4).Then(Update);
        Registers.Define(0x24, "QEIRIS", access: RegisterAccess.ReadOnly).Bits(3, 0, "raw", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 4);
        Registers.Define(0x28, "QEIISC").Bits(3, 0, "masked", read: () => _raw & _mask!.Value, write: v => _raw &= ~(uint)v).Ignored(31, 4).Then(Update);
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <summary>Phase A.</summary>
    public PinSignal PhaseA { get; }

    /// <summary>Phase B.</summary>
    public PinSignal PhaseB { get; }

    /// <summary>The index pulse.</summary>
    public PinSignal IndexPulse { get; }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_position, _raw, _count, _speed, _edges, _error, _backwards) = (0, 0, 0, 0, 0, false, false);
        (_a, _b, _i) = Inputs();
        _velocity.Disarm();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        foreach (uint value in (uint[])[_position, _raw, _count, _speed, (uint)_edges])
            writer.Write(value);
        foreach (bool value in (bool[])[_error, _backwards, _a, _b, _i])
            writer.Write(value);
        PhaseA.Save(writer);
        PhaseB.Save(writer);
        IndexPulse.Save(writer);
        _velocity.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        (_position, _raw, _count, _speed, _edges) = (reader.ReadUInt32(), reader.ReadUInt32() & 15, reader.ReadUInt32(), reader.ReadUInt32(), (int)reader.ReadUInt32() & 127);
        (_error, _backwards, _a, _b, _i) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        PhaseA.Load(reader);
        PhaseB.Load(reader);
        IndexPulse.Load(reader);
        _velocity.Load(reader);
    }

    private (bool A, bool B, bool Index) Inputs()
    {
        bool a = PhaseA.Input ^ _invertA.Value, b = PhaseB.Input ^ _invertB.Value;
        return _swap.Value ? (b, a, IndexPulse.Input ^ _invertIndex.Value) : (a, b, IndexPulse.Input ^ _invertIndex.Value);
    }

    private void OnControl()
    {
        (_a, _b, _i) = Inputs();
        if (!_enabled.Value || !_velocityEnabled.Value)
            _velocity.Disarm();
        else if (!_velocity.IsArmed)
            _velocity.Arm(Math.Max(16, _load.Value));
    }

    private void OnVelocity()
    {
        (_speed, _count, _edges) = (_count, 0, 0);
        _raw |= Timer;
        _velocity.Extend(Math.Max(16, _load.Value + 1));
        Update();
    }

    private void OnInput()
    {
        (bool a, bool b, bool index) = Inputs();
        (bool oldA, bool oldB, bool oldIndex) = (_a, _b, _i);
        (_a, _b, _i) = (a, b, index);
        if (!_enabled.Value || !BusClock.IsRunning)
            return;
        if (_clockDirection.Value)
        {
            // A is the clock, B the direction
            if (a && !oldA)
                Step(backwards: b);
        }
        else if (a != oldA && b != oldB)
        {
            (_error, _raw) = (true, _raw | Error);
        }
        else if (a != oldA || (b != oldB && _both.Value))
        {
            Step(a != oldA ? a == b : a != b);
        }

        if (index && !oldIndex)
        {
            _raw |= Index;
            if (_indexResets.Value)
                _position = 0;
        }

        Update();
    }

    private void Step(bool backwards)
    {
        if (backwards != _backwards)
            (_backwards, _raw) = (backwards, _raw | Direction);
        uint maximum = (uint)_maximum.Value;
        _position = backwards ? _position == 0 ? maximum : _position - 1 : _position >= maximum ? 0 : _position + 1;
        if (!_velocityEnabled.Value)
            return;
        if (++_edges >= 1 << (int)_predivider.Value)
        {
            _edges = 0;
            _count++;
        }
    }

    private void Update() => Irq.Set((_raw & _mask.Value) != 0);
}
