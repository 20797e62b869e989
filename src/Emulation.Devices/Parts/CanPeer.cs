using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Another node on a CAN bus that a test scripts: it sends, answers, and remembers what it received.</summary>
public class CanPeer : CanPart
{
    /// <summary>How many received frames are remembered.</summary>
    public const int HistorySize = 4096;

    private readonly Queue<CanFrame> _outbox = new();
    private readonly Queue<CanFrame> _received = new();
    private readonly List<(CanFrame Frame, long Period, long Next)> _periodic = [];
    private readonly List<Func<CanFrame, CanFrame?>> _replies = [];
    private readonly int _bitRate;
    private ClockTimer? _timer;

    /// <summary>Creates a node.</summary>
    /// <param name="bitRate">Bits per second.</param>
    public CanPeer(int bitRate = 500_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bitRate);
        _bitRate = bitRate;
    }

    /// <summary>Raised for each frame it receives.</summary>
    public event Action<CanFrame>? FrameReceived;

    /// <summary>The last <see cref="HistorySize"/> frames it received, oldest first.</summary>
    public IReadOnlyCollection<CanFrame> ReceivedFrames => _received;

    /// <summary>Frames that wait to be sent.</summary>
    public int PendingCount => _outbox.Count;

    /// <summary>Its error counters.</summary>
    public CanErrorCounters Errors { get; } = new();

    /// <summary>Whether it only listens and does not acknowledge.</summary>
    public bool ListenOnly { get; set; }

    /// <inheritdoc/>
    public override bool IsSilent => ListenOnly;

    /// <inheritdoc/>
    public override bool IsErrorPassive => Errors.IsPassive;

    /// <inheritdoc/>
    public override long BitTime => Errors.IsBusOff ? 0 : 1_000_000_000_000 / _bitRate;

    /// <summary>Sends a frame when the bus lets it.</summary>
    /// <param name="frame">The frame.</param>
    public void Send(CanFrame frame)
    {
        _outbox.Enqueue(frame);
        RequestBus();
    }

    /// <summary>Sends a frame again and again, for the first time after one period.</summary>
    /// <param name="period">Virtual time.</param>
    /// <param name="frame">The frame.</param>
    public void SendEvery(TimeSpan period, CanFrame frame)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        _periodic.Add((frame, period.Ticks * 100, Site.Clock.Now + (period.Ticks * 100)));
        Arm();
    }

    /// <summary>Answers frames. Scripts go with a fork, so that they must not keep state of their own.</summary>
    /// <param name="script">Gets a received frame and gives the answer, or null.</param>
    public void Reply(Func<CanFrame, CanFrame?> script)
    {
        ArgumentNullException.ThrowIfNull(script);
        _replies.Add(script);
    }

    /// <inheritdoc/>
    public override bool TryGetFrame(out CanFrame frame) => _outbox.TryPeek(out frame);

    /// <inheritdoc/>
    public override void Transmitted(in CanFrame frame)
    {
        _outbox.TryDequeue(out _);
        Errors.OnTransmitted();
    }

    /// <inheritdoc/>
    public override void Received(in CanFrame frame)
    {
        Errors.OnReceived();
        if (_received.Count == HistorySize)
            _received.Dequeue();
        _received.Enqueue(frame);
        foreach (Func<CanFrame, CanFrame?> script in _replies)
        {
            if (script(frame) is { } answer)
                Send(answer);
        }

        FrameReceived?.Invoke(frame);
    }

    /// <inheritdoc/>
    public override void Failed(CanError error, bool isTransmitter) => Errors.OnFailed(error, isTransmitter);

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        Errors.Clear();
        _outbox.Clear();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        _timer!.Save(writer);
        Errors.Save(writer);
        writer.Write(ListenOnly);
        SaveFrames(writer, _outbox);
        SaveFrames(writer, _received);
        SaveFrames(writer, _periodic.Select(static p => p.Frame).ToArray());
        foreach ((_, long period, long next) in _periodic)
        {
            writer.Write(period);
            writer.Write(next);
        }
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        _timer!.Load(reader);
        Errors.Load(reader);
        ListenOnly = reader.ReadBoolean();
        LoadFrames(reader, _outbox);
        LoadFrames(reader, _received);
        var frames = new Queue<CanFrame>();
        LoadFrames(reader, frames);
        _periodic.Clear();
        foreach (CanFrame frame in frames)
            _periodic.Add((frame, Math.Max(1, reader.ReadInt64()), reader.ReadInt64()));
    }

    /// <inheritdoc/>
    public override IPart Fork()
    {
        CanPeer copy = Create(_bitRate);
        copy._replies.AddRange(_replies);
        return copy;
    }

    /// <summary>Makes a node of the same kind, for a fork.</summary>
    /// <param name="bitRate">Bits per second.</param>
    protected virtual CanPeer Create(int bitRate) => new(bitRate);

    /// <inheritdoc/>
    protected override void OnJoined() => _timer = CreateTimer("messages", OnTimer);

    private static void SaveFrames(StateWriter writer, IReadOnlyCollection<CanFrame> frames)
    {
        writer.Write(frames.Count);
        foreach (CanFrame frame in frames)
        {
            writer.Write(frame.Id);
            writer.Write((byte)((frame.IsExtended ? 1 : 0) | (frame.IsRemote ? 2 : 0)));
            writer.Write((byte)frame.Dlc);
            writer.Write(frame.Bytes);
        }
    }

    private static void LoadFrames(StateReader reader, Queue<CanFrame> frames)
    {
        frames.Clear();
        for (int left = reader.ReadCount(14); left > 0; left--)
        {
            uint id = reader.ReadUInt32();
            byte flags = reader.ReadByte();
            frames.Enqueue(new CanFrame(id, (flags & 1) != 0, (flags & 2) != 0, reader.ReadByte() & 15, reader.ReadUInt64()));
        }
    }

    private void Arm() => _timer?.Arm(_periodic.Count == 0 ? long.MaxValue : _periodic.Min(static p => p.Next));

    private void OnTimer()
    {
        long now = Now;
        for (int i = 0; i < _periodic.Count; i++)
        {
            (CanFrame frame, long period, long next) = _periodic[i];
            if (next > now)
                continue;
            _periodic[i] = (frame, period, next + period);
            Send(frame);
        }

        Arm();
    }
}
