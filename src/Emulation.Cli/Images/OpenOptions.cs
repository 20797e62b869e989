using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>How the images that a command names are opened: passphrases, --image-opts, -U.</summary>
internal sealed class OpenOptions
{
    private readonly Option<string[]?> _object = new("--object")
    {
        Description = "A passphrase with a name: secret,id=ID,file=F or secret,id=ID,data=TEXT.",
        HelpName = "OBJECT",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _passphraseFile = new("--passphrase-file") { Description = "File with the passphrase of encrypted images.", HelpName = "FILE" };
    private readonly Option<bool> _imageOptions = new("--image-opts") { Description = "Images are given as NAME=VALUE,...: driver, file.filename, encrypt.key-secret." };
    private readonly Option<string?> _backingFormat = new("--backing-format")
    {
        Description = "Format of images below whose format is not recorded; without it such must look raw.",
        HelpName = "FORMAT",
    };

    private readonly Option<bool> _share = new("-U", "--force-share") { Description = "Accepted, and does nothing: an image that is only read is shared with readers." };

    /// <summary>Adds the options to a command.</summary>
    public static OpenOptions AddTo(Command command, bool images = true)
    {
        var options = new OpenOptions();
        command.Add(options._object);
        command.Add(options._passphraseFile);
        if (images)
        {
            command.Add(options._imageOptions);
            command.Add(options._backingFormat);
            command.Add(options._share);
        }

        return options;
    }

    public Secrets Secrets(ParseResult result) => new(result.GetValue(_object) ?? [], result.GetValue(_passphraseFile));

    /// <summary>The file of an image that a user names.</summary>
    public string Path(ParseResult result, string image) => result.GetValue(_imageOptions) ? ImageOptions.Parse(image).File : image;

    /// <summary>How an image that a user names is opened.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="image">The file, or with --image-opts what that describes.</param>
    /// <param name="format">Its format; null detects it.</param>
    /// <param name="readOnly">Whether it is only read.</param>
    public DiskImageOptions Read(ParseResult result, string image, string? format, bool readOnly)
    {
        Secrets secrets = Secrets(result);
        string? passphrase = secrets.Passphrase;
        if (result.GetValue(_imageOptions))
        {
            if (format is not null)
                throw new UsageException("--image-opts and a format exclude each other; driver= gives it");
            ImageOptions options = ImageOptions.Parse(image);
            format = options.Driver;
            passphrase = options.KeySecret is { } id ? secrets.Find(id) : passphrase;
        }

        if (format is not null)
            ImgCommand.CheckFormat(format);
        string? below = result.GetValue(_backingFormat);
        if (below is not null)
            ImgCommand.CheckFormat(below);
        return new DiskImageOptions
        {
            Format = format is null ? null : FormatTables.Name(format),
            BackingFormat = below is null ? null : FormatTables.Name(below),
            ReadOnly = readOnly,
            Passphrase = passphrase,
        };
    }

    /// <summary>Opens an image that a user names.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="image">The file, or with --image-opts what that describes.</param>
    /// <param name="format">Its format; null detects it.</param>
    /// <param name="readOnly">Whether it is only read.</param>
    /// <param name="alone">Whether the images below stay closed.</param>
    public BlockDevice Open(ParseResult result, string image, string? format, bool readOnly, bool alone = false)
        => DiskImage.Open(Path(result, image), Read(result, image, format, readOnly) with { IgnoreBacking = alone });
}
