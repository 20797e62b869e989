using System.CommandLine;
using System.Runtime.InteropServices;
using Emulation.Cli.Nbd;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img: disk images. Names of options and exit codes are those that users of qemu-img know.</summary>
internal static class ImgCommand
{
    public const string Name = "img";

    public static Command Create(CliHost host) => new(Name, "Creates, checks, converts and looks at disk images.")
    {
        AmendCommand.Create(host),
        BenchCommand.Create(host),
        BitmapCommand.Create(host),
        CheckCommand.Create(host),
        CommitCommand.Create(host),
        CompareCommand.Create(host),
        ConvertCommand.Create(host),
        CreateCommand.Create(host),
        DdCommand.Create(host),
        InfoCommand.Create(host),
        MapCommand.Create(host),
        MeasureCommand.Create(host),
        RebaseCommand.Create(host),
        ResizeCommand.Create(host),
        SnapshotCommand.Create(host),
    };

    /// <summary>The exit code for wrong usage; null when another command is meant.</summary>
    public static int? UsageCode(Command command)
        => IsGroup(command) ? ExitCodes.Failure
            : command.Parents.Any(IsGroup) ? FailureCode(command.Name)
            : null;

    /// <summary>Lets a command run until it ends or a signal stops it, and tells what went wrong.</summary>
    public static void Do(this Command command, CliHost host, Func<ParseResult, TextWriter, CancellationToken, Task<int>> action)
        => command.SetAction(async (result, cancellation) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using PosixSignalRegistration interrupt = Stop(PosixSignal.SIGINT, stop);
            using PosixSignalRegistration terminate = Stop(PosixSignal.SIGTERM, stop);
            using var output = new StreamWriter(host.Output, leaveOpen: true);
            try
            {
                return await action(result, output, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await host.Error.WriteLineAsync("emu: stopped").ConfigureAwait(false);
                return ExitCodes.Interrupted;
            }
            catch (Exception e) when (e is UsageException or IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
            {
                await host.Error.WriteLineAsync("emu: " + e.Message).ConfigureAwait(false);
                return FailureCode(command.Name);
            }
        });

    public static void CheckFormat(string format)
    {
        if (!FormatTables.Names.Contains(format))
            throw new UsageException($"format '{format}' is not supported; there are {string.Join(", ", DiskImage.Formats)}");
    }

    // the commands that qemu-img and qemu-nbd have
    private static bool IsGroup(Symbol command) => command.Name is Name or NbdCommand.Name;

    // 1 says that images differ
    private static int FailureCode(string command) => command == CompareCommand.Name ? ExitCodes.Usage : ExitCodes.Failure;

    private static PosixSignalRegistration Stop(PosixSignal signal, CancellationTokenSource stop)
        => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
