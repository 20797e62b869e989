using System.CommandLine;

namespace Emulation.Cli.Commands;

/// <summary>Commands that are planned: they say that they are not there yet.</summary>
internal static class MissingCommands
{
    public static IEnumerable<Command> Create(CliHost host)
    {
        yield return Missing(host, "user", "Runs one Linux program of another architecture (not supported yet).");
    }

    private static Command Missing(CliHost host, string name, string description)
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false, Hidden = true };
        command.SetAction(_ =>
        {
            host.Error.WriteLine($"emu: '{name}' is not supported yet");
            return ExitCodes.Usage;
        });
        return command;
    }
}
