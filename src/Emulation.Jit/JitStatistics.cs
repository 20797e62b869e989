namespace Emulation.Jit;

/// <summary>What the tier-1 engine has done since it was created.</summary>
/// <param name="Compiled">Regions compiled and installed.</param>
/// <param name="Live">Regions installed now.</param>
/// <param name="Blocks">Translation blocks in the regions compiled.</param>
/// <param name="Instructions">Guest instructions in the regions compiled.</param>
/// <param name="IlBytes">IL bytes of the regions compiled.</param>
/// <param name="LiveIlBytes">IL bytes of the regions installed now.</param>
/// <param name="CompileTime">Time spent forming and compiling regions, including regions that were discarded.</param>
/// <param name="Invalidated">Regions removed because their code changed.</param>
/// <param name="Evicted">Regions removed to make room.</param>
/// <param name="Discarded">Regions whose code changed before they were ready, or that could not be compiled.</param>
/// <param name="Queued">Hot blocks that wait.</param>
public readonly record struct JitStatistics(
    long Compiled,
    int Live,
    long Blocks,
    long Instructions,
    long IlBytes,
    long LiveIlBytes,
    TimeSpan CompileTime,
    long Invalidated,
    long Evicted,
    long Discarded,
    int Queued);
