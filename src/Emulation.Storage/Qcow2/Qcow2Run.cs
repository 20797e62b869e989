namespace Emulation.Storage;

/// <summary>What a run of guest bytes is.</summary>
internal enum Qcow2RunKind
{
    /// <summary>The bytes come from the backing file, or are zeros without one.</summary>
    Unallocated,

    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>Bytes that lie one after the other in the file.</summary>
    Data,

    /// <summary>Part of one compressed cluster.</summary>
    Compressed,
}

/// <summary>A run of guest bytes of one kind.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Length">How many.</param>
/// <param name="Host">Data: where the first is; compressed: where the compressed cluster is.</param>
/// <param name="Copied">Data: whether it may be written in place.</param>
/// <param name="Sectors">Compressed: 512-byte sectors that the compressed data touches.</param>
internal readonly record struct Qcow2Run(Qcow2RunKind Kind, long Length, long Host, bool Copied, int Sectors);
