using Emulation.Core;
using Emulation.Devices;
using Emulation.RiscV;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>The supervisor timer of each hart: <c>stimecmp</c> where there is one, else an event that makes STIP pending.</summary>
internal sealed class SbiTimers
{
    private const int Stimecmp = 0x14d;
    private const int StimecmpHigh = 0x15d;
    private readonly IReadOnlyList<RiscVCpu> _harts;
    private readonly Clint _clint;
    private readonly ClockTimer[] _timers;
    private readonly ulong[] _compare;

    public SbiTimers(IReadOnlyList<RiscVCpu> harts, Clint clint, VirtualClock clock)
    {
        _harts = harts;
        _clint = clint;
        _compare = new ulong[harts.Count];
        _timers = new ClockTimer[harts.Count];
        for (int i = 0; i < harts.Count; i++)
        {
            RiscVCpu cpu = harts[i];
            _timers[i] = clock.CreateTimer($"sbi.timer{i}", () => cpu.SetPending(RiscVInterrupt.SupervisorTimer, true));
        }

        // a deadline is a value of mtime, which the guest can write
        clint.TimeWritten += () =>
        {
            for (int i = 0; i < _timers.Length; i++)
            {
                if (_timers[i].IsArmed)
                    _timers[i].Arm(_clint.TimeOf(_compare[i]));
            }
        };
    }

    /// <summary>Sets the time of the next interrupt of a hart and takes back the present one. Under the device lock.</summary>
    public void Set(int hart, ulong time)
    {
        RiscVCpu cpu = _harts[hart];
        if (cpu.Isa.Has("sstc"))
        {
            cpu.TryWriteCsr(Stimecmp, time);
            if (cpu.Isa.Xlen == 32)
                cpu.TryWriteCsr(StimecmpHigh, time >> 32);
            return;
        }

        cpu.SetPending(RiscVInterrupt.SupervisorTimer, false);
        _compare[hart] = time;
        _timers[hart].Arm(_clint.TimeOf(time));
    }

    public void Reset()
    {
        foreach (ClockTimer timer in _timers)
            timer.Disarm();
        Array.Clear(_compare);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_compare);
        foreach (ClockTimer timer in _timers)
            timer.Save(writer);
    }

    public void Load(StateReader reader)
    {
        reader.Read(_compare);
        foreach (ClockTimer timer in _timers)
            timer.Load(reader);
    }
}
