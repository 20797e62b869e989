using Emulation.Core;

namespace Emulation.Testing;

/// <summary>A wire of the board that a test looks at: a pin, an LED's pin, an interrupt line.</summary>
public sealed class TestSignal
{
    private readonly VirtualBoard _board;
    private readonly Func<bool> _level;
    private readonly Pin? _pin;
    private readonly PinDriver? _driver;
    private readonly bool _activeLow;
    private Action<bool>? _changed;

    internal TestSignal(VirtualBoard board, string name, Func<bool> level, Action<Action<bool>> subscribe, Pin? pin = null, bool activeLow = false)
    {
        (_board, Name, _level, _pin, _driver, _activeLow) = (board, name, level, pin, pin?.Driver("test"), activeLow);
        subscribe(l => _changed?.Invoke(l != activeLow));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The board.</summary>
    public VirtualBoard Board => _board;

    /// <summary>The pin.</summary>
    /// <exception cref="InvalidOperationException">It is an interrupt line or the like.</exception>
    public Pin Pin => _pin ?? throw new InvalidOperationException($"{Name} is not a pin");

    /// <summary>Whether it is on: high, or low where low is on.</summary>
    public bool IsOn => _level() != _activeLow;

    /// <summary>Runs until it changes.</summary>
    /// <param name="edge">Which change; on is rising.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <returns>Virtual nanoseconds at which it did.</returns>
    /// <exception cref="FirmwareTimeoutException">It did not.</exception>
    public long WaitForEdge(SignalEdge edge = SignalEdge.Any, TimeSpan? within = null)
    {
        long? at = null;
        Watch($"{edge.ToString().ToLowerInvariant()} edge of {Name}", within, on =>
        {
            if (at is null && (edge == SignalEdge.Any || on == (edge == SignalEdge.Rising)))
                at = _board.Nanoseconds;
            return at is not null;
        });
        return at!.Value;
    }

    /// <summary>Runs until it is on or off; returns at once when it is.</summary>
    /// <param name="on">Which.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not become so.</exception>
    public void WaitForLevel(bool on, TimeSpan? within = null)
    {
        if (IsOn != on)
            Watch($"{Name} {(on ? "on" : "off")}", within, level => level == on);
    }

    /// <summary>Runs for a number of periods and measures them. It begins with the next rising edge.</summary>
    /// <param name="cycles">Number of periods.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">There were not so many.</exception>
    public ToggleMeasurement Measure(int cycles, TimeSpan? within = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cycles);
        var periods = new List<long>();
        var highs = new List<long>();
        long rise = -1, high = 0;
        Watch($"{cycles} periods of {Name}", within, on =>
        {
            long now = _board.Nanoseconds;
            if (!on)
            {
                high = now - rise;
                return periods.Count >= cycles;
            }

            if (rise >= 0)
            {
                periods.Add(now - rise);
                highs.Add(high);
            }

            rise = now;
            return periods.Count >= cycles;
        });
        return new ToggleMeasurement([.. periods.Take(cycles)], [.. highs.Take(cycles)]);
    }

    /// <summary>Runs for a number of periods and checks each.</summary>
    /// <param name="period">What each has to last.</param>
    /// <param name="tolerance">How much of it a period may differ by.</param>
    /// <param name="cycles">Number of periods.</param>
    /// <param name="duty">The share at high level; null for any. The tolerance is the same, in points.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="FirmwareTestException">A period is too short or too long.</exception>
    public ToggleMeasurement CheckToggle(TimeSpan period, Percentage tolerance, int cycles = 1, Percentage? duty = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        double expected = period.Ticks * 100.0, margin = tolerance.Of(expected);

        // long enough that a wrong period is measured rather than missed
        ToggleMeasurement measured = Measure(cycles, period * ((4 * cycles) + 8));
        foreach (long actual in measured.Periods)
        {
            if (Math.Abs(actual - expected) > margin)
                throw new FirmwareTestException($"{Name} should toggle with a period of {period.TotalMilliseconds} ms +- {tolerance}, and one lasted {actual / 1e6} ms ({measured})", _board.Report());
        }

        if (duty is { } share && Math.Abs(measured.Duty.Value - share.Value) > tolerance.Value)
            throw new FirmwareTestException($"{Name} should be high for {share} of the time +- {tolerance}, and was for {measured.Duty}", _board.Report());
        return measured;
    }

    /// <summary>Drives it from outside, from now on.</summary>
    /// <param name="on">On or off.</param>
    /// <exception cref="InvalidOperationException">It is not a pin that can be driven.</exception>
    public void Drive(bool on)
    {
        lock (_board.Machine.DeviceLock)
            Driver().Set(on != _activeLow);
    }

    /// <summary>Drives it to a voltage from outside, from now on.</summary>
    /// <param name="millivolts">The voltage.</param>
    /// <exception cref="InvalidOperationException">It is not a pin that can be driven.</exception>
    public void DriveVoltage(int millivolts)
    {
        lock (_board.Machine.DeviceLock)
            Driver().SetVoltage(millivolts);
    }

    /// <summary>Lets go of it.</summary>
    /// <exception cref="InvalidOperationException">It is not a pin that can be driven.</exception>
    public void Release()
    {
        lock (_board.Machine.DeviceLock)
            Driver().Release();
    }

    /// <summary>Turns it on now and lets go of it after a time: a button, a pulse.</summary>
    /// <param name="duration">How long, of the virtual time that the board runs.</param>
    /// <exception cref="InvalidOperationException">It is not a pin that can be driven.</exception>
    public void Press(TimeSpan duration)
    {
        Drive(true);
        _board.After(duration, () => Driver().Release());
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {(IsOn ? "on" : "off")}";

    private PinDriver Driver() => _driver ?? throw new InvalidOperationException($"{Name} is not a pin that a test can drive");

    private void Watch(string what, TimeSpan? within, Func<bool, bool> changed)
    {
        bool done = false;
        void OnChanged(bool on)
        {
            if (done || !changed(on))
                return;
            done = true;
            _board.RequestStop();
        }

        _changed += OnChanged;
        try
        {
            _board.Expect(what, within, () => done);
        }
        finally
        {
            _changed -= OnChanged;
        }
    }
}
