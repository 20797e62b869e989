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
}

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
    Action<MachineBuilder, BoardSettings> Apply);

/// <summary>The boards by name.</summary>
public static class BoardCatalog
{
    /// <summary>All boards, by name.</summary>
    public static IReadOnlyList<BoardDescription> All { get; } =
    [
        RiscVVirt("riscv32-virt", 32, RiscVVirtOptions.DefaultIsa32),
        RiscVVirt("riscv64-virt", 64, RiscVVirtOptions.DefaultIsa64),
    ];

    /// <summary>Finds a board; null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public static BoardDescription? Find(string name) => All.FirstOrDefault(b => b.Name == name);

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
