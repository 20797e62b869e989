using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>The CPU interface of a GICv3, which a device implements. Arm IHI 0069, chapter 12 "Programmers' Model", "AArch64 System register descriptions".</summary>
internal static class InterruptRegisters
{
    private static readonly (string Name, int Op1, int Crn, int Crm, int Op2, int Read, int Write)[] s_rows =
    [
        ("ICC_PMR_EL1", 0, 4, 6, 0, 1, 1),
        ("ICC_IAR0_EL1", 0, 12, 8, 0, 1, Nobody), ("ICC_EOIR0_EL1", 0, 12, 8, 1, Nobody, 1), ("ICC_HPPIR0_EL1", 0, 12, 8, 2, 1, Nobody),
        ("ICC_BPR0_EL1", 0, 12, 8, 3, 1, 1), ("ICC_AP0R0_EL1", 0, 12, 8, 4, 1, 1), ("ICC_AP0R1_EL1", 0, 12, 8, 5, 1, 1),
        ("ICC_AP0R2_EL1", 0, 12, 8, 6, 1, 1), ("ICC_AP0R3_EL1", 0, 12, 8, 7, 1, 1), ("ICC_AP1R0_EL1", 0, 12, 9, 0, 1, 1),
        ("ICC_AP1R1_EL1", 0, 12, 9, 1, 1, 1), ("ICC_AP1R2_EL1", 0, 12, 9, 2, 1, 1), ("ICC_AP1R3_EL1", 0, 12, 9, 3, 1, 1),
        ("ICC_DIR_EL1", 0, 12, 11, 1, Nobody, 1), ("ICC_RPR_EL1", 0, 12, 11, 3, 1, Nobody), ("ICC_SGI1R_EL1", 0, 12, 11, 5, Nobody, 1),
        ("ICC_ASGI1R_EL1", 0, 12, 11, 6, Nobody, 1), ("ICC_SGI0R_EL1", 0, 12, 11, 7, Nobody, 1), ("ICC_IAR1_EL1", 0, 12, 12, 0, 1, Nobody),
        ("ICC_EOIR1_EL1", 0, 12, 12, 1, Nobody, 1), ("ICC_HPPIR1_EL1", 0, 12, 12, 2, 1, Nobody), ("ICC_BPR1_EL1", 0, 12, 12, 3, 1, 1),
        ("ICC_CTLR_EL1", 0, 12, 12, 4, 1, 1), ("ICC_SRE_EL1", 0, 12, 12, 5, 1, 1), ("ICC_IGRPEN0_EL1", 0, 12, 12, 6, 1, 1),
        ("ICC_IGRPEN1_EL1", 0, 12, 12, 7, 1, 1),
        ("ICC_SRE_EL2", 4, 12, 9, 5, 2, 2), ("ICH_HCR_EL2", 4, 12, 11, 0, 2, 2), ("ICH_VTR_EL2", 4, 12, 11, 1, 2, Nobody),
        ("ICH_MISR_EL2", 4, 12, 11, 2, 2, Nobody), ("ICH_EISR_EL2", 4, 12, 11, 3, 2, Nobody), ("ICH_ELRSR_EL2", 4, 12, 11, 5, 2, Nobody),
        ("ICH_VMCR_EL2", 4, 12, 11, 7, 2, 2),
        ("ICC_CTLR_EL3", 6, 12, 12, 4, 3, 3), ("ICC_SRE_EL3", 6, 12, 12, 5, 3, 3), ("ICC_IGRPEN1_EL3", 6, 12, 12, 7, 3, 3),
    ];

    public static IEnumerable<SystemRegister> Rows()
    {
        foreach ((string name, int op1, int crn, int crm, int op2, int read, int write) in s_rows)
            yield return Row(name, Encode(3, op1, crn, crm, op2), read, write);
        for (int n = 0; n < 4; n++)
        {
            yield return Row($"ICH_AP0R{n}_EL2", Encode(3, 4, 12, 8, n), 2, 2);
            yield return Row($"ICH_AP1R{n}_EL2", Encode(3, 4, 12, 9, n), 2, 2);
        }

        for (int n = 0; n < 16; n++)
            yield return Row($"ICH_LR{n}_EL2", Encode(3, 4, 12, 12 + (n >> 3), n & 7), 2, 2);
    }

    private static SystemRegister Row(string name, int encoding, int read, int write)
        => new(name, encoding) { IsExternal = true, ReadLevel = read, WriteLevel = write };
}
