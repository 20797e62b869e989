using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The system timer: 24 bits, counting down. DDI 0403E, B3.3; DDI 0553, B11.</summary>
/// <remarks>The value follows from absolute time: it is never accumulated.</remarks>
public sealed class SysTick : IMRegisters
{
    private const uint Mask = 0xff_ffff;
    private const ulong DefaultFrequency = 1_000_000_000;
    private readonly ArmMCpu _cpu;
    private readonly int _bank;
    private readonly ClockTimer _timer;
    private readonly ClockCounter _processor;
    private readonly ClockCounter? _reference;
    private bool _enabled, _interrupts, _usesProcessor, _counted;
    private uint _reload, _value;
    private ulong _start;

    internal SysTick(ArmMCpu cpu, int bank)
    {
        (_cpu, _bank) = (cpu, bank);
        VirtualClock clock = cpu.Context.Clock;
        _processor = new ClockCounter(clock, cpu.Options.ProcessorClock ?? new ClockTree($"{cpu.Name} clock").Source("HCLK", DefaultFrequency), OnClockChanged);
        _reference = cpu.Options.ReferenceClock is { } reference ? new ClockCounter(clock, reference, OnClockChanged) : null;
        _timer = cpu.Context.Clock.CreateTimer($"{cpu.Name} SysTick{(bank == 1 ? " secure" : "")}", Expire);
    }

    // both count all the time: what is added up are whole cycles of one of them
    private ClockCounter Counter => _usesProcessor || _reference is null ? _processor : _reference;

    private ulong Ticks => Counter.Value;

    private bool Runs => _enabled;

    void IMRegisters.Define(RegisterMap map, int bank)
    {
        if (bank != _bank)
            return;
        map.Define(0x10, "SYST_CSR").Reserved(31, 17)
            .Flag(16, "COUNTFLAG", FieldMode.ReadOnly, read: ReadCounted)
            .Reserved(15, 3)
            .Bits(2, 0, "CLKSOURCE, TICKINT, ENABLE", read: () => (_usesProcessor ? 4u : 0) | (_interrupts ? 2u : 0) | (_enabled ? 1u : 0), write: WriteControl);
        map.Define(0x14, "SYST_RVR").Ignored(31, 24).Bits(23, 0, "RELOAD", read: () => _reload, write: value => Change(() => _reload = (uint)value));
        map.Define(0x18, "SYST_CVR").Bits(31, 0, "CURRENT", read: () => Current(out _), write: _ => Change(Clear));
        map.Define(0x1c, "SYST_CALIB").Bits(31, 0, "NOREF, SKEW, TENMS", FieldMode.ReadOnly, read: () => (_cpu.Options.SysTickCalibration & 0x40ff_ffff) | (_reference is null ? 1u << 31 : 0));
    }

    internal void Reset()
    {
        _timer.Disarm();
        _processor.Reset();
        _reference?.Reset();
        _processor.Start();
        _reference?.Start();
        (_enabled, _interrupts, _usesProcessor, _counted, _reload, _value, _start) = (false, false, _reference is null, false, 0, 0, Ticks);
    }

    internal void Save(StateWriter writer)
    {
        foreach (bool value in (bool[])[_enabled, _interrupts, _usesProcessor, _counted])
            writer.Write(value);
        writer.Write(_reload);
        writer.Write(_value);
        writer.Write(_start);
        _processor.Save(writer);
        _reference?.Save(writer);
        _timer.Save(writer);
    }

    internal void Load(StateReader reader)
    {
        (_enabled, _interrupts, _usesProcessor, _counted) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_reload, _value, _start) = (reader.ReadUInt32() & Mask, reader.ReadUInt32() & Mask, reader.ReadUInt64());
        _processor.Load(reader);
        _reference?.Load(reader);
        _timer.Load(reader);
    }

    // The counter at the present time, and how often it has gone from 1 to 0 since the last change. At 0 it reloads with the next tick.
    private uint Current(out ulong wraps)
    {
        wraps = 0;
        if (!Runs)
            return _value;
        ulong passed = Ticks - _start;
        if (passed < _value)
            return _value - (uint)passed;
        if (_value != 0)
            wraps = 1;
        passed -= _value;
        if (_reload == 0 || passed == 0)
            return 0;
        ulong period = _reload + 1UL;
        wraps += passed / period;
        ulong within = passed % period;
        return within == 0 ? 0 : (uint)(period - within);
    }

    private bool ReadCounted()
    {
        Current(out ulong wraps);
        bool counted = _counted || wraps != 0;
        Settle();
        _counted = false;
        return counted;
    }

    private void Clear()
    {
        (_value, _counted) = (0, false);
    }

    private void WriteControl(ulong value)
        => Change(() => (_enabled, _interrupts, _usesProcessor) = ((value & 1) != 0, (value & 2) != 0, (value & 4) != 0 || _reference is null));

    // the present value becomes the base of what follows
    private void Settle()
    {
        _value = Current(out ulong wraps);
        _counted |= wraps != 0;
        _start = Ticks;
    }

    private void Change(Action change)
    {
        Settle();
        change();
        _start = Ticks;
        Arm();
    }

    // after settling
    private void Arm()
    {
        _timer.Disarm();
        if (!Runs || (_value == 0 && _reload == 0))
            return;
        ulong left = _value != 0 ? _value : _reload + 1UL;
        _timer.Arm(Counter.TimeOf(_start + left));
    }

    private void OnClockChanged()
    {
        Settle();
        Arm();
    }

    // the counter has reached 0
    private void Expire()
    {
        Settle();
        if (_interrupts)
            _cpu.Exceptions.SetPending(_cpu.Exceptions.IndexOf(MException.SysTick, _bank == 1), true);
        Arm();
    }
}
