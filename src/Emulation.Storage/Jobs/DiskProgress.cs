namespace Emulation.Storage;

/// <summary>How far a job over a disk has come.</summary>
/// <param name="Done">Bytes of the disk that are done with, those included that are known to be zero.</param>
/// <param name="Total">Bytes of the disk.</param>
public readonly record struct DiskProgress(long Done, long Total);
