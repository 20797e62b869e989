using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>Remembers the last accesses of CPUs to devices. Memory accesses are not slowed down.</summary>
public sealed class MmioLog : IDisposable
{
    private readonly Machine _machine;
    private readonly MmioAccess[] _ring;
    private readonly List<IDisposable> _hooks = [];
    private long _entries;

    /// <summary>Starts to remember.</summary>
    /// <param name="machine">A complete machine.</param>
    /// <param name="capacity">How many accesses.</param>
    public MmioLog(Machine machine, int capacity = 32)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _machine = machine;
        _ring = new MmioAccess[capacity];
        foreach ((ulong first, ulong last) in Ranges(machine.Memory.View))
        {
            _hooks.Add(machine.Hooks.Read(first, last, OnAccess));
            _hooks.Add(machine.Hooks.Write(first, last, OnAccess));
        }

        _hooks.Add(machine.Hooks.Unmapped(0, ulong.MaxValue, OnAccess));
    }

    /// <summary>Accesses so far, of which the last ones are remembered.</summary>
    public long Count { get; private set; }

    /// <summary>What is remembered, the oldest first; equal ones that follow each other as one, with the time of the first.</summary>
    public IReadOnlyList<MmioAccess> Recent
    {
        get
        {
            int kept = (int)Math.Min(_entries, _ring.Length);
            var recent = new MmioAccess[kept];
            for (int i = 0; i < kept; i++)
                recent[i] = _ring[(_entries - kept + i) % _ring.Length];
            return recent;
        }
    }

    /// <summary>Names for what no device models; null for none.</summary>
    public SvdDevice? Svd { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable hook in _hooks)
            hook.Dispose();
        _hooks.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(Environment.NewLine, Recent.Select(a => a.ToString(_machine.Memory, Svd)));

    /// <summary>The windows of devices; windows that lie side by side as one.</summary>
    internal static IEnumerable<(ulong First, ulong Last)> Ranges(FlatView view)
    {
        var ranges = new List<(ulong First, ulong Last)>();
        foreach (FlatRange range in view.Ranges)
        {
            if (range.Region is not MmioRegion)
                continue;
            if (ranges.Count > 0 && ranges[^1].Last + 1 == range.Start)
                ranges[^1] = (ranges[^1].First, range.Last);
            else
                ranges.Add((range.Start, range.Last));
        }

        return ranges;
    }

    private void OnAccess(in MemoryEvent e)
    {
        Count++;
        bool write = e.Kind == HookKind.Write;
        if (_entries > 0)
        {
            ref MmioAccess last = ref _ring[(_entries - 1) % _ring.Length];
            if (last.Address == e.Address && last.Value == e.Value && last.Size == e.Size && last.IsWrite == write)
            {
                last = last with { Times = last.Times + 1 };
                return;
            }
        }

        _ring[_entries++ % _ring.Length] = new MmioAccess(_machine.Clock.Now, e.Pc, e.Address, e.Size, e.Value, write);
    }
}
