using System.Runtime.CompilerServices;

namespace Emulation.Storage;

/// <summary>Where the bytes of a disk lie.</summary>
internal static class MapJob
{
    public static async IAsyncEnumerable<DiskExtent> RunAsync(IBlockDevice disk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DiskExtent? open = null;
        for (long offset = 0; offset < disk.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DiskExtent next = await FindAsync(disk, offset, disk.Length - offset, 0, cancellationToken).ConfigureAwait(false);
            offset += next.Length;
            if (open is { } before && before.IsContinuedBy(next))
            {
                open = before with { Length = before.Length + next.Length };
                continue;
            }

            if (open is { } done)
                yield return done;
            open = next;
        }

        if (open is { } last)
            yield return last;
    }

    private static async ValueTask<DiskExtent> FindAsync(IBlockDevice disk, long offset, long length, int depth, CancellationToken cancellationToken)
    {
        if (disk is IMappedDisk mapped)
        {
            DiskExtent extent = await mapped.MapAsync(offset, length).ConfigureAwait(false);
            IBlockDevice? backing = (disk as ILayer)?.Backing;
            long shown = extent.Present || backing is null ? 0 : Math.Min(backing.Length - offset, extent.Length);
            return shown > 0 ? await FindAsync(backing!, offset, shown, depth + 1, cancellationToken).ConfigureAwait(false) : extent with { Depth = depth };
        }

        if (disk is not Qcow2Image image)
        {
            BlockRun status = await disk.GetStatusAsync(offset, length, cancellationToken).ConfigureAwait(false);
            bool zero = (status.Status & BlockStatus.Zero) != 0;
            bool present = (status.Status & BlockStatus.Allocated) != 0;
            return new DiskExtent(offset, status.Length, depth, present, zero, present && !zero, false, disk is PlainFile or NbdDisk or PassThrough or ReadOnlyView ? offset : null);
        }

        Qcow2Run run = await image.MapAsync(offset, length).ConfigureAwait(false);
        switch (run.Kind)
        {
            case Qcow2RunKind.Data:
                return new DiskExtent(offset, run.Length, depth, true, false, true, false, image.IsEncrypted ? null : run.Host);
            case Qcow2RunKind.Compressed:
                return new DiskExtent(offset, run.Length, depth, true, false, true, true, null);
            case Qcow2RunKind.Zero:
                return new DiskExtent(offset, run.Length, depth, true, true, false, false, null);
            default:
                long below = image.Backing is null ? 0 : Math.Min(image.Backing.Length - offset, run.Length);
                return below > 0
                    ? await FindAsync(image.Backing!, offset, below, depth + 1, cancellationToken).ConfigureAwait(false)
                    : new DiskExtent(offset, run.Length, depth, false, true, false, false, null);
        }
    }
}
