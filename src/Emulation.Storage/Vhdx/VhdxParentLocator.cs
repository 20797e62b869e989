using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>What a differencing image says about the image below it: keys and values. [MS-VHDX] 2.6.2.6.</summary>
internal sealed class VhdxParentLocator
{
    private const int HeaderLength = 20;
    private const int EntryLength = 12;
    private const string RelativePath = "relative_path";
    private const string VolumePath = "volume_path";
    private const string AbsolutePath = "absolute_win32_path";
    private const string Linkage = "parent_linkage";
    private const string Linkage2 = "parent_linkage2";

    private readonly Dictionary<string, string> _entries = [];
    private long _linkAt;

    private VhdxParentLocator(long at) => At = at;

    /// <summary>Where the locator is in the file.</summary>
    public long At { get; }

    /// <summary>Names of the parent, the one to try first first; each as the host writes it.</summary>
    public IEnumerable<string> Paths
    {
        get
        {
            string relative = _entries.GetValueOrDefault(RelativePath, "");
            if (!OperatingSystem.IsWindows())
                relative = relative.Replace('\\', '/');
            if (relative.Length > 0 && !Path.IsPathRooted(relative))
                yield return relative;
            // these mean nothing elsewhere
            foreach (string key in OperatingSystem.IsWindows() ? (string[])[VolumePath, AbsolutePath] : [])
            {
                if (_entries.TryGetValue(key, out string? path))
                    yield return path;
            }
        }
    }

    public IReadOnlyDictionary<string, string> Entries => _entries;

    /// <summary>The parent's identity as the locator has it, to be written in the place of the old one.</summary>
    /// <param name="dataWrite">The new identity.</param>
    /// <param name="name">For messages.</param>
    /// <returns>Its place in the file, and the bytes.</returns>
    public (long At, byte[] Bytes) Relink(Guid dataWrite, ImageName name)
    {
        string text = dataWrite.ToString("B");
        if (_linkAt == 0 || _entries[Linkage].Length != text.Length)
            throw name.At(At, "its parent locator has no room for another identity of the parent");
        return (_linkAt, Encoding.Unicode.GetBytes(text));
    }

    /// <summary>What a new image says.</summary>
    /// <param name="dataWrite">The parent's identity.</param>
    /// <param name="path">The full path of the parent.</param>
    /// <param name="imagePath">The full path of the image.</param>
    public static VhdxParentLocator Create(Guid dataWrite, string path, string imagePath)
    {
        var locator = new VhdxParentLocator(0);
        locator._entries.Add(Linkage, dataWrite.ToString("B"));
        string relative = Path.GetRelativePath(Path.GetDirectoryName(imagePath)!, path);
        if (!Path.IsPathRooted(relative))
            locator._entries.Add(RelativePath, relative.Replace('/', '\\'));
        if (OperatingSystem.IsWindows())
            locator._entries.Add(AbsolutePath, path.StartsWith('\\') ? path : $@"\\?\{path}");
        return locator;
    }

    public static VhdxParentLocator Read(byte[] bytes, long at, ImageName name)
    {
        if (bytes.Length < HeaderLength)
            throw name.At(at, $"the parent locator is said to be of {bytes.Length} bytes");
        var type = new Guid(bytes.AsSpan(0, 16));
        if (type != VhdxIds.VhdxLocator)
            throw name.At(at, $"a parent locator of type {type} is not supported");
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(18));
        if (count > (bytes.Length - HeaderLength) / EntryLength)
            throw name.At(at + 18, $"{count} entries are too many for a parent locator of {bytes.Length} bytes");
        var locator = new VhdxParentLocator(at);
        for (int i = 0; i < count; i++)
        {
            int entry = HeaderLength + (i * EntryLength);
            string Text(int offsetAt, int lengthAt)
            {
                (uint offset, int length) = (ImageFields.U32(bytes, entry + offsetAt), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(entry + lengthAt)));
                if (length % 2 != 0 || offset > bytes.Length - length)
                    throw name.At(at + entry + offsetAt, $"a text of the parent locator is said to be {length} bytes at byte 0x{offset:x} of it");
                return Encoding.Unicode.GetString(bytes, (int)offset, length);
            }

            string key = Text(0, 8);
            if (!locator._entries.TryAdd(key, Text(4, 10)))
                throw name.At(at + entry, "an entry of the parent locator is there twice");
            if (key == Linkage)
                locator._linkAt = at + ImageFields.U32(bytes, entry + 4);
        }

        if (!locator.Links().Any())
            throw name.At(at, "the parent locator does not say the parent's identity");
        return locator;
    }

    /// <summary>Whether an image is the one that was meant.</summary>
    public bool IsParent(Guid dataWrite) => Links().Contains(dataWrite);

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderLength + (_entries.Count * EntryLength) + _entries.Sum(e => (e.Key.Length + e.Value.Length) * 2)];
        VhdxIds.VhdxLocator.TryWriteBytes(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), (ushort)_entries.Count);
        (int entry, int text) = (HeaderLength, HeaderLength + (_entries.Count * EntryLength));
        foreach ((string key, string value) in _entries)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(entry), text);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(entry + 8), (ushort)(key.Length * 2));
            text += Encoding.Unicode.GetBytes(key, bytes.AsSpan(text));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(entry + 4), text);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(entry + 10), (ushort)(value.Length * 2));
            text += Encoding.Unicode.GetBytes(value, bytes.AsSpan(text));
            entry += EntryLength;
        }

        return bytes;
    }

    private IEnumerable<Guid> Links()
    {
        foreach (string key in (string[])[Linkage, Linkage2])
        {
            if (_entries.TryGetValue(key, out string? value) && Guid.TryParse(value, out Guid id))
                yield return id;
        }
    }
}
