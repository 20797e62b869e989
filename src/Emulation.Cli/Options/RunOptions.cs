using System.CommandLine;
using System.Globalization;
using Emulation.Boards;
using Emulation.Cli.Commands;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Cli.Options;

/// <summary>The options of emu run.</summary>
internal sealed class RunOptions
{
    private readonly Option<string> _board = Text("--board", "NAME[,OPTION=VALUE...]", "The board and options of its own: see 'emu boards'.", required: true);
    private readonly Option<int> _cpus = new("--cpus") { Description = "Number of CPUs.", DefaultValueFactory = static _ => 1, HelpName = "N" };
    private readonly Option<string> _memory = Text("--memory", "SIZE", "Memory: bytes, or a number with K, M or G.");
    private readonly Option<string> _cpu = Text("--cpu", "MODEL", "CPU model or ISA string, such as rv64gc_zba_zbb_sstc.");
    private readonly Option<string> _kernel = Text("--kernel", "F", "Kernel: ELF or Linux image, compressed or not.");
    private readonly Option<string> _initrd = Text("--initrd", "F", "Initial RAM disk.");
    private readonly Option<string> _append = Text("--append", "TEXT", "The kernel's command line.");
    private readonly Option<string> _firmware = Text("--firmware", "F|none", "Firmware: an ELF file or bytes for the start of memory; none for none. Without this option the built-in one serves the kernel.");
    private readonly Option<string[]> _load = List("--load", "F[@ADDR]", "Loads a file: with an address as it is, else an ELF file.");
    private readonly Option<string> _dtb = Text("--dtb", "F", "Device tree blob in place of the generated one.");
    private readonly Option<string[]> _disk = List("--disk", "file=F[,...]", $"Disk: {DiskOption.Syntax}; without format it is detected; overlay keeps writes in memory.");
    private readonly Option<string> _cdrom = Text("--cdrom", "F", "CD-ROM (not supported yet).");
    private readonly Option<string[]> _net = List("--net", "none|...", "Network: none (others are not supported yet).");
    private readonly Option<string[]> _serial = List("--serial", "TARGET", "First serial line: stdio (default), file:F, tcp:HOST:PORT or none.");
    private readonly Option<string> _semihosting = new("--semihosting")
    {
        Description = "Answers semihosting calls of Arm programs, on the first serial line's console; their exit code is that of the command. Files are in memory, or in the folder alone.",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = SemihostingOption.Syntax,
    };

    private readonly Option<string> _engine = Text("--engine", "NAME", "auto (default), interpreter, tier0 or jit.");
    private readonly Option<string> _time = Text("--time", "MODE", "real (default) or deterministic.");
    private readonly Option<bool> _noReboot = new("--no-reboot") { Description = "Ends when the guest asks for a reset." };
    private readonly Option<string> _until = Text("--until", "TEXT", "Ends when this text appears on the first serial line.");
    private readonly Option<double?> _timeout = new("--timeout") { Description = "Ends with exit code 3 after this many seconds of the host.", HelpName = "SECONDS" };
    private readonly Option<string> _stats = new("--stats") { Description = "Prints statistics on standard error at exit, as text or json.", Arity = ArgumentArity.ZeroOrOne, HelpName = "text|json" };
    private readonly Option<string> _profile = Text("--profile", "F", "Compiles early what runs with this file compiled before; read if it is there, written at exit.");
    private readonly Option<string> _gdb = Text("--gdb", "PORT", "GDB server (not supported yet).");
    private readonly Option<string> _qmp = Text("--qmp", "SOCKET", "QMP server (not supported yet).");
    private readonly Option<string> _saveState = Text("--save-state", "F", "Saves the machine's state into this file at exit.");
    private readonly Option<string> _loadState = Text("--load-state", "F", "Goes on from a saved state; board, CPUs, memory and devices must be the same.");

    public IEnumerable<Option> All =>
    [
        _board, _cpus, _memory, _cpu, _kernel, _initrd, _append, _firmware, _load, _dtb, _disk, _cdrom, _net, _serial, _semihosting, _engine, _time, _noReboot,
        _until, _timeout, _stats, _gdb, _qmp, _saveState, _loadState, _profile,
    ];

