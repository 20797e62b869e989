namespace Emulation.Storage;

/// <summary>A qcow image: version 1 of QEMU's copy-on-write format, the predecessor of qcow2.</summary>
public sealed record QcowCreateOptions : DiskCreateOptions
{
    /// <inheritdoc/>
    public override string Format => "qcow";

    /// <summary>The image below, by the name that is recorded; relative names count from the new image's folder.</summary>
    public string? BackingFile { get; init; }

    /// <summary>The format of the image below. It is not recorded: of others than <c>raw</c> <see cref="DiskImageOptions.BackingFormat"/> reminds.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>Encrypts with AES, of which the first 16 bytes of the passphrase are the key. For old programs only: it is not secure.</summary>
    public string? Passphrase { get; init; }
}
