using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards.Arm;

/// <summary>Options of the boards <c>aarch64-virt</c> and <c>arm-virt</c>.</summary>
public sealed class ArmVirtOptions
{
    /// <summary>Most CPUs the board has.</summary>
    public const int MaxCpus = 8;

    /// <summary>The CPU of a 64-bit board when none is given.</summary>
    public const string DefaultCpu64 = "cortex-a72";

    /// <summary>The CPU of a 32-bit board when none is given.</summary>
    public const string DefaultCpu32 = "cortex-a15";

    /// <summary>The CPU model, null for the default: see <see cref="Emulation.Arm.ArmCpuModel"/>.</summary>
    public string? Cpu { get; set; }

    /// <summary>Whether the board is <c>arm-virt</c>, whose CPUs have AArch32 only.</summary>
    public bool Is32Bit { get; set; }

    internal string ChosenCpu => Cpu ?? (Is32Bit ? DefaultCpu32 : DefaultCpu64);

    /// <summary>Number of CPUs: 1 to <see cref="MaxCpus"/>.</summary>
    public int Cpus { get; set; } = 1;

    /// <summary>Bytes of memory where <see cref="MachineBuilder.WithMemory"/> says nothing.</summary>
    public ulong Memory { get; set; } = 256.MiB();

    /// <summary>Version of the interrupt controller: 2 or 3.</summary>
    public int GicVersion { get; set; } = 2;

    /// <summary>Whether there is EL3 and with it a Secure state, for firmware that wants it. On a 32-bit board a kernel without firmware starts in the Non-secure state.</summary>
    public bool Secure { get; set; }

    /// <summary>Whether there is EL2, for hypervisors.</summary>
    public bool Virtualization { get; set; }

    /// <summary>How guest code is executed.</summary>
    public EngineOptions Engine { get; set; } = new() { Engine = EngineKind.Jit };

    /// <summary>Bounds of the tier-1 engine.</summary>
    public JitOptions Jit { get; set; } = new();

    /// <summary>Chooses the random numbers the guest gets. Null: the same each time in deterministic mode, and different ones in real time.</summary>
    public ulong? EntropySeed { get; set; }

    /// <summary>What the real-time clock shows at power-on. Null: 2025-01-01 00:00 UTC in deterministic mode, and the host's time in real time.</summary>
    public DateTimeOffset? Epoch { get; set; }
}
