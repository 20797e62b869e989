using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>Names of the images below an image.</summary>
internal static class BackingChain
{
    /// <summary>The path of a backing file: relative names count from the folder of the image that has it.</summary>
    public static string Resolve(string image, string backing)
    {
        string name = backing.StartsWith("file:", StringComparison.Ordinal) ? backing["file:".Length..] : backing;
        return Path.IsPathRooted(name) || DiskImage.IsUri(name) ? name : Path.Combine(Path.GetDirectoryName(image) ?? "", name);
    }

    /// <summary>The image and those below it, from the top down.</summary>
    public static IEnumerable<(string Path, IBlockDevice Image, string Format)> Of(string path, IBlockDevice image, string? format = null)
    {
        yield return (path, image, FormatOf(path, image, format));
        while (image is Qcow2Image { Backing: { } below, BackingFile: { } name, BackingFormat: var recorded })
        {
            path = Resolve(path, name);
            image = below;
            yield return (path, image, FormatOf(path, image, recorded));
        }
    }

    private static string FormatOf(string path, IBlockDevice image, string? known) => image is Qcow2Image ? "qcow2" : known is null ? DiskImage.DetectFormat(path) : FormatTables.Name(known);
}
