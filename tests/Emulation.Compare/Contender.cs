using System.Diagnostics;
using System.Globalization;

namespace Emulation.Compare;

/// <summary>An emulator, and how it is told to boot a scenario.</summary>
internal sealed class Contender
{
    private readonly string[] _command;
    private readonly Func<Scenario, IEnumerable<string>> _arguments;

    private Contender(string name, string[] command, Func<Scenario, IEnumerable<string>> arguments)
    {
        Name = name;
        _command = command;
        _arguments = arguments;
    }

    public string Name { get; }

    public static Contender Emu(Options options)
    {
        string path = options.EmuPath ?? throw new MissingPartException(
            "no emu to measure: set EMU, or run this through build/compare-qemu.sh, which builds it");
        string program = FindProgram(path) ?? throw new MissingPartException($"EMU names {path}, which is not there");
        string[] command = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? ["dotnet", program] : [program];
        return new Contender("emu", command, scenario => EmuArguments(options, scenario));
    }

    public static Contender Qemu(Options options)
    {
        string program = FindProgram(options.Qemu) ?? throw new MissingPartException($"there is no {options.Qemu}; Debian and Ubuntu have it in qemu-system-misc and qemu-system-arm");
        return new Contender("qemu", [program], scenario => QemuArguments(options, scenario));
    }

    /// <summary>A command that boots <paramref name="scenario"/> with its console on standard input and output.</summary>
    public ProcessStartInfo Start(Scenario scenario) => Command(_arguments(scenario));

    /// <summary>The first line that <c>--version</c> prints, or "unknown".</summary>
    public string Version()
    {
        using var process = Process.Start(Command(["--version"]));
        if (process is null)
            return "unknown";
        process.StandardInput.Close();
        _ = process.StandardError.ReadToEndAsync();
        string line = process.StandardOutput.ReadToEnd().Split('\n')[0].Trim();
        process.WaitForExit();
        return process.ExitCode == 0 && line.Length > 0 ? line : "unknown";
    }

    private static IEnumerable<string> EmuArguments(Options options, Scenario scenario)
    {
        string[] arguments =
        [
            "run", "--board", options.Guest.Board, .. options.Guest.BoardOptions, "--memory", "512M", "--cpus", Text(options.Cpus),
            .. scenario.Firmware is { } firmware ? ["--firmware", firmware] : (string[])["--kernel", scenario.Kernel, "--initrd", scenario.Initrd, "--append", scenario.Append],
            "--engine", options.Engine, "--time", "real", "--stats", "json", "--timeout", Text(options.TimeoutSeconds),
        ];
        if (scenario.Profile is { } profile)
            arguments = [.. arguments, "--profile", profile];
        return scenario.Disk is { } disk ? [.. arguments, "--disk", $"file={disk},format=raw,readonly"] : arguments;
    }

    private static IEnumerable<string> QemuArguments(Options options, Scenario scenario)
    {
        string[] arguments =
        [
            .. options.Guest.QemuMachine, "-accel", "tcg", "-smp", Text(options.Cpus), "-m", "512M", "-nographic", "-no-reboot", "-nic", "none",
            .. scenario.Firmware is { } firmware ? ["-bios", firmware] : (string[])["-kernel", scenario.Kernel, "-initrd", scenario.Initrd, "-append", scenario.Append],
        ];
        return scenario.Disk is { } disk
            ? [.. arguments, "-drive", $"if=none,id=disk,format=raw,readonly=on,file={disk}", "-device", "virtio-blk-device,drive=disk"]
            : arguments;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? FindProgram(string path)
    {
        if (path.Contains('/') || path.Contains(Path.DirectorySeparatorChar))
            return File.Exists(path) ? Path.GetFullPath(path) : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, path)).FirstOrDefault(File.Exists);
    }

    private ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(_command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in _command.Skip(1).Concat(arguments))
            info.ArgumentList.Add(argument);
        return info;
    }
}
