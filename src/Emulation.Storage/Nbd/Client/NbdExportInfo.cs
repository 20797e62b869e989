namespace Emulation.Storage;

/// <summary>What a server says about an export.</summary>
public sealed record NbdExportInfo
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Text for people; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Size in bytes.</summary>
    public long Length { get; init; }

    /// <summary>What it can do.</summary>
    public NbdExportFlags Flags { get; init; }

    /// <summary>Smallest unit of requests in bytes.</summary>
    public int MinimumBlockSize { get; init; } = 1;

    /// <summary>Preferred unit of requests in bytes.</summary>
    public int PreferredBlockSize { get; init; } = 4096;

    /// <summary>Most bytes of data of one request.</summary>
    public long MaximumPayload { get; init; } = NbdProtocol.MaxPayload;

    /// <summary>Names of metadata contexts: those that there are, or for an open disk those that are in use.</summary>
    public IReadOnlyList<string> Contexts { get; init; } = [];
}
