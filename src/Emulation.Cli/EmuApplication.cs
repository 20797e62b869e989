using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Reflection;
using Emulation.Boards.Loading;
using Emulation.Cli.Commands;
using Emulation.Cli.Images;
using Emulation.Cli.Nbd;
using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Cli;

/// <summary>The emu command.</summary>
internal static class EmuApplication
{
    public static async Task<int> RunAsync(string[] args, CliHost host)
    {
        if (args is ["--version"])
        {
            await WriteAsync(host, $"emu {Version}{Environment.NewLine}").ConfigureAwait(false);
            return ExitCodes.Success;
        }

        var root = new RootCommand("Boots kernels and firmware on virtual boards.") { BoardsCommand.Create(host), RunCommand.Create(host), ImgCommand.Create(host), NbdCommand.Create(host) };
        foreach (Command missing in MissingCommands.Create(host))
            root.Add(missing);
        ParseResult result = root.Parse(args);
        using var output = new StringWriter();
        if (result.Errors.Count > 0 && result.Action is not HelpAction)
        {
            foreach (var error in result.Errors)
                await host.Error.WriteLineAsync("emu: " + error.Message).ConfigureAwait(false);
            await host.Error.WriteLineAsync($"emu: see 'emu {CommandPath(result)}--help'").ConfigureAwait(false);
            return ImgCommand.UsageCode(result.CommandResult.Command) ?? ExitCodes.Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration { Output = output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            int code = await result.InvokeAsync(configuration).ConfigureAwait(false);
            await WriteAsync(host, output.ToString()).ConfigureAwait(false);
            return code;
        }
        catch (MachineConfigurationException e)
        {
            foreach (string error in e.Errors)
                await host.Error.WriteLineAsync("emu: " + error).ConfigureAwait(false);
            return ExitCodes.Usage;
        }
        catch (Exception e) when (e is UsageException or GuestImageException or DiskImageException or SnapshotException)
        {
            await host.Error.WriteLineAsync("emu: " + e.Message).ConfigureAwait(false);
            return ExitCodes.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await host.Error.WriteLineAsync("emu: " + e.Message).ConfigureAwait(false);
            return ExitCodes.Failure;
        }
    }

    private static string Version => typeof(EmuApplication).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private static string CommandPath(ParseResult result)
    {
        string path = "";
        for (SymbolResult? at = result.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
            path = command.Command.Name + " " + path;
        return path;
    }

    private static async Task WriteAsync(CliHost host, string text)
    {
        if (text.Length == 0)
            return;
        await host.Output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text)).ConfigureAwait(false);
        await host.Output.FlushAsync().ConfigureAwait(false);
    }
}
