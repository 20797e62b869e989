namespace Emulation.Jit;

/// <summary>Bounds of the tier-1 engine.</summary>
public sealed record JitOptions
{
    /// <summary>Entries after which a block is compiled.</summary>
    public int Threshold { get; init; } = 1000;

    /// <summary>Most guest instructions in a region.</summary>
    public int MaxInstructions { get; init; } = 250;

    /// <summary>Most IL bytes of a method; beyond about 38 KB the runtime's compiler drops to unoptimised code.</summary>
    public int MaxMethodBytes { get; init; } = 35_000;

    /// <summary>Most regions kept; the oldest make room.</summary>
    public int MaxRegions { get; init; } = 8192;

    /// <summary>Most IL bytes of all regions kept; the oldest make room. Native code takes one to two times as much.</summary>
    public long MaxTotalBytes { get; init; } = 48L << 20;

    /// <summary>What earlier runs compiled, or null. This run adds to it; several machines may share it.</summary>
    public JitProfile? Profile { get; init; }

    /// <summary>Entries after which a block is compiled that begins a region of the <see cref="Profile"/>; at least 1.</summary>
    public int ProfileThreshold { get; init; } = 2;

    /// <summary>Whether a hot block is compiled at once on the thread that reports it. For tests: results then do not depend on timing.</summary>
    public bool Synchronous { get; init; }
}
