using System.Runtime.InteropServices;
using Emulation.Boards;
using Emulation.Boards.Loading;
using Emulation.Cli.Options;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;
using Emulation.Jit;
using Emulation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Emulation.Cli.Running;

/// <summary>emu run: builds the machine, connects it, runs it to its end.</summary>
internal sealed class MachineRunner(RunSettings settings, CliHost host)
{
    /// <summary>Runs.</summary>
    /// <returns>The exit code of the process.</returns>
    public int Run(CancellationToken cancellation)
    {
        var disks = new List<IBlockDevice>();
        JitProfile? profile = settings.Profile is { } path ? LoadProfile(path) : null;
        try
        {
            int code = Run(disks, profile, cancellation);
            if (profile is not null)
                SaveProfile(profile, settings.Profile!);
            return code;
        }
        finally
        {
            foreach (IBlockDevice disk in disks)
                disk.Dispose();
        }
    }

    private int Run(List<IBlockDevice> disks, JitProfile? profile, CancellationToken cancellation)
    {
        foreach (DiskOption option in settings.Disks)
            disks.Add(option.Open());
        using SerialEnd end = SerialEnd.Open(settings.Serial, host);
        using Machine machine = Build(disks, profile, out SerialPort console);
        machine.Log.Logged += (device, message) => host.Error.WriteLine($"emu: guest error at {device}: {message}");
        if (settings.LoadState is { } saved)
            LoadState(machine, saved);
        return Run(machine, console, end, cancellation);
    }

    private Machine Build(List<IBlockDevice> disks, JitProfile? profile, out SerialPort console)
    {
        using ProgressLine? progress = host.ErrorIsTerminal ? new ProgressLine(host.Error) : null;
        MachineBuilder builder = new MachineBuilder().WithName(settings.Board.Name).WithTime(settings.Time)
            .OnGuestReset(settings.NoReboot ? ResetPolicy.Stop : ResetPolicy.Restart);
        settings.Board.Apply(builder, new BoardSettings
        {
            Cpu = settings.Cpu,
            Cpus = settings.Cpus,
            Options = settings.BoardOptions,
            Engine = new EngineOptions { Engine = settings.Engine, Profile = settings.Statistics != StatisticsFormat.None },
            Jit = new JitOptions { Profile = profile },
        });
        builder.WithMemory(settings.Memory ?? settings.Board.DefaultMemory).AddConsole(out console);
        if (progress is not null)
            builder.Services.AddSingleton<IProgress<LoadProgress>>(progress);
        if (settings.Kernel is { } kernel)
            builder.BootLinux(kernel, settings.Initrd, settings.CommandLine);
        if (settings.Firmware == "none")
            builder.WithoutFirmware();
        else if (settings.Firmware is { } firmware)
            builder.WithFirmware(firmware);
        if (settings.DeviceTree is { } tree)
            builder.WithDeviceTree(tree);
        foreach ((string path, ulong? address) in settings.Files)
            builder.LoadFile(path, address);
        for (int i = 0; i < disks.Count; i++)
            builder.AddVirtioBlock(disks[i], onPci: settings.Disks[i].OnPci, pciInterface: settings.Disks[i].PciInterface);
        if (settings.LoadState is not null)
            builder.ForSavedState();
        if (settings.Semihosting is { } semihosting)
            AddSemihosting(builder, semihosting, console);
        return builder.Build();
    }

    private void AddSemihosting(MachineBuilder builder, SemihostingOption semihosting, SerialPort console)
    {
        string? program = settings.Kernel ?? settings.Files.Select(static f => f.Path).FirstOrDefault();
        IEnumerable<string> words = semihosting.Arguments.Count > 0 ? semihosting.Arguments : new[] { program ?? "", settings.CommandLine }.Where(static w => w.Length > 0);
        builder.AddSemihosting(options =>
        {
            options.Console = console;
            options.CommandLine = string.Join(' ', words);
            (options.Directory, options.ReadOnly, options.UserMode) = (semihosting.Directory, semihosting.ReadOnly, semihosting.UserMode);
        });
    }

