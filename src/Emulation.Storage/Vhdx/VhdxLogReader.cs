namespace Emulation.Storage;

/// <summary>Finds what in the log of a VHDX image is to be replayed. [MS-VHDX] 2.3.3.</summary>
internal sealed class VhdxLogReader(IBlockDevice device, VhdxHeader header, ImageName name)
{
    private readonly byte[] _piece = new byte[1 << 16];
    private readonly byte[] _descriptor = new byte[VhdxLogEntry.DescriptorLength];

    // sound logs are hashed about twice; what costs more was made to
    private long _budget = (4 * header.LogLength) + (64L << 20);

    /// <summary>The content of the image's file with the log replayed; null when the log is empty.</summary>
    public async ValueTask<VhdxReplay?> ReadAsync()
    {
        if (header.Log == Guid.Empty)
            return null;
        List<VhdxLogEntry>? active = await FindAsync().ConfigureAwait(false);
        if (active is null)
            throw name.At(header.LogOffset, "the header says that the log is to be replayed, but there is nothing sound in it");
        VhdxLogEntry head = active[^1];
        long at = header.LogOffset + head.Place;
        if (head.FlushedFileOffset > (ulong)device.Length)
            throw name.At(at + 48, $"the file of {device.Length} bytes was cut off: its log says it had {head.FlushedFileOffset}");
        if (head.LastFileOffset > VhdxLayout.MaxFileSize)
            throw name.At(at + 56, $"the log says that the file needs {head.LastFileOffset} bytes");
        var replay = new VhdxReplay(device, (long)head.LastFileOffset, active.Count);
        foreach (VhdxLogEntry entry in active)
            await TakeAsync(entry, replay).ConfigureAwait(false);
        return replay;
    }

    private long Wrap(long place) => place >= header.LogLength ? place - header.LogLength : place;

    // from each place the longest sequence; of those whose oldest entry is in them, the one that ends latest
    private async ValueTask<List<VhdxLogEntry>?> FindAsync()
    {
        List<VhdxLogEntry>? best = null;
        for (long place = 0; place < header.LogLength;)
        {
            List<VhdxLogEntry> found = await FollowAsync(place).ConfigureAwait(false);
            if (found.Count == 0)
            {
                place += VhdxLogEntry.Sector;
                continue;
            }

            int tail = found.FindIndex(e => e.Place == found[^1].Tail);
            if (tail >= 0 && (best is null || found[^1].Sequence > best[^1].Sequence))
                best = found[tail..];
            place += found.Sum(e => e.Length);
        }

        return best;
    }

    private async ValueTask<List<VhdxLogEntry>> FollowAsync(long place)
    {
        var found = new List<VhdxLogEntry>();
        for (long left = header.LogLength; left > 0;)
        {
            if (await ReadEntryAsync(place).ConfigureAwait(false) is not { } entry || entry.Length > left)
                break;
            if (found.Count > 0 && entry.Sequence != found[^1].Sequence + 1)
                break;
            found.Add(entry);
            left -= entry.Length;
            place = Wrap(place + entry.Length);
        }

        return found;
    }

    private async ValueTask<VhdxLogEntry?> ReadEntryAsync(long place)
    {
        byte[] bytes = new byte[VhdxLogEntry.HeaderLength];
        await device.ReadAsync(header.LogOffset + place, bytes).ConfigureAwait(false);
        VhdxLogEntry? entry = VhdxLogEntry.ReadHeader(bytes, place, header.Log, header.LogLength);
        return entry is not null && await IsSoundAsync(entry, ImageFields.U32(bytes, VhdxChecksum.At)).ConfigureAwait(false) ? entry : null;
    }

    private async ValueTask<bool> IsSoundAsync(VhdxLogEntry entry, uint expected)
    {
        _budget -= entry.Length;
        if (_budget < 0)
            throw name.At(header.LogOffset + entry.Place, "the log holds more damaged entries than a log can");
        uint sum = uint.MaxValue;
        for (long done = 0; done < entry.Length;)
        {
            int count = (int)Math.Min(_piece.Length, entry.Length - done);
            await ReadLogAsync(entry.Place + done, _piece.AsMemory(0, count)).ConfigureAwait(false);
            sum = done == 0 ? VhdxChecksum.ContinueStructure(sum, _piece.AsSpan(0, count)) : VhdxChecksum.Continue(sum, _piece.AsSpan(0, count));
            done += count;
        }

        return ~sum == expected && await AreDescriptorsSoundAsync(entry).ConfigureAwait(false);
    }

