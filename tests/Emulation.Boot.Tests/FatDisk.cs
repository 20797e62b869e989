using System.Diagnostics;
using Emulation.Storage;

namespace Emulation.Boot.Tests;

/// <summary>A disk with one FAT file system and no partitions, made by mtools.</summary>
internal sealed class FatDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emulation-boot-");

    /// <summary>Makes a disk of 64 MiB.</summary>
    /// <param name="files">Path on the disk and file of the host.</param>
    public FatDisk(params IEnumerable<(string Name, string File)> files)
    {
        Guest.Require("/usr/bin/mformat", "Debian's package mtools has it");
        using (FileStream image = File.Create(Image))
            image.SetLength(64 << 20);
        Run("mformat", "-i", Image, "-F", "::");
        foreach ((string name, string file) in files)
        {
            for (int slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
                Run("mmd", "-D", "s", "-i", Image, "::" + name[..slash]);
            Run("mcopy", "-i", Image, file, "::" + name);
        }
    }

    private string Image => Path.Combine(_folder.FullName, "disk.img");

    /// <summary>Writes a text that the disk is to have.</summary>
    public static string TextFile(string text)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        return path;
    }

    public IBlockDevice Open() => DiskImage.Open(Image);

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {said}");
    }
}
