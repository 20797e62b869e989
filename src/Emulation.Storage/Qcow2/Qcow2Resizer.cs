namespace Emulation.Storage;

/// <summary>Changes the size of the disk.</summary>
internal sealed class Qcow2Resizer(Qcow2Metadata metadata, Qcow2Reader reader, Qcow2Writer writer)
{
    private readonly Qcow2Geometry _geometry = metadata.Geometry;

    public async ValueTask ResizeAsync(long length, CancellationToken cancellationToken)
    {
        await metadata.PrepareAsync().ConfigureAwait(false);
        Qcow2Header header = metadata.Header;
        long old = header.Size;
        if (length < old)
        {
            // what grows back later must be zero, and shows through from below no more
            await writer.ZeroAsync(length, old - length, Qcow2Zeroing.Unmap, cancellationToken).ConfigureAwait(false);
            await metadata.SettleAsync().ConfigureAwait(false);
            header.Size = length;
            await WriteHeaderAsync(() => header.Size = old).ConfigureAwait(false);
        }
        else
        {
            await ClearStateAsync(old, cancellationToken).ConfigureAwait(false);
            await GrowL1Async(length).ConfigureAwait(false);
            long below = reader.Backing?.Length ?? 0;
            header.Size = length;
            try
            {
                // what lies below was not part of this disk: hidden before it can be seen
                if (below > old)
                    await writer.ZeroAsync(old, Math.Min(below, length) - old, Qcow2Zeroing.Unmap, cancellationToken).ConfigureAwait(false);
                await metadata.SettleAsync().ConfigureAwait(false);
            }
            catch
            {
                header.Size = old;
                throw;
            }

            await WriteHeaderAsync(() => header.Size = old).ConfigureAwait(false);
        }

        if (metadata.Header.DataFileIsRaw)
            await metadata.DataFile!.ResizeAsync(length, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sees to it that the L1 table covers so many bytes.</summary>
    public async ValueTask GrowL1Async(long length)
    {
        long entries = _geometry.L1Entries(length);
        if (entries <= metadata.L1.Length)
            return;
        if (entries > Qcow2Limits.MaxL1Bytes / 8)
            throw metadata.Name.Error($"{length} bytes are too many for clusters of {_geometry.ClusterSize} bytes");
        await metadata.PrepareAsync().ConfigureAwait(false);
        await metadata.SettleAsync().ConfigureAwait(false);
        ulong[] l1 = new ulong[entries];
        metadata.L1.CopyTo(l1, 0);
        Qcow2Header header = metadata.Header;
        (long oldOffset, int oldSize) = (header.L1Offset, header.L1Size);
        int clusters = (int)(_geometry.RoundUp(entries * 8) >> _geometry.ClusterBits);
        long offset = await metadata.Refcounts.AllocateAsync(clusters).ConfigureAwait(false);
        await metadata.WriteL1Async(offset, l1).ConfigureAwait(false);
        await metadata.Refcounts.WriteAsync().ConfigureAwait(false);
        await metadata.File.FlushAsync().ConfigureAwait(false);
        (header.L1Offset, header.L1Size) = (offset, l1.Length);
        await WriteHeaderAsync(() => (header.L1Offset, header.L1Size) = (oldOffset, oldSize)).ConfigureAwait(false);
        metadata.ReplaceL1(l1);
        for (int i = 0; i < clusters; i++)
            metadata.Tables.Add(_geometry.ClusterOf(offset) + i);
        if (oldSize > 0)
            metadata.Refcounts.Release(oldOffset, oldSize * 8L);
    }

    // the state of a machine that was loaded from a snapshot, or not saved to the end, lies where the disk is going to be
    private async ValueTask ClearStateAsync(long size, CancellationToken cancellationToken)
    {
        long first = _geometry.L1Entries(size);
        if (first < metadata.L1.Length && metadata.L1.AsSpan((int)first).ContainsAnyExcept(0UL))
        {
            long start = first << _geometry.L1Shift;
            await writer.ZeroAsync(start, ((long)metadata.L1.Length << _geometry.L1Shift) - start, Qcow2Zeroing.Discard, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteHeaderAsync(Action restore)
    {
        try
        {
            await metadata.Header.WriteAsync(metadata.File).ConfigureAwait(false);
        }
        catch
        {
            restore();
            throw;
        }

        await metadata.File.FlushAsync().ConfigureAwait(false);
    }
}
