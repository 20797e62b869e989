namespace Emulation.Storage;

/// <summary>Bytes of a disk that could not be read.</summary>
/// <param name="Offset">The first.</param>
/// <param name="Length">How many.</param>
/// <param name="Reason">Why.</param>
public readonly record struct UnreadableRange(long Offset, long Length, string Reason);
