namespace Emulation.Storage;

/// <summary>The check of an image with one table: opening has validated it, so only lost blocks are left to find.</summary>
internal static class TableCheck
{
    /// <summary>Checks an image.</summary>
    /// <param name="file">Holds the image; stays open.</param>
    /// <param name="repair">What to repair.</param>
    /// <param name="open">Reads and validates the tables.</param>
    /// <param name="name">For messages.</param>
    public static async ValueTask<DiskCheckResult> RunAsync(IBlockDevice file, DiskRepair repair, Func<HostFile, ValueTask<(TableMap? Map, long Blocks)>> open, ImageName name)
    {
        var host = new HostFile(file, leaveOpen: true);
        (TableMap? map, long blocks) = await open(host).ConfigureAwait(false);
        long lost = map?.Lost ?? 0;
        List<string> messages = lost == 0 ? [] : [name.Error($"{lost} blocks of the file are in no use").Message];
        bool repaired = lost > 0 && repair != DiskRepair.None;
        if (repaired)
            await map!.CloseAsync().ConfigureAwait(false);
        return new DiskCheckResult
        {
            Corruptions = 0,
            Leaks = map?.Lost ?? 0,
            RepairedLeaks = repaired ? lost - map!.Lost : 0,
            Messages = messages,
            ImageEnd = map?.End ?? file.Length,
            TotalClusters = blocks,
            AllocatedClusters = map?.Used ?? blocks,
        };
    }
}
