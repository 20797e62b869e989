using Emulation.Core;

namespace Emulation.Arm;

/// <summary>One timer of a CPU: compare value, control, output line. Arm DDI 0487, D12.2.</summary>
internal sealed class GenericTimer
{
    private const ulong Enable = 1, Masked = 2, Status = 4;
    private readonly ArmCpu _cpu;
    private readonly ArmTimer _kind;
    private readonly ClockTimer _timer;
    private ulong _control;

    private GenericTimer(ArmCpu cpu, ArmTimer kind)
    {
        _cpu = cpu;
        _kind = kind;
        Line = new IrqLine($"{cpu.Name} {kind}");
        _timer = cpu.Context.Clock.CreateTimer($"{cpu.Name} {kind} timer", Update);
    }

    /// <summary>Output.</summary>
    public IrqLine Line { get; }

    /// <summary>CVAL.</summary>
    public ulong Compare { get; private set; }

    /// <summary>CTL, with the status of this very tick.</summary>
    public ulong Control => _control | (IsMet ? Status : 0);

    /// <summary>TVAL: 32 bits, signed, towards the compare value.</summary>
    public ulong Distance => (uint)(Compare - Count);

    private bool IsMet => (_control & Enable) != 0 && Count >= Compare;

    private ulong Count => _cpu.TimerCount - _cpu.TimerOffset(_kind);

    /// <summary>The timers of a CPU, by <see cref="ArmTimer"/>.</summary>
    public static GenericTimer[] CreateAll(ArmCpu cpu)
        => [.. Enum.GetValues<ArmTimer>().Select(kind => new GenericTimer(cpu, kind))];

    public void SetCompare(ulong value)
    {
        Compare = value;
        Update();
    }

    public void SetDistance(ulong value) => SetCompare(Count + (ulong)(long)(int)value);

    public void SetControl(ulong value)
    {
        _control = value & (Enable | Masked);
        Update();
    }

    public void Reset()
    {
        (Compare, _control) = (0, 0);
        Update();
    }

    /// <summary>Makes the comparison, drives the line and arms the timer for the next change. To be called when a part of it changed.</summary>
    public void Update()
    {
        // not a plain lock: a CPU that waits must not hold up exclusive work of the one that has it
        AddressSpace memory = _cpu.Context.Memory;
        memory.EnterDeviceLock();
        try
        {
            _timer.Disarm();
            ulong count = Count;
            Line.Set(IsMet && (_control & Masked) == 0);
            if ((_control & (Enable | Masked)) != Enable || count >= Compare)
                return;
            ulong ticks = _cpu.TimerCount;
            if (Compare - count <= ulong.MaxValue - ticks)
                _timer.Arm(VirtualClock.TimeOf(ticks + (Compare - count), _cpu.Options.TimerFrequency));
        }
        finally
        {
            memory.DeviceLock.Exit();
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Compare);
        writer.Write(_control);
        writer.Write(Line.Level);
        _timer.Save(writer);
    }

    public void Load(StateReader reader)
    {
        Compare = reader.ReadUInt64();
        _control = reader.ReadUInt64() & (Enable | Masked);
        Line.Restore(reader.ReadBoolean());
        _timer.Load(reader);
    }
}
