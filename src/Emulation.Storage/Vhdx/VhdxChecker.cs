namespace Emulation.Storage;

/// <summary>Looks at all structures of an image, and replays its log.</summary>
internal sealed class VhdxChecker(IBlockDevice file, ImageName name)
{
    private const int MaxMessages = 100;

    private readonly List<string> _messages = [];
    private long _corruptions;
    private long _repairable;

    public async ValueTask<DiskCheckResult> RunAsync(DiskRepair repair)
    {
        VhdxHeaders headers = await VhdxHeaders.ReadAsync(file, name).ConfigureAwait(false);
        VhdxReplay? replay = await new VhdxLogReader(file, headers.Current, name).ReadAsync().ConfigureAwait(false);
        VhdxImageParts parts = await VhdxImageParts.ReadAsync(new HostFile(replay ?? file, leaveOpen: true), headers, name, e => Report(e, ref _corruptions)).ConfigureAwait(false);
        int wrongTable = parts.Regions.WrongCopy;
        if (replay is not null)
            Report(name.At(headers.Current.LogOffset, $"the log holds {replay.Entries} entries that are to be replayed"), ref _repairable);
        if (headers.Valid < VhdxHeader.Copies)
            Report(name.At(VhdxHeader.Place(headers.Place == VhdxHeader.Place(0) ? 1 : 0), "one of the two headers is not sound"), ref _repairable);
        if (wrongTable >= 0)
            Report(name.At(VhdxRegions.Place(wrongTable), "the two region tables differ, or one of them is not sound"), ref _repairable);
        bool repaired = repair == DiskRepair.All && _corruptions == 0 && _repairable > 0;
        if (repaired)
            await RepairAsync(headers, replay, parts.Regions).ConfigureAwait(false);
        return new DiskCheckResult
        {
            Corruptions = _corruptions + (repaired ? 0 : _repairable),
            RepairedCorruptions = repaired ? _repairable : 0,
            Leaks = 0,
            Messages = _messages,
            ImageEnd = parts.Space.End,
            TotalClusters = parts.Layout.Blocks(parts.Metadata.DiskSize),
            AllocatedClusters = parts.Used,
        };
    }

    private async ValueTask RepairAsync(VhdxHeaders headers, VhdxReplay? replay, VhdxRegions regions)
    {
        // writes both headers
        await headers.BeginAsync(data: false).ConfigureAwait(false);
        if (replay is not null)
            await VhdxFormat.ReplayAsync(headers, replay).ConfigureAwait(false);
        if (regions.WrongCopy < 0)
            return;
        await file.WriteAsync(VhdxRegions.Place(regions.WrongCopy), regions.Bytes).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
    }

    private void Report(DiskImageException error, ref long count)
    {
        count++;
        if (_messages.Count < MaxMessages)
            _messages.Add(error.Message);
    }
}
