namespace Emulation.Storage;

/// <summary>All formats. A new one is a folder and a line here.</summary>
internal static class DiskFormats
{
    /// <summary>Bytes from the start of a file that detection looks at.</summary>
    public const int HeadLength = 4096;

    /// <summary>Bytes from the end of a file that detection looks at.</summary>
    public const int TailLength = 512;

    private static readonly IDiskFormat[] s_formats =
    [
        new Qcow2Format(),
        new QcowFormat(),
        new VdiFormat(),
        new VhdFormat(),
        new VhdxFormat(),
        new QedFormat(),
        new ParallelsFormat(),
        new VmdkFormat(),
        new BochsFormat(),
        new CloopFormat(),
        new DmgFormat(),
    ];

    public static RawFormat Raw { get; } = new();

    /// <summary>Every name, raw first.</summary>
    public static IEnumerable<string> Names => s_formats.Prepend(Raw).Select(f => f.Name);

    /// <summary>The format of that name.</summary>
    public static IDiskFormat Find(string name)
        => s_formats.Prepend(Raw).FirstOrDefault(f => f.Name == name)
            ?? throw new DiskImageException($"disk image format '{name}' is not supported; there are {string.Join(", ", Names)}");

    /// <summary>The format that a file's first bytes show; raw when they show none.</summary>
    public static IDiskFormat Detect(ReadOnlySpan<byte> head)
    {
        foreach (IDiskFormat format in s_formats)
        {
            if (format.Probe(head))
                return format;
        }

        return Raw;
    }

    /// <summary>The format that a file's last bytes show; raw when they show none.</summary>
    public static IDiskFormat DetectTail(ReadOnlySpan<byte> tail)
    {
        foreach (IDiskFormat format in s_formats)
        {
            if (format.ProbeTail(tail))
                return format;
        }

        return Raw;
    }

    /// <summary>The format that a file's content shows; raw when it shows none.</summary>
    public static async ValueTask<IDiskFormat> DetectAsync(IBlockDevice file)
    {
        byte[] head = new byte[Math.Min(HeadLength, file.Length)];
        await file.ReadAsync(0, head).ConfigureAwait(false);
        IDiskFormat found = Detect(head);
        if (found is not RawFormat)
            return found;
        byte[] tail = new byte[Math.Min(TailLength, file.Length)];
        await file.ReadAsync(file.Length - tail.Length, tail).ConfigureAwait(false);
        return DetectTail(tail);
    }
}
