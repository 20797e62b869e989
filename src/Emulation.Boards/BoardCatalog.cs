using Emulation.Boards.Arm;
using Emulation.Boards.Mcu;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards;

/// <summary>What a user may choose about any board.</summary>
public sealed record BoardSettings
{
    /// <summary>The CPU model or instruction set, in the words of the board's architecture; null for the board's default.</summary>
    public string? Cpu { get; init; }

    /// <summary>Number of vCPUs.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>How guest code is executed.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>Bounds of the tier-1 engine, and its profile.</summary>
    public JitOptions Jit { get; init; } = new();

    /// <summary>Values of the board's own options (<see cref="BoardDescription.Options"/>) that are not the defaults.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    internal bool IsOn(string option) => Options.TryGetValue(option, out string? value) && value == "on";
}

/// <summary>An option that one board has and others have not.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">The values there are; the first is the default.</param>
/// <param name="Summary">A few words about it.</param>
public sealed record BoardOption(string Name, IReadOnlyList<string> Values, string Summary);

/// <summary>A board that can be chosen by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">One sentence about it.</param>
/// <param name="Architecture">Its instruction set.</param>
/// <param name="MaxCpus">Most vCPUs.</param>
/// <param name="DefaultMemory">Bytes of memory when none are asked for.</param>
/// <param name="DefaultCpu">The CPU when none is asked for.</param>
/// <param name="Apply">Makes a builder build it.</param>
public sealed record BoardDescription(
    string Name,
    string Summary,
    string Architecture,
    int MaxCpus,
    ulong DefaultMemory,
    string DefaultCpu,
    Action<MachineBuilder, BoardSettings> Apply)
{
    /// <summary>The options that only this board has.</summary>
    public IReadOnlyList<BoardOption> Options { get; init; } = [];
}

/// <summary>The boards by name.</summary>
public static class BoardCatalog
{
    /// <summary>All boards, by name.</summary>
    public static IReadOnlyList<BoardDescription> All { get; } =
    [
        new(
            "aarch64-virt",
            "Arm 64-bit machine with virtio, as firmware and kernels know it",
            "Arm",
            ArmVirtOptions.MaxCpus,
            new ArmVirtOptions().Memory,
            ArmVirtOptions.DefaultCpu64,
            static (builder, settings) => builder.UseArmVirt(options =>
            {
                options.Cpu = settings.Cpu ?? ArmVirtOptions.DefaultCpu64;
                options.Cpus = settings.Cpus;
                options.Engine = settings.Engine;
                options.Jit = settings.Jit;
                options.GicVersion = GicVersion(settings);
                options.Secure = settings.IsOn("secure");
                options.Virtualization = settings.IsOn("virtualization");
            }))
        {
            Options =
            [
                Gic,
                new("secure", ["off", "on"], "whether there is EL3, for firmware that wants it"),
                new("virtualization", ["off", "on"], "whether there is EL2"),
            ],
        },
        new(
            "arm-virt",
            "Arm 32-bit machine with virtio, as kernels know it",
            "Arm",
            ArmVirtOptions.MaxCpus,
            new ArmVirtOptions().Memory,
            ArmVirtOptions.DefaultCpu32,
            static (builder, settings) => builder.UseArmVirt(options =>
            {
                options.Is32Bit = true;
                options.Cpu = settings.Cpu;
                options.Cpus = settings.Cpus;
                options.Engine = settings.Engine;
                options.Jit = settings.Jit;
                options.GicVersion = GicVersion(settings);
                options.Secure = settings.IsOn("secure");
            }))
        {
            Options = [Gic, new("secure", ["off", "on"], "whether there is a Secure state; firmware starts in it, a kernel in the Non-secure state")],
        },
        new(
            "lm3s6965evb",
            "LM3S6965 evaluation board with a Stellaris LM3S6965 microcontroller",
            "Arm",
            1,
            Lm3s6965EvbBoard.Memory,
            "cortex-m3",
            static (builder, settings) => Mcu(builder, settings, "lm3s6965evb").UseLm3s6965Evb(options =>
            {
                options.Engine = settings.Engine;
                options.Jit = settings.Jit;
            })),
        new(
            "microbit",
            "BBC micro:bit V1 with a Nordic nRF51822 microcontroller",
            "Arm",
            1,
            MicrobitOptions.Memory,
            "cortex-m0",
            static (builder, settings) => Mcu(builder, settings, "microbit").UseMicrobit(options =>
            {
                options.Engine = settings.Engine;
                options.Jit = settings.Jit;
            })),
        Mps2("mps2-an385", Mps2Image.An385, "cortex-m3"),
        Mps2("mps2-an386", Mps2Image.An386, "cortex-m4f"),
        new(
            "mps2-an505",
            "Arm MPS2+ FPGA board, application note 505, with TrustZone",
            "Arm",
            1,
            Mps2An505Board.Memory,
            "cortex-m33",
            static (builder, settings) => Mcu(builder, settings, "mps2-an505").UseMps2An505(options =>
            {
                options.MpuRegions = settings.Options.TryGetValue("mpu-regions", out string? regions) && regions == "16" ? 16 : 8;
                options.InstantSerial = settings.Options.TryGetValue("serial", out string? serial) && serial == "instant";
                options.Engine = settings.Engine;
                options.Jit = settings.Jit;
            }))
        {
            Options = [Serial, new("mpu-regions", ["8", "16"], "regions of each MPU: as many as the board has, or as emulators used to have")],
        },
        RiscVVirt("riscv32-virt", 32, RiscVVirtOptions.DefaultIsa32),
        RiscVVirt("riscv64-virt", 64, RiscVVirtOptions.DefaultIsa64),
        new(
            "sifive-e",
            "HiFive1 with a SiFive FE310 microcontroller",
            "RISC-V",
            1,
            SifiveEOptions.Memory,
            "rv32imac",
            static (builder, settings) => Mcu(builder, settings, "sifive-e").UseSifiveE(options =>
            {
                options.Chip = settings.Options.TryGetValue("chip", out string? chip) && chip == "fe310-g002" ? SifiveEChip.Fe310G002 : SifiveEChip.Fe310G000;
                options.Engine = settings.Engine;
                options.Jit = settings.Jit;
            }))
        {
            Options = [new("chip", ["fe310-g000", "fe310-g002"], "the chip: that of the HiFive1 or of the HiFive1 Rev B")],
        },
        new(
            "stm32f4-discovery",
            "STM32F4DISCOVERY with an STM32F407VG microcontroller",
            "Arm",
            1,
            Stm32F4DiscoveryBoard.Memory,
            "cortex-m4f",
            static (builder, settings) => Mcu(builder, settings, "stm32f4-discovery").UseStm32F4Discovery(options =>
            {
                options.BootMode = settings.Options.TryGetValue("boot", out string? boot) ? boot switch { "system" => 1, "sram" => 3, _ => 0 } : 0;
                options.Engine = settings.Engine;
                options.Jit = settings.Jit;
            }))
        {
            Options = [new("boot", ["flash", "system", "sram"], "what the BOOT pins choose")],
        },
    ];

