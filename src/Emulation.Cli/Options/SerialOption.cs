using System.Globalization;

namespace Emulation.Cli.Options;

/// <summary>Where a serial line goes.</summary>
internal enum SerialTarget
{
    Stdio,
    File,
    Tcp,
    None,
}

/// <summary>The value of --serial.</summary>
internal sealed record SerialOption(SerialTarget Target, string Path = "", string Host = "", int Port = 0)
{
    public static SerialOption Parse(string text)
    {
        if (text == "stdio")
            return new SerialOption(SerialTarget.Stdio);
        if (text == "none")
            return new SerialOption(SerialTarget.None);
        if (text.StartsWith("file:", StringComparison.Ordinal) && text.Length > 5)
            return new SerialOption(SerialTarget.File, text[5..]);
        if (text.StartsWith("tcp:", StringComparison.Ordinal))
        {
            int colon = text.LastIndexOf(':');
            if (colon > 4 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536)
                return new SerialOption(SerialTarget.Tcp, Host: text[4..colon].Trim('[', ']'), Port: port);
        }

        throw new UsageException($"--serial: '{text}' is not understood; it takes stdio, file:F, tcp:HOST:PORT or none");
    }
}
