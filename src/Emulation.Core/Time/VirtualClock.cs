namespace Emulation.Core;

/// <summary>The machine's time in integer nanoseconds since power-on, and the events scheduled on it.</summary>
/// <remarks>
/// What "now" is comes from a source: retired instructions in deterministic mode, the host's monotonic clock in real time.
/// Devices compute counters from <see cref="Now"/> and never accumulate deltas. All members but <see cref="Now"/> are used under the device lock.
/// </remarks>
public sealed class VirtualClock
{
    /// <summary>Nanoseconds in a second.</summary>
    public const long Second = 1_000_000_000;

    private const int MaxExpiriesPerInstant = 100_000;
    private readonly List<ClockTimer> _armed = [];
    private Func<long> _source = static () => 0;
    private ulong _sequence;
    private long _next = long.MaxValue;

    /// <summary>Nanoseconds since power-on.</summary>
    /// <remarks>With several vCPUs in deterministic time each sees its own time, and they lie up to one quantum apart.</remarks>
    public long Now => _source();

    /// <summary>Time of the earliest armed timer, or <see cref="long.MaxValue"/>.</summary>
    /// <remarks>May be read without the device lock.</remarks>
    public long NextDeadline => Volatile.Read(ref _next);

    /// <summary>Raised after a timer was armed that became the earliest: its deadline.</summary>
    public event Action<long>? DeadlineMoved;

    /// <summary>Raised when a timer was disarmed because it, or a chain it is part of, kept expiring without time moving: a bug of its device.</summary>
    public event Action<ClockTimer>? RunAway;

    /// <summary>Order of arming so far; part of the machine's state, because it breaks ties between equal deadlines.</summary>
    internal ulong Sequence
    {
        get => _sequence;
        set => _sequence = value;
    }

    /// <summary>Ticks of a counter of <paramref name="frequency"/> hertz at the present time, exact from absolute time.</summary>
    /// <param name="frequency">Hertz.</param>
    public ulong Ticks(ulong frequency) => TicksAt(Now, frequency);

    /// <summary>Ticks of a counter of <paramref name="frequency"/> hertz at <paramref name="time"/>.</summary>
    /// <param name="time">Nanoseconds.</param>
    /// <param name="frequency">Hertz.</param>
    public static ulong TicksAt(long time, ulong frequency) => (ulong)((UInt128)(ulong)time * frequency / Second);

    /// <summary>The earliest time at which a counter of <paramref name="frequency"/> hertz shows at least <paramref name="ticks"/>; <see cref="long.MaxValue"/> when that is out of range.</summary>
    /// <param name="ticks">Counter value.</param>
    /// <param name="frequency">Hertz.</param>
    public static long TimeOf(ulong ticks, ulong frequency)
    {
        UInt128 time = (((UInt128)ticks * Second) + frequency - 1) / frequency;
        return time > long.MaxValue ? long.MaxValue : (long)time;
    }

    /// <summary>Creates a timer that is not armed. Its owner saves and loads it.</summary>
    /// <param name="name">Shown in diagnostics.</param>
    /// <param name="expired">Called under the device lock when the deadline is reached; the timer is disarmed before.</param>
    public ClockTimer CreateTimer(string name, Action expired) => new(this, name, expired);

    /// <summary>Runs every timer that is due, in order of deadline, then of arming, also those that become due meanwhile.</summary>
    /// <returns>How many were due.</returns>
    public int RunDue()
    {
        int count = 0;
        while (_armed.Count > 0 && _armed[0].Deadline <= Now)
        {
            ClockTimer timer = _armed[0];
            timer.Disarm();
            if (++count > MaxExpiriesPerInstant)
            {
                RunAway?.Invoke(timer);
                continue;
            }

            timer.Expired();
        }

        return count;
    }

    /// <summary>Says where time comes from. The scheduler calls this.</summary>
    /// <param name="source">Gives nanoseconds since power-on.</param>
    public void SetSource(Func<long> source) => _source = source;

    internal void Insert(ClockTimer timer)
    {
        timer.Sequence = ++_sequence;
        int index = _armed.Count;
        while (index > 0 && _armed[index - 1].Deadline > timer.Deadline)
            index--;
        _armed.Insert(index, timer);
        Update(index == 0);
    }

    internal void Remove(ClockTimer timer)
    {
        _armed.Remove(timer);
        Update(false);
    }

    /// <summary>Restores the order of arming among equal deadlines after a load.</summary>
    internal void Reinsert(ClockTimer timer, ulong sequence)
    {
        timer.Sequence = sequence;
        _sequence = Math.Max(_sequence, sequence);
        int index = _armed.Count;
        while (index > 0 && (_armed[index - 1].Deadline, _armed[index - 1].Sequence).CompareTo((timer.Deadline, sequence)) > 0)
            index--;
        _armed.Insert(index, timer);
        Update(index == 0);
    }

    private void Update(bool moved)
    {
        Volatile.Write(ref _next, _armed.Count == 0 ? long.MaxValue : _armed[0].Deadline);
        if (moved)
            DeadlineMoved?.Invoke(_armed[0].Deadline);
    }
}
