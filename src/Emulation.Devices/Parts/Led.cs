using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A light-emitting diode at a pin, with a history of its changes.</summary>
/// <param name="activeLow">Whether a low level lights it (anode at the supply).</param>
public sealed class Led(bool activeLow = false) : PinPart("pin")
{
    /// <summary>How many changes are remembered.</summary>
    public const int HistorySize = 4096;

    private readonly Queue<LedChange> _history = new();
    private long _litTime;
    private long _since;

    /// <summary>Raised after it went on or off.</summary>
    public event Action<bool>? Switched;

    /// <summary>Whether it is lit.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Changes so far.</summary>
    public long ToggleCount { get; private set; }

    /// <summary>The last <see cref="HistorySize"/> changes, oldest first.</summary>
    public IReadOnlyCollection<LedChange> History => _history;

    /// <summary>Nanoseconds for which it was lit so far.</summary>
    public long LitTime => _litTime + (IsOn ? Now - _since : 0);

    /// <summary>Brightness over the time that just passed, 0 to 1: the share of time for which it was lit, which is the duty cycle of a PWM.</summary>
    /// <param name="window">Nanoseconds; not more than the history reaches back. From the moment of attaching on if there was less.</param>
    public double Brightness(long window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        long now = Now, start = Math.Max(0, now - window), end = now, lit = 0;
        bool on = IsOn;
        foreach (LedChange change in _history.Reverse())
        {
            long time = Math.Max(change.Time, start);
            if (on)
                lit += end - time;
            (end, on) = (time, !change.IsOn);
            if (change.Time <= start)
                break;
        }

        if (on && end > start)
            lit += end - start;
        return now == start ? (IsOn ? 1 : 0) : (double)lit / (now - start);
    }

    /// <inheritdoc/>
    public override void PowerCycle() { }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        writer.Write(IsOn);
        writer.Write(_since);
        writer.Write(_litTime);
        writer.Write(ToggleCount);
        writer.Write(_history.Count);
        foreach (LedChange change in _history)
        {
            writer.Write(change.Time);
            writer.Write(change.IsOn);
        }
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        IsOn = reader.ReadBoolean();
        _since = reader.ReadInt64();
        _litTime = reader.ReadInt64();
        ToggleCount = reader.ReadInt64();
        _history.Clear();
        for (int left = reader.ReadCount(9); left > 0; left--)
            _history.Enqueue(new LedChange(reader.ReadInt64(), reader.ReadBoolean()));
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Led(activeLow);

    /// <inheritdoc/>
    protected override void OnConnected()
    {
        if (Line.Pin is { IsFloating: false } pin)
            OnChanged(pin.Level);
    }

    /// <inheritdoc/>
    protected override void OnChanged(bool level)
    {
        bool on = level != activeLow;
        if (on == IsOn)
            return;
        if (IsOn)
            _litTime += Now - _since;
        (IsOn, _since) = (on, Now);
        ToggleCount++;
        if (_history.Count == HistorySize)
            _history.Dequeue();
        _history.Enqueue(new LedChange(Now, on));
        Switched?.Invoke(on);
    }
}

/// <summary>A change of an LED.</summary>
/// <param name="Time">Virtual time in nanoseconds.</param>
/// <param name="IsOn">Whether it is lit from then on.</param>
public readonly record struct LedChange(long Time, bool IsOn);
