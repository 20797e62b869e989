using System.CommandLine;

namespace Emulation.Cli.Nbd;

/// <summary>emu nbd: disks over the network. Names of options are those that users of qemu-nbd know.</summary>
internal static class NbdCommand
{
    public const string Name = "nbd";

    public static Command Create(CliHost host) => new(Name, "Offers disks over the network (NBD), and asks servers what they offer.")
    {
        ServeCommand.Create(host),
        ConnectCommand.Create(host),
    };
}
