using System.Text;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A device at the other end of a serial line that a test scripts: a modem, a GPS receiver.</summary>
public sealed class UartPeer : Part
{
    private readonly List<(string Request, string Reply, long Delay)> _replies = [];
    private readonly Queue<(long Time, string Text)> _pending = new();
    private readonly List<(string Text, long Period, long Next)> _periodic = [];
    private readonly StringBuilder _line = new();
    private readonly bool _isFork;
    private SerialPort _port;
    private ClockTimer? _timer;

    /// <summary>Creates a peer; put it on the <see cref="PartBench"/>.</summary>
    /// <param name="port">The host's end of the line.</param>
    public UartPeer(SerialPort port)
    {
        ArgumentNullException.ThrowIfNull(port);
        _port = port;
    }

    private UartPeer(UartPeer other)
    {
        (_port, _isFork) = (other._port, true);
        _replies.AddRange(other._replies);
    }

    /// <summary>Requests that were answered so far.</summary>
    public long ReplyCount { get; private set; }

    /// <summary>Answers a request.</summary>
    /// <param name="request">What the guest's output has to end with.</param>
    /// <param name="reply">What is sent.</param>
    /// <param name="after">Virtual time between them.</param>
    public void Reply(string request, string reply, TimeSpan after = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(request);
        ArgumentNullException.ThrowIfNull(reply);
        _replies.Add((request, reply, Math.Max(0, after.Ticks * 100)));
    }

    /// <summary>Sends text again and again, for the first time after one period.</summary>
    /// <param name="period">Virtual time.</param>
    /// <param name="text">The text.</param>
    public void SendEvery(TimeSpan period, string text)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        _periodic.Add((text, period.Ticks * 100, Site.Clock.Now + (period.Ticks * 100)));
        Arm();
    }

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        _line.Clear();
        _pending.Clear();
        Arm();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        _timer!.Save(writer);
        writer.Write(ReplyCount);
        writer.Write(_line.ToString());
        writer.Write(_pending.Count);
        foreach ((long time, string text) in _pending)
        {
            writer.Write(time);
            writer.Write(text);
        }

        writer.Write(_periodic.Count);
        foreach ((string text, long period, long next) in _periodic)
        {
            writer.Write(period);
            writer.Write(next);
            writer.Write(text);
        }
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        _timer!.Load(reader);
        ReplyCount = reader.ReadInt64();
        _line.Clear().Append(reader.ReadString());
        _pending.Clear();
        for (int left = reader.ReadCount(12); left > 0; left--)
            _pending.Enqueue((reader.ReadInt64(), reader.ReadString()));
        _periodic.Clear();
        for (int left = reader.ReadCount(20); left > 0; left--)
        {
            long period = Math.Max(1, reader.ReadInt64()), next = reader.ReadInt64();
            _periodic.Add((reader.ReadString(), period, next));
        }
    }

    /// <inheritdoc/>
    public override IPart Fork() => new UartPeer(this);

    /// <inheritdoc/>
    protected override void OnJoined()
    {
        if (_isFork && Site.Machine is { } machine)
            _port = machine.CounterpartOf(_port);
        _timer = CreateTimer("messages", OnTimer);
        _port.Transmitted += OnByte;
    }

    /// <inheritdoc/>
    protected override void OnLeaving() => _port.Transmitted -= OnByte;

    private void OnByte(byte value)
    {
        _line.Append((char)value);
        if (_line.Length > 4096)
            _line.Remove(0, 2048);
        string text = _line.ToString();
        foreach ((string request, string reply, long delay) in _replies)
        {
            if (!text.EndsWith(request, StringComparison.Ordinal))
                continue;
            _line.Clear();
            ReplyCount++;
            _pending.Enqueue((Now + delay, reply));
            Arm();
            return;
        }
    }

    private void Arm()
    {
        long next = long.MaxValue;
        foreach ((long time, _) in _pending)
            next = Math.Min(next, time);
        foreach ((_, _, long time) in _periodic)
            next = Math.Min(next, time);
        _timer?.Arm(next);
    }

    private void OnTimer()
    {
        long now = Now;
        for (int left = _pending.Count; left > 0; left--)
        {
            (long time, string text) = _pending.Dequeue();
            if (time <= now)
                _port.Send(text);
            else
                _pending.Enqueue((time, text));
        }

        for (int i = 0; i < _periodic.Count; i++)
        {
            (string text, long period, long next) = _periodic[i];
            if (next > now)
                continue;
            _periodic[i] = (text, period, next + period);
            _port.Send(text);
        }

        Arm();
    }
}