    private async ValueTask<bool> AreDescriptorsSoundAsync(VhdxLogEntry entry)
    {
        byte[] ends = new byte[8];
        long data = VhdxLogEntry.DescriptorSectors(entry.Descriptors) * VhdxLogEntry.Sector;
        for (uint i = 0; i < entry.Descriptors; i++)
        {
            byte[] descriptor = await DescriptorAsync(entry, i).ConfigureAwait(false);
            uint signature = ImageFields.U32(descriptor, 0);
            if (ImageFields.U64(descriptor, 24) != entry.Sequence || ImageFields.U64(descriptor, 16) % VhdxLogEntry.Sector != 0)
                return false;
            if (signature == VhdxLogEntry.ZeroSignature)
            {
                if (ImageFields.U64(descriptor, 8) % VhdxLogEntry.Sector != 0)
                    return false;
                continue;
            }

            if (signature != VhdxLogEntry.DataSignature || data >= entry.Length)
                return false;
            await ReadLogAsync(entry.Place + data, ends).ConfigureAwait(false);
            (uint mark, uint high) = (ImageFields.U32(ends, 0), ImageFields.U32(ends, 4));
            await ReadLogAsync(entry.Place + data + VhdxLogEntry.Sector - 4, ends.AsMemory(0, 4)).ConfigureAwait(false);
            if (mark != VhdxLogEntry.DataSectorSignature || (((ulong)high << 32) | ImageFields.U32(ends, 0)) != entry.Sequence)
                return false;
            data += VhdxLogEntry.Sector;
        }

        return true;
    }

    private async ValueTask TakeAsync(VhdxLogEntry entry, VhdxReplay replay)
    {
        long data = VhdxLogEntry.DescriptorSectors(entry.Descriptors) * VhdxLogEntry.Sector;
        for (uint i = 0; i < entry.Descriptors; i++)
        {
            byte[] descriptor = await DescriptorAsync(entry, i).ConfigureAwait(false);
            long place = entry.Place + VhdxLogEntry.HeaderLength + ((long)i * VhdxLogEntry.DescriptorLength);
            bool zero = ImageFields.U32(descriptor, 0) == VhdxLogEntry.ZeroSignature;
            (ulong offset, ulong length) = (ImageFields.U64(descriptor, 16), zero ? ImageFields.U64(descriptor, 8) : VhdxLogEntry.Sector);
            long at = header.LogOffset + Wrap(place);
            bool headers = offset < (ulong)VhdxRegions.Place(0);
            bool log = offset < (ulong)(header.LogOffset + header.LogLength) && offset + length > (ulong)header.LogOffset;
            if (offset > VhdxLayout.MaxFileSize || length > VhdxLayout.MaxFileSize || headers || log)
                throw name.At(at + 16, $"the log is to write {length} bytes at byte 0x{offset:x}{(headers ? ", where the headers are" : log ? ", where itself is" : "")}");
            if (zero)
            {
                if (!replay.Zero((long)offset, (long)length))
                    throw name.At(at + 8, "the log makes more zero than a log can");
                continue;
            }

            replay.Write((long)offset, header.LogOffset + Wrap(entry.Place + data), ImageFields.U64(descriptor, 8), ImageFields.U32(descriptor, 4));
            data += VhdxLogEntry.Sector;
        }
    }

    // in the order of the entry, from the first on
    private async ValueTask<byte[]> DescriptorAsync(VhdxLogEntry entry, uint index)
    {
        int within = (int)(index % (_piece.Length / VhdxLogEntry.DescriptorLength)) * VhdxLogEntry.DescriptorLength;
        long done = (long)index * VhdxLogEntry.DescriptorLength;
        if (within == 0)
        {
            int count = (int)Math.Min(_piece.Length, (entry.Descriptors * (long)VhdxLogEntry.DescriptorLength) - done);
            await ReadLogAsync(entry.Place + VhdxLogEntry.HeaderLength + done, _piece.AsMemory(0, count)).ConfigureAwait(false);
        }

        _piece.AsSpan(within, VhdxLogEntry.DescriptorLength).CopyTo(_descriptor);
        return _descriptor;
    }

    // the log is a ring
    private async ValueTask ReadLogAsync(long place, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            place = Wrap(place);
            int count = (int)Math.Min(buffer.Length, header.LogLength - place);
            await device.ReadAsync(header.LogOffset + place, buffer[..count]).ConfigureAwait(false);
            place += count;
            buffer = buffer[count..];
        }
    }
}
