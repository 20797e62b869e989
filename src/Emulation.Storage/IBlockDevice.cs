namespace Emulation.Storage;

/// <summary>Random access to a fixed number of bytes: a disk image, a file, memory, or a layer over another of these.</summary>
/// <remarks>
/// <para>Every operation may complete synchronously; local files and memory always do. Buffers belong to the caller and are not kept after completion.</para>
/// <para>An offset or length outside the device throws <see cref="ArgumentOutOfRangeException"/>; writing a read-only device throws
/// <see cref="InvalidOperationException"/>; what the medium or the format refuses throws <see cref="IOException"/> or <see cref="InvalidDataException"/>.</para>
/// <para>Calls do not overlap unless <see cref="AllowsConcurrentCalls"/> is true.</para>
/// </remarks>
public interface IBlockDevice : IAsyncDisposable, IDisposable
{
    /// <summary>Size in bytes.</summary>
    long Length { get; }

    /// <summary>Sizes that make for efficient requests. Any offset and length is legal all the same.</summary>
    BlockHints Hints { get; }

    /// <summary>Whether all changes are refused.</summary>
    bool ReadOnly { get; }

    /// <summary>Whether several calls may be under way at once, if no two touch a byte that one of them changes.</summary>
    bool AllowsConcurrentCalls { get; }

    /// <summary>Whether <see cref="ResizeAsync"/> works.</summary>
    bool CanResize { get; }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/>.</summary>
    /// <param name="offset">First byte on the device.</param>
    /// <param name="buffer">Filled whole.</param>
    /// <param name="cancellationToken">Ends the wait; the buffer is then partly filled.</param>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Writes <paramref name="buffer"/> at <paramref name="offset"/>. It is durable after the next <see cref="FlushAsync"/>.</summary>
    /// <param name="offset">First byte on the device.</param>
    /// <param name="buffer">The bytes.</param>
    /// <param name="cancellationToken">Ends the wait; any part may then have been written.</param>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Makes everything that was written before durable.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Says that the content of a range is of no more use. Afterwards it reads as the old bytes or zeros, the same each time.</summary>
    /// <param name="offset">First byte on the device.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask DiscardAsync(long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>Makes a range read as zeros, without transferring them where the medium can do that.</summary>
    /// <param name="offset">First byte on the device.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="mayUnmap">Whether the space may be given back.</param>
    /// <param name="cancellationToken">Ends the wait; any part may then be zero.</param>
    ValueTask WriteZeroesAsync(long offset, long length, bool mayUnmap = true, CancellationToken cancellationToken = default);

    /// <summary>What is known about the bytes from <paramref name="offset"/> on without reading them.</summary>
    /// <param name="offset">First byte on the device.</param>
    /// <param name="length">Most bytes to report on; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One run of bytes that starts at <paramref name="offset"/>; never longer than asked for, at least one byte.</returns>
    ValueTask<BlockRun> GetStatusAsync(long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>Changes <see cref="Length"/>; new bytes read as zeros. Throws <see cref="NotSupportedException"/> unless <see cref="CanResize"/>.</summary>
    /// <param name="length">New size in bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask ResizeAsync(long length, CancellationToken cancellationToken = default);
}

/// <summary>Sizes that make for efficient requests, in bytes, each a power of two.</summary>
/// <param name="LogicalBlockSize">Smallest unit the medium addresses; at least 512.</param>
/// <param name="PhysicalBlockSize">Smallest unit it writes without reading first; at least the logical size.</param>
/// <param name="OptimalTransferSize">Preferred size of one request; 0 when there is no preference.</param>
public readonly record struct BlockHints(int LogicalBlockSize, int PhysicalBlockSize, int OptimalTransferSize)
{
    /// <summary>512-byte logical and 4 KiB physical blocks, no preferred transfer.</summary>
    public static BlockHints Default { get; } = new(512, 4096, 0);
}

/// <summary>What is known about a run of bytes.</summary>
[Flags]
public enum BlockStatus
{
    /// <summary>Nothing: the bytes come from a layer below or have never been written.</summary>
    None = 0,

    /// <summary>This layer holds the bytes itself.</summary>
    Allocated = 1,

    /// <summary>The bytes are known to be zero.</summary>
    Zero = 2,
}

/// <summary>A run of bytes of one status.</summary>
/// <param name="Length">Bytes; at least 1.</param>
/// <param name="Status">What is known about them.</param>
public readonly record struct BlockRun(long Length, BlockStatus Status);
