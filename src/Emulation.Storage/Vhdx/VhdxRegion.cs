namespace Emulation.Storage;

/// <summary>A part of the file that is for one purpose.</summary>
/// <param name="Id">The purpose.</param>
/// <param name="Offset">First byte; whole MiB.</param>
/// <param name="Length">Bytes; whole MiB.</param>
internal sealed record VhdxRegion(Guid Id, long Offset, long Length);
