namespace Emulation.Arm;

/// <summary>Why a translation failed.</summary>
/// <param name="Status">DFSC or IFSC, with the level.</param>
/// <param name="IsStage2">Whether stage 2 failed.</param>
/// <param name="OnWalk">Whether it failed for an access to a table of stage 1: S1PTW.</param>
/// <param name="Intermediate">The intermediate physical address that stage 2 failed for.</param>
/// <param name="Domain">Domain of a short descriptor.</param>
internal readonly record struct WalkFault(int Status, bool IsStage2 = false, bool OnWalk = false, ulong Intermediate = 0, int Domain = 0);
