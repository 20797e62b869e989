namespace Emulation.Boards.Tests;

/// <summary>A directory of its own for the files of one test.</summary>
internal sealed class TestFiles : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("emulation-boards-");

    public static string Firmware(int bits) => Path.Combine(TestContext.CurrentContext.TestDirectory, "firmware", $"hello-rv{bits}.elf");

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>A program of 32-bit instructions.</summary>
    public string Words(string name, params ReadOnlySpan<uint> words) => Write(name, System.Runtime.InteropServices.MemoryMarshal.AsBytes(words));

    public void Dispose() => _directory.Delete(recursive: true);
}
