namespace Emulation.Arm;

/// <summary>A word of the code region that is taken from elsewhere.</summary>
/// <param name="Address">Where a program sees it.</param>
/// <param name="Entry">Address of its entry of the remap table.</param>
internal readonly record struct RemappedWord(uint Address, uint Entry);
