using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Version 1 of QEMU's copy-on-write format. QEMU block/qcow.c is its only description.</summary>
internal sealed class QcowFormat : IDiskFormat
{
    public string Name => "qcow";

    public bool Probe(ReadOnlySpan<byte> head)
        => head.Length >= QcowHeader.Length && BinaryPrimitives.ReadUInt32BigEndian(head) == QcowHeader.Magic
            && BinaryPrimitives.ReadUInt32BigEndian(head[4..]) == QcowHeader.Version;

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var host = new HostFile(file);
        QcowHeader header = await QcowHeader.ReadAsync(host, name).ConfigureAwait(false);
        if (header.Encrypted && source.Options.Passphrase is null)
            throw name.At(QcowHeader.CryptOffset, "it is encrypted (AES): a passphrase is needed");
        TwoLevelMap map = await TwoLevelMap.OpenAsync(host, header.ToLayout(), name, source.Options.CacheSize).ConfigureAwait(false);
        BlockDevice? backing = header.BackingFile is null || source.Options.IgnoreBacking ? null
            : await source.OpenBackingAsync(name, header.BackingFile, format: null).ConfigureAwait(false);
        AesCbc? cipher = header.Encrypted ? AesCbc.OfPassphrase(source.Options.Passphrase!) : null;
        return new BlockDisk(map, header.DiskSize, backing, source.ReadOnly || file.ReadOnly, cipher)
        {
            Info = source.Describe(name, header.ClusterSize, header.BackingFile, format: null, backing) with { IsEncrypted = header.Encrypted },
        };
    }

    public DiskLayout Layout(long length, DiskCreateOptions options)
    {
        QcowHeader header = QcowHeader.Create(length, ImageFields.Options<QcowCreateOptions>(options, Name));
        long tables = header.L1Entries * (8L << header.TableBits);
        return new DiskLayout(header.ClusterSize, header.L1Offset + (header.L1Entries * 8) + header.ClusterSize + tables, header.ClusterSize);
    }

    public async ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var host = new HostFile(file, leaveOpen: true);
        QcowHeader header = await QcowHeader.ReadAsync(host, name).ConfigureAwait(false);
        TwoLevelMap map = await TwoLevelMap.OpenAsync(host, header.ToLayout(), name, source.Options.CacheSize).ConfigureAwait(false);
        return await new QcowChecker(host, header, map, name).RunAsync().ConfigureAwait(false);
    }

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        QcowCreateOptions qcow = ImageFields.Options<QcowCreateOptions>(options, Name);
        QcowHeader header = QcowHeader.Create(length, qcow);
        source = source.With(qcow.Passphrase);
        if (qcow.BackingFile is not null)
        {
            source = source.WithBackingFormat(qcow.BackingFormat);
            // there and readable, and no loop
            await using BlockDevice below = await source.OpenBackingAsync(name, qcow.BackingFile, qcow.BackingFormat).ConfigureAwait(false);
        }

        await file.ResizeAsync(header.L1Offset + (header.L1Entries * 8)).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        await file.WriteAsync(0, header.ToBytes()).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        return await OpenAsync(file, source).ConfigureAwait(false);
    }
}
