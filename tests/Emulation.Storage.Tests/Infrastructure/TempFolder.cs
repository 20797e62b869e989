namespace Emulation.Storage.Tests;

/// <summary>A folder for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("emulation-storage-");

    public string this[string name] => Path.Combine(_directory.FullName, name);

    public void Dispose() => _directory.Delete(recursive: true);
}
