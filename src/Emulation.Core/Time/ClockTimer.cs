namespace Emulation.Core;

/// <summary>A one-shot event on a <see cref="VirtualClock"/>. Used under the device lock.</summary>
public sealed class ClockTimer
{
    internal long DeadlineField = long.MaxValue;
    private readonly VirtualClock _clock;

    internal ClockTimer(VirtualClock clock, string name, Action expired)
    {
        _clock = clock;
        Name = name;
        Expired = expired;
    }

    /// <summary>Shown in diagnostics.</summary>
    public string Name { get; }

    /// <summary>Absolute virtual time in nanoseconds at which it expires; <see cref="long.MaxValue"/> when it is not armed.</summary>
    public long Deadline => DeadlineField;

    /// <summary>Whether it is armed.</summary>
    public bool IsArmed => DeadlineField != long.MaxValue;

    internal Action Expired { get; }

    internal ulong Sequence { get; set; }

    /// <summary>Arms the timer, or moves it. A deadline in the past expires at the next instruction boundary.</summary>
    /// <param name="deadline">Absolute virtual time in nanoseconds; <see cref="long.MaxValue"/> disarms.</param>
    public void Arm(long deadline)
    {
        Disarm();
        if (deadline == long.MaxValue)
            return;
        DeadlineField = deadline;
        _clock.Insert(this);
    }

    /// <summary>Disarms the timer; nothing happens when it is not armed.</summary>
    public void Disarm()
    {
        if (!IsArmed)
            return;
        _clock.Remove(this);
        DeadlineField = long.MaxValue;
    }

    /// <summary>Writes deadline and order of arming.</summary>
    /// <param name="writer">The owner's section.</param>
    public void Save(StateWriter writer)
    {
        writer.Write(DeadlineField);
        writer.Write(IsArmed ? Sequence : 0);
    }

    /// <summary>Reads what <see cref="Save"/> wrote and arms accordingly.</summary>
    /// <param name="reader">The owner's section.</param>
    public void Load(StateReader reader)
    {
        long deadline = reader.ReadInt64();
        ulong sequence = reader.ReadUInt64();
        Disarm();
        if (deadline == long.MaxValue)
            return;
        DeadlineField = deadline;
        _clock.Reinsert(this, sequence);
    }
}
