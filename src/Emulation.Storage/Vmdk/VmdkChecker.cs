namespace Emulation.Storage;

/// <summary>Looks at every table of every sparse extent.</summary>
internal sealed class VmdkChecker(ImageSource source, ImageName name)
{
    private const int MaxMessages = 100;

    private readonly List<string> _messages = [];
    private long _corruptions;
    private long _leaks;
    private long _repaired;
    private long _repairedLeaks;
    private long _used;
    private long _packed;
    private long _total;
    private long _end;

    public async ValueTask<DiskCheckResult> RunAsync(IBlockDevice file, DiskRepair repair)
    {
        var host = new HostFile(file, leaveOpen: true);
        (VmdkHeader? header, VmdkDescriptor? descriptor) = await VmdkOpener.ReadAsync(host, name).ConfigureAwait(false);
        _end = file.Length;
        if (header is { Capacity: > 0 })
            await CheckExtentAsync(host, header, name, repair).ConfigureAwait(false);
        else
            await CheckExtentsAsync(descriptor!, repair).ConfigureAwait(false);
        return new DiskCheckResult
        {
            Corruptions = _corruptions,
            RepairedCorruptions = _repaired,
            Leaks = _leaks,
            RepairedLeaks = _repairedLeaks,
            Messages = _messages,
            ImageEnd = _end,
            TotalClusters = _total,
            AllocatedClusters = _used,
            CompressedClusters = _packed,
        };
    }

    private async ValueTask CheckExtentsAsync(VmdkDescriptor descriptor, DiskRepair repair)
    {
        foreach (VmdkExtentLine line in descriptor.Extents.Where(l => l.File is not null))
        {
            using IBlockDevice file = source.OpenExtent(name, line.File!, repair == DiskRepair.None || line.IsReadOnly);
            if (line.IsFlat && line.Offset > file.Length - line.Length)
            {
                _corruptions++;
                Report(name.At(line.At, $"'{line.File}' has {file.Length} bytes, too few for an extent of {line.Length} bytes from byte {line.Offset} on"));
            }

            if (!line.IsSparse)
                continue;
            var part = new ImageName(name.Format, source.Resolve(name, line.File!, "extent"));
            var host = new HostFile(file, leaveOpen: true);
            VmdkHeader header = await VmdkHeader.ReadAsync(host, part).ConfigureAwait(false);
            await CheckExtentAsync(host, header, part, line.IsReadOnly ? DiskRepair.None : repair).ConfigureAwait(false);
        }
    }

    private async ValueTask CheckExtentAsync(HostFile file, VmdkHeader header, ImageName part, DiskRepair repair)
    {
        VmdkMap map = await VmdkMap.OpenAsync(file, header, part, source.Options.CacheSize, writable: false, hasBacking: false).ConfigureAwait(false);
        using (map)
        {
            long damage = _corruptions;
            List<(long Place, long At)> grains = await CollectAsync(file, header, map, part).ConfigureAwait(false);
            _used += grains.Count;
            _packed += header.IsCompressed ? grains.Count : 0;
            _total += ImageFields.Blocks(header.Capacity, header.GrainSize);
            grains.Sort();
            for (int i = 1; i < grains.Count; i++)
            {
                if (grains[i].Place >= grains[i - 1].Place + (header.IsCompressed ? 1 : header.GrainSize))
                    continue;
                _corruptions++;
                Report(part.At(grains[i].At, $"a grain is said to be at byte 0x{grains[i].Place:x}, where another one is"));
            }

            bool sound = _corruptions == damage;
            await CheckCopiesAsync(file, header, map, part, repair == DiskRepair.All && sound).ConfigureAwait(false);
            if (!header.IsCompressed && !header.IsCowd)
                await CheckRoomAsync(file, header, map, part, grains, repair != DiskRepair.None && sound).ConfigureAwait(false);
        }
    }

    private async ValueTask<List<(long Place, long At)>> CollectAsync(HostFile file, VmdkHeader header, VmdkMap map, ImageName part)
    {
        var grains = new List<(long Place, long At)>();
        byte[] table = new byte[header.TableBytes];
        for (int i = 0; i < map.Directory.Count; i++)
        {
            long place = map.Directory[i];
            if (place == 0)
                continue;
            await file.ReadAsync(place, table).ConfigureAwait(false);
            for (int at = 0; at < table.Length; at += 4)
            {
                uint entry = ImageFields.U32(table, at);
                if (entry == 0 || (entry == 1 && header.HasZeroGrain))
                    continue;
                if (map.WhatIsWrong(entry) is { } wrong)
                {
                    _corruptions++;
                    Report(part.At(place + at, $"a grain is said to be at byte 0x{entry * (long)ImageFields.Sector:x}, {wrong}"));
                    continue;
                }

                grains.Add((entry * (long)ImageFields.Sector, place + at));
            }
        }

        return grains;
    }

    private async ValueTask CheckCopiesAsync(HostFile file, VmdkHeader header, VmdkMap map, ImageName part, bool repair)
    {
        if (header.RedundantOffset == 0)
            return;
        List<(long At, string What)> found;
        try
        {
            found = await new VmdkRedundancy(file, header, part, map.Directory, map.Regions).RunAsync(repair).ConfigureAwait(false);
        }
        catch (DiskImageException e)
        {
            found = [(48, e.Message)];
            repair = false;
        }

        foreach ((long at, string what) in found)
            Report(part.At(at, what));
        if (repair)
            _repaired += found.Count;
        else
            _corruptions += found.Count;
    }

    // room between and behind the grains; what is behind the last one can be cut off
    private async ValueTask CheckRoomAsync(HostFile file, VmdkHeader header, VmdkMap map, ImageName part, List<(long Place, long At)> grains, bool repair)
    {
        long last = grains.Count > 0 ? grains[^1].Place + header.GrainSize : 0;
        long end = Math.Max(Math.Max(last, header.DataOffset), await LastTableAsync(file, header, map, part).ConfigureAwait(false));
        long structures = Math.Max(header.DataOffset, map.Regions.TotalBytes);
        long behind = Math.Max(0, (file.Length - end) / header.GrainSize);
        long lost = Math.Max(behind, ((map.End - structures) / header.GrainSize) - grains.Count);
        if (header.DataOffset == 0)
            lost = behind;
        if (lost == 0)
            return;
        Report(part.Error($"{lost} grains of the file are in no use"));
        if (repair && behind > 0)
        {
            await file.CutAsync(end).ConfigureAwait(false);
            await file.FlushAsync().ConfigureAwait(false);
            _end = end;
            _repairedLeaks += behind;
            lost -= behind;
        }

        _leaks += lost;
    }

    private static async ValueTask<long> LastTableAsync(HostFile file, VmdkHeader header, VmdkMap map, ImageName part)
    {
        long end = Math.Max(header.DirectoryOffset, header.RedundantOffset) + (header.Tables * 4L);
        VmdkDirectory? copies = header.RedundantOffset == 0 ? null
            : await VmdkDirectory.ReadAsync(file, header.RedundantOffset, header.Tables, part).ConfigureAwait(false);
        for (int i = 0; i < map.Directory.Count; i++)
        {
            end = Math.Max(end, map.Directory[i] + header.TableBytes);
            if (copies is not null)
                end = Math.Max(end, copies[i] + header.TableBytes);
        }

        return end;
    }

    private void Report(DiskImageException found)
    {
        if (_messages.Count < MaxMessages)
            _messages.Add(found.Message);
    }
}
