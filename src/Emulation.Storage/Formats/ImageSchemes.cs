namespace Emulation.Storage;

/// <summary>All schemes. A new one is a folder and a line here.</summary>
internal static class ImageSchemes
{
    private const string Separator = "://";
    private const string Json = "json:";

    private static readonly IImageScheme[] s_schemes =
    [
        new NbdScheme(),
        new HttpScheme(),
    ];

    /// <summary>Every scheme name.</summary>
    public static IEnumerable<string> Names => s_schemes.SelectMany(static s => s.Names);

    /// <summary>Whether a name of an image is the URI of something that is no file of this host.</summary>
    public static bool IsUri(string name) => Find(name) is not null;

    /// <summary>Opens the bytes of an image: a file, or what a URI names.</summary>
    /// <param name="name">Path or URI.</param>
    /// <param name="readOnly">Whether changes are refused.</param>
    /// <exception cref="DiskImageException">That does not work.</exception>
    public static async ValueTask<BlockDevice> OpenAsync(string name, bool readOnly)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Find(name) is { } scheme)
            return await scheme.OpenAsync(name, readOnly).ConfigureAwait(false);
        if (name.StartsWith(Json, StringComparison.Ordinal) && !File.Exists(name))
            throw new DiskImageException($"disk image '{name}': names that are JSON are not supported; a path or a URI is");
        if (SchemeOf(name) is { } unknown && !Path.Exists(name))
            throw new DiskImageException($"disk image '{name}': '{unknown}:' is not supported; there are {string.Join(", ", Names)}");
        return PlainFile.Open(name, readOnly);
    }

    private static IImageScheme? Find(string name)
        => SchemeOf(name) is { } found ? Array.Find(s_schemes, s => s.Names.Contains(found)) : null;

    private static string? SchemeOf(string name)
    {
        int end = name.IndexOf(Separator, StringComparison.Ordinal);
        return end > 1 && name.AsSpan(0, end).IndexOfAny('/', '\\') < 0 ? name[..end].ToLowerInvariant() : null;
    }
}
