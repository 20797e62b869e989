namespace Emulation.Storage;

/// <summary>The tables of an image that is divided into blocks of one size: where each block is, and which part of the file is free.</summary>
/// <remarks>
/// Changes stay in memory until <see cref="FlushAsync"/>, which first makes the data durable that they point to. So a host that stops
/// at any point leaves no entry that points to anything but its own data; at most there are lost blocks.
/// </remarks>
internal abstract class BlockMap
{
    /// <summary>The file that holds tables and data.</summary>
    public abstract HostFile File { get; }

    /// <summary>Guest bytes of a block.</summary>
    public abstract int BlockSize { get; }

    /// <summary>Whether blocks can be given back.</summary>
    public virtual bool CanUnmap => true;

    /// <summary>Whether a table can say that a block is zero, whatever lies below.</summary>
    public virtual bool HasZero => true;

    /// <summary>Whether blocks that are not in the file as they are are compressed.</summary>
    public virtual bool HasPacked => false;

    /// <summary>Whether several callers may look where blocks are, as long as nothing changes.</summary>
    public virtual bool AllowsConcurrentReads => false;

    /// <summary>Sizes that make for efficient requests.</summary>
    public virtual BlockHints Hints => BlockHints.Default;

    /// <summary>Whether the disk can have another size.</summary>
    public virtual bool CanResize => false;

    /// <summary>Says so where the format cannot have a disk of that size.</summary>
    public virtual void CheckSize(long length) { }

    /// <summary>Sees to it that the tables reach to the end of a larger disk, whose size nothing tells yet. Says so where the format cannot.</summary>
    public virtual ValueTask ReserveAsync(long length) => throw new NotSupportedException();

    /// <summary>Makes the size of the disk durable. What it needs is so already.</summary>
    public virtual ValueTask WriteSizeAsync(long length) => throw new NotSupportedException();

    /// <summary>Whether the image knows the one below by more than its name.</summary>
    public virtual bool IsLinked => false;

    /// <summary>Records what identifies the image below once it has changed.</summary>
    public virtual ValueTask RelinkAsync(IBlockDevice backing) => throw new NotSupportedException();

    /// <summary>Where a block is.</summary>
    public abstract ValueTask<BlockEntry> GetAsync(long index);

    /// <summary>Where a block is, and how many follow it both on the disk and in the file, or in being nowhere: at least 1, at most <paramref name="most"/>.</summary>
    public virtual async ValueTask<(BlockEntry First, int Count)> GetRunAsync(long index, int most)
        => (await GetAsync(index).ConfigureAwait(false), 1);

    /// <summary>How many bytes from an offset on lie in blocks of one kind; of data, it need not be all of them.</summary>
    /// <param name="offset">First byte of the disk.</param>
    /// <param name="length">Most bytes.</param>
    /// <param name="maxData">How many bytes of data are enough.</param>
    public async ValueTask<(BlockKind Kind, long Length)> FindKindAsync(long offset, long length, long maxData)
    {
        BlockKind kind = default;
        long run = 0;
        while (run < length && (kind != BlockKind.Data || run < maxData))
        {
            long index = (offset + run) / BlockSize;
            long blocks = ((offset + length - 1) / BlockSize) - index + 1;
            (BlockEntry first, int count) = await GetRunAsync(index, (int)Math.Min(blocks, int.MaxValue)).ConfigureAwait(false);
            if (run > 0 && first.Kind != kind)
                break;
            kind = first.Kind;
            run = Math.Min(((index + count) * BlockSize) - offset, length);
        }

        return (kind, run);
    }

    /// <summary>Says where a block is; its former place is free as soon as that is durable.</summary>
    public abstract ValueTask SetAsync(long index, BlockEntry entry);

    /// <summary>Reads a part of a block that is not in the file as it is.</summary>
    public virtual ValueTask ReadIndirectAsync(long index, BlockEntry entry, int within, Memory<byte> buffer, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    /// <summary>Room for the data of one block. The file reaches to its end; it may hold anything.</summary>
    public abstract ValueTask<long> AllocateAsync();

    /// <summary>Gives back room that no entry has come to point to.</summary>
    public abstract void Undo(long host);

    /// <summary>Makes data, then tables durable.</summary>
    public abstract ValueTask FlushAsync();

    /// <summary>Writes all that waits, and gives back what is free.</summary>
    public abstract ValueTask CloseAsync();
}
