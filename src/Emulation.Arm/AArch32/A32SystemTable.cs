namespace Emulation.Arm;

/// <summary>The system registers of CP15 that privileged code has. Arm DDI 0487, G8.2; DDI 0406, B3.17. Immutable.</summary>
internal static class A32SystemTable
{
    private static readonly Dictionary<A32SystemName, A32SystemRegister> s_rows = Rows().ToDictionary(r => r.Name);

    public static A32SystemRegister? Find(A32SystemName name)
        => s_rows.GetValueOrDefault(name) ?? (IsMaintenance(name) ? new A32SystemRegister(name, "maintenance", null, IsReadable: false) : null);

    // caches and TLBs: nothing to do while addresses are not translated
    private static bool IsMaintenance(A32SystemName name)
        => name is { Coprocessor: 15, Opc1: 0, Crn: 7, Crm: 1 or 5 or 6 or 10 or 11 or 14 } or { Coprocessor: 15, Crn: 8, Opc1: 0 };

    private static IEnumerable<A32SystemRegister> Rows()
    {
        yield return Constant(0, 0, 0, 1, "CTR", 0x8444_c004);
        yield return Constant(0, 0, 0, 2, "TCMTR", 0);
        yield return Constant(0, 0, 0, 3, "TLBTR", 0);
        yield return Constant(0, 0, 1, 0, "ID_PFR0", 0x131);
        yield return Constant(0, 0, 1, 1, "ID_PFR1", 0x11);
        yield return Constant(0, 0, 1, 2, "ID_DFR0", 0);
        yield return Constant(0, 0, 1, 3, "ID_AFR0", 0);
        yield return Constant(0, 0, 1, 4, "ID_MMFR0", 0x1010_1105);
        yield return Constant(0, 0, 1, 5, "ID_MMFR1", 0x4000_0000);
        yield return Constant(0, 0, 1, 6, "ID_MMFR2", 0x0126_0000);
        yield return Constant(0, 0, 1, 7, "ID_MMFR3", 0x0210_2211);
        yield return Constant(0, 0, 2, 0, "ID_ISAR0", 0x0210_1110);
        yield return Constant(0, 0, 2, 1, "ID_ISAR1", 0x1311_2111);
        yield return Constant(0, 0, 2, 2, "ID_ISAR2", 0x2123_2041);
        yield return Constant(0, 0, 2, 3, "ID_ISAR3", 0x1111_2131);
        yield return Constant(0, 0, 2, 4, "ID_ISAR4", 0x1001_1142);
        yield return Constant(1, 0, 0, 1, "CLIDR", 0);
        yield return Constant(1, 0, 0, 0, "CCSIDR", 0);
        yield return Stored(2, 0, 0, 0, "CSSELR", A32SystemSlot.Csselr, 0xf);
        yield return Stored(0, 1, 0, 0, "SCTLR", A32SystemSlot.Sctlr);
        yield return Stored(0, 1, 0, 1, "ACTLR", A32SystemSlot.Actlr);
        yield return Stored(0, 1, 0, 2, "CPACR", A32SystemSlot.Cpacr);
        yield return Stored(0, 1, 1, 0, "SCR", A32SystemSlot.Scr);
        yield return Stored(0, 1, 1, 2, "NSACR", A32SystemSlot.Nsacr);
        yield return Stored(0, 2, 0, 0, "TTBR0", A32SystemSlot.Ttbr0);
        yield return Stored(0, 2, 0, 1, "TTBR1", A32SystemSlot.Ttbr1);
        yield return Stored(0, 2, 0, 2, "TTBCR", A32SystemSlot.Ttbcr);
        yield return Stored(0, 3, 0, 0, "DACR", A32SystemSlot.Dacr);
        yield return Stored(0, 5, 0, 0, "DFSR", A32SystemSlot.Dfsr);
        yield return Stored(0, 5, 0, 1, "IFSR", A32SystemSlot.Ifsr);
        yield return Stored(0, 5, 1, 0, "ADFSR", A32SystemSlot.Adfsr);
        yield return Stored(0, 5, 1, 1, "AIFSR", A32SystemSlot.Aifsr);
        yield return Stored(0, 6, 0, 0, "DFAR", A32SystemSlot.Dfar);
        yield return Stored(0, 6, 0, 2, "IFAR", A32SystemSlot.Ifar);
        yield return Stored(0, 7, 4, 0, "PAR", A32SystemSlot.Par);
        yield return Stored(0, 10, 2, 0, "PRRR", A32SystemSlot.Prrr);
        yield return Stored(0, 10, 2, 1, "NMRR", A32SystemSlot.Nmrr);
        yield return Stored(0, 12, 0, 0, "VBAR", A32SystemSlot.Vbar, ~0x1fu);
        yield return Stored(0, 12, 0, 1, "MVBAR", A32SystemSlot.Mvbar, ~0x1fu);
        yield return Constant(0, 12, 1, 0, "ISR", 0);
        yield return Stored(4, 12, 0, 0, "HVBAR", A32SystemSlot.Hvbar, ~0x1fu);
        yield return Stored(0, 13, 0, 0, "FCSEIDR", A32SystemSlot.Fcseidr, 0);
        yield return Stored(0, 13, 0, 1, "CONTEXTIDR", A32SystemSlot.Contextidr);
        yield return Stored(0, 13, 0, 4, "TPIDRPRW", A32SystemSlot.Tpidrprw);
        yield return Stored(0, 14, 1, 0, "CNTKCTL", A32SystemSlot.Cntkctl);
    }

    private static A32SystemRegister Constant(int opc1, int crn, int crm, int opc2, string text, uint value)
        => new(new A32SystemName(15, opc1, crn, crm, opc2), text, null, value, IsWritable: false);

    private static A32SystemRegister Stored(int opc1, int crn, int crm, int opc2, string text, A32SystemSlot slot, uint mask = uint.MaxValue)
        => new(new A32SystemName(15, opc1, crn, crm, opc2), text, slot, Mask: mask);
}
