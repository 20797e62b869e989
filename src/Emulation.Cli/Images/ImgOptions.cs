using System.CommandLine;

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

    public static Option<bool> Json() => new("--json") { Description = "Prints facts as JSON." };

    /// <summary>qemu-img's way to say --json.</summary>
    public static Option<string?> Output()
    {
        var option = new Option<string?>("--output") { Description = "human or json.", HelpName = "KIND" };
        return option.AcceptOnlyFromAmong("human", "json");
    }
}
