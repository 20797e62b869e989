using System.Text;

namespace Emulation.Cli.Images;

/// <summary>Passphrases that a user hands over.</summary>
internal sealed class Secrets
{
    private readonly Dictionary<string, string> _secrets = [];

    /// <summary>Reads the values of --object and --passphrase-file.</summary>
    public Secrets(IEnumerable<string> objects, string? passphraseFile)
    {
        foreach (string text in objects)
            Add(text);
        if (passphraseFile is not null)
            Passphrase = ReadFile(passphraseFile).TrimEnd('\r', '\n');
    }

    public static Secrets None { get; } = new([], null);

    /// <summary>The passphrase without a name.</summary>
    public string? Passphrase { get; }

    public string Find(string id)
        => _secrets.TryGetValue(id, out string? secret) ? secret : throw new UsageException($"there is no secret '{id}': --object secret,id={id},file=F gives it");

    private void Add(string text)
    {
        List<NamedValue> parts = OptionList.Split(text);
        if (parts.Count == 0 || (parts[0] is not ("secret", "") and not ("qom-type", "secret")))
            throw new UsageException($"--object: '{text}' is not supported; secret,id=ID,file=F and secret,id=ID,data=TEXT are");
        string? Value(string name) => parts.Find(p => p.Name == name)?.Value;
        string? strange = parts.Skip(1).FirstOrDefault(static p => p.Name is not ("id" or "file" or "data" or "format"))?.Name;
        if (strange is not null)
            throw new UsageException($"--object: a secret with '{strange}' is not supported; there are id, file, data and format");
        string id = Value("id") is { Length: > 0 } given ? given : throw new UsageException("--object: a secret needs id=ID");
        string secret = (Value("file"), Value("data")) switch
        {
            ({ } file, null) => ReadFile(file),
            (null, { } data) => data,
            _ => throw new UsageException($"--object: secret '{id}' needs either file=F or data=TEXT"),
        };
        _secrets[id] = Value("format") switch
        {
            null or "raw" => secret,
            "base64" => Decode(id, secret),
            string other => throw new UsageException($"--object: a secret of format '{other}' is not supported; raw and base64 are"),
        };
    }

    private static string Decode(string id, string text)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException e)
        {
            throw new UsageException($"--object: secret '{id}' is not base64", e);
        }
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the passphrase cannot be read: {e.Message}", e);
        }
    }
}
