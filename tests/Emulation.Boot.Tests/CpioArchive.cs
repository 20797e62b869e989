using System.Globalization;
using System.Text;

namespace Emulation.Boot.Tests;

/// <summary>Files that are added to an initial RAM disk: the kernel reads several archives one behind the other. Linux documentation, "initramfs buffer format".</summary>
internal sealed class CpioArchive
{
    private const int Executable = 0x81ed, Directory = 0x41ed;      // types and rights
    private readonly MemoryStream _bytes = new();

    /// <summary>Adds a directory.</summary>
    public void AddDirectory(string name) => Add(name, Directory, []);

    /// <summary>Adds a file that everybody can execute.</summary>
    public void AddProgram(string name, ReadOnlySpan<byte> content) => Add(name, Executable, content);

    /// <summary>Writes an archive of others, then this one.</summary>
    /// <param name="first">File with the others, which may be compressed.</param>
    /// <param name="path">File to write.</param>
    public void AppendTo(string first, string path)
    {
        Add("TRAILER!!!", 0, []);
        using FileStream file = File.Create(path);
        file.Write(File.ReadAllBytes(first));
        while (file.Length % 4 != 0)
            file.WriteByte(0);
        file.Write(_bytes.ToArray());
    }

    // magic, inode, mode, uid, gid, links, mtime, size, four device numbers, length of the name, check
    private void Add(string name, int mode, ReadOnlySpan<byte> content)
    {
        var header = new StringBuilder("070701");
        foreach (int field in (ReadOnlySpan<int>)[0, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, name.Length + 1, 0])
            header.Append(field.ToString("X8", CultureInfo.InvariantCulture));
        _bytes.Write(Encoding.ASCII.GetBytes(header.Append(name).Append('\0').ToString()));
        Pad();
        _bytes.Write(content);
        Pad();
    }

    private void Pad()
    {
        while (_bytes.Length % 4 != 0)
            _bytes.WriteByte(0);
    }
}
