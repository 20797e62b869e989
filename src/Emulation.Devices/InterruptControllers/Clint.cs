using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// RISC-V core-local interruptor: software interrupts (MSWI) and machine timers (MTIMER) of all harts. RISC-V ACLINT 1.0-rc4, SiFive CLINT layout.
/// Ports: 64 KiB MMIO; out IRQ per hart "msip" and "mtip".
/// </summary>
/// <remarks>
/// <c>mtime</c> is computed from the virtual clock. Reset and power-on set it to zero; the manual leaves <c>mtimecmp</c> undefined there and it is all ones here,
/// so that no timer interrupt comes before the guest asks for one.
/// </remarks>
public sealed class Clint : MmioDevice, IInterruptSource
{
    /// <summary>Harts that the register layout has room for.</summary>
    public const int MaxHarts = 4095;

    private readonly VirtualClock _clock;
    private readonly ulong _frequency;
    private readonly FlagField _msip;
    private readonly BitField _compare;
    private readonly IrqLine[] _softwareLines;
    private readonly IrqLine[] _timerLines;
    private readonly ClockTimer[] _timers;
    private readonly ClockCounter? _counter;
    private ulong _offset;

    /// <summary>Creates the device with a <c>mtime</c> that counts a clock which the guest may change.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="harts">Harts, numbered from 0.</param>
    /// <param name="signal">What <c>mtime</c> counts.</param>
    public Clint(string name, VirtualClock clock, GuestLog log, int harts, ClockSignal signal)
        : this(name, clock, log, harts)
    {
        ArgumentNullException.ThrowIfNull(signal);
        _counter = new ClockCounter(clock, signal, OnTimeChanged);
        _offset = 0;
        _counter.Start();
    }

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="harts">Harts, numbered from 0.</param>
    /// <param name="frequency">Hertz of <c>mtime</c>.</param>
    public Clint(string name, VirtualClock clock, GuestLog log, int harts, ulong frequency = 10_000_000)
        : base(name, log, 0x1_0000, AccessSizes.Word | AccessSizes.Double)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(harts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(harts, MaxHarts);
        ArgumentOutOfRangeException.ThrowIfZero(frequency);
        _clock = clock;
        _frequency = frequency;
        _softwareLines = new IrqLine[harts];
        _timerLines = new IrqLine[harts];
        _timers = new ClockTimer[harts];
        for (int i = 0; i < harts; i++)
        {
            int hart = i;
            _softwareLines[i] = AddLine($"msip{i}");
            _timerLines[i] = AddLine($"mtip{i}");
            _timers[i] = clock.CreateTimer($"{name}.mtimecmp{i}", () => UpdateTimer(hart));
        }

        Registers.DefineMany(0x0000, harts, 4, "msip").Flag(0, "msip", out _msip).Ignored(31, 1).Then(i => _softwareLines[i].Set(_msip![i]));
        Registers.DefineMany(0x4000, harts, 8, "mtimecmp", reset: ulong.MaxValue, width: 64).Bits(63, 0, "mtimecmp", out _compare).Then(UpdateTimer);
        Registers.Define(0xbff8, "mtime", width: 64).Bits(63, 0, "mtime", read: () => Time, write: SetTime);
        ClearTime();
    }

    /// <summary>Raised after the guest wrote <c>mtime</c>: deadlines computed from <see cref="TimeOf"/> are void.</summary>
    public event Action? TimeWritten;

    /// <summary>Hertz of <c>mtime</c>.</summary>
    /// <remarks>The present one where a clock is counted, rounded down.</remarks>
    public ulong Frequency => _counter is null ? _frequency : (ulong)_counter.Signal.Frequency.Hertz;

    /// <summary>The present value of <c>mtime</c>; what the <c>time</c> CSR shows.</summary>
    public ulong Time => _counter?.Value ?? _clock.Ticks(Frequency) + _offset;

    /// <summary>Machine software interrupt of a hart.</summary>
    /// <param name="hart">Hart, from 0.</param>
    public IrqLine SoftwareInterrupt(int hart) => _softwareLines[hart];

    /// <summary>Machine timer interrupt of a hart.</summary>
    /// <param name="hart">Hart, from 0.</param>
    public IrqLine TimerInterrupt(int hart) => _timerLines[hart];

    /// <summary>The virtual time in nanoseconds at which <c>mtime</c> reaches a value; the present time when it has, <see cref="long.MaxValue"/> when it will not.</summary>
    /// <param name="time">A value of <c>mtime</c>.</param>
    public long TimeOf(ulong time)
    {
        if (_counter is not null)
            return time <= _counter.Value ? _clock.Now : _counter.TimeOf(time);
        ulong now = _clock.Ticks(Frequency);
        ulong current = now + _offset;
        if (time <= current)
            return _clock.Now;
        ulong left = time - current;
        return left > ulong.MaxValue - now ? long.MaxValue : VirtualClock.TimeOf(now + left, Frequency);
    }

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => Lines;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        ClearTime();
        foreach (ClockTimer timer in _timers)
            timer.Disarm();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_offset);
        _counter?.Save(writer);
        foreach (ClockTimer timer in _timers)
            timer.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _offset = reader.ReadUInt64();
        _counter?.Load(reader);
        foreach (ClockTimer timer in _timers)
            timer.Load(reader);
    }

    private void ClearTime()
    {
        if (_counter is null)
        {
            _offset = 0UL - _clock.Ticks(Frequency);
            return;
        }

        _counter.Reset();
        _counter.Start();
    }

    private void SetTime(ulong value)
    {
        if (_counter is null)
            _offset = value - _clock.Ticks(Frequency);
        else
            _counter.Set(value);
        OnTimeChanged();
    }

    private void OnTimeChanged()
    {
        for (int i = 0; i < _timers.Length; i++)
            UpdateTimer(i);
        TimeWritten?.Invoke();
    }

    private void UpdateTimer(int hart)
    {
        bool pending = Time >= _compare[hart];
        if (pending)
            _timers[hart].Disarm();
        else
            _timers[hart].Arm(TimeOf(_compare[hart]));
        _timerLines[hart].Set(pending);
    }
}