    /// <summary>Reads what was given.</summary>
    /// <exception cref="UsageException">It makes no sense, or is not there yet.</exception>
    public RunSettings Read(ParseResult result)
    {
        Reject(result, _cdrom, "--cdrom");
        Reject(result, _gdb, "--gdb");
        Reject(result, _qmp, "--qmp");
        foreach (string net in result.GetValue(_net) ?? [])
        {
            if (net != "none")
                throw new UsageException($"--net {net}: networks are not supported yet; only none is");
        }

        (BoardDescription board, IReadOnlyDictionary<string, string> boardOptions) = ReadBoard(result.GetValue(_board)!);
        int cpus = result.GetValue(_cpus);
        if (cpus < 1 || cpus > board.MaxCpus)
            throw new UsageException($"--cpus: {board.Name} has 1 to {board.MaxCpus} CPUs, not {cpus}");
        string[] serial = result.GetValue(_serial) ?? [];
        if (serial.Length > 1)
            throw new UsageException($"--serial: {board.Name} has one serial line");
        double? timeout = result.GetValue(_timeout);
        if (timeout is not null and (not (> 0 and < 1e7)))
            throw new UsageException($"--timeout: {timeout.Value.ToString(CultureInfo.InvariantCulture)} seconds is out of range");
        string? kernel = result.GetValue(_kernel), append = result.GetValue(_append), initrd = result.GetValue(_initrd);
        if (kernel is null && (append is not null || initrd is not null))
            throw new UsageException($"{(append is not null ? "--append" : "--initrd")} needs --kernel");
        return new RunSettings
        {
            Board = board,
            BoardOptions = boardOptions,
            Cpus = cpus,
            Memory = result.GetValue(_memory) is { } memory ? SizeText.ParseSize(memory, "--memory") : null,
            Cpu = result.GetValue(_cpu),
            Kernel = kernel,
            Initrd = initrd,
            CommandLine = append ?? "",
            Firmware = result.GetValue(_firmware),
            Files = [.. (result.GetValue(_load) ?? []).Select(SizeText.ParsePlaced)],
            DeviceTree = result.GetValue(_dtb),
            Disks = [.. (result.GetValue(_disk) ?? []).Select(DiskOption.Parse)],
            Serial = SerialOption.Parse(serial is [var one] ? one : "stdio"),
            Semihosting = result.GetResult(_semihosting) is null ? null : SemihostingOption.Parse(result.GetValue(_semihosting)),
            Engine = ReadEngine(result.GetValue(_engine)),
            Time = ReadTime(result.GetValue(_time)),
            NoReboot = result.GetValue(_noReboot),
            Until = result.GetValue(_until) is "" ? throw new UsageException("--until: the text is empty") : result.GetValue(_until),
            Timeout = timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Statistics = ReadStatistics(result),
            SaveState = result.GetValue(_saveState),
            LoadState = result.GetValue(_loadState),
            Profile = result.GetValue(_profile) is "" ? throw new UsageException("--profile: the name is empty") : result.GetValue(_profile),
        };
    }

    private static (BoardDescription Board, IReadOnlyDictionary<string, string> Options) ReadBoard(string text)
    {
        string[] parts = text.Split(',');
        BoardDescription board = BoardCatalog.Find(parts[0]) ?? throw BoardsCommand.Unknown(parts[0]);
        var options = new Dictionary<string, string>();
        foreach (string part in parts.AsSpan(1))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            (string name, string value) = equals < 0 ? (part, "on") : (part[..equals], part[(equals + 1)..]);
            BoardOption option = board.Options.FirstOrDefault(o => o.Name == name)
                ?? throw new UsageException($"--board: {board.Name} has no option '{name}'{(board.Options.Count == 0 ? "" : $"; there are {string.Join(", ", board.Options.Select(static o => o.Name))}")}");
            if (!option.Values.Contains(value))
                throw new UsageException($"--board: {name} is {string.Join(" or ", option.Values)}, not '{value}'");
            options[name] = value;
        }

        return (board, options);
    }

    private static EngineKind ReadEngine(string? text) => text switch
    {
        null or "auto" => EngineKind.Jit,
        "interpreter" => EngineKind.Interpreter,
        "tier0" => EngineKind.Tier0,
        "jit" => EngineKind.Jit,
        "kvm" => throw new UsageException("--engine kvm is not supported yet; there are auto, interpreter, tier0 and jit"),
        _ => throw new UsageException($"--engine: there is no '{text}'; there are auto, interpreter, tier0 and jit"),
    };

    private static TimeMode ReadTime(string? text) => text switch
    {
        null or "real" => TimeMode.RealTime,
        "deterministic" => TimeMode.Deterministic,
        _ => throw new UsageException($"--time: there is no '{text}'; there are real and deterministic"),
    };

    private StatisticsFormat ReadStatistics(ParseResult result)
    {
        if (result.GetResult(_stats) is null)
            return StatisticsFormat.None;
        return result.GetValue(_stats) switch
        {
            null or "text" => StatisticsFormat.Text,
            "json" => StatisticsFormat.Json,
            string other => throw new UsageException($"--stats: there is no '{other}'; there are text and json"),
        };
    }

    private static void Reject(ParseResult result, Option option, string name)
    {
        if (result.GetResult(option) is not null)
            throw new UsageException($"{name} is not supported yet");
    }

    private static Option<string> Text(string name, string value, string description, bool required = false)
        => new(name) { Description = description, HelpName = value, Required = required };

    private static Option<string[]> List(string name, string value, string description)
        => new(name) { Description = description, HelpName = value, Arity = ArgumentArity.OneOrMore };
}
