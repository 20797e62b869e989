using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>Cache and TLB maintenance and address translation of AArch32. Arm DDI 0487, G5.19, G8.2; DDI 0406, B4.2.</summary>
/// <remarks>Caches hold nothing that memory does not: maintenance of them does nothing.</remarks>
internal static class A32Maintenance
{
    private const int Shareable = 3;

    // CRm, opc2 of cache operations of CRn 7, and what of HCR_EL2 traps them
    private static readonly (int Crm, int Op2, ulong Trap)[] s_caches =
    [
        (0, 4, 0), (1, 0, ArmCpu.HcrTpu), (1, 6, 0), (5, 0, ArmCpu.HcrTpu), (5, 1, ArmCpu.HcrTpu), (5, 6, 0), (5, 7, 0), (6, 0, 0), (6, 1, ArmCpu.HcrTpcp), (6, 2, ArmCpu.HcrTsw),
        (7, 0, 0), (10, 0, 0), (10, 1, ArmCpu.HcrTpcp), (10, 2, ArmCpu.HcrTsw), (11, 1, ArmCpu.HcrTpu), (13, 1, 0), (14, 0, 0), (14, 1, ArmCpu.HcrTpcp), (14, 2, ArmCpu.HcrTsw), (15, 1, 0),
    ];

    /// <summary>Whether an operation is on caches: it changes neither mode nor mapping.</summary>
    public static bool IsForCaches(A32SystemName name)
        => name is { Coprocessor: 15, Opc1: 0, Crn: 7 } && Array.Exists(s_caches, c => c.Crm == name.Crm && c.Op2 == name.Opc2);

    public static IEnumerable<A32SystemRegister> Rows()
    {
        foreach ((int crm, int op2, ulong trap) in s_caches)
            yield return Operation(7, crm, op2, "cache maintenance", static (_, _) => { }) with { Trap = trap == 0 ? null : SystemTraps.Hypervisor(trap) };
        for (int op2 = 0; op2 < 8; op2++)
        {
            int level = (op2 & 2) == 0 ? 1 : 0;
            bool other = op2 >= 4;
            MemoryAccessKind kind = (op2 & 1) == 0 ? MemoryAccessKind.Read : MemoryAccessKind.Write;
            string name = (other ? "ATS12NSO" : "ATS1C") + (level == 1 ? "P" : "U") + ((op2 & 1) == 0 ? "R" : "W");
            A32SystemRegister row = Operation(7, 8, op2, name, (c, v) => c.TranslateA32Address(v, level, kind, other)) with { Requires = ArmFeature.V6K };
            yield return other ? row with { Trap = A32SystemTraps.SecureOnly, Exists = ExceptionRegisters.HasEl3 } : row;
        }

        for (int op2 = 0; op2 < 2; op2++)
        {
            MemoryAccessKind kind = op2 == 0 ? MemoryAccessKind.Read : MemoryAccessKind.Write;
            yield return Operation(7, 9, op2, op2 == 0 ? "ATS1CPRP" : "ATS1CPWP", (c, v) => c.TranslateA32Address(v, 1, kind, false, true)) with { Requires = ArmFeature.PAN2 };
        }

        foreach (int crm in (int[])[Shareable, 5, 6, 7])
        {
            bool broadcast = crm == Shareable;
            yield return Tlb(crm, 0, "TLBIALL", (c, _) => c.Invalidate(TlbScope.All, 0, 0, broadcast));
            yield return Tlb(crm, 1, "TLBIMVA", (c, v) => c.Invalidate(TlbScope.Address, Page(v), (uint)v & 0xff, broadcast));
            yield return Tlb(crm, 2, "TLBIASID", (c, v) => c.Invalidate(TlbScope.Asid, 0, (uint)v & 0xff, broadcast));
            yield return Tlb(crm, 3, "TLBIMVAA", (c, v) => c.Invalidate(TlbScope.AddressAllAsids, Page(v), 0, broadcast));
            if (crm is not (Shareable or 7))
                continue;
            yield return Tlb(crm, 5, "TLBIMVAL", (c, v) => c.Invalidate(TlbScope.Address, Page(v), (uint)v & 0xff, broadcast)) with { Requires = ArmFeature.V8 };
            yield return Tlb(crm, 7, "TLBIMVAAL", (c, v) => c.Invalidate(TlbScope.AddressAllAsids, Page(v), 0, broadcast)) with { Requires = ArmFeature.V8 };
        }
    }

    private static ulong Page(ulong operand) => operand & 0xffff_f000;

    private static A32SystemRegister Tlb(int crm, int opc2, string text, Action<ArmCpu, ulong> action)
        => Operation(8, crm, opc2, text, action) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTtlb) };

    private static A32SystemRegister Operation(int crn, int crm, int opc2, string text, Action<ArmCpu, ulong> action)
        => A32SystemTable.Row(0, crn, crm, opc2, text) with { IsReadable = false, Write = action };
}
