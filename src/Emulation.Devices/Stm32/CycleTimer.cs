using Emulation.Core;

namespace Emulation.Devices;

/// <summary>An event a number of cycles of a clock ahead, exact also across changes of the clock and in chains.</summary>
internal sealed class CycleTimer
{
    private readonly ClockCounter _counter;
    private readonly ClockTimer _timer;
    private readonly Action _expired;
    private ulong _target;

    /// <summary>Creates it, not armed.</summary>
    /// <param name="name">Shown in diagnostics.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="signal">The clock whose cycles count.</param>
    /// <param name="expired">The event.</param>
    public CycleTimer(string name, VirtualClock clock, ClockSignal signal, Action expired)
    {
        _expired = expired;
        _timer = clock.CreateTimer(name, OnExpired);
        _counter = new ClockCounter(clock, signal, Update);
    }

    /// <summary>Whether the event is still to come; with a stopped clock it does not.</summary>
    public bool IsArmed { get; private set; }

    /// <summary>Frequency of the clock.</summary>
    public Frequency Frequency => _counter.Signal.Frequency;

    /// <summary>Cycles until the event.</summary>
    public ulong Left => IsArmed && _target > _counter.Value ? _target - _counter.Value : 0;

    /// <summary>Arms it, or moves it.</summary>
    /// <param name="cycles">From now.</param>
    public void Arm(ulong cycles)
    {
        _counter.Set(0);
        _counter.Start();
        _target = cycles;
        IsArmed = true;
        Update();
    }

    /// <summary>Arms it from within the event: <paramref name="cycles"/> count from when it was due.</summary>
    /// <param name="cycles">Cycles.</param>
    public void Extend(ulong cycles)
    {
        if (!_counter.IsRunning)
        {
            Arm(cycles);
            return;
        }

        _target += cycles;
        IsArmed = true;
        Update();
    }

    /// <summary>Disarms it; nothing happens when it is not armed.</summary>
    public void Disarm()
    {
        IsArmed = false;
        _target = 0;
        _counter.Reset();
        _timer.Disarm();
    }

    public void Save(StateWriter writer)
    {
        _counter.Save(writer);
        _timer.Save(writer);
        writer.Write(_target);
        writer.Write(IsArmed);
    }

    public void Load(StateReader reader)
    {
        _counter.Load(reader);
        _timer.Load(reader);
        _target = reader.ReadUInt64();
        IsArmed = reader.ReadBoolean();
    }

    private void OnExpired()
    {
        IsArmed = false;
        _expired();
        if (!IsArmed)
            Disarm();
    }

    private void Update()
    {
        if (IsArmed)
            _timer.Arm(_counter.TimeOf(_target));
    }
}
