using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>Counts how often each instruction of a firmware executes, and which way its branches go. Each instruction with a source line costs a call while it lives.</summary>
public sealed class CoverageRecorder : IDisposable
{
    private const int MaxOpen = 16;
    private const ulong MaxGap = 1 << 16;
    private readonly Machine _machine;
    private readonly FirmwareImage _firmware;
    private readonly List<IDisposable> _hooks = [];
    private readonly List<CoverageArea> _areas = [];
    private readonly Dictionary<ulong, BranchCount> _branches = [];

    // conditional branches whose outcome is still to come, because an interrupt came first
    private readonly List<BranchCount> _open = [];
    private BranchCount? _last;
    private CoverageArea? _area;

    /// <summary>Starts to count.</summary>
    /// <param name="machine">The machine; one vCPU is looked at well, of several the branches mix.</param>
    /// <param name="firmware">Its firmware, with debug information.</param>
    /// <exception cref="InvalidOperationException">It has no line information.</exception>
    public CoverageRecorder(Machine machine, FirmwareImage firmware)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(firmware);
        (_machine, _firmware) = (machine, firmware);
        if (firmware.Lines.Entries.Count == 0)
            throw new InvalidOperationException($"'{firmware.Name}' has no line information to measure coverage by; build it with -g and do not strip it");
        foreach ((ulong first, ulong end) in Ranges(firmware.Lines))
        {
            _areas.Add(new CoverageArea(first, end));
            _hooks.Add(machine.Hooks.Code(first, end - 1, OnCode));
        }
    }

    /// <summary>What was covered so far.</summary>
    public CoverageReport Report() => CoverageReport.Create(_firmware, Count, _branches.Values.Select(static b => (b.Pc, b.Taken, b.NotTaken)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable hook in _hooks)
            hook.Dispose();
        _hooks.Clear();
    }

    private static IEnumerable<(ulong First, ulong End)> Ranges(LineTable lines)
    {
        (ulong first, ulong end) = (lines.Entries[0].Address, lines.Entries[0].End);
        foreach (LineEntry entry in lines.Entries)
        {
            if (entry.Address > end && entry.Address - end > MaxGap)
            {
                yield return (first, end);
                first = entry.Address;
            }

            end = Math.Max(end, entry.End);
        }

        yield return (first, end);
    }

    private ulong Count(ulong pc) => _areas.Find(a => a.Contains(pc))?.Count(pc) ?? 0;

    private void OnCode(in CodeEvent e)
    {
        CoverageArea? area = _area;
        if (area is null || !area.Contains(e.Pc))
        {
            ulong pc = e.Pc;
            _area = area = _areas.Find(a => a.Contains(pc));
            if (area is null)
                return;
        }

        if (_last is not null || _open.Count > 0)
            Resolve(e.Pc);
        if (area.Add(e.Pc))
            area.SetBranch(e.Pc, Decode(e.Pc, e.Size));
        _last = area.Branch(e.Pc);
    }

    private BranchCount? Decode(ulong pc, int size)
    {
        Span<byte> code = stackalloc byte[4];
        int read = _machine.Memory.TryRead(pc, code) ? 4 : _machine.Memory.TryRead(pc, code[..2]) ? 2 : 0;
        if (!BranchDecoder.IsConditional(_firmware.Architecture, code[..read], pc, out ulong target))
            return null;
        var branch = new BranchCount(pc, pc + (ulong)size, target);
        _branches.TryAdd(pc, branch);
        return branch;
    }

    private void Resolve(ulong pc)
    {
        if (_last is { } last)
        {
            _last = null;
            if (last.Resolve(pc))
                return;
            if (_open.Count == MaxOpen)
                _open.RemoveAt(0);
            _open.Add(last);
            return;
        }

        // handlers nest: the innermost interrupted branch goes on first
        if (_open[^1].Resolve(pc))
            _open.RemoveAt(_open.Count - 1);
    }
}
