using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>The options of a new image of one format.</summary>
internal interface IFormatTable
{
    /// <summary>The format's name.</summary>
    string Format { get; }

    /// <summary>Other names that users know the format by.</summary>
    IReadOnlyList<string> Aliases { get; }

    /// <summary>Name, values and purpose of each option.</summary>
    IEnumerable<(string Name, string Takes, string What)> Help { get; }

    /// <summary>Reads options that have been taken apart.</summary>
    DiskCreateOptions Read(IReadOnlyList<NamedValue> given, Secrets secrets);
}

/// <summary>The options of a new image of one format.</summary>
/// <param name="blank">The options of an image about which nothing is said.</param>
/// <param name="options">The options there are.</param>
/// <param name="aliases">Other names that users know the format by.</param>
/// <param name="finish">Called at the end with the names of the options that were given.</param>
/// <typeparam name="T">The options of a new image.</typeparam>
internal sealed class FormatTable<T>(T blank, FormatOption<T>[] options, string[]? aliases = null, Func<T, IReadOnlyList<NamedValue>, Secrets, T>? finish = null) : IFormatTable
    where T : DiskCreateOptions
{
    public string Format => blank.Format;

    public IReadOnlyList<string> Aliases { get; } = aliases ?? [];

    public IEnumerable<(string Name, string Takes, string What)> Help => options.Select(static o => (o.Name, o.Takes, o.What));

    public DiskCreateOptions Read(IReadOnlyList<NamedValue> given, Secrets secrets)
    {
        T result = blank;
        foreach ((string name, string value) in given)
        {
            FormatOption<T> option = Array.Find(options, o => o.Name == name) ?? throw Unknown(name);
            result = option.Set(result, new OptionValue(name, value, option.Takes, secrets));
        }

        return finish is null ? result : finish(result, given, secrets);
    }

    private UsageException Unknown(string name)
        => new($"-o: {Format} images have no option '{name}'; there are {string.Join(", ", FormatTables.Common.Select(static c => c.Name).Concat(options.Select(static o => o.Name)))}");
}
