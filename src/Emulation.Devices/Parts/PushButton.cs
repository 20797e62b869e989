using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A push button at a pin, with a pull resistor of its own.</summary>
/// <param name="activeLow">Whether it connects the pin to ground when pressed, with a pull-up; otherwise to the supply, with a pull-down.</param>
/// <param name="hasPull">Whether it has a resistor; otherwise the firmware has to enable the port's.</param>
public sealed class PushButton(bool activeLow = false, bool hasPull = true) : PinPart("contact")
{
    private readonly Queue<long> _edges = new();
    private ClockTimer? _timer;
    private bool _contact;

    /// <summary>Whether it is held down; while it bounces, the contact may be open all the same.</summary>
    public bool IsPressed { get; private set; }

    /// <summary>How long the contact bounces after each change in nanoseconds; 0 for an ideal contact.</summary>
    public long BounceTime { get; set; }

    /// <summary>How often the contact opens and closes again while it bounces.</summary>
    public int Bounces { get; set; } = 3;

    /// <summary>Holds the button down until <see cref="Release"/>.</summary>
    public void Press() => Move(true);

    /// <summary>Presses the button for a time from now on; the machine has to run for it to pass.</summary>
    /// <param name="time">Virtual time.</param>
    public void Press(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        long now = Site.Clock.Now, length = time.Ticks * 100;
        Move(true);
        Schedule(now + length);
    }

    /// <summary>Lets the button go.</summary>
    public void Release() => Move(false);

    /// <inheritdoc/>
    public override void PowerCycle() { }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        writer.Write(IsPressed);
        writer.Write(_contact);
        writer.Write(BounceTime);
        writer.Write(Bounces);
        writer.Write(_edges.Count);
        foreach (long edge in _edges)
            writer.Write(edge);
        _timer!.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        IsPressed = reader.ReadBoolean();
        _contact = reader.ReadBoolean();
        BounceTime = reader.ReadInt64();
        Bounces = reader.ReadInt32();
        _edges.Clear();
        for (int left = reader.ReadCount(8); left > 0; left--)
            _edges.Enqueue(reader.ReadInt64());
        _timer!.Load(reader);
    }

    /// <inheritdoc/>
    public override IPart Fork() => new PushButton(activeLow, hasPull);

    /// <inheritdoc/>
    protected override void OnJoined()
    {
        _timer = CreateTimer("contact", OnTimer);
        Drive();
    }

    // edges of a release are negative: the rest are bounces
    private void Schedule(long release)
    {
        long[] before = [.. _edges.TakeWhile(edge => edge < release)];
        _edges.Clear();
        foreach (long edge in before)
            _edges.Enqueue(edge);
        _edges.Enqueue(-release);
        Arm();
    }

    private void Move(bool pressed)
    {
        _edges.Clear();
        IsPressed = _contact = pressed;
        Drive();
        long now = Now;
        for (int i = 1; i <= 2 * Math.Clamp(Bounces, 0, 1000) && BounceTime > 0; i++)
            _edges.Enqueue(now + Math.Max(1, BounceTime * i / (2 * Bounces)));
        Arm();
    }

    private void Arm()
    {
        if (_edges.TryPeek(out long next))
            _timer?.Arm(Math.Abs(next));
        else
            _timer?.Disarm();
    }

    private void OnTimer()
    {
        if (!_edges.TryDequeue(out long edge))
            return;
        if (edge < 0)
        {
            Move(false);
            return;
        }

        _contact = !_contact;
        Drive();
        Arm();
    }

    private void Drive()
    {
        if (_contact)
            Line.Set(activeLow ? PinDrive.Low : PinDrive.High);
        else if (hasPull)
            Line.Set(activeLow ? PinDrive.PullUp : PinDrive.PullDown);
        else
            Line.Set(PinDrive.Floating);
    }
}
