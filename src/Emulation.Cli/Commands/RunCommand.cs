using System.CommandLine;
using Emulation.Cli.Options;
using Emulation.Cli.Running;

namespace Emulation.Cli.Commands;

/// <summary>emu run: builds a machine and runs it.</summary>
internal static class RunCommand
{
    public static Command Create(CliHost host)
    {
        var options = new RunOptions();
        var command = new Command("run", "Runs a machine. Ctrl-A X leaves it, Ctrl-A C opens the monitor, Ctrl-A H shows the keys.");
        foreach (Option option in options.All)
            command.Add(option);
        command.SetAction((result, cancellation) =>
        {
            RunSettings settings = options.Read(result);
            return Task.FromResult(new MachineRunner(settings, host).Run(cancellation));
        });
        return command;
    }
}
