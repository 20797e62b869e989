namespace Emulation.Core;

/// <summary>The hooks of one kind at one moment: immutable, so that vCPUs dispatch from it while another thread installs the next one.</summary>
internal sealed class HookSet
{
    private readonly HookEntry[] _entries;

    // highest last address among this entry and those before it: not decreasing, so it can be searched
    private readonly ulong[] _reach;

    private HookSet(HookEntry[] entries)
    {
        _entries = entries;
        _reach = new ulong[entries.Length];
        ulong reach = 0;
        for (int i = 0; i < entries.Length; i++)
            _reach[i] = reach = Math.Max(reach, entries[i].Last);
    }

    public static HookSet Empty { get; } = new([]);

    public int Count => _entries.Length;

    public bool Any => _entries.Length > 0;

    public HookSet With(HookEntry entry)
    {
        int index = _entries.Length;
        while (index > 0 && _entries[index - 1].First > entry.First)
            index--;
        return new HookSet([.. _entries[..index], entry, .. _entries[index..]]);
    }

    public HookSet Without(HookEntry entry) => new(Array.FindAll(_entries, e => !ReferenceEquals(e, entry)));

    public bool Covers(ulong first, ulong last)
    {
        int index = IndexReaching(first);
        return index < _entries.Length && _entries[index].First <= last;
    }

    public void Invoke(in CodeEvent e)
    {
        HookEntry[] entries = _entries;
        for (int i = IndexReaching(e.Pc); i < entries.Length && entries[i].First <= e.Pc; i++)
        {
            if (entries[i].Last >= e.Pc)
                entries[i].Code!(e);
        }
    }

    public void Invoke(in MemoryEvent e)
    {
        HookEntry[] entries = _entries;
        ulong last = e.Address + (ulong)(e.Size - 1);
        if (last < e.Address)
            last = ulong.MaxValue;
        for (int i = IndexReaching(e.Address); i < entries.Length && entries[i].First <= last; i++)
        {
            if (entries[i].Last >= e.Address)
                entries[i].Memory!(e);
        }
    }

    /// <summary>The first entry at which an earlier or this one reaches <paramref name="address"/>; that first one reaches it itself.</summary>
    private int IndexReaching(ulong address)
    {
        int low = 0, high = _reach.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_reach[middle] < address)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}

/// <summary>One installed hook.</summary>
internal sealed class HookEntry(HookTable table, HookKind kind, ulong first, ulong last) : IDisposable
{
    public HookKind Kind { get; } = kind;

    public ulong First { get; } = first;

    public ulong Last { get; } = last;

    public CodeHook? Code { get; init; }

    public MemoryHook? Memory { get; init; }

    public void Dispose() => table.Remove(this);
}
