namespace Emulation.Storage;

/// <summary>Where a guest block's bytes are.</summary>
internal enum BlockKind
{
    /// <summary>In the image below; zeros without one.</summary>
    None,

    /// <summary>Nowhere: they are zeros.</summary>
    Zero,

    /// <summary>In the file.</summary>
    Data,

    /// <summary>In the file, but not as they are: compressed, or in part. The map reads them; written they get a place of their own.</summary>
    Indirect,
}

/// <summary>What a table says about a guest block.</summary>
/// <param name="Kind">Where its bytes are.</param>
/// <param name="Host">The first byte in the file, of data.</param>
/// <param name="Length">Bytes there, where they are not as many as a block has.</param>
internal readonly record struct BlockEntry(BlockKind Kind, long Host = 0, int Length = 0);
