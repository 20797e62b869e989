using Emulation.Core;

namespace Emulation.RiscV;

/// <summary>The <c>time</c> counter and <c>stimecmp</c>. RISC-V Privileged, "Sstc".</summary>
internal sealed class SupervisorTimer
{
    private readonly RiscVCpu _cpu;
    private readonly ClockTimer _timer;
    private ulong _compare = ulong.MaxValue;
    private volatile bool _expired;

    public SupervisorTimer(RiscVCpu cpu)
    {
        _cpu = cpu;
        _timer = cpu.Context.Clock.CreateTimer($"{cpu.Name} stimecmp", () =>
        {
            _expired = true;
            cpu.NotifyInterrupt();
        });
    }

    /// <summary>What <c>time</c> shows.</summary>
    public ulong Time => _cpu.TimeSource is { } source ? source() : Ticks;

    /// <summary>Whether the time has come: the level of STIP while STCE is set. True from the very tick on, also before the timer is served.</summary>
    public bool IsExpired => _expired || _cpu.Context.Clock.Now >= _timer.Deadline;

    /// <summary>As <see cref="IsExpired"/>, once the timer was served: what a waiting hart wakes by. Reads no clock, which itself depends on who waits.</summary>
    public bool HasRung => _expired;

    public ulong Compare
    {
        get => _compare;
        set
        {
            _compare = value;
            Update();
        }
    }

    private ulong Ticks => _cpu.Context.Clock.Ticks(_cpu.Options.TimebaseFrequency);

    public void Reset()
    {
        _compare = ulong.MaxValue;
        Update();
    }

    /// <summary>Makes the comparison and arms the timer for the next change. To be called when a part of it changed.</summary>
    public void Update()
    {
        // not a plain lock: a hart that waits must not hold up exclusive work of the one that has it
        AddressSpace memory = _cpu.Context.Memory;
        memory.EnterDeviceLock();
        try
        {
            _timer.Disarm();
            _expired = false;
            if (!_cpu.TimerCompareEnabled)
                return;
            ulong ticks = Ticks;
            ulong time = Time;
            if (time >= _compare)
            {
                _expired = true;
                _cpu.NotifyInterrupt();
            }
            else if (_compare != ulong.MaxValue && _compare - time <= ulong.MaxValue - ticks)
            {
                _timer.Arm(VirtualClock.TimeOf(ticks + (_compare - time), _cpu.Options.TimebaseFrequency));
            }
        }
        finally
        {
            memory.DeviceLock.Exit();
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_compare);
        writer.Write(_expired);
        _timer.Save(writer);
    }

    public void Load(StateReader reader)
    {
        _compare = reader.ReadUInt64();
        _expired = reader.ReadBoolean();
        _timer.Load(reader);
    }
}
