namespace Emulation.Storage;

/// <summary>A part of a disk on its way from the source to the target, with the memory for it.</summary>
internal sealed class CopyPiece(int size, IPackedTarget? packedTarget) : IDisposable
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(size);

    /// <summary>Its clusters in compressed form; null when nothing is compressed.</summary>
    public PackedClusters? Packed { get; } = packedTarget is null ? null : new PackedClusters(packedTarget, size);

    /// <summary>First byte on both disks.</summary>
    public long Offset { get; set; }

    /// <summary>Bytes; of a piece that is not zero at most what there is memory for.</summary>
    public long Length { get; set; }

    /// <summary>Whether it is known to be zero without having been read.</summary>
    public bool Zero { get; set; }

    /// <summary>Whether it can be written.</summary>
    public bool Ready { get; set; }

    /// <summary>Whether somebody is writing it.</summary>
    public bool InWriting { get; set; }

    /// <summary>The bytes of a piece that is not zero.</summary>
    public Memory<byte> Data => _buffer.AsMemory(0, (int)Length);

    /// <summary>Compresses what was read.</summary>
    public void Compress() => Packed?.Compress(_buffer, (int)Length);

    public void Dispose() => Packed?.Dispose();
}
