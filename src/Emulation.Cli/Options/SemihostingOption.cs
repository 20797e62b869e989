namespace Emulation.Cli.Options;

/// <summary>The value of --semihosting.</summary>
/// <param name="Directory">A folder of the host, or null for files in the machine's memory.</param>
/// <param name="ReadOnly">Whether nothing in it can be changed.</param>
/// <param name="UserMode">Whether unprivileged software may call, too.</param>
/// <param name="Arguments">The program's command line.</param>
internal sealed record SemihostingOption(string? Directory, bool ReadOnly, bool UserMode, IReadOnlyList<string> Arguments)
{
    /// <summary>What the value looks like.</summary>
    public const string Syntax = "[dir=DIR][,readonly][,user][,arg=TEXT...]";

    public static SemihostingOption Parse(string? text)
    {
        (string? directory, bool readOnly, bool user) = (null, false, false);
        var arguments = new List<string>();
        foreach (string part in text is null ? [] : text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            (string key, string? value) = equals < 0 ? (part, null) : (part[..equals], part[(equals + 1)..]);
            switch (key, value)
            {
                case ("dir", { Length: > 0 }): directory = value; break;
                case ("readonly", null): readOnly = true; break;
                case ("user", null): user = true; break;
                case ("arg", not null): arguments.Add(value); break;
                default: throw new UsageException($"--semihosting: '{part}' is not understood; it takes {Syntax}");
            }
        }

        if (readOnly && directory is null)
            throw new UsageException("--semihosting: readonly is about files of a folder: give dir=DIR, too");
        return new SemihostingOption(directory, readOnly, user, arguments);
    }
}
