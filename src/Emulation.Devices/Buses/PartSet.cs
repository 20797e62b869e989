using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What is attached to a bus: it follows the machine through snapshots and forks.</summary>
/// <remarks>
/// Parts that composition attached are composed anew in a fork; those attached later are forked. Either way the fork has what its origin has when composition is over,
/// and the bus then loads their state.
/// </remarks>
/// <typeparam name="TSlot">Where on the bus.</typeparam>
internal sealed class PartSet<TSlot> : IForkable<PartSet<TSlot>>, ICheckpointed
    where TSlot : notnull, IEquatable<TSlot>
{
    private readonly string _bus;
    private readonly List<Entry> _entries = [];
    private readonly List<Entry>? _inherited;
    private Func<TSlot, string> _describe;
    private VirtualClock? _clock;
    private GuestLog? _log;
    private Action? _changed;
    private Machine? _machine;
    private bool _isComposed;

    public PartSet(string bus, Func<TSlot, string> describe) => (_bus, _describe) = (bus, describe);

    private PartSet(string bus, Func<TSlot, string> describe, List<Entry> inherited) : this(bus, describe) => _inherited = inherited;

    public IEnumerable<(TSlot Slot, object Part)> Entries => _entries.Select(static e => (e.Slot, e.Part));

    public int Count => _entries.Count;

    /// <summary>Connects the set to the bus of its machine.</summary>
    public void Connect(VirtualClock clock, GuestLog log, Func<TSlot, string> describe, Action changed)
        => (_clock, _log, _describe, _changed) = (clock, log, describe, changed);

    /// <summary>A set that is part of a machine that is being composed.</summary>
    public static PartSet<TSlot> In(MachineContext context, string bus, Func<TSlot, string> describe)
    {
        PartSet<TSlot> set = context.Backend($"{bus} parts", new PartSet<TSlot>(bus, describe));
        set._machine = context.Machine;
        context.OnComposed(set.Settle);
        return set;
    }

    public object? Find(TSlot slot) => _entries.Find(e => e.Slot.Equals(slot))?.Part;

    /// <summary>The pin that a part's slot was wired to.</summary>
    public string? WireOf(TSlot slot) => _entries.Find(e => e.Slot.Equals(slot))?.Wire;

    /// <summary>The pin of a name in this machine.</summary>
    public Pin? FindPin(string name)
        => _machine?.Devices.OfType<PinSet>().SelectMany(static set => set.Pins).FirstOrDefault(p => p.Name == name);

    public void Add(TSlot slot, object part, string? wire = null)
    {
        if (Find(slot) is { } other)
            throw new InvalidOperationException($"{_bus}: {_describe(slot)} is taken by a {other.GetType().Name}; a {part.GetType().Name} cannot be attached there, too");
        Insert(new Entry(slot, part, !_isComposed, wire, null));
        _changed?.Invoke();
    }

    public bool Remove(TSlot slot)
    {
        int index = _entries.FindIndex(e => e.Slot.Equals(slot));
        if (index < 0)
            return false;
        RemoveAt(index);
        _changed?.Invoke();
        return true;
    }

    public void PowerCycle()
    {
        foreach (Entry entry in _entries)
            (entry.Part as IPart)?.PowerCycle();
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_entries.Count(static e => e.Part is IPart));
        foreach (Entry entry in _entries)
        {
            if (entry.Part is not IPart part)
                continue;
            var own = new StateWriter();
            part.Save(own);
            writer.Write(_describe(entry.Slot));
            writer.Write(entry.Part.GetType().Name);
            writer.Write(part.StateVersion);
            writer.Write(own.Written);
        }
    }

    public void Load(StateReader reader)
    {
        var parts = _entries.Where(static e => e.Part is IPart).ToDictionary(e => _describe(e.Slot), static e => (IPart)e.Part);
        for (int left = reader.ReadCount(16); left > 0; left--)
        {
            string slot = reader.ReadString(), kind = reader.ReadString();
            int version = reader.ReadInt32();
            byte[] data = reader.ReadBytes().ToArray();
            if (!parts.Remove(slot, out IPart? part))
                throw reader.Damaged($"holds the state of a {kind} at {slot} of {_bus}, where nothing is attached");
            if (part.GetType().Name != kind)
                throw reader.Damaged($"holds the state of a {kind} at {slot} of {_bus}, where a {part.GetType().Name} is attached");
            if (version < 0 || version > part.StateVersion)
                throw reader.Damaged($"holds the state of a {kind} of version {version}; up to {part.StateVersion} can be read");
            var own = new StateReader($"{_bus}, {kind} at {slot}", version, data);
            part.Load(own);
            if (own.Remaining != 0)
                throw own.Damaged($"{own.Remaining} bytes are left over");
        }

        foreach ((string slot, IPart part) in parts)
            throw reader.Damaged($"holds no state of the {part.GetType().Name} at {slot} of {_bus}");
    }

    public PartSet<TSlot> Fork()
        => new(_bus, _describe, _entries.ConvertAll(e => e.IsComposed ? e : ForkEntry(e)));

    public IDisposable Checkpoint() => new PartCheckpoint(this, [.. _entries]);

    public void Rewind(IDisposable checkpoint)
    {
        if (checkpoint is not PartCheckpoint saved)
            throw new ArgumentException("not a checkpoint of parts", nameof(checkpoint));
        List<Entry> wanted = saved.Entries;
        if (!ReferenceEquals(saved.Owner, this))
            wanted = wanted.ConvertAll(e => _entries.Find(own => own.Slot.Equals(e.Slot) && own.Part.GetType() == e.Part.GetType()) ?? ForkEntry(e));
        Become(wanted);
    }

    /// <summary>Composition is over: in a fork, the origin's parts take their places.</summary>
    private void Settle()
    {
        _isComposed = true;
        if (_inherited is not null)
            Become(_inherited.ConvertAll(e => e.IsComposed ? _entries.Find(own => own.Slot.Equals(e.Slot)) ?? ForkEntry(e) : e));
    }

    private void Become(List<Entry> wanted)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (!wanted.Exists(e => ReferenceEquals(e.Part, _entries[i].Part)))
                RemoveAt(i);
        }

        foreach (Entry entry in wanted)
        {
            if (!_entries.Exists(e => ReferenceEquals(e.Part, entry.Part)))
                Insert(entry);
        }

        List<Entry> order = [.. wanted];
        _entries.Sort((a, b) => order.FindIndex(e => ReferenceEquals(e.Part, a.Part)).CompareTo(order.FindIndex(e => ReferenceEquals(e.Part, b.Part))));
        _changed?.Invoke();
    }

    private void Insert(Entry entry)
    {
        if (entry.Part is IPart part)
            part.Join(new PartSite($"{_bus}@{_describe(entry.Slot)}", _clock!, _log!, _machine));
        foreach ((string terminal, string name) in entry.Wires ?? [])
        {
            Pin pin = FindPin(name) ?? throw new InvalidOperationException($"{_bus}: the {entry.Part.GetType().Name} at {_describe(entry.Slot)} is wired to pin {name}, which the fork has not");
            ((Part)entry.Part).Terminal(terminal).Connect(pin);
        }

        _entries.Add(entry);
    }

    private void RemoveAt(int index)
    {
        object part = _entries[index].Part;
        _entries.RemoveAt(index);
        (part as IPart)?.Leave();
    }

    private Entry ForkEntry(Entry entry)
    {
        if (entry.Part is not IPart part)
        {
            throw new InvalidOperationException(
                $"{_bus}: the {entry.Part.GetType().Name} at {_describe(entry.Slot)} was attached after the machine was built and cannot be copied to a fork: it is no {nameof(IPart)}");
        }

        List<(string, string)>? wires = (part as Part)?.Terminals.Where(static t => t.Pin is not null).Select(static t => (t.Name, t.Pin!.Name)).ToList();
        return entry with { Part = part.Fork(), Wires = wires };
    }

    // wires: terminals, and names of their pins in the machine that the part was forked from
    private sealed record Entry(TSlot Slot, object Part, bool IsComposed, string? Wire, List<(string Terminal, string Pin)>? Wires);

    private sealed record PartCheckpoint(PartSet<TSlot> Owner, List<Entry> Entries) : IDisposable
    {
        public void Dispose() { }
    }
}
