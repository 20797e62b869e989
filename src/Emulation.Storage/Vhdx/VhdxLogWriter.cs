namespace Emulation.Storage;

/// <summary>Changes of the tables go through the log, all that wait at once.</summary>
/// <remarks>
/// <para>Each entry has a log identity of its own, so it alone is in force, and not before a header names it: first data and entry
/// are durable, then the header, then the tables change in place. Entries lie in two places by turns: while one is written, the one
/// before stays whole, whose changes of the tables are durable before a header names the new one. So at any cut the header names
/// one whole entry, and to replay it once more changes nothing.</para>
/// <para>The header is empty of a log again before the file becomes shorter, as an entry says how long it was.</para>
/// </remarks>
internal sealed class VhdxLogWriter(HostFile file, VhdxHeaders headers)
{
    /// <summary>Most pages of one entry: those whose descriptors fit into its first sector.</summary>
    public const int MaxPages = (VhdxLogEntry.Sector - VhdxLogEntry.HeaderLength) / VhdxLogEntry.DescriptorLength;

    private const int Places = 2;

    private int _next;

    /// <summary>Makes data that were written before and changed pages durable; the pages are in the log then.</summary>
    /// <param name="pages">At least one, at most <see cref="MaxPages"/>.</param>
    /// <param name="end">End of all that is in use.</param>
    public async ValueTask WriteAsync(List<TablePage> pages, long end)
    {
        // the headers come before anything else
        await headers.BeginAsync(data: true).ConfigureAwait(false);
        long place = _next * (long)(VhdxLayout.Unit / Places);
        var log = Guid.NewGuid();
        byte[] entry = VhdxLogEntry.Build(pages, place, log, file.Length, end);
        await file.WriteAsync(headers.Current.LogOffset + place, entry).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        await headers.UpdateAsync(headers.Current with { Log = log }).ConfigureAwait(false);
        _next = (_next + 1) % Places;
    }

    /// <summary>Says that there is nothing to replay; all changes are in place.</summary>
    public async ValueTask EmptyAsync()
    {
        await file.FlushAsync().ConfigureAwait(false);
        await headers.UpdateBothAsync(headers.Current with { Log = Guid.Empty }).ConfigureAwait(false);
    }
}
