using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>Registers of AArch32 that have the same fields as their AArch64 twins: generic timer, performance monitors, thread IDs. Arm DDI 0487, G8.4, G8.7.</summary>
internal static class A32TimerRegisters
{
    public static IEnumerable<A32SystemRegister> Rows()
    {
        yield return User(0, 14, 0, 0, "CNTFRQ", true, false, ArmFeature.V7);
        yield return A32SystemTable.Row(0, 14, 1, 0, "CNTKCTL") with { Twin = Encode(3, 0, 14, 1, 0), Requires = ArmFeature.V7 };
        foreach ((int crm, string name) in ((int, string)[])[(2, "CNTP"), (3, "CNTV")])
        {
            yield return User(0, 14, crm, 0, name + "_TVAL", true, true, ArmFeature.V7) with { IsBanked = crm == 2 };
            yield return User(0, 14, crm, 1, name + "_CTL", true, true, ArmFeature.V7) with { IsBanked = crm == 2 };
            yield return A32SystemTable.Wide(crm, 14, name + "_CVAL") with
            {
                Twin = Encode(3, 3, 14, crm, 2),
                UserReads = true,
                UserWrites = true,
                Requires = ArmFeature.V7,
                IsBanked = crm == 2,
            };
        }

        yield return A32SystemTable.Wide(0, 14, "CNTPCT") with { Twin = Encode(3, 3, 14, 0, 1), UserReads = true, IsWritable = false, Requires = ArmFeature.V7 };
        yield return A32SystemTable.Wide(1, 14, "CNTVCT") with { Twin = Encode(3, 3, 14, 0, 2), UserReads = true, IsWritable = false, Requires = ArmFeature.V7 };
        (int Crm, int Op2, string Name)[] monitors =
        [
            (12, 0, "PMCR"),
            (12, 1, "PMCNTENSET"),
            (12, 2, "PMCNTENCLR"),
            (12, 3, "PMOVSR"),
            (12, 4, "PMSWINC"),
            (12, 5, "PMSELR"),
            (12, 6, "PMCEID0"),
            (12, 7, "PMCEID1"),
            (13, 0, "PMCCNTR"),
            (13, 1, "PMXEVTYPER"),
            (13, 2, "PMXEVCNTR"),
        ];
        foreach ((int crm, int op2, string name) in monitors)
            yield return User(0, 9, crm, op2, name, true, true, ArmFeature.V7) with { IsReadable = op2 != 4 || crm != 12, IsWritable = (crm, op2) is not ((12, 6) or (12, 7)) };
        yield return User(0, 9, 14, 0, "PMUSERENR", true, false, ArmFeature.V7);
        yield return A32SystemTable.Row(0, 9, 14, 1, "PMINTENSET") with { Twin = Encode(3, 0, 9, 14, 1), Requires = ArmFeature.V7 };
        yield return A32SystemTable.Row(0, 9, 14, 2, "PMINTENCLR") with { Twin = Encode(3, 0, 9, 14, 2), Requires = ArmFeature.V7 };
        yield return User(0, 9, 14, 3, "PMOVSSET", true, true, ArmFeature.V7);
        yield return A32SystemTable.Wide(0, 9, "PMCCNTR") with { Twin = Encode(3, 3, 9, 13, 0), UserReads = true, UserWrites = true, Requires = ArmFeature.V8 };
        for (int n = 0; n < PerformanceCounters.Count; n++)
        {
            yield return User(0, 14, 8, n, $"PMEVCNTR{n}", true, true, ArmFeature.V8);
            yield return User(0, 14, 12, n, $"PMEVTYPER{n}", true, true, ArmFeature.V8);
        }

        yield return User(0, 14, 15, 7, "PMCCFILTR", true, true, ArmFeature.V8);
    }

    private static A32SystemRegister User(int opc1, int crn, int crm, int opc2, string text, bool reads, bool writes, ArmFeature requires)
        => A32SystemTable.Row(opc1, crn, crm, opc2, text) with { Twin = Encode(3, 3, crn, crm, opc2), UserReads = reads, UserWrites = writes, Requires = requires };
}
