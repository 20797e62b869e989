using System.Globalization;

namespace Emulation.Compare;

/// <summary>What the user asked for.</summary>
internal sealed record Options
{
    internal const string Usage = """
        usage: compare-qemu.sh [options]

          --start          measure the start: a firmware that only says a line and powers off
          --boot           measure booting to BOOT-OK and to power-off
          --bench LIST     measure the benchmark programs in LIST (comma separated, or "all")
                           (none of the three given: boot and all programs)
          --guest NAME     riscv64 (default), arm64 or armhf
          --runs N         rounds; each boots emu and QEMU once, in alternating order (default 5)
          --scale X        length of each benchmark program, 1 being a second or two (default 1)
          --engine E       emu's engine (default jit)
          --profile        emu compiles early what a run before the first round compiled; that run is not counted
          --cpus N         virtual CPUs for both (default 1)
          --timeout S      seconds after which a run has failed (default 300)
          --guests DIR     where build/guests.sh put the guests
          --report DIR     write report.md and report.svg there
          --machine NAME   how to call this machine in the report (default: its processor)

        Environment: EMU, the emu to measure (a program, or a .dll for dotnet); QEMU, the QEMU to compare
        with (default: that of the guest).
        Exit status: 0 done, 1 a run or a checksum failed, 2 wrong usage, 3 emu, QEMU or a guest is missing.
        """;

    private static readonly HashSet<string> s_valued =
        ["--guest", "--bench", "--runs", "--scale", "--engine", "--cpus", "--timeout", "--guests", "--report", "--machine"];

    public bool Start { get; init; }

    public bool Boot { get; init; } = true;

    /// <summary>Program names; empty means all; null means no benchmark.</summary>
    public IReadOnlyList<string>? Programs { get; init; } = [];

    public int Runs { get; init; } = 5;
    public double Scale { get; init; } = 1;
    public string Engine { get; init; } = "jit";

    /// <summary>Whether emu's runs share a file with what earlier ones compiled.</summary>
    public bool Profile { get; init; }

    public int Cpus { get; init; } = 1;
    public int TimeoutSeconds { get; init; } = 300;
    public string GuestsDirectory { get; init; } = "guests";
    public string? ReportDirectory { get; init; }
    public string? MachineName { get; init; }
    public string? EmuPath { get; init; }
    /// <summary>The QEMU that the environment names; null for that of the guest.</summary>
    public string? QemuPath { get; init; }

    /// <summary>The QEMU to compare with.</summary>
    public string Qemu => QemuPath ?? Guest.Qemu;

    public GuestKind Guest { get; init; } = GuestKind.All[0];

    /// <summary>Reads the command line, and EMU and QEMU through <paramref name="environment"/>.</summary>
    /// <exception cref="UsageException">An option is unknown, incomplete or out of range.</exception>
    public static Options Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var options = new Options { EmuPath = NonEmpty(environment("EMU")) };
        if (NonEmpty(environment("QEMU")) is { } qemu)
            options = options with { QemuPath = qemu };

        bool start = false, boot = false;
        IReadOnlyList<string>? programs = null;
        for (int i = 0; i < args.Count; i++)
        {
            string name = args[i];
            string value = "";
            if (s_valued.Contains(name))
                value = ++i < args.Count ? args[i] : throw new UsageException($"{name} wants a value");

            switch (name)
            {
                case "--start": start = true; break;
                case "--guest": options = options with { Guest = GuestKind.Of(value) }; break;
                case "--boot": boot = true; break;
                case "--profile": options = options with { Profile = true }; break;
                case "--bench": programs = ProgramList(value); break;
                case "--runs": options = options with { Runs = Positive(name, value) }; break;
                case "--scale": options = options with { Scale = PositiveNumber(name, value) }; break;
                case "--engine": options = options with { Engine = value }; break;
                case "--cpus": options = options with { Cpus = Positive(name, value) }; break;
                case "--timeout": options = options with { TimeoutSeconds = Positive(name, value) }; break;
                case "--guests": options = options with { GuestsDirectory = value }; break;
                case "--report": options = options with { ReportDirectory = value }; break;
                case "--machine": options = options with { MachineName = value }; break;
                default: throw new UsageException($"unknown option {name}");
            }
        }

        if (start && options.Guest.Name == "armhf")
            throw new UsageException("--start is measured with riscv64 and arm64");
        return start || boot || programs is not null ? options with { Start = start, Boot = boot, Programs = programs } : options;
    }

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string[] ProgramList(string value) =>
        value == "all" ? [] : value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Positive(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new UsageException($"{name} wants a positive number, not '{value}'");

    private static double PositiveNumber(string name, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0
            ? number
            : throw new UsageException($"{name} wants a positive number, not '{value}'");
}
