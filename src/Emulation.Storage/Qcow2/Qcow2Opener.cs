namespace Emulation.Storage;

/// <summary>Opens an image: header, tables, files that belong to it, and a repair where the last writer could not finish.</summary>
internal static class Qcow2Opener
{
    public static async ValueTask<Qcow2Image> OpenAsync(IBlockDevice device, ImageSource source, ImageName name)
    {
        var file = new HostFile(device);
        Qcow2Header header = await new Qcow2HeaderReader(file, name).ReadAsync().ConfigureAwait(false);
        bool readOnly = source.ReadOnly || device.ReadOnly;
        if (!readOnly)
            header = await MakeWritableAsync(file, header, name).ConfigureAwait(false);

        ulong[] l1 = await Qcow2Metadata.ReadL1Async(file, header.L1Offset, header.L1Size).ConfigureAwait(false);
        ulong[] refcountTable = readOnly ? [] : await Qcow2Refcounts.ReadTableAsync(file, header).ConfigureAwait(false);
        (List<Qcow2Snapshot> snapshots, long tableLength) = await Qcow2SnapshotTable.ReadAsync(file, header, name).ConfigureAwait(false);
        (List<Qcow2Bitmap> bitmaps, long directory, long directoryLength) = await Qcow2BitmapDirectory.ReadAsync(file, header, name).ConfigureAwait(false);
        Qcow2Encryption? encryption = await Qcow2Encryption.OpenAsync(file, header, source.Options.Passphrase, name).ConfigureAwait(false);
        PlainFile? data = null;
        BlockDevice? backing = null;
        try
        {
            if (header.HasDataFile)
                data = source.OpenDataFile(name, header.DataFile ?? throw name.Error("it has an external data file, but does not say which"));
            if (header.BackingFile is { } reference && !source.Options.IgnoreBacking)
                backing = await source.OpenBackingAsync(name, reference, header.BackingFormat).ConfigureAwait(false);
            var metadata = new Qcow2Metadata(file, data, header, name, l1, refcountTable, source.Options.CacheSize) { Encryption = encryption };
            var bitmapStore = new Qcow2Bitmaps(metadata, bitmaps, directory, directoryLength);
            var image = new Qcow2Image(metadata, backing, snapshots, tableLength, bitmapStore, readOnly) { Source = source };
            if (!readOnly)
                image.ClaimTables();
            return image;
        }
        catch
        {
            encryption?.Cipher.Dispose();
            data?.Dispose();
            backing?.Dispose();
            throw;
        }
    }

    private static async ValueTask<Qcow2Header> MakeWritableAsync(HostFile file, Qcow2Header header, ImageName name)
    {
        if (header.IsCorrupt)
            throw name.At(72, "it is marked as corrupt and can be opened read-only only; check and repair it");
        if (!header.IsDirty)
            return header;
        // the last writer postponed refcounts and did not come to write them
        DiskCheckResult result = await new Qcow2Checker(file, header, name).RunAsync(DiskRepair.All).ConfigureAwait(false);
        if (result.Corruptions > 0)
            throw name.Error($"it was not closed properly and cannot be repaired: {(result.Messages.Count > 0 ? result.Messages[0] : "")}");
        return await new Qcow2HeaderReader(file, name).ReadAsync().ConfigureAwait(false);
    }
}
