using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>Implementation-defined registers that firmware and kernels touch: they read back what was stored. Technical reference manuals of the cores.</summary>
internal static class ImplementationRegisters
{
    public static IEnumerable<SystemRegister> Rows()
    {
        (string Name, int Op1, int Crn, int Crm, int Op2, ArmCpuFamily Family)[] rows =
        [
            ("CPUACTLR_EL1", 1, 15, 2, 0, ArmCpuFamily.First), ("CPUECTLR_EL1", 1, 15, 2, 1, ArmCpuFamily.First),
            ("CPUMERRSR_EL1", 1, 15, 2, 2, ArmCpuFamily.First), ("L2MERRSR_EL1", 1, 15, 2, 3, ArmCpuFamily.First),
            ("L2CTLR_EL1", 1, 11, 0, 2, ArmCpuFamily.First), ("L2ECTLR_EL1", 1, 11, 0, 3, ArmCpuFamily.First),
            ("L2ACTLR_EL1", 1, 15, 0, 0, ArmCpuFamily.First), ("CBAR_EL1", 1, 15, 3, 0, ArmCpuFamily.First),
            ("CPUACTLR_EL1", 0, 15, 1, 0, ArmCpuFamily.Second), ("CPUACTLR2_EL1", 0, 15, 1, 1, ArmCpuFamily.Second),
            ("CPUACTLR3_EL1", 0, 15, 1, 2, ArmCpuFamily.Second), ("CPUECTLR_EL1", 0, 15, 1, 4, ArmCpuFamily.Second),
            ("CPUCFR_EL1", 0, 15, 0, 0, ArmCpuFamily.Second), ("CPUPWRCTLR_EL1", 0, 15, 2, 7, ArmCpuFamily.Second),
            ("CLUSTERCFR_EL1", 0, 15, 3, 0, ArmCpuFamily.Second), ("CLUSTERIDR_EL1", 0, 15, 3, 1, ArmCpuFamily.Second),
            ("CLUSTERACTLR_EL1", 0, 15, 3, 3, ArmCpuFamily.Second), ("CLUSTERECTLR_EL1", 0, 15, 3, 4, ArmCpuFamily.Second),
            ("CLUSTERPWRCTLR_EL1", 0, 15, 3, 5, ArmCpuFamily.Second), ("CLUSTERPWRDN_EL1", 0, 15, 3, 6, ArmCpuFamily.Second),
            ("CPUPSELR_EL3", 6, 15, 8, 0, ArmCpuFamily.Second), ("CPUPCR_EL3", 6, 15, 8, 1, ArmCpuFamily.Second),
            ("CPUPOR_EL3", 6, 15, 8, 2, ArmCpuFamily.Second), ("CPUPMR_EL3", 6, 15, 8, 3, ArmCpuFamily.Second),
        ];
        for (int i = 0; i < rows.Length; i++)
        {
            (string name, int op1, int crn, int crm, int op2, ArmCpuFamily family) = rows[i];
            var row = new SystemRegister(name, Encode(3, op1, crn, crm, op2))
            {
                Slot = SystemSlot.ImplementationFirst + i,
                Exists = c => c.Options.Model.Family == family,
                Trap = SystemTraps.Hypervisor(ArmCpu.HcrTidcp),
            };

            // bits 25:24 say how many cores there are
            yield return name == "L2CTLR_EL1"
                ? row with { Mask = ~(3UL << 24), Read = c => c[SystemSlot.ImplementationFirst + 4] | ((ulong)Math.Min(c.GroupSize, 4) - 1) << 24 }
                : row;
        }
    }
}
