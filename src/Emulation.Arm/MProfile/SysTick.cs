using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The system timer: 24 bits, counting down. DDI 0403E, B3.3; DDI 0553, B11.</summary>
/// <remarks>The value follows from absolute time: it is never accumulated.</remarks>
public sealed class SysTick : IMRegisters
{
    private const uint Mask = 0xff_ffff;
    private readonly ArmMCpu _cpu;
    private readonly int _bank;
    private readonly ClockTimer _timer;
    private ulong _processor, _reference;
    private bool _enabled, _interrupts, _usesProcessor, _counted;
    private uint _reload, _value;
    private ulong _start;

    internal SysTick(ArmMCpu cpu, int bank)
    {
        (_cpu, _bank) = (cpu, bank);
        (_processor, _reference) = (cpu.Options.ClockFrequency, cpu.Options.ReferenceFrequency);
        _timer = cpu.Context.Clock.CreateTimer($"{cpu.Name} SysTick{(bank == 1 ? " secure" : "")}", Expire);
    }

    private VirtualClock Clock => _cpu.Context.Clock;

    private ulong Frequency => _usesProcessor ? _processor : _reference;

    private ulong Ticks => Frequency == 0 ? 0 : Clock.Ticks(Frequency);

    private bool Runs => _enabled && Frequency != 0;

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
        map.Define(0x1c, "SYST_CALIB").Bits(31, 0, "NOREF, SKEW, TENMS", FieldMode.ReadOnly, read: () => (_cpu.Options.SysTickCalibration & 0x40ff_ffff) | (_reference == 0 ? 1u << 31 : 0));
    }

    internal void Reset()
    {
        _timer.Disarm();
        (_enabled, _interrupts, _usesProcessor, _counted, _reload, _value, _start) = (false, false, _reference == 0, false, 0, 0, 0);
    }

    internal void Save(StateWriter writer)
    {
        foreach (bool value in (bool[])[_enabled, _interrupts, _usesProcessor, _counted])
            writer.Write(value);
        writer.Write(_reload);
        writer.Write(_value);
        writer.Write(_start);
        _timer.Save(writer);
    }

    internal void Load(StateReader reader)
    {
        (_enabled, _interrupts, _usesProcessor, _counted) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_reload, _value, _start) = (reader.ReadUInt32() & Mask, reader.ReadUInt32() & Mask, reader.ReadUInt64());
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
        => Change(() => (_enabled, _interrupts, _usesProcessor) = ((value & 1) != 0, (value & 2) != 0, (value & 4) != 0 || _reference == 0));

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

    private void Arm()
    {
        _timer.Disarm();
        if (!Runs || (_value == 0 && _reload == 0))
            return;
        uint value = Current(out _);
        ulong left = value != 0 ? value : _reload + 1UL;
        if (value == 0 && _reload == 0)
            return;
        _timer.Arm(VirtualClock.TimeOf(Ticks + left, Frequency));
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