    private int Run(Machine machine, SerialPort console, SerialEnd end, CancellationToken cancellation)
    {
        var scope = new TerminalScope(ReferenceEquals(end.Input, host.Input) ? host.Terminal : null);
        using var session = new RunSession(settings.Timeout, cancellation);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, session.OnSignal);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, session.OnSignal);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, session.OnSignal);
        using TextWatch? until = settings.Until is { } text ? new TextWatch(console, text) : null;
        if (until is not null)
            until.Matched += machine.RequestStop;
        using var statistics = new Statistics(machine, settings.Statistics != StatisticsFormat.None);
        OutputPump? output = end.Output is null ? null : new OutputPump(console, end.Output, session.OnOutputLost);
        InputPump? input = end.Input is null ? null : new InputPump(machine, console, end.Input, scope.Terminal is null ? null : new EscapeKeys(), session.OnKey);
        if (machine.Find<Semihosting>() is { } semihosting)
        {
            void EndInput() => machine.Post(semihosting.EndInput);
            if (input is null)
                EndInput();
            else
                input.InputEnded += EndInput;
        }

        session.HelpOutput = host.Error;
        session.Attach(input);
        int code;
        try
        {
            scope.Enter();
            input?.Start();
            code = Loop(machine, session, until, input, statistics);
        }
        finally
        {
            output?.FinishAsync().GetAwaiter().GetResult();
            scope.Leave();
        }

        if (settings.SaveState is { } path)
            SaveState(machine, path);
        if (settings.Statistics != StatisticsFormat.None)
            statistics.Write(host.Error, settings.Statistics);
        return code;
    }

    private int Loop(Machine machine, RunSession session, TextWatch? until, InputPump? input, Statistics statistics)
    {
        while (true)
        {
            RunResult result = machine.Run(cancellationToken: session.NextToken());
            if (until is { Found: true })
                return ExitCodes.Success;
            switch (result.Reason)
            {
                case StopReason.PowerOff when machine.Find<Semihosting>()?.Exit is { } exit:
                    if (exit.Reason != SemihostingExit.ApplicationExit)
                        host.Error.WriteLine($"emu: the program ended with reason 0x{exit.Reason:x}");
                    return exit.Code;
                case StopReason.PowerOff:
                    return machine.Find<IReportsFailure>()?.FailureCode is { } failure ? Failed(failure) : ExitCodes.Success;
                case StopReason.Reset:
                    return ExitCodes.Success;
                case StopReason.UnhandledException or StopReason.UnmappedAccess:
                    FaultReport.Write(host.Error, machine, result);
                    return ExitCodes.GuestFault;
                case StopReason.Halted when input is { Ended: false } && Wait(input, session):
                    break;
                case StopReason.Halted when !session.Stopping:
                    host.Error.WriteLine("emu: the guest waits for an interrupt that nothing can raise");
                    return ExitCodes.GuestFault;
                default:
                    if (session.Stopping)
                        return Stopped(session);
                    if (session.TakeMonitorRequest() && input is not null && !Monitor(machine, session, input, statistics))
                        return ExitCodes.Success;
                    break;
            }
        }
    }

    private static bool Wait(InputPump input, RunSession session)
    {
        try
        {
            input.WaitForInput(session.NextToken());
        }
        catch (OperationCanceledException)
        {
            // whoever cancelled has left a note in the session
        }

        return true;
    }

    private bool Monitor(Machine machine, RunSession session, InputPump input, Statistics statistics)
    {
        try
        {
            return new MonitorPrompt(machine, input, host.Error, statistics).Run(session.NextToken());
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        finally
        {
            input.CloseMonitor();
        }
    }

    private int Stopped(RunSession session)
    {
        if (session.OutputLost)
        {
            host.Error.WriteLine("emu: the output of the console cannot be written any more");
            return ExitCodes.Failure;
        }

        if (session.Left)
            return ExitCodes.Success;
        if (session.TimedOut)
        {
            host.Error.WriteLine("emu: the time given with --timeout is over");
            return ExitCodes.Timeout;
        }

        return ExitCodes.Interrupted;
    }

    private int Failed(int code)
    {
        host.Error.WriteLine($"emu: the guest reports failure {code}");
        return ExitCodes.Failure;
    }

    // A profile only saves time: without it the run goes on.
    private JitProfile? LoadProfile(string path)
    {
        if (settings.Engine != EngineKind.Jit || !JitEngine.IsSupported)
        {
            host.Error.WriteLine($"emu: --profile: '{path}' is not used: nothing is compiled without the jit engine");
            return null;
        }

        JitProfile profile = JitProfile.Load(path, out string? problem);
        if (problem is not null)
            host.Error.WriteLine($"emu: --profile: '{path}' is not used: {problem}");
        return profile;
    }

    private void SaveProfile(JitProfile profile, string path)
    {
        try
        {
            profile.Save(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            host.Error.WriteLine($"emu: --profile: '{path}' is not written: {e.Message}");
        }
    }

    private static void LoadState(Machine machine, string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            machine.Load(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--load-state: '{path}' cannot be read: {e.Message}", e);
        }
        catch (SnapshotException e)
        {
            throw new UsageException($"--load-state: '{path}': {e.Message}", e);
        }
    }

    // A file that exists stays whole until the new one is complete.
    private static void SaveState(Machine machine, string path)
    {
        string temporary = path + ".part";
        using (FileStream stream = File.Create(temporary))
            machine.Save(stream);
        File.Move(temporary, path, overwrite: true);
    }
}
