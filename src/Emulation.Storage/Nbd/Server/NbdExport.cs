namespace Emulation.Storage;

/// <summary>A disk that an NBD server offers under a name.</summary>
public sealed record NbdExport
{
    /// <summary>The name; empty for the default export, which a client is given that names none.</summary>
    public string Name { get; init; } = "";

    /// <summary>The disk. It stays open when the server ends, and nobody else uses it meanwhile, except through other exports of the same server.</summary>
    public required IBlockDevice Device { get; init; }

    /// <summary>Text for people; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>Whether changes are refused although the disk would take them.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Persistent bitmaps of the disk, a qcow2 image, that clients may read as <c>qemu:dirty-bitmap:NAME</c>.</summary>
    public IReadOnlyList<string> Bitmaps { get; init; } = [];
}
