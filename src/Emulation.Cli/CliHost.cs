using Emulation.Cli.Terminals;

namespace Emulation.Cli;

/// <summary>What the command is connected to; tests give their own.</summary>
internal sealed record CliHost
{
    /// <summary>Bytes for the guest's console.</summary>
    public required Stream Input { get; init; }

    /// <summary>The guest's console, and facts.</summary>
    public required Stream Output { get; init; }

    /// <summary>Messages.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The terminal behind <see cref="Input"/>; null when that is a file, a pipe or nothing.</summary>
    public ITerminal? Terminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal, where a line may be written over.</summary>
    public bool ErrorIsTerminal { get; init; }

    public static CliHost ForProcess() => new()
    {
        Input = Console.OpenStandardInput(),
        Output = Console.OpenStandardOutput(),
        Error = Console.Error,
        Terminal = Console.IsInputRedirected ? null : Terminals.Terminal.Create(),
        ErrorIsTerminal = !Console.IsErrorRedirected,
    };
}
