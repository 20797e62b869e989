namespace Emulation.Arm;

/// <summary>Where accesses to CP14 and CP15 trap. Arm DDI 0487, G8.1, D17.2.50 "HSTR_EL2".</summary>
internal static class A32SystemTraps
{
    private const int Implementation = 1 << 9 | 1 << 10 | 1 << 11;      // CRn

    /// <summary>Where an access traps.</summary>
    /// <param name="cpu">Which accesses.</param>
    /// <param name="name">The register.</param>
    /// <param name="row">It; null for none.</param>
    /// <param name="writes">The direction.</param>
    /// <returns>0 for nowhere, -1 when it is UNDEFINED, else a level.</returns>
    public static int Of(ArmCpu cpu, A32SystemName name, A32SystemRegister? row, bool writes)
    {
        if (TrapsImplementation(cpu, name))
            return 2;
        if (row is null || !cpu.Isa.Has(row.Requires) || (row.Exists is { } here && !here(cpu)))
            return -1;
        if (TrapsPrimary(cpu, name))
            return 2;
        if (row.Trap is { } own && own(cpu, writes) is var target and not 0)
            return target;
        if (row.Twin == 0)
            return 0;
        SystemRegister twin = SystemRegisterTable.Find(row.Twin)!;
        if (twin.Exists is { } exists && !exists(cpu))
            return -1;
        if (twin.IsVirtualMemory)
            return SystemTraps.VirtualMemory(cpu, writes);
        return twin.Trap is { } trap ? trap(cpu, writes) : 0;
    }

    /// <summary>Registers of EL3: UNDEFINED in the Non-secure state. An EL3 in AArch64 takes accesses of the Secure EL1.</summary>
    public static int SecureOnly(ArmCpu cpu, bool writes) => !cpu.IsSecure ? -1 : cpu.HasMonitor ? 0 : 3;

    /// <summary>NSACR: the Non-secure state reads it.</summary>
    public static int SecureWrites(ArmCpu cpu, bool writes) => !writes && !cpu.IsSecure ? 0 : SecureOnly(cpu, writes);

    // HSTR_EL2.T<n>: by CRn, or by CRm of pairs
    private static bool TrapsPrimary(ArmCpu cpu, A32SystemName name)
    {
        if (name.Coprocessor != 15 || !cpu.El2Enabled || cpu.IsHostUser || cpu.ExceptionLevel > 1)
            return false;
        int n = name.Crn == A32SystemName.Pair ? name.Crm : name.Crn;
        return n is not (4 or 14) && ((cpu[SystemSlot.HstrEl2] >> n) & 1) != 0;
    }

    // HCR_EL2.TIDCP: the space of CP15 that implementations have for themselves
    private static bool TrapsImplementation(ArmCpu cpu, A32SystemName name)
    {
        if (name.Coprocessor != 15 || name.Crn == A32SystemName.Pair || (Implementation & (1 << name.Crn)) == 0 || (cpu.HcrTraps & ArmCpu.HcrTidcp) == 0
            || cpu.ExceptionLevel != 1)
        {
            return false;
        }

        return name.Crn switch
        {
            9 => name.Crm is <= 2 or (>= 5 and <= 8),
            10 => name.Crm is 0 or 1 or 4 or 8,
            _ => name.Crm is <= 8 or 15,
        };
    }
}
