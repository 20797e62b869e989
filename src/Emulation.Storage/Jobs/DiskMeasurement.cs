namespace Emulation.Storage;

/// <summary>What room an image would take.</summary>
/// <param name="Required">Bytes for what is known to be no zeros, and for the image's structures.</param>
/// <param name="FullyAllocated">Bytes when all of the disk has been written.</param>
/// <param name="Bitmaps">Bytes for the persistent bitmaps of the source, beside that; null when source or target has none.</param>
public readonly record struct DiskMeasurement(long Required, long FullyAllocated, long? Bitmaps = null);
