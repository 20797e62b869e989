namespace Emulation.Debugging;

/// <summary>How often a conditional branch went which way.</summary>
internal sealed class BranchCount(ulong pc, ulong next, ulong target)
{
    public ulong Pc { get; } = pc;

    public ulong Taken { get; private set; }

    public ulong NotTaken { get; private set; }

    /// <summary>Counts the outcome that an address shows; false when it shows none.</summary>
    public bool Resolve(ulong pc)
    {
        if (pc == next)
            NotTaken++;
        else if (pc == target)
            Taken++;
        else
            return false;
        return true;
    }
}

/// <summary>Counters of a range of code, one for each two bytes.</summary>
internal sealed class CoverageArea(ulong first, ulong end)
{
    private readonly ulong[] _counts = new ulong[((end - first) / 2) + 1];
    private readonly BranchCount?[] _branches = new BranchCount?[((end - first) / 2) + 1];

    public bool Contains(ulong pc) => pc - first < end - first;

    public ulong Count(ulong pc) => _counts[(pc - first) >> 1];

    /// <summary>Counts an instruction; true when it is its first time.</summary>
    public bool Add(ulong pc) => _counts[(pc - first) >> 1]++ == 0;

    public BranchCount? Branch(ulong pc) => _branches[(pc - first) >> 1];

    public void SetBranch(ulong pc, BranchCount? branch) => _branches[(pc - first) >> 1] = branch;
}
