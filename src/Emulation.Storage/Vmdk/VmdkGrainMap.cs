namespace Emulation.Storage;

/// <summary>The map of a sparse extent whose grains may be compressed, so that each takes as much room as it needs.</summary>
internal abstract class VmdkGrainMap : BlockMap, IDisposable
{
    /// <summary>Room for a grain at the end of the file, in whole sectors.</summary>
    /// <param name="index">The grain.</param>
    /// <param name="length">Bytes, with the marker.</param>
    public abstract ValueTask<long> AppendAsync(long index, long length);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
