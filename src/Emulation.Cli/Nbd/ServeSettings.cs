using System.Net;
using Emulation.Storage;

namespace Emulation.Cli.Nbd;

/// <summary>What emu nbd serve was asked for.</summary>
internal sealed record ServeSettings
{
    public required string File { get; init; }

    /// <summary>How the image is opened.</summary>
    public required DiskImageOptions Image { get; init; }

    public required IPEndPoint EndPoint { get; init; }

    public string? Socket { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public bool ReadOnly { get; init; }

    public bool Overlay { get; init; }

    public int Shared { get; init; }

    public bool Persistent { get; init; }

    public string? Certificates { get; init; }

    public bool TlsRequired { get; init; }

    public bool VerifyPeer { get; init; }

    public string[] Bitmaps { get; init; } = [];

    public bool Verbose { get; init; }

    public IBlockDevice Open()
    {
        BlockDevice image = DiskImage.Open(File, Image);
        return Overlay ? image.Overlay() : image;
    }
}
