namespace Emulation.Storage;

/// <summary>A disk that takes clusters which were compressed elsewhere, on any core.</summary>
internal interface IPackedTarget
{
    /// <summary>Whether clusters can be compressed.</summary>
    bool CanCompress { get; }

    /// <summary>Bytes of a cluster.</summary>
    int ClusterSize { get; }

    /// <summary>Fewest bytes that a compressed cluster may not have: one that takes as many is written as it is.</summary>
    int PackedLimit { get; }

    /// <summary>One more compressor, for one more worker.</summary>
    ClusterCompressor CreateCompressor();

    /// <summary>Writes one cluster that has been compressed elsewhere.</summary>
    /// <param name="offset">Start of a cluster.</param>
    /// <param name="packed">Its compressed form, shorter than <see cref="PackedLimit"/>; the last cluster is filled up with zeros.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask WritePackedAsync(long offset, ReadOnlyMemory<byte> packed, CancellationToken cancellationToken);
}
