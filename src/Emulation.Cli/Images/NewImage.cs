using Emulation.Cli.Options;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>What commands that make an image share.</summary>
internal static class NewImage
{
    /// <summary>Options with a backing file.</summary>
    public static DiskCreateOptions WithBacking(DiskCreateOptions options, string? file, string? format)
    {
        if (file is null && format is null)
            return options;
        format = format is null ? null : FormatTables.Name(format);
        return options switch
        {
            QcowCreateOptions qcow => qcow with { BackingFile = file ?? qcow.BackingFile, BackingFormat = format ?? qcow.BackingFormat },
            VmdkCreateOptions vmdk => vmdk with { BackingFile = file ?? vmdk.BackingFile, BackingFormat = format ?? vmdk.BackingFormat },
            VhdxCreateOptions vhdx => vhdx with { BackingFile = Same(options, file, format) ?? vhdx.BackingFile },
            VhdCreateOptions vhd => vhd with { ParentFile = Same(options, file, format) ?? vhd.ParentFile },
            Qcow2CreateOptions qcow2 => qcow2 with { BackingFile = file ?? qcow2.BackingFile, BackingFormat = format ?? qcow2.BackingFormat },
            QedCreateOptions qed => qed with { BackingFile = file ?? qed.BackingFile, BackingFormat = format ?? qed.BackingFormat },
            _ => throw new UsageException($"{options.Format} images have no backing file"),
        };
    }

    /// <summary>The backing file and its format.</summary>
    public static (string? File, string? Format) Backing(DiskCreateOptions options) => options switch
    {
        Qcow2CreateOptions qcow2 => (qcow2.BackingFile, qcow2.BackingFormat),
        QedCreateOptions qed => (qed.BackingFile, qed.BackingFormat),
        QcowCreateOptions qcow => (qcow.BackingFile, qcow.BackingFormat),
        VmdkCreateOptions vmdk => (vmdk.BackingFile, vmdk.Format),
        VhdxCreateOptions vhdx => (vhdx.BackingFile, vhdx.Format),
        VhdCreateOptions vhd => (vhd.ParentFile, vhd.Format),
        _ => (null, null),
    };

    /// <summary>Creates an image; gives its size.</summary>
    /// <param name="path">Where.</param>
    /// <param name="finalPath">Where it comes to lie afterwards.</param>
    /// <param name="length">The size that is wanted.</param>
    /// <param name="create">Format and options.</param>
    /// <param name="unsafely">Whether the backing file is recorded without a look at it.</param>
    public static async Task<long> CreateAsync(string path, string finalPath, long length, DiskCreateOptions create, bool unsafely)
    {
        (string? file, string? format) = Backing(create);
        bool later = unsafely && file is not null;
        if (later && create is Qcow2CreateOptions qcow2)
            create = qcow2 with { BackingFile = null, BackingFormat = null };
        else if (later && create is QedCreateOptions qed)
            create = qed with { BackingFile = null, BackingFormat = null };
        else if (later)
            throw new UsageException($"-u: {create.Format} images record a backing file only that is there");
        await using (BlockDevice image = DiskImage.Create(path, length, create, finalPath))
        {
            length = image.Length;
            if (later && image is Qcow2Image created)
                await created.ChangeBackingFileAsync(file, format).ConfigureAwait(false);
        }

        if (later && create is QedCreateOptions)
            await DiskJobs.RebaseAsync(path, new DiskRebaseOptions { BackingFile = file, BackingFormat = format, Unsafe = true, Format = create.Format }).ConfigureAwait(false);
        return length;
    }

    // below are images of the same format only
    private static string? Same(DiskCreateOptions options, string? file, string? format)
        => format is null || format == options.Format ? file : throw new UsageException($"below a {options.Format} image there is another one, not a {format} image");

    /// <summary>The size of the backing file.</summary>
    public static long BackingLength(string path, DiskCreateOptions options, Secrets secrets)
    {
        (string? file, string? format) = Backing(options);
        if (file is null)
            throw new UsageException("there is no SIZE, and no backing file to take it from");
        if (format is null)
            throw new UsageException("the format of the backing file must be given with -F");
        ImgCommand.CheckFormat(format);
        using BlockDevice below = DiskImage.Open(BackingChain.Resolve(path, file), new DiskImageOptions { Format = format, ReadOnly = true, Passphrase = secrets.Passphrase });
        return below.Length;
    }

    /// <summary>A size that a user gives.</summary>
    public static long Length(string text, string option = "SIZE")
    {
        ulong size = SizeText.ParseSize(text, option);
        return size <= long.MaxValue - 512 ? (long)size : throw new UsageException($"{option}: {text} is too large");
    }
}
