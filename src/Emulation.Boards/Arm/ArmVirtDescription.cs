namespace Emulation.Boards.Arm;

/// <summary>What the device tree of a <c>virt</c> board says that depends on options.</summary>
internal sealed record ArmVirtDescription
{
    public required int Cpus { get; init; }

    /// <summary>Device tree name of the CPU, such as <c>arm,cortex-a72</c>.</summary>
    public required string CpuCompatible { get; init; }

    public required bool Is64Bit { get; init; }

    public required ulong Memory { get; init; }

    public required int GicVersion { get; init; }

    public bool Secure { get; init; }

    public bool Virtualization { get; init; }

    public bool HasIts { get; init; }

    /// <summary>Whether CPUs have performance monitors.</summary>
    public bool HasPmu { get; init; }

    public bool HasPcie { get; init; }

    public ulong PcieConfig { get; init; }

    public ulong PcieConfigSize { get; init; }

    /// <summary><c>hvc</c> or <c>smc</c> where the host answers PSCI; null where firmware does.</summary>
    public string? Conduit { get; init; }

    /// <summary>32 random bytes.</summary>
    public required ReadOnlyMemory<byte> Seed { get; init; }
}
