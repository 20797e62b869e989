using System.CommandLine;
using Emulation.Cli.Options;

namespace Emulation.Cli.Images;

/// <summary>Options that several commands have.</summary>
internal static class ImgOptions
{
    public static Argument<string> File(string name = "FILE", string description = "The image.") => new(name) { Description = description };

    public static Option<string?> Format(string name = "-f", string description = "Format of the image; by default its content shows it.")
        => new(name) { Description = description, HelpName = "FORMAT" };

    public static Option<string[]?> FormatOptions()
        => new("-o") { Description = "Options of the format: NAME=VALUE[,...]; help lists them.", HelpName = "OPTIONS", Arity = ArgumentArity.OneOrMore };

    /// <summary>An argument whose absence the command itself notices.</summary>
    public static Argument<string?> MaybeFile(string name = "FILE", string description = "The image.")
        => new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    public static Option<bool> Quiet() => new("-q") { Description = "Says nothing unless something is wrong." };

    public static Option<bool> Progress() => new("-p") { Description = "Shows the progress also where there is no terminal." };

    /// <summary>How the target is written: whether it is durable at the end.</summary>
    public static Option<string?> Cache()
    {
        var option = new Option<string?>("-t") { Description = "unsafe: the host writes when it likes; none, writeback, writethrough, directsync: what is written is on the disk at the end.", HelpName = "CACHE" };
        return option.AcceptOnlyFromAmong("none", "writeback", "writethrough", "directsync", "unsafe");
    }

    /// <summary>qemu-img's cache mode of what is read, which changes nothing here.</summary>
    public static Option<string?> SourceCache()
    {
        var option = new Option<string?>("-T") { Description = "Accepted, and does nothing: the host keeps what is read.", HelpName = "CACHE" };
        return option.AcceptOnlyFromAmong("none", "writeback", "writethrough", "directsync", "unsafe");
    }

    /// <summary>A number of bytes; null without the option.</summary>
    public static long? Bytes(ParseResult result, Option<string?> option)
    {
        string? text = result.GetValue(option);
        return text is null or "0" ? text is null ? null : 0 : (long)Math.Min(SizeText.ParseSize(text, option.Name), long.MaxValue);
    }

    public static Option<bool> Json() => new("--json") { Description = "Prints facts as JSON." };

    /// <summary>qemu-img's way to say --json.</summary>
    public static Option<string?> Output()
    {
        var option = new Option<string?>("--output") { Description = "human or json.", HelpName = "KIND" };
        return option.AcceptOnlyFromAmong("human", "json");
    }
}
