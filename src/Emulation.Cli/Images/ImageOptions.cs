namespace Emulation.Cli.Images;

/// <summary>An image as --image-opts has it.</summary>
/// <param name="File">The file.</param>
/// <param name="Driver">Its format; null detects it.</param>
/// <param name="KeySecret">The secret with its passphrase.</param>
internal sealed record ImageOptions(string File, string? Driver, string? KeySecret)
{
    public static ImageOptions Parse(string text)
    {
        (string? file, string? driver, string? secret) = (null, null, null);
        foreach ((string name, string value) in OptionList.Split(text))
        {
            switch (name, value)
            {
                case ("driver", not "file"): driver = value; break;
                case ("driver", _): driver = "raw"; break;
                case ("filename" or "file.filename", { Length: > 0 }): file = value; break;
                case ("file.driver", "file"): break;
                case ("encrypt.format", "luks" or "aes"): break;
                case ("encrypt.key-secret", { Length: > 0 }): secret = value; break;
                default:
                    throw new UsageException(
                        $"--image-opts: '{name}{(value.Length > 0 ? "=" : "")}{value}' is not supported; there are driver, file.driver=file, file.filename, encrypt.format and encrypt.key-secret");
            }
        }

        return file is null ? throw new UsageException($"--image-opts: '{text}' names no file: file.filename=F does") : new ImageOptions(file, driver, secret);
    }
}