    /// <summary>Finds a board; null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public static BoardDescription? Find(string name) => All.FirstOrDefault(b => b.Name == name);

    // a microcontroller has the CPU it has
    private static MachineBuilder Mcu(MachineBuilder builder, BoardSettings settings, string name) => builder.Configure(context =>
    {
        if (settings.Cpu is { } cpu)
            context.Error($"{name} has one CPU, which cannot be chosen: '{cpu}'");
        if (settings.Cpus != 1)
            context.Error($"{name} has one CPU, not {settings.Cpus}");
    });

    private static BoardDescription Mps2(string name, Mps2Image image, string cpu) => new(
        name,
        $"Arm MPS2 FPGA board, application note {name[^3..]}",
        "Arm",
        1,
        Mps2Board.Memory,
        cpu,
        (builder, settings) => Mcu(builder, settings, name).UseMps2(options =>
        {
            options.Image = image;
            options.InstantSerial = settings.Options.TryGetValue("serial", out string? serial) && serial == "instant";
            options.Engine = settings.Engine;
            options.Jit = settings.Jit;
        }))
    {
        Options = [Serial],
    };

    private static BoardOption Serial => new("serial", ["timed", "instant"], "whether characters take their time, or none: for firmware that does not wait for the line");

    private static BoardOption Gic => new("gic", ["2", "3"], "version of the interrupt controller");

    private static int GicVersion(BoardSettings settings) => settings.Options.TryGetValue("gic", out string? gic) && gic == "3" ? 3 : 2;

    private static BoardDescription RiscVVirt(string name, int bits, string isa) => new(
        name,
        $"RISC-V {bits}-bit machine with virtio, as firmware and kernels know it",
        "RISC-V",
        RiscVVirtOptions.MaxCpus,
        new RiscVVirtOptions().Memory,
        isa,
        (builder, settings) =>
        {
            string chosen = settings.Cpu ?? isa;
            string prefix = $"rv{bits}";
            builder.UseRiscVVirt(options =>
            {
                options.Isa = chosen;
                options.Cpus = settings.Cpus;
                options.Engine = settings.Engine;
                options.Jit = settings.Jit;
            });
            builder.Configure(context =>
            {
                if (!chosen.TrimStart().StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    context.Error($"'{chosen}' is no CPU for {name}: an ISA string that begins with {prefix} is needed, such as {prefix}gc_zba_zbb_sstc");
            });
        });
}
