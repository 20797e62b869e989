using System.Globalization;
using System.Text;

namespace Emulation.Storage;

/// <summary>Where an NBD export is (doc/uri.md of the nbd repository): <c>nbd://host:port/export</c>, <c>nbds://</c> with TLS,
/// <c>nbd+unix:///export?socket=PATH</c>, <c>nbds+unix://</c>.</summary>
public sealed record NbdUri
{
    /// <summary>The port that belongs to NBD.</summary>
    public const int DefaultPort = 10809;

    /// <summary>Whether the connection must be encrypted.</summary>
    public bool Tls { get; init; }

    /// <summary>Name or address of the host; empty for a Unix socket.</summary>
    public string Host { get; init; } = "";

    /// <summary>TCP port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Path of a Unix socket; null for TCP. A first character of NUL means Linux's abstract namespace.</summary>
    public string? Socket { get; init; }

    /// <summary>Name of the export; empty for the server's default export.</summary>
    public string ExportName { get; init; } = "";

    /// <summary>The name that the server's certificate must have; null for <see cref="Host"/>.</summary>
    public string? TlsHostName { get; init; }

    /// <summary>Whether the server's certificate is checked.</summary>
    public bool TlsVerifyPeer { get; init; } = true;

    /// <summary>A directory with <c>ca-cert.pem</c> and, for a server that asks for it, <c>client-cert.pem</c> and <c>client-key.pem</c>.</summary>
    public string? TlsCertificates { get; init; }

    /// <summary>The scheme names.</summary>
    internal static IReadOnlyList<string> Schemes { get; } = ["nbd", "nbds", "nbd+unix", "nbds+unix"];

    /// <summary>Reads a URI.</summary>
    /// <param name="text">The URI.</param>
    /// <exception cref="FormatException">It is not an NBD URI, or has a parameter that is not understood.</exception>
    public static NbdUri Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : text[..colon].ToLowerInvariant();
        if (!Schemes.Contains(scheme))
            throw Bad(text, $"it starts with none of {string.Join(", ", Schemes.Select(static s => s + "://"))}");
        if (text.Contains('#', StringComparison.Ordinal))
            throw Bad(text, "a '#' in a name is written as %23");
        string rest = text[(colon + 3)..];
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        string query = question < 0 ? "" : rest[(question + 1)..];
        rest = question < 0 ? rest : rest[..question];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? rest : rest[..slash];
        string name = slash < 0 ? "" : Decode(text, rest[(slash + 1)..]);
        if (Encoding.UTF8.GetByteCount(name) > NbdProtocol.MaxString || name.Contains('\0', StringComparison.Ordinal))
            throw Bad(text, "the export's name is too long or has a NUL");
        var uri = new NbdUri { Tls = scheme.StartsWith("nbds", StringComparison.Ordinal), ExportName = name };
        uri = WithQuery(uri, text, query);
        if (scheme.EndsWith("+unix", StringComparison.Ordinal))
        {
            if (authority.Length > 0)
                throw Bad(text, "a Unix socket has no host: three slashes come before the export's name");
            return string.IsNullOrEmpty(uri.Socket) ? throw Bad(text, "the parameter socket=PATH is missing") : uri;
        }

        return uri.Socket is null ? WithAuthority(uri, text, authority) : throw Bad(text, "the parameter socket belongs to nbd+unix and nbds+unix");
    }

    /// <summary>Whether a text starts like an NBD URI.</summary>
    /// <param name="text">The text.</param>
    public static bool IsNbdUri(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        return colon > 0 && Schemes.Contains(text[..colon].ToLowerInvariant());
    }

    /// <summary>The URI as text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Tls ? "nbds" : "nbd");
        if (Socket is null)
            text.Append("://").Append(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host).Append(CultureInfo.InvariantCulture, $":{Port}/");
        else
            text.Append("+unix:///");
        text.Append(Encode(ExportName));
        char separator = '?';
        foreach ((string key, string? value) in ((string, string?)[])[
            ("socket", Socket), ("tls-hostname", TlsHostName), ("tls-verify-peer", TlsVerifyPeer ? null : "0"), ("tls-certificates", TlsCertificates)])
        {
            if (value is null)
                continue;
            text.Append(separator).Append(key).Append('=').Append(Encode(value));
            separator = '&';
        }

        return text.ToString();
    }

    private static NbdUri WithAuthority(NbdUri uri, string text, string authority)
    {
        if (authority.Contains('@', StringComparison.Ordinal))
            throw Bad(text, "a user name is of use for TLS with pre-shared keys only, which is not supported");
        string host = authority;
        string port = "";
        int bracket = authority.LastIndexOf(']');
        int colon = authority.LastIndexOf(':');
        if (colon > bracket)
            (host, port) = (authority[..colon], authority[(colon + 1)..]);
        if (bracket > 0 && host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.AsSpan().IndexOfAny("[]:") >= 0)
            throw Bad(text, "an IPv6 address stands in brackets");
        if (host.Length == 0)
            throw Bad(text, "the host is missing");
        int number = DefaultPort;
        if (port.Length > 0 && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is < 1 or > 65535))
            throw Bad(text, $"'{port}' is not a port");
        return uri with { Host = Decode(text, host), Port = number };
    }

    private static NbdUri WithQuery(NbdUri uri, string text, string query)
    {
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? "" : Decode(text, part[(equals + 1)..]);
            uri = (equals < 0 ? part : part[..equals]) switch
            {
                "socket" => uri with { Socket = value },
                "tls-hostname" => uri with { TlsHostName = value },
                "tls-certificates" => uri with { TlsCertificates = value },
                "tls-verify-peer" when value is "0" or "1" => uri with { TlsVerifyPeer = value == "1" },
                "tls-type" when value == "x509" => uri,
                "tls-type" when value is "psk" or "anon" => throw Bad(text, $"TLS of type {value} is not supported; x509 is"),
                _ => throw Bad(text, $"the parameter '{part}' is not understood"),
            };
        }

        return uri;
    }

    private static string Decode(string text, string part)
    {
        if (!part.Contains('%', StringComparison.Ordinal))
            return part;
        byte[] bytes = Encoding.UTF8.GetBytes(part);
        int count = 0;
        for (int i = 0; i < bytes.Length; i++, count++)
        {
            bytes[count] = bytes[i];
            if (bytes[i] != '%')
                continue;
            if (i + 2 >= bytes.Length || !byte.TryParse(bytes.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count]))
                throw Bad(text, "two hexadecimal digits must follow each '%'");
            i += 2;
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, count);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"'{text}' is not an NBD URI: what '%' stands for is not UTF-8", e);
        }
    }

    // a slash needs no escape where we put names
    private static string Encode(string text) => Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal);

    private static FormatException Bad(string text, string why) => new($"'{text}' is not an NBD URI: {why}");
}
