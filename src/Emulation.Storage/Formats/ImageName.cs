namespace Emulation.Storage;

/// <summary>What messages call an image, and how they say where it is damaged.</summary>
/// <param name="Format">The format, such as <c>qcow2</c>.</param>
/// <param name="File">The file, or what stands for it.</param>
internal sealed record ImageName(string Format, string File)
{
    /// <summary>An error at a place of the file.</summary>
    public DiskImageException At(long offset, string what) => new($"{Format} image '{File}', byte 0x{offset:x}: {what}", Format, offset);

    /// <summary>An error that has no single place.</summary>
    public DiskImageException Error(string what) => new($"{Format} image '{File}': {what}", Format, 0);
}
