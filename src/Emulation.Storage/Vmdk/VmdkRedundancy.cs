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
        HashSet<int> misplaced = FindMisplaced(redundant);
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

    // copies that are said to be where they cannot be
    private HashSet<int> FindMisplaced(VmdkDirectory redundant)
    {
        var misplaced = new HashSet<int>();
        var order = new List<(long Start, int Index)>();
        for (int i = 0; i < redundant.Count; i++)
        {
            long start = redundant[i];
            if (start == 0)
                continue;
            if (start > file.Length - header.TableBytes || regions.Find(start, header.TableBytes) is not null)
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
