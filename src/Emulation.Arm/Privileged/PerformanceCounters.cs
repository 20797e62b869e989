using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The performance monitors: a cycle counter of one gigahertz, and event counters of instructions, cycles, exceptions and software's own. Arm DDI 0487, D11.</summary>
/// <param name="cpu">What is counted.</param>
internal sealed class PerformanceCounters(ArmCpu cpu)
{
    /// <summary>Event counters.</summary>
    public const int Count = 6;

    private const int Cycles = 31;
    private const uint Implemented = (1u << Count) - 1 | 1u << Cycles;
    private const int SoftwareIncrement = 0, InstructionsRetired = 8, ExceptionsTaken = 9, InstructionsSpeculative = 0x1b, CpuCycles = 0x11;
    private const ulong EnableAll = 1, ResetEvents = 2, ResetCycles = 4, LongCycles = 1 << 6;

    // event counters, then cycles
    private readonly ulong[] _values = new ulong[Count + 1];
    private readonly ulong[] _since = new ulong[Count + 1];
    private readonly ulong[] _types = new ulong[Count + 1];
    private ulong _control;
    private uint _enabled, _interrupts, _overflowed;
    private uint _active;

    /// <summary>Output: an enabled counter has overflowed.</summary>
    public IrqLine Line { get; } = new($"{cpu.Name} pmu");

    /// <summary>PMCR_EL0.</summary>
    public ulong Control
    {
        get => _control | (Count << 11);
        set
        {
            Fold();
            if ((value & ResetEvents) != 0)
                Array.Clear(_values, 0, Count);
            if ((value & ResetCycles) != 0)
                _values[Count] = 0;
            _control = value & (EnableAll | LongCycles | (3 << 3) | (1 << 5));
            Start();
        }
    }

    public uint Enabled => _enabled;

    public uint Interrupts => _interrupts;

    public uint Overflowed
    {
        get
        {
            Fold();
            return _overflowed;
        }
    }

    public void SetEnabled(uint mask, bool set)
    {
        Fold();
        _enabled = (set ? _enabled | mask : _enabled & ~mask) & Implemented;
        Start();
    }

    public void SetInterrupts(uint mask, bool set)
    {
        Fold();
        _interrupts = (set ? _interrupts | mask : _interrupts & ~mask) & Implemented;
        Drive();
    }

    public void SetOverflowed(uint mask, bool set)
    {
        Fold();
        _overflowed = (set ? _overflowed | mask : _overflowed & ~mask) & Implemented;
        Drive();
    }

    /// <summary>Adds one to the counters of software's own event.</summary>
    public void Increment(uint mask)
    {
        Fold();
        for (int n = 0; n < Count; n++)
        {
            if ((mask & _active & (1u << n)) != 0 && EventOf(n) == SoftwareIncrement)
                Add(n, 1);
        }

        Drive();
    }

    /// <summary>Value of a counter: 0 to 5, or 31 for cycles.</summary>
    public ulong Read(int n)
    {
        Fold();
        return IndexOf(n) is >= 0 and int i ? _values[i] : 0;
    }

    public void Write(int n, ulong value)
    {
        Fold();
        if (IndexOf(n) is >= 0 and int i)
            _values[i] = n == Cycles ? value : (uint)value;
        Start();
    }

    public ulong ReadType(int n) => IndexOf(n) is >= 0 and int i ? _types[i] : 0;

    public void WriteType(int n, ulong value)
    {
        const ulong Filters = 0xf800_0000, Event = 0xffff;
        Fold();
        if (IndexOf(n) is >= 0 and int i)
            _types[i] = value & (n == Cycles ? Filters : Filters | Event);
        Start();
    }

    /// <summary>Looks for overflows, between two instructions.</summary>
    public void Poll()
    {
        if ((_active & _interrupts) == 0)
            return;
        Fold();
        Limit();
    }

    public void OnLevelChange(int level)
    {
        if ((_control & EnableAll) == 0 || _enabled == 0)
            return;
        Fold();
        Start(level);
    }

    public void Reset()
    {
        Array.Clear(_values);
        Array.Clear(_types);
        (_control, _enabled, _interrupts, _overflowed, _active) = (LongCycles, 0, 0, 0, 0);
        Drive();
    }

    public void Save(StateWriter writer)
    {
        Fold();
        writer.Write(_values);
        writer.Write(_types);
        writer.Write(_control);
        writer.Write(_enabled);
        writer.Write(_interrupts);
        writer.Write(_overflowed);
        writer.Write(Line.Level);
    }

    public void Load(StateReader reader)
    {
        reader.Read(_values);
        reader.Read(_types);
        _control = reader.ReadUInt64();
        _enabled = reader.ReadUInt32() & Implemented;
        _interrupts = reader.ReadUInt32() & Implemented;
        _overflowed = reader.ReadUInt32() & Implemented;
        Line.Restore(reader.ReadBoolean());
        Start();
    }

    private static int IndexOf(int n) => n == Cycles ? Count : n is >= 0 and < Count ? n : -1;

    private int EventOf(int i) => i == Count ? CpuCycles : (int)_types[i] & 0xffff;

    private ulong Source(int i) => EventOf(i) switch
    {
        CpuCycles => (ulong)cpu.Context.Clock.Now,
        InstructionsRetired or InstructionsSpeculative => cpu.InstructionCount - cpu.Header.ExceptionCount,
        ExceptionsTaken => cpu.Traps,
        _ => 0,
    };

    private void Start() => Start(cpu.ExceptionLevel);

    private void Start(int level)
    {
        _active = 0;
        for (int i = 0; i <= Count && (_control & EnableAll) != 0; i++)
        {
            uint bit = 1u << (i == Count ? Cycles : i);
            if ((_enabled & bit) == 0 || IsFiltered(_types[i], level))
                continue;
            _active |= bit;
            _since[i] = Source(i);
        }

        if ((_active & _interrupts) != 0)
            cpu.RequestAttention();
    }

    // P, U, NSH
    private static bool IsFiltered(ulong type, int level) => level switch
    {
        0 => (type & (1 << 30)) != 0,
        1 => (type & (1UL << 31)) != 0,
        2 => (type & (1 << 27)) == 0,
        _ => false,
    };

    private void Fold()
    {
        if (_active == 0)
            return;
        for (int i = 0; i <= Count; i++)
        {
            if ((_active & (1u << (i == Count ? Cycles : i))) == 0)
                continue;
            ulong now = Source(i);
            Add(i, now - _since[i]);
            _since[i] = now;
        }

        Drive();
    }

    private void Add(int i, ulong delta)
    {
        ulong old = _values[i], value = old + delta;
        bool wide = i == Count && (_control & LongCycles) != 0;
        if (wide ? value < old : value >> 32 != old >> 32)
            _overflowed |= 1u << (i == Count ? Cycles : i);
        _values[i] = i == Count ? value : (uint)value;
    }

    // the run ends where the first counter of instructions overflows
    private void Limit()
    {
        for (int i = 0; i < Count; i++)
        {
            if ((_active & _interrupts & (1u << i)) != 0 && EventOf(i) is InstructionsRetired or InstructionsSpeculative)
                cpu.LimitRun((long)((1UL << 32) - _values[i]) - 1);
        }
    }

    private void Drive()
    {
        bool level = (_overflowed & _interrupts) != 0 && (_control & EnableAll) != 0;
        if (level == Line.Level)
            return;
        cpu.Context.Memory.EnterDeviceLock();
        try
        {
            Line.Set(level);
        }
        finally
        {
            cpu.Context.Memory.DeviceLock.Exit();
        }
    }
}
