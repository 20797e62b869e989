using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>Cache and TLB maintenance and address translation of AArch32. Arm DDI 0487, G5.19, G8.2; DDI 0406, B4.2.</summary>
/// <remarks>Caches hold nothing that memory does not: maintenance of them does nothing.</remarks>
internal static class A32Maintenance
{
    private const int Shareable = 3;

    // CRm, opc2 of cache operations of CRn 7
    private static readonly (int Crm, int Op2)[] s_caches =
    [
        (0, 4), (1, 0), (1, 6), (5, 0), (5, 1), (5, 6), (5, 7), (6, 0), (6, 1), (6, 2), (7, 0), (10, 0), (10, 1), (10, 2), (11, 1), (13, 1), (14, 0), (14, 1), (14, 2), (15, 1),
    ];

    /// <summary>Whether an operation is on caches: it changes neither mode nor mapping.</summary>
    public static bool IsForCaches(A32SystemName name)
        => name is { Coprocessor: 15, Opc1: 0, Crn: 7 } && Array.Exists(s_caches, c => c.Crm == name.Crm && c.Op2 == name.Opc2);

    public static IEnumerable<A32SystemRegister> Rows()
    {
        foreach ((int crm, int op2) in s_caches)
            yield return Operation(7, crm, op2, "cache maintenance", static (_, _) => { });
        for (int op2 = 0; op2 < 4; op2++)
        {
            int level = op2 >> 1 == 0 ? 1 : 0;
            MemoryAccessKind kind = (op2 & 1) == 0 ? MemoryAccessKind.Read : MemoryAccessKind.Write;
            yield return Operation(7, 8, op2, "ATS1C" + (level == 1 ? "P" : "U") + ((op2 & 1) == 0 ? "R" : "W"), (c, v) => c.TranslateA32Address(v, level, kind)) with { Requires = ArmFeature.V6K };
        }

        foreach (int crm in (int[])[Shareable, 5, 6, 7])
        {
            bool broadcast = crm == Shareable;
            yield return Operation(8, crm, 0, "TLBIALL", (c, _) => c.Invalidate(TlbScope.All, 0, 0, broadcast));
            yield return Operation(8, crm, 1, "TLBIMVA", (c, v) => c.Invalidate(TlbScope.Address, Page(v), (uint)v & 0xff, broadcast));
            yield return Operation(8, crm, 2, "TLBIASID", (c, v) => c.Invalidate(TlbScope.Asid, 0, (uint)v & 0xff, broadcast));
            yield return Operation(8, crm, 3, "TLBIMVAA", (c, v) => c.Invalidate(TlbScope.AddressAllAsids, Page(v), 0, broadcast));
        }
    }

    private static ulong Page(ulong operand) => operand & 0xffff_f000;

    private static A32SystemRegister Operation(int crn, int crm, int opc2, string text, Action<ArmCpu, ulong> action)
        => A32SystemTable.Row(0, crn, crm, opc2, text) with { IsReadable = false, Write = action };
}
