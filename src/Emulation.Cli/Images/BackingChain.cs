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
    public static IEnumerable<(string Path, IBlockDevice Image, DiskImageInfo Info)> Of(string path, IBlockDevice image)
    {
        DiskImageInfo info = DiskImage.Describe(image);
        yield return (path, image, info);
        while (info is { Backing: { } below, BackingFile: { } name })
        {
            path = Resolve(path, name);
            info = DiskImage.Describe(below);
            yield return (path, below, info);
        }
    }
}
