namespace Emulation.Core;

/// <summary>Machine time in deterministic mode: where the quantum began and ends, whose turn it is, and the time each vCPU has reached.</summary>
/// <remarks>
/// Everything that decides what executes next is here and is saved, so a run can stop at any instruction and go on exactly. A vCPU's time is
/// its base plus its instructions since then times the rate, never accumulated; it is rebased only where it idled.
/// </remarks>
internal sealed class CpuTimeline(IReadOnlyList<IVirtualCpu> cpus, InstructionRate rate)
{
    private readonly IReadOnlyList<IVirtualCpu> _cpus = cpus;
    private readonly long[] _base = new long[cpus.Count];
    private readonly ulong[] _baseCount = new ulong[cpus.Count];
    private readonly bool[] _parked = new bool[cpus.Count];

    /// <summary>How fast time passes for every vCPU.</summary>
    public InstructionRate Rate { get; private set; } = rate;

    /// <summary>Whether the rate follows a clock of the machine, so that a saved one belongs to the state.</summary>
    public bool FollowsClock { get; set; }

    /// <summary>Every vCPU has reached this time and every timer up to it has run.</summary>
    public long Time { get; set; }

    /// <summary>Where the quantum ends.</summary>
    public long End { get; set; }

    /// <summary>Index of the vCPU whose turn it is.</summary>
    public int Turn { get; set; }

    /// <summary>The time vCPU <paramref name="index"/> has reached.</summary>
    public long Local(int index)
    {
        long passed = Rate.NanosecondsFor(_cpus[index].InstructionCount - _baseCount[index]);
        return passed > long.MaxValue - _base[index] ? long.MaxValue : _base[index] + passed;
    }

    /// <summary>Instructions until vCPU <paramref name="index"/> reaches <paramref name="time"/>; 0 when it has.</summary>
    public long InstructionsTo(int index, long time)
    {
        long total = Rate.InstructionsFor(time - _base[index]);
        return Math.Max(0, total - (long)(_cpus[index].InstructionCount - _baseCount[index]));
    }

    /// <summary>Notes that a vCPU idled in its turn: it loses the rest of the quantum.</summary>
    public void Park(int index) => _parked[index] = true;

    public void Unpark(int index) => _parked[index] = false;

    /// <summary>Moves machine time; vCPUs that idled meanwhile go along.</summary>
    public void AdvanceTo(long time)
    {
        Time = time;
        for (int i = 0; i < _base.Length; i++)
        {
            if (_parked[i])
                SetLocal(i, Math.Max(Local(i), time));
            _parked[i] = false;
        }
    }

    /// <summary>Time goes on at another rate from where each vCPU is.</summary>
    public void ChangeRate(InstructionRate rate)
    {
        for (int i = 0; i < _base.Length; i++)
            SetLocal(i, Local(i));
        Rate = rate;
    }

    public void SetLocal(int index, long time)
    {
        _base[index] = time;
        _baseCount[index] = _cpus[index].InstructionCount;
    }

    /// <summary>Puts everything at one time: nothing is in progress.</summary>
    public void SetAll(long time)
    {
        Time = End = time;
        Turn = 0;
        for (int i = 0; i < _base.Length; i++)
        {
            SetLocal(i, time);
            _parked[i] = false;
        }
    }

    public bool AllIdle()
    {
        foreach (IVirtualCpu cpu in _cpus)
        {
            if (!cpu.IsIdle)
                return false;
        }

        return true;
    }

    /// <summary>The time that every vCPU has reached, whose turn in the quantum may still be to come; idle ones do not hold it back.</summary>
    public long Reached()
    {
        long least = Turn > 0 ? End : long.MaxValue;
        long most = Time;
        bool idle = true;
        for (int i = 0; i < _cpus.Count; i++)
        {
            long local = Local(i);
            most = Math.Max(most, local);
            if (_cpus[i].IsIdle)
                continue;
            idle = false;
            if (i >= Turn)
                least = Math.Min(least, local);
        }

        return idle ? most : Math.Max(Time, least);
    }

    /// <summary>The latest time any vCPU has reached.</summary>
    public long Latest()
    {
        long latest = Time;
        for (int i = 0; i < _cpus.Count; i++)
            latest = Math.Max(latest, Local(i));
        return latest;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Time);
        writer.Write(End);
        writer.Write(Turn);
        writer.Write(Rate.Numerator);
        writer.Write(Rate.Denominator);
        writer.Write(_cpus.Count);
        for (int i = 0; i < _base.Length; i++)
        {
            writer.Write(_base[i]);
            writer.Write(_baseCount[i]);
            writer.Write(_parked[i]);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote, after the vCPUs were loaded. A machine of another rate keeps the times reached.</summary>
    public void Load(StateReader reader)
    {
        Time = reader.ReadInt64();
        End = reader.ReadInt64();
        Turn = reader.ReadInt32();
        (ulong numerator, ulong denominator) = (reader.ReadUInt64(), reader.ReadUInt64());
        if (reader.ReadInt32() != _cpus.Count)
            throw reader.Damaged($"it is of a machine with another number of vCPUs than {_cpus.Count}");
        for (int i = 0; i < _base.Length; i++)
        {
            _base[i] = reader.ReadInt64();
            _baseCount[i] = reader.ReadUInt64();
            _parked[i] = reader.ReadBoolean();
            if (_base[i] < 0 || _baseCount[i] > _cpus[i].InstructionCount)
                throw reader.Damaged($"the time of vCPU {i} does not fit its instruction count");
        }

        if (Time < 0 || End < Time || (uint)Turn >= (uint)_cpus.Count || numerator == 0 || denominator == 0)
            throw reader.Damaged("times or turn are out of range");
        if (numerator == Rate.Numerator && denominator == Rate.Denominator)
            return;
        if (FollowsClock)
        {
            Rate = InstructionRate.FromFraction(numerator, denominator);
            return;
        }

        for (int i = 0; i < _base.Length; i++)
        {
            UInt128 passed = (UInt128)(_cpus[i].InstructionCount - _baseCount[i]) * numerator / denominator;
            SetLocal(i, passed > (UInt128)(long.MaxValue - _base[i]) ? long.MaxValue : _base[i] + (long)passed);
        }
    }
}
