using Emulation.Core;

namespace Emulation.RiscV;

/// <summary>
/// <c>mcycle</c>, <c>minstret</c> and <c>mhpmcounter3..31</c>. One cycle is one instruction, also one that traps; <c>minstret</c> does not count those.
/// RISC-V Privileged, "Hardware Performance Monitor", "Machine Counter-Inhibit Register", "Sscofpmf".
/// </summary>
/// <remarks>A running counter is a difference to a count that only grows, so that nothing has to be done per instruction.</remarks>
internal sealed class PerformanceCounters(RiscVCpu cpu)
{
    public const int Count = 32;
    public const int Cycle = 0;
    public const int InstructionsRetired = 2;
    public const int FirstProgrammable = 3;

    /// <summary>Event selector: cycles. The numbers are those of the SBI PMU extension's general events.</summary>
    public const ulong CycleEvent = 1;

    /// <summary>Event selector: instructions retired.</summary>
    public const ulong InstructionEvent = 2;

    public const ulong OverflowBit = 1UL << 63;
    public const ulong MachineInhibit = 1UL << 62;
    public const ulong SupervisorInhibit = 1UL << 61;
    public const ulong UserInhibit = 1UL << 60;
    public const ulong SelectorMask = (1UL << 56) - 1;

    private const ulong Never = ulong.MaxValue;

    private readonly ulong[] _value = new ulong[Count]; // of a stopped counter, or the difference of a running one to its source
    private readonly ulong[] _event = new ulong[Count];
    private readonly ulong[] _overflowAt = new ulong[Count]; // source count at which the counter wraps
    private readonly bool[] _running = new bool[Count];
    private uint _inhibit;
    private bool _anyOverflow;
    private bool _anyModeFilter;

    /// <summary>What <c>mcountinhibit</c> holds.</summary>
    public uint Inhibit
    {
        get => _inhibit;
        set
        {
            Poll();
            _inhibit = value & ~2u; // time cannot be stopped
            Update(insideInstruction: true);
        }
    }

    /// <summary>The OF bits as <c>scountovf</c> shows them.</summary>
    public uint Overflowed
    {
        get
        {
            Poll();
            uint bits = 0;
            for (int i = FirstProgrammable; i < Count; i++)
                bits |= (uint)(_event[i] >> 63) << i;
            return bits;
        }
    }

    public void Reset()
    {
        Array.Clear(_value);
        Array.Clear(_event);
        Array.Clear(_running);
        Array.Fill(_overflowAt, Never);
        _inhibit = 0;
        Refresh();
        foreach (int i in (ReadOnlySpan<int>)[Cycle, InstructionsRetired])
        {
            _running[i] = true;
            _value[i] = 0 - Source(i, insideInstruction: false);
        }
    }

    /// <summary>The value that the present instruction reads.</summary>
    public ulong Read(int counter) => _running[counter] ? _value[counter] + Source(counter, insideInstruction: false) : _value[counter];

    /// <summary>Writes a counter: what the next instruction reads is this value, the present instruction's own increment is lost.</summary>
    public void Write(int counter, ulong value)
    {
        Poll();
        _value[counter] = _running[counter] ? value - Source(counter, insideInstruction: true) : value;
        Schedule(counter, insideInstruction: true);
        Refresh();
    }

    public ulong ReadEvent(int counter)
    {
        Poll();
        return _event[counter];
    }

    /// <summary>Writes an event selector; the bits of Sscofpmf exist only with it.</summary>
    public void WriteEvent(int counter, ulong value)
    {
        Poll();
        ulong writable = SelectorMask;
        if (cpu.Features.Sscofpmf)
        {
            writable |= OverflowBit | MachineInhibit;
            writable |= cpu.Features.SupervisorMode ? SupervisorInhibit : 0;
            writable |= cpu.Features.UserMode ? UserInhibit : 0;
        }

        Stop(counter, insideInstruction: true);
        _event[counter] = value & writable;
        Update(insideInstruction: true);
        Schedule(counter, insideInstruction: true);
        Refresh();
    }

    /// <summary>Starts and stops the counters that count only at some privilege levels.</summary>
    /// <param name="insideInstruction">Whether an instruction changes the level (it counts at the old one), or a trap between two does.</param>
    public void OnPrivilegeChanged(bool insideInstruction)
    {
        if (!_anyModeFilter)
            return;
        Poll();
        Update(insideInstruction);
    }

