namespace Emulation.Arm;

/// <summary>The CPUs of one machine, which hear of each other's broadcasts: TLB maintenance of the shareable domains and SEV.</summary>
public sealed class ArmCpuGroup
{
    private readonly List<ArmCpu> _cpus = [];

    /// <summary>The CPUs in the order they were made.</summary>
    public IReadOnlyList<ArmCpu> Cpus => _cpus;

    internal void Add(ArmCpu cpu) => _cpus.Add(cpu);
}
