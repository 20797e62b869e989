namespace Emulation.Storage;

/// <summary>Files of the host.</summary>
internal sealed class HostImageFiles : IImageFiles
{
    public static HostImageFiles Instance { get; } = new();

    public IBlockDevice Open(string path, bool readOnly) => PlainFile.Open(path, readOnly);

    public IBlockDevice Create(string path) => PlainFile.Create(path, 0);

    public void Delete(string path) => File.Delete(path);
}
