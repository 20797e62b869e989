namespace Emulation.Storage;

/// <summary>Copies parts of a disk, without what is known or found to be zero.</summary>
internal sealed class PartCopy(IBlockDevice source, IBlockDevice target)
{
    private const int Grain = 64 << 10;

    /// <summary>Reads a part.</summary>
    /// <returns>Whether it is known to be zero; the buffer then is not filled.</returns>
    public async ValueTask<bool> ReadAsync(long offset, Memory<byte> part, CancellationToken cancellationToken)
    {
        BlockRun run = await source.GetStatusAsync(offset, part.Length, cancellationToken).ConfigureAwait(false);
        if (run.Length == part.Length && (run.Status & BlockStatus.Zero) != 0)
            return true;
        await source.ReadAsync(offset, part, cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Writes what was read.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="part">The bytes.</param>
    /// <param name="zero">Whether they are zeros instead.</param>
    /// <param name="blank">Whether the target is known to be zero there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> part, bool zero, bool blank, CancellationToken cancellationToken)
    {
        for (int at = 0; at < part.Length;)
        {
            int end = zero ? part.Length : Math.Min(part.Length, at + Grain);
            bool empty = zero || IsZero(part.Span[at..end]);
            while (end < part.Length && IsZero(part.Span[end..Math.Min(part.Length, end + Grain)]) == empty)
                end = Math.Min(part.Length, end + Grain);
            if (!empty)
                await target.WriteAsync(offset + at, part[at..end], cancellationToken).ConfigureAwait(false);
            else if (!blank)
                await target.WriteZeroesAsync(offset + at, end - at, cancellationToken: cancellationToken).ConfigureAwait(false);
            at = end;
        }
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);
}
