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
}

/// <summary>What a table says about a guest block.</summary>
/// <param name="Kind">Where its bytes are.</param>
/// <param name="Host">The first byte in the file, of data.</param>
internal readonly record struct BlockEntry(BlockKind Kind, long Host = 0);
