using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>QEMU's copy-on-write format, versions 2 and 3. QEMU docs/interop/qcow2.</summary>
internal sealed class Qcow2Format : IDiskFormat
{
    public string Name => "qcow2";

    public bool Probe(ReadOnlySpan<byte> head)
        => head.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(head) == Qcow2Bits.Magic && BinaryPrimitives.ReadUInt32BigEndian(head[4..]) >= 2;

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
        => await Qcow2Opener.OpenAsync(file, source, new ImageName(Name, source.DisplayName)).ConfigureAwait(false);

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var qcow2 = options as Qcow2CreateOptions ?? throw new ArgumentException($"{options.GetType().Name} are not options of qcow2", nameof(options));
        if (qcow2.BackingFile is not null)
        {
            // there and readable, and no loop
            await using BlockDevice below = await source.OpenBackingAsync(name, qcow2.BackingFile, qcow2.BackingFormat).ConfigureAwait(false);
        }

        await Qcow2Creator.CreateAsync(file, length, qcow2, name).ConfigureAwait(false);
        if (qcow2.DataFile is not null)
            CreateDataFile(source.Resolve(name, qcow2.DataFile, "data file"), length);
        BlockDevice image = await OpenAsync(file, source.With(qcow2.Passphrase)).ConfigureAwait(false);
        if (qcow2.Preallocation != DiskPreallocation.Off && length > 0)
            await ((Qcow2Image)image).PreallocateAsync(0, length, qcow2.Preallocation).ConfigureAwait(false);
        return image;
    }

    public async ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, DiskRepair repair, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        var host = new HostFile(file, leaveOpen: true);
        Qcow2Header header = await new Qcow2HeaderReader(host, name).ReadAsync().ConfigureAwait(false);
        return await new Qcow2Checker(host, header, name).RunAsync(repair).ConfigureAwait(false);
    }

    public DiskLayout Layout(long length, DiskCreateOptions options)
        => Qcow2Creator.Layout(length, ImageFields.Options<Qcow2CreateOptions>(options, Name));

    public long Reserve(long length, DiskCreateOptions options)
        => options is Qcow2CreateOptions { Preallocation: DiskPreallocation.Falloc, DataFile: null } ? Layout(length, options).FullyAllocated(length) : 0;

    private static void CreateDataFile(string path, long length)
    {
        if (!Path.Exists(path))
            PlainFile.Create(path, length).Dispose();
    }
}
