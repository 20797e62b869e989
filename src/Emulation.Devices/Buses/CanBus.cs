using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A CAN bus: nodes, arbitration, acknowledgement and the time that frames take. ISO 11898-1, classical frames.</summary>
/// <remarks>
/// A frame takes its bits, stuff bits included, times the bit time of the node that sends it. Nodes that begin at the same instant arbitrate; the others wait for the end of the
/// intermission. A node whose bit time differs by more than one percent sees errors and, unless it is silent, makes them for all.
/// </remarks>
public sealed partial class CanBus : IDevice, IPowered
{
    private readonly VirtualClock _clock;
    private readonly PartSet<int> _nodes;
    private readonly BusFaults _faults = new();
    private readonly ClockTimer _timer;
    private readonly List<(int Slot, CanFrame Frame)> _contenders = [];
    private Phase _phase;
    private int _sender = -1;
    private CanFrame _frame;
    private long _bitTime;
    private long _start;
    private int _suspended = -1;
    private long _suspendedUntil;

    /// <summary>Creates a bus of a machine that is being composed; add it with <see cref="MachineContext.AddDevice{T}(T)"/>.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="context">The machine.</param>
    public CanBus(string name, MachineContext context) : this(name, context.Clock, PartSet<int>.In(context, name, Describe), context.Log) { }

    /// <summary>Creates a bus outside of a machine: nothing forks it.</summary>
    /// <param name="name">Shown in messages.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Where mistakes of the guest go.</param>
    public CanBus(string name, VirtualClock clock, GuestLog log) : this(name, clock, new PartSet<int>(name, Describe), log) { }

    private CanBus(string name, VirtualClock clock, PartSet<int> nodes, GuestLog log)
    {
        Name = name;
        _clock = clock;
        _nodes = nodes;
        _timer = clock.CreateTimer(name, OnTimer);
        nodes.Connect(clock, log, Describe, OnNodesChanged);
    }

    /// <summary>Raised at the end of each frame, before its receivers get it.</summary>
    public event CanObserver? Observed;

    private enum Phase : byte
    {
        Idle,

        /// <summary>Nodes that ask at this instant still take part in arbitration.</summary>
        Arbitration,
        Frame,
        EndOfFrame,
        Intermission,
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether no frame is on the bus.</summary>
    public bool IsIdle => _phase == Phase.Idle;

    /// <summary>The nodes in order of attachment.</summary>
    public IEnumerable<ICanNode> Nodes => _nodes.Entries.Select(static e => (ICanNode)e.Part);

    /// <summary>Virtual time at which the last frame ended, its intermission included.</summary>
    public long IdleSince { get; private set; }

    /// <summary>Frames that were on the bus, failed ones included.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Attaches a node.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="node">The node; a composition step makes a new one each time it runs.</param>
    /// <returns><paramref name="node"/>.</returns>
    /// <exception cref="InvalidOperationException">It is attached already.</exception>
    public T Attach<T>(T node)
        where T : class, ICanNode
    {
        ArgumentNullException.ThrowIfNull(node);
        int slot = 0;
        foreach ((int other, object part) in _nodes.Entries)
        {
            if (ReferenceEquals(part, node))
                throw new InvalidOperationException($"{Name}: this {node.GetType().Name} is attached already");
            slot = Math.Max(slot, other + 1);
        }

        _nodes.Add(slot, node);
        Request();
        return node;
    }

    /// <summary>Takes a node off the bus; a frame that it sends ends there.</summary>
    /// <param name="node">What was attached.</param>
    /// <returns>Whether it was.</returns>
    public bool Detach(ICanNode node)
    {
        foreach ((int slot, object part) in _nodes.Entries)
        {
            if (!ReferenceEquals(part, node))
                continue;
            _nodes.Remove(slot);
            if (_sender == slot)
                EndTransfer(0);
            return true;
        }

        return false;
    }

    /// <summary>The only node of a type: the way to a part of a fork.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name, if there are several.</param>
    /// <exception cref="InvalidOperationException">There is no such node.</exception>
    public T Get<T>(string? name = null)
        where T : class
    {
        foreach ((_, object part) in _nodes.Entries)
        {
            if (part is T node && (name is null || ((ICanNode)part).Name == name))
                return node;
        }

        throw new InvalidOperationException($"{Name}: there is no {typeof(T).Name}{(name is null ? "" : $" named '{name}'")}");
    }

    /// <summary>A node has something to send, or is on the bus from now on: arbitration begins when the bus is free.</summary>
    public void Request()
    {
        if (_phase is Phase.Idle && AnyWants())
        {
            // all that happens at this instant comes before the start of frame
            _phase = Phase.Arbitration;
            _timer.Arm(_clock.Now);
        }
    }

    /// <summary>Fault: an error hits the <paramref name="nth"/> frame that begins from now on.</summary>
    /// <param name="nth">1 is the next.</param>
    public BusFault DestroyFrame(int nth = 1) => _faults.Add(BusFaultKind.Error, nth);

    /// <summary>Fault: nobody's acknowledgement of the <paramref name="nth"/> frame from now on reaches its sender.</summary>
    /// <param name="nth">1 is the next.</param>
    public BusFault DropAcknowledge(int nth = 1) => _faults.Add(BusFaultKind.Nack, nth);

    /// <summary>Takes the power of all parts away and gives it back.</summary>
    public void PowerCycle() => _nodes.PowerCycle();

    /// <summary>The frame on the bus, if any, is lost; parts keep their state.</summary>
    public void Reset()
    {
        _timer.Disarm();
        (_phase, _sender, _frame, _bitTime, _start, _suspended, _suspendedUntil) = (Phase.Idle, -1, default, 0, 0, -1, 0);
        (IdleSince, FrameCount) = (0, 0);
        Request();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        _timer.Save(writer);
        writer.Write((byte)_phase);
        writer.Write(_sender);
        writer.Write(_frame.Id);
        writer.Write(_frame.IsExtended);
        writer.Write(_frame.IsRemote);
        writer.Write(_frame.Dlc);
        writer.Write(_frame.Bytes);
        writer.Write(_bitTime);
        writer.Write(_start);
        writer.Write(_suspended);
        writer.Write(_suspendedUntil);
        writer.Write(IdleSince);
        writer.Write(FrameCount);
        _faults.Save(writer);
        _nodes.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        _timer.Load(reader);
        _phase = (Phase)reader.ReadByte();
        _sender = reader.ReadInt32();
        _frame = new CanFrame(reader.ReadUInt32(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadInt32(), reader.ReadUInt64());
        _bitTime = reader.ReadInt64();
        _start = reader.ReadInt64();
        _suspended = reader.ReadInt32();
        _suspendedUntil = reader.ReadInt64();
        IdleSince = reader.ReadInt64();
        FrameCount = reader.ReadInt64();
        if (_phase > Phase.Intermission || _frame.Dlc is < 0 or > 15 || _bitTime < 0)
            throw reader.Damaged("frame on a CAN bus out of range");
        _faults.Load(reader);
        _nodes.Load(reader);
    }

    private static string Describe(int slot) => $"node{slot}";

    private void OnNodesChanged()
    {
        foreach ((_, object part) in _nodes.Entries)
            (part as CanPart)?.Connect(this);
    }

    private ICanNode? Node(int slot) => (ICanNode?)_nodes.Find(slot);

    private bool AnyWants()
    {
        foreach ((_, object part) in _nodes.Entries)
        {
            if (part is ICanNode { BitTime: > 0, IsSilent: false } node && node.TryGetFrame(out _))
                return true;
        }

        return false;
    }
}
