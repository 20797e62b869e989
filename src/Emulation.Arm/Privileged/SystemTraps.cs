namespace Emulation.Arm;

/// <summary>Conditions under which accesses trap. Each gives a level, 0 for none, or -1 for UNDEFINED.</summary>
internal static class SystemTraps
{
    /// <summary>TVM and TRVM of HCR_EL2.</summary>
    public static int VirtualMemory(ArmCpu c, bool write)
        => c.ExceptionLevel == 1 && (c.Hcr & (write ? ArmCpu.HcrTvm : ArmCpu.HcrTrvm)) != 0 ? 2 : 0;

    /// <summary>ID groups 1 to 3, ACTLR and others: one bit of HCR_EL2, for EL1.</summary>
    public static Func<ArmCpu, bool, int> Hypervisor(ulong bit) => (c, _) => c.ExceptionLevel == 1 && (c.Hcr & bit) != 0 ? 2 : 0;

    /// <summary>A bit of SCTLR that lets EL0, and one of HCR_EL2 that stops EL0 and EL1.</summary>
    public static Func<ArmCpu, bool, int> User(int enable, ulong hypervisor) => (c, _) =>
    {
        if (c.ExceptionLevel == 0 && ((c.ControlOf(0) >> enable) & 1) == 0)
            return c.UserTarget;
        return c.ExceptionLevel < 2 && (c.HcrTraps & hypervisor) != 0 ? 2 : 0;
    };

    /// <summary>CPTR_EL2.TCPAC and CPTR_EL3.TCPAC.</summary>
    public static int FpControl(ArmCpu c, bool write)
    {
        const ulong Tcpac = 1UL << 31;
        if (c.ExceptionLevel == 1 && c.El2Enabled && (c[SystemSlot.CptrEl2] & Tcpac) != 0)
            return 2;
        return c.ExceptionLevel < 3 && c.Options.HasEl3 && (c[SystemSlot.CptrEl3] & Tcpac) != 0 ? 3 : 0;
    }

    /// <summary>A bit of MDCR_EL2, and one of MDCR_EL3.</summary>
    public static Func<ArmCpu, bool, int> Debug(ulong hypervisor, ulong monitor) => (c, _) =>
    {
        const ulong Tde = 1 << 8;
        if (c.ExceptionLevel < 2 && c.El2Enabled && ((c[SystemSlot.MdcrEl2] & (hypervisor | Tde)) != 0 || (c.Hcr & ArmCpu.HcrTge) != 0) && !c.IsHostUser)
            return 2;
        return c.ExceptionLevel < 3 && c.Options.HasEl3 && (c[SystemSlot.MdcrEl3] & monitor) != 0 ? 3 : 0;
    };
}
