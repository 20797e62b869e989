using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards.RiscV;

/// <summary>Options of the boards <c>riscv64-virt</c> and <c>riscv32-virt</c>.</summary>
public sealed class RiscVVirtOptions
{
    /// <summary>Most harts the board has.</summary>
    public const int MaxCpus = 8;

    private const string Extensions = "imafdc_zicbom_zicbop_zicboz_zicntr_zicond_zicsr_zifencei_zihintntl_zihintpause_zihpm_zawrs_zfa_zba_zbb_zbc_zbs_sstc_svadu";

    /// <summary>The ISA of a 64-bit board when none is given.</summary>
    public const string DefaultIsa64 = "rv64" + Extensions;

    /// <summary>The ISA of a 32-bit board when none is given.</summary>
    public const string DefaultIsa32 = "rv32" + Extensions;

    /// <summary>What the harts implement, such as <c>rv64gc_zba_zbb_sstc</c>: see <see cref="Emulation.RiscV.RiscVIsa"/>. Its width chooses between the two boards.</summary>
    public string Isa { get; set; } = DefaultIsa64;

    /// <summary>Number of harts: 1 to <see cref="MaxCpus"/>.</summary>
    public int Cpus { get; set; } = 1;

    /// <summary>Bytes of memory where <see cref="MachineBuilder.WithMemory"/> says nothing.</summary>
    public ulong Memory { get; set; } = 128.MiB();

    /// <summary>The largest address translation scheme the guest is offered: <c>sv32</c>, <c>sv39</c>, <c>sv48</c>, <c>sv57</c>; null for all that the width has.</summary>
    public string? Mmu { get; set; }

    /// <summary>How guest code is executed.</summary>
    public EngineOptions Engine { get; set; } = new() { Engine = EngineKind.Jit };

    /// <summary>Bounds of the tier-1 engine.</summary>
    public JitOptions Jit { get; set; } = new();

    /// <summary>Chooses the random numbers the guest gets. Null: the same each time in deterministic mode, and different ones in real time.</summary>
    public ulong? EntropySeed { get; set; }

    /// <summary>What the real-time clock shows at power-on. Null: 2025-01-01 00:00 UTC in deterministic mode, and the host's time in real time.</summary>
    public DateTimeOffset? Epoch { get; set; }
}
