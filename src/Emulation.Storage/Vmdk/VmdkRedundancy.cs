namespace Emulation.Storage;

/// <summary>Compares the second copy of directory and tables with the first, which is the one that counts.</summary>
internal sealed class VmdkRedundancy(HostFile file, VmdkHeader header, ImageName name, VmdkDirectory directory, VmdkRegions regions)
{
    /// <summary>Compares, and repairs if asked to.</summary>
    /// <returns>What differs, by entry of the redundant directory.</returns>
    public async ValueTask<List<(long At, string What)>> RunAsync(bool repair)
    {
        var found = new List<(long At, string What)>();
        VmdkDirectory redundant = await VmdkDirectory.ReadAsync(file, header.RedundantOffset, directory.Count, name).ConfigureAwait(false);
        HashSet<int> misplaced = FindMisplaced(redundant, await CollectAsync().ConfigureAwait(false));
        byte[] table = new byte[header.TableBytes];
        byte[] copy = new byte[header.TableBytes];
        long end = (file.Length + header.GrainSize - 1) / header.GrainSize * header.GrainSize;
        for (int i = 0; i < directory.Count; i++)
        {
            if (directory[i] == 0)
            {
                if (redundant[i] != 0)
                    found.Add((redundant.At(i), $"grain table {i} has a copy, but is not there itself"));
                else
                    continue;
                if (repair)
                    await PointAsync(redundant, i, 0).ConfigureAwait(false);
                continue;
            }

            await file.ReadAsync(directory[i], table).ConfigureAwait(false);
            bool placed = redundant[i] != 0 && !misplaced.Contains(i);
            if (placed)
            {
                await file.ReadAsync(redundant[i], copy).ConfigureAwait(false);
                if (table.AsSpan().SequenceEqual(copy))
                    continue;
            }

            found.Add((redundant.At(i), placed ? $"grain table {i} and its copy differ" : $"grain table {i} has no copy"));
            if (!repair)
                continue;
            long place = placed ? redundant[i] : end;
            if (place / ImageFields.Sector > uint.MaxValue)
                throw name.At(redundant.At(i), "there is no room for the copy of a grain table: a directory cannot express a place so far into the file");
            await file.WriteAsync(place, table).ConfigureAwait(false);
            if (placed)
                continue;
            end += Math.Max(header.GrainSize, header.TableBytes);
            // a table may be pointed to once it is there
            await file.FlushAsync().ConfigureAwait(false);
            await PointAsync(redundant, i, place).ConfigureAwait(false);
        }

        if (repair && found.Count > 0)
            await file.FlushAsync().ConfigureAwait(false);
        return found;
    }

    private static async ValueTask PointAsync(VmdkDirectory redundant, int index, long place)
    {
        redundant.Set(index, place);
        await redundant.WriteAsync(index).ConfigureAwait(false);
    }

    // where grains are, ascending: writing a copy there would destroy them
    private async ValueTask<List<uint>> CollectAsync()
    {
        var grains = new List<uint>();
        byte[] table = new byte[header.TableBytes];
        for (int i = 0; i < directory.Count; i++)
        {
            if (directory[i] == 0)
                continue;
            await file.ReadAsync(directory[i], table).ConfigureAwait(false);
            for (int at = 0; at < table.Length; at += 4)
            {
                if (ImageFields.U32(table, at) is > 1 and uint grain)
                    grains.Add(grain);
            }
        }

        grains.Sort();
        return grains;
    }

    private bool HoldsGrain(List<uint> grains, long start)
    {
        // the last grain that begins before the end of the table
        int before = grains.BinarySearch((uint)((start + header.TableBytes) / ImageFields.Sector));
        while (before > 0 && grains[before - 1] == grains[before])
            before--;
        before = (before < 0 ? ~before : before) - 1;
        return before >= 0 && (grains[before] * (long)ImageFields.Sector) + (header.IsCompressed ? ImageFields.Sector : header.GrainSize) > start;
    }

    // copies that are said to be where they cannot be
    private HashSet<int> FindMisplaced(VmdkDirectory redundant, List<uint> grains)
    {
        var misplaced = new HashSet<int>();
        var order = new List<(long Start, int Index)>();
        for (int i = 0; i < redundant.Count; i++)
        {
            long start = redundant[i];
            if (start == 0)
                continue;
            if (start > file.Length - header.TableBytes || regions.Find(start, header.TableBytes) is not null || HoldsGrain(grains, start))
                misplaced.Add(i);
            else
                order.Add((start, i));
        }

        order.Sort();
        for (int i = 1; i < order.Count; i++)
        {
            if (order[i].Start < order[i - 1].Start + header.TableBytes)
                misplaced.Add(order[i].Index);
        }

        return misplaced;
    }
}
