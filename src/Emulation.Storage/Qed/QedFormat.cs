using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>QEMU's Enhanced Disk format. QEMU docs/interop/qed_spec.</summary>
internal sealed class QedFormat : IDiskFormat
{
    public string Name => "qed";

    public bool Probe(ReadOnlySpan<byte> head) => head.Length >= 64 && BinaryPrimitives.ReadUInt32LittleEndian(head) == QedHeader.Magic;

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var host = new HostFile(file);
        QedHeader header = await QedHeader.ReadAsync(host, name).ConfigureAwait(false);
        TwoLevelMap map = await TwoLevelMap.OpenAsync(host, header.ToLayout(), name, source.Options.CacheSize).ConfigureAwait(false);
        bool readOnly = source.ReadOnly || file.ReadOnly;
        BlockDevice? backing = header.BackingFile is null || source.Options.IgnoreBacking ? null
            : await source.OpenBackingAsync(name, header.BackingFile, header.BackingFormat).ConfigureAwait(false);
        try
        {
            if (!readOnly)
                await MakeWritableAsync(host, header, map, name).ConfigureAwait(false);
            return new QedDisk(map, header, name, backing, source, readOnly)
            {
                Info = source.Describe(name, header.ClusterSize, header.BackingFile, header.BackingFormat, backing),
            };
        }
        catch
        {
            backing?.Dispose();
            throw;
        }
    }

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        QedCreateOptions qed = ImageFields.Options<QedCreateOptions>(options, Name);
        QedHeader.Check(qed);
        ImageFields.CheckLength(Name, length, long.MaxValue / 2);
        var header = new QedHeader
        {
            ClusterSize = qed.ClusterSize,
            TableSize = qed.TableSize,
            Features = (qed.BackingFile is null ? 0 : QedHeader.FeatureBackingFile) | (qed.BackingFormat == "raw" ? QedHeader.FeatureBackingRaw : 0),
            L1Offset = qed.ClusterSize,
            DiskSize = length,
            BackingFile = qed.BackingFile,
        };
        if (!header.Fits(length))
            throw QedHeader.Wrong($"a disk of {length} bytes is too large for clusters of {qed.ClusterSize} bytes and tables of {qed.TableSize}");
        if (qed.BackingFile is not null)
        {
            source = source.WithBackingFormat(qed.BackingFormat);
            // there and readable, and no loop
            await using BlockDevice below = await source.OpenBackingAsync(name, qed.BackingFile, qed.BackingFormat).ConfigureAwait(false);
        }

        await file.ResizeAsync(header.L1Offset + header.TableBytes).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        await file.WriteAsync(0, header.ToBytes()).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        return await OpenAsync(file, source).ConfigureAwait(false);
    }

    public DiskLayout Layout(long length, DiskCreateOptions options)
    {
        QedCreateOptions qed = ImageFields.Options<QedCreateOptions>(options, Name);
        QedHeader.Check(qed);
        long tableBytes = (long)qed.TableSize * qed.ClusterSize;
        long tables = 1 + ImageFields.Blocks(ImageFields.Blocks(length, qed.ClusterSize) * 8, tableBytes);
        return new DiskLayout(qed.ClusterSize, qed.ClusterSize + (tables * tableBytes), qed.ClusterSize);
    }

    public async ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var host = new HostFile(file, leaveOpen: true);
        QedHeader header = await QedHeader.ReadAsync(host, name).ConfigureAwait(false);
        TwoLevelMap map = await TwoLevelMap.OpenAsync(host, header.ToLayout(), name, source.Options.CacheSize).ConfigureAwait(false);
        return await new QedChecker(host, header, map, name).RunAsync(repair).ConfigureAwait(false);
    }

    private static async ValueTask MakeWritableAsync(HostFile file, QedHeader header, TwoLevelMap map, ImageName name)
    {
        if (header.NeedCheck)
        {
            // the last writer was not closed; its tables may be ahead of its data
            DiskCheckResult result = await new QedChecker(file, header, map, name).RunAsync(DiskRepair.All).ConfigureAwait(false);
            if (result.Corruptions > 0)
                throw name.At(16, $"it was not closed properly and cannot be repaired: {result.Messages[0]}");
        }

        // features that hold only as long as every writer knows them; none is known
        if (header.AutoclearFeatures != 0)
        {
            await file.WriteAsync(32, new byte[8]).ConfigureAwait(false);
            await file.FlushAsync().ConfigureAwait(false);
        }
    }
}
