using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>What a differencing image says about its parent. Virtual Hard Disk Image Format Specification, "Parent Locator Entries"; fields are big-endian.</summary>
internal sealed record VhdParent
{
    /// <summary>Bytes of a locator's name in an image of ours.</summary>
    public const int LocatorSpace = 2048;

    /// <summary>Where locators and their names begin in the header.</summary>
    public const int LocatorOffset = 576;

    /// <summary>Where the parent's time is in the header.</summary>
    public const int TimeOffset = 56;

    private const int Locators = 8;
    private const int LocatorLength = 24;
    private const int MaxNameBytes = 4096;
    private const int MaxSpace = 1 << 16;
    private const int NameOffset = 64;
    private const int NameLength = 512;
    private const uint WindowsRelative = 0x5732_7275;
    private const uint WindowsAbsolute = 0x5732_6b75;
    private const uint MacUrl = 0x4d61_6358;

    /// <summary>The parent's own identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the parent was changed last, in seconds since 2000; 0 when that is not recorded.</summary>
    public required uint Time { get; init; }

    /// <summary>Names it may have, the best first.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>End of the names in the file.</summary>
    public long End { get; init; }

    public static async ValueTask<VhdParent> ReadAsync(HostFile file, byte[] header, long at, ImageName name)
    {
        var relative = new List<string>();
        var absolute = new List<string>();
        long end = 0;
        for (int i = 0; i < Locators; i++)
        {
            byte[] entry = header[(LocatorOffset + (i * LocatorLength))..(LocatorOffset + ((i + 1) * LocatorLength))];
            uint code = BinaryPrimitives.ReadUInt32BigEndian(entry);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(entry.AsSpan(8));
            long offset = BinaryPrimitives.ReadInt64BigEndian(entry.AsSpan(16));
            // of any system, so that nothing is written over it; some writers count the space in sectors
            uint space = Math.Max(length, BinaryPrimitives.ReadUInt32BigEndian(entry.AsSpan(4)));
            if (code != 0 && space <= MaxSpace && offset > 0 && offset <= file.Length - space)
                end = Math.Max(end, offset + space);
            if (code is not (WindowsRelative or WindowsAbsolute or MacUrl))
                continue;
            long place = at + LocatorOffset + (i * LocatorLength);
            if (length is 0 or > MaxNameBytes)
                throw name.At(place + 8, $"the name of the parent is said to have {length} bytes");
            byte[] bytes = offset > 0 && offset <= file.Length - length ? await ImageFields.ReadAsync(file, offset, (int)length, name).ConfigureAwait(false)
                : throw name.At(place + 16, $"the name of the parent is said to be at byte 0x{offset:x}");
            (code == WindowsRelative ? relative : absolute).Add(code == MacUrl ? FromUrl(Encoding.UTF8.GetString(bytes)) : FromWindows(Encoding.Unicode.GetString(bytes)));
        }

        string title = FromWindows(Encoding.BigEndianUnicode.GetString(header, NameOffset, NameLength).Split('\0')[0]);
        // where nothing else is found, the parent may lie beside its child
        IEnumerable<string> beside = absolute.Append(title).Select(n => n.Split('/')[^1]);
        return new VhdParent
        {
            End = end,
            Id = new Guid(header.AsSpan(40, 16), bigEndian: true),
            Time = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(TimeOffset)),
            Names = [.. relative.Concat(absolute).Concat(beside).Where(n => n.Length > 0 && !n.Contains('\0', StringComparison.Ordinal)).Distinct()],
        };
    }

    /// <summary>Writes the fields of the header that are about the parent.</summary>
    /// <param name="header">The header; its checksum comes afterwards.</param>
    /// <param name="locatorAt">Where the name of the locator is in the file.</param>
    public void Write(Span<byte> header, long locatorAt)
    {
        Id.TryWriteBytes(header[40..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(header[TimeOffset..], Time);
        ReadOnlySpan<byte> title = Encoding.BigEndianUnicode.GetBytes(Names[0].Split('/')[^1]);
        title[..Math.Min(title.Length, NameLength - 2)].CopyTo(header[NameOffset..]);
        Span<byte> entry = header[LocatorOffset..];
        BinaryPrimitives.WriteUInt32BigEndian(entry, WindowsRelative);
        BinaryPrimitives.WriteUInt32BigEndian(entry[4..], LocatorSpace);
        BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)LocatorName().Length);
        BinaryPrimitives.WriteInt64BigEndian(entry[16..], locatorAt);
    }

    /// <summary>The parent's name as Windows writes it.</summary>
    public byte[] LocatorName()
    {
        string path = Names[0];
        byte[] name = Encoding.Unicode.GetBytes((Path.IsPathRooted(path) ? "" : ".\\") + path.Replace('/', '\\'));
        if (name.Length > LocatorSpace)
            throw new DiskImageException($"vhd image cannot be created: the name of the parent has more than {LocatorSpace / 2} characters");
        return name;
    }

    private static string FromWindows(string name)
    {
        string path = name.TrimEnd('\0').Replace('\\', '/');
        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }

    private static string FromUrl(string url) => Uri.TryCreate(url.TrimEnd('\0'), UriKind.Absolute, out Uri? uri) && uri.IsFile ? uri.LocalPath : "";
}