    /// <summary>Notices counters that have wrapped: sets their OF bits and requests the interrupt.</summary>
    public void Poll()
    {
        if (!_anyOverflow)
            return;
        bool raised = false;
        for (int i = FirstProgrammable; i < Count; i++)
        {
            if (_overflowAt[i] == Never || Source(i, insideInstruction: false) < _overflowAt[i])
                continue;
            MarkOverflow(i);
            raised = true;
        }

        if (raised)
            Refresh();
    }

    /// <summary>Instructions until the next counter overflow that raises an interrupt, at least 1; <see cref="long.MaxValue"/> for none.</summary>
    public long InstructionsToOverflow()
    {
        ulong least = long.MaxValue;
        if (_anyOverflow)
        {
            for (int i = FirstProgrammable; i < Count; i++)
            {
                if (_overflowAt[i] == Never)
                    continue;
                ulong now = Source(i, insideInstruction: false);
                least = Math.Min(least, _overflowAt[i] > now ? _overflowAt[i] - now : 1);
            }
        }

        return (long)least;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_value);
        writer.Write(_event);
        writer.Write(_overflowAt);
        foreach (bool running in _running)
            writer.Write(running);
        writer.Write(_inhibit);
    }

    public void Load(StateReader reader)
    {
        reader.Read(_value);
        reader.Read(_event);
        reader.Read(_overflowAt);
        foreach (ref bool running in _running.AsSpan())
            running = reader.ReadBoolean();
        _inhibit = reader.ReadUInt32();
        Refresh();
    }

    private ulong Source(int counter, bool insideInstruction)
    {
        bool retired = counter == InstructionsRetired || (counter >= FirstProgrammable && Selector(counter) == InstructionEvent);
        return (retired ? cpu.RetiredInstructions : cpu.InstructionCount) + (insideInstruction ? 1UL : 0);
    }

    private ulong Selector(int counter) => _event[counter] & SelectorMask;

    private bool ShouldRun(int counter)
    {
        if ((_inhibit & (1u << counter)) != 0)
            return false;
        if (counter < FirstProgrammable)
            return counter != 1;
        if (Selector(counter) is not (CycleEvent or InstructionEvent))
            return false;
        ulong inhibit = cpu.Privilege switch
        {
            PrivilegeLevel.Machine => MachineInhibit,
            PrivilegeLevel.Supervisor => SupervisorInhibit,
            _ => UserInhibit,
        };
        return (_event[counter] & inhibit) == 0;
    }

    private void Update(bool insideInstruction)
    {
        for (int i = 0; i < Count; i++)
        {
            bool run = ShouldRun(i);
            if (run == _running[i])
                continue;
            if (!run)
            {
                Stop(i, insideInstruction);
                continue;
            }

            _running[i] = true;
            _value[i] -= Source(i, insideInstruction);
            Schedule(i, insideInstruction);
        }

        Refresh();
    }

    private void Stop(int counter, bool insideInstruction)
    {
        if (!_running[counter])
            return;
        ulong source = Source(counter, insideInstruction);
        if (_overflowAt[counter] != Never && source >= _overflowAt[counter])
            MarkOverflow(counter);
        _running[counter] = false;
        _value[counter] += source;
        _overflowAt[counter] = Never;
    }

    private void MarkOverflow(int counter)
    {
        _overflowAt[counter] = Never;
        _event[counter] |= OverflowBit;
        cpu.ChangePending(1u << RiscVInterrupt.CounterOverflow, 1u << RiscVInterrupt.CounterOverflow);
        cpu.RequestAttention();
    }

    // An overflow that finds OF set changes nothing, so only counters with OF clear are watched
    private void Schedule(int counter, bool insideInstruction)
    {
        ulong at = Never;
        if (counter >= FirstProgrammable && cpu.Features.Sscofpmf && _running[counter] && (_event[counter] & OverflowBit) == 0)
        {
            ulong source = Source(counter, insideInstruction);
            ulong distance = 0 - (_value[counter] + source); // 0 stands for 2^64
            if (distance != 0 && distance < Never - source)
                at = source + distance;
        }

        _overflowAt[counter] = at;
        if (at != Never)
        {
            _anyOverflow = true;
            cpu.RequestAttention();
        }
    }

    private void Refresh()
    {
        _anyOverflow = Array.Exists(_overflowAt, static at => at != Never);
        _anyModeFilter = Array.Exists(_event, static e => (e & (MachineInhibit | SupervisorInhibit | UserInhibit)) != 0);
    }
}
