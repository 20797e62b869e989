using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>Identification. What the feature registers say follows from what the CPU has. Arm DDI 0487, D17.2, "ID_AA64*".</summary>
internal static class IdRegisters
{
    private const int Group = (3 << 14);                 // op0 = 3, op1 = 0, CRn = 0

    /// <summary>Fields of the feature registers: CRm and op2, lowest bit, what it takes, the value then. The greatest holds.</summary>
    private static readonly (int Crm, int Op2, int Shift, ArmFeature Feature, ulong Value)[] s_fields =
    [
        (4, 0, 28, ArmFeature.RAS, 1), (4, 0, 48, ArmFeature.DIT, 1), (4, 0, 56, ArmFeature.CSV2, 1), (4, 0, 60, ArmFeature.CSV3, 1),
        (4, 1, 0, ArmFeature.BTI, 1), (4, 1, 4, ArmFeature.SSBS, 2),
        (5, 0, 8, ArmFeature.PMUv3, 1),
        (6, 0, 4, ArmFeature.AES, 1), (6, 0, 4, ArmFeature.PMULL, 2), (6, 0, 8, ArmFeature.SHA1, 1), (6, 0, 12, ArmFeature.SHA256, 1), (6, 0, 12, ArmFeature.SHA512, 2),
        (6, 0, 16, ArmFeature.CRC32, 1), (6, 0, 20, ArmFeature.LSE, 2), (6, 0, 20, ArmFeature.LSE128, 3), (6, 0, 28, ArmFeature.RDM, 1), (6, 0, 32, ArmFeature.SHA3, 1),
        (6, 0, 36, ArmFeature.SM3, 1), (6, 0, 40, ArmFeature.SM4, 1), (6, 0, 48, ArmFeature.FHM, 1), (6, 0, 60, ArmFeature.RNG, 1),
        (6, 0, 44, ArmFeature.DotProd, 1), (6, 0, 52, ArmFeature.FlagM, 1), (6, 0, 52, ArmFeature.FlagM2, 2),
        (6, 0, 56, ArmFeature.TLBIOS, 1), (6, 0, 56, ArmFeature.TLBIRANGE, 2),
        (6, 1, 0, ArmFeature.DPB, 1), (6, 1, 0, ArmFeature.DPB2, 2), (6, 1, 12, ArmFeature.JSCVT, 1), (6, 1, 20, ArmFeature.LRCPC, 1),
        (6, 1, 16, ArmFeature.FCMA, 1), (6, 1, 20, ArmFeature.LRCPC3, 3), (6, 1, 44, ArmFeature.BF16, 1), (6, 1, 52, ArmFeature.I8MM, 1), (6, 1, 56, ArmFeature.XS, 1),
        (6, 2, 0, ArmFeature.WFxT, 2), (6, 2, 16, ArmFeature.MOPS, 1), (6, 2, 20, ArmFeature.HBC, 1), (6, 2, 52, ArmFeature.CSSC, 1),
        (6, 1, 20, ArmFeature.LRCPC2, 2), (6, 1, 32, ArmFeature.FRINTTS, 1), (6, 1, 36, ArmFeature.SB, 1),
        (7, 0, 20, ArmFeature.LPA2, 2), (7, 0, 28, ArmFeature.LPA2, 1), (7, 0, 60, ArmFeature.ECV, 2),
        (7, 1, 0, ArmFeature.HAFDBS, 2), (7, 1, 4, ArmFeature.VMID16, 2), (7, 1, 8, ArmFeature.VHE, 1), (7, 1, 12, ArmFeature.HPDS, 1),
        (7, 1, 16, ArmFeature.LOR, 1), (7, 1, 20, ArmFeature.PAN, 1), (7, 1, 20, ArmFeature.PAN2, 2), (7, 1, 28, ArmFeature.XNX, 1), (7, 1, 40, ArmFeature.HCX, 1),
        (7, 2, 0, ArmFeature.TTCNP, 1), (7, 2, 4, ArmFeature.UAO, 1), (7, 2, 16, ArmFeature.LVA, 1), (7, 2, 20, ArmFeature.CCIDX, 1),
        (7, 2, 28, ArmFeature.TTST, 1), (7, 2, 32, ArmFeature.LSE2, 1), (7, 2, 36, ArmFeature.IDST, 1), (7, 2, 40, ArmFeature.S2FWB, 1),
        (7, 2, 48, ArmFeature.TTL, 1), (7, 2, 52, ArmFeature.BBM, 2), (7, 2, 60, ArmFeature.E0PD, 1),
    ];

    // registers of the 64-bit group that have a name
    private static readonly (int Crm, int Op2, string Name)[] s_names =
    [
        (4, 0, "ID_AA64PFR0_EL1"), (4, 1, "ID_AA64PFR1_EL1"), (4, 4, "ID_AA64ZFR0_EL1"), (4, 5, "ID_AA64SMFR0_EL1"), (5, 0, "ID_AA64DFR0_EL1"),
        (5, 1, "ID_AA64DFR1_EL1"), (5, 4, "ID_AA64AFR0_EL1"), (5, 5, "ID_AA64AFR1_EL1"), (6, 0, "ID_AA64ISAR0_EL1"), (6, 1, "ID_AA64ISAR1_EL1"),
        (6, 2, "ID_AA64ISAR2_EL1"), (7, 0, "ID_AA64MMFR0_EL1"), (7, 1, "ID_AA64MMFR1_EL1"), (7, 2, "ID_AA64MMFR2_EL1"),
    ];

    public static IEnumerable<SystemRegister> Rows()
    {
        yield return ReadOnly("MIDR_EL1", 0, 0, 0, static c => c.ExceptionLevel == 1 && c.El2Enabled ? c[SystemSlot.VpidrEl2] : c.Options.Model.MainId);
        yield return ReadOnly("MPIDR_EL1", 0, 0, 5, static c => c.MultiprocessorId);
        yield return ReadOnly("REVIDR_EL1", 0, 0, 6, static _ => 0) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid1) };
        yield return ReadOnly("AIDR_EL1", 1, 0, 7, static _ => 0) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid1) };
        yield return ReadOnly("CLIDR_EL1", 1, 0, 1, static c => c.Options.Model.CacheLevels) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid2) };
        yield return ReadOnly("CCSIDR_EL1", 1, 0, 0, CacheSize) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid2) };
        yield return ReadOnly("CCSIDR2_EL1", 1, 0, 2, static _ => 0) with
        {
            Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid2),
            Exists = static c => c.Isa.Has(ArmFeature.CCIDX),
        };
        yield return new("CSSELR_EL1", Encode(3, 2, 0, 0, 0)) { Slot = SystemSlot.CsselrEl1, Mask = 0xf, Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid2) };
        yield return ReadOnly("CTR_EL0", 3, 0, 1, static c => c.Options.Model.CacheType) with { Trap = SystemTraps.User(15, ArmCpu.HcrTid2) };
        yield return ReadOnly("DCZID_EL0", 3, 0, 7, static c => 4 | (MaintenanceOperations.ZeroTrap(c, true) != 0 ? 1UL << 4 : 0));
        foreach ((int crm, int op2, string name) in s_names)
            yield return ReadOnly(name, 0, crm, op2, c => Feature(c, crm, op2)) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid3) };
        for (int i = 0; i < A32IdRegisters.Count; i++)
        {
            int number = i;
            if (A32IdRegisters.NameOf(i) is { Length: > 0 } name)
                yield return ReadOnly(name + "_EL1", 0, 1 + (i / 8), i % 8, c => A32IdRegisters.Read(c, number)) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid3) };
        }
    }

    /// <summary>The rest of the group is reserved, and reads as zero.</summary>
    public static void FillReserved(SystemRegister?[] table)
    {
        for (int crm = 1; crm < 8; crm++)
        {
            for (int op2 = 0; op2 < 8; op2++)
            {
                table[Group | (crm << 3) | op2] ??= ReadOnly($"S3_0_C0_C{crm}_{op2}", 0, crm, op2, static _ => 0) with
                {
                    Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid3),
                };
            }
        }
    }

    private static SystemRegister ReadOnly(string name, int op1, int crm, int op2, Func<ArmCpu, ulong> read)
        => new(name, Encode(3, op1, 0, crm, op2)) { Read = read, WriteLevel = Nobody };

    private static ulong Feature(ArmCpu c, int crm, int op2)
    {
        ulong value = Base(c, crm, op2);
        foreach ((int row, int column, int shift, ArmFeature feature, ulong field) in s_fields)
        {
            if (row == crm && column == op2 && field > ((value >> shift) & 15) && c.Isa.Has(feature))
                value = (value & ~(15UL << shift)) | (field << shift);
        }

        return value;
    }

    // what does not follow from features alone
    private static ulong Base(ArmCpu c, int crm, int op2) => (crm, op2) switch
    {
        (4, 0) => States(c) | (c.Options.HasEl2 ? 1UL << 8 : 0) | (c.Options.HasEl3 ? 1UL << 12 : 0) | (Floating(c) << 16) | (c.SystemRegisters is not null ? 1UL << 24 : 0),
        (5, 0) => 6 | ((DebugRegisters.Breakpoints - 1UL) << 12) | ((DebugRegisters.Watchpoints - 1UL) << 20) | (0xfUL << 36),
        (6, 1) or (6, 2) => Pointers(c, op2),
        (7, 0) => (ulong)(c.PhysicalBits switch { 32 => 0, 36 => 1, 40 => 2, 42 => 3, 44 => 4, 48 => 5, _ => 6 })
            | (c.Options.Model.HasWideAsids ? 2UL << 4 : 0) | (1 << 8) | (c.Options.HasEl3 ? 1UL << 12 : 0) | (c.Options.Model.HasGranule16 ? 1UL << 20 : 0),
        _ => 0,
    };

    // APA and GPA, API and GPI, or APA3 and GPA3
    private static ulong Pointers(ArmCpu c, int op2)
    {
        (PointerAlgorithm algorithm, PointerVariant variant) = c.Options.PointerAuthentication;
        if (!c.Isa.Has(ArmFeature.PAuth))
            return 0;
        return (algorithm, op2) switch
        {
            (PointerAlgorithm.Qarma5, 1) => ((ulong)variant << 4) | (1UL << 24),
            (PointerAlgorithm.ImplementationDefined, 1) => ((ulong)variant << 8) | (1UL << 28),
            (PointerAlgorithm.Qarma3, 2) => ((ulong)variant << 12) | (1UL << 8),
            _ => 0,
        };
    }

    // EL0 and EL1: 2 with AArch32. EL2 and EL3 have AArch64 alone.
    private static ulong States(ArmCpu c) => (c.Isa.Has(ArmFeature.AArch32) ? 2UL : 1) | (c.Isa.Has(ArmFeature.AArch32El1) ? 2UL << 4 : 1UL << 4);

    // FP and AdvSIMD: 15 for none, 1 with half precision
    private static ulong Floating(ArmCpu c)
    {
        ulong with = c.Isa.Has(ArmFeature.FP16) ? 1UL : 0;
        return (c.Isa.Has(ArmFeature.FP) ? with : 15) | ((c.Isa.Has(ArmFeature.AdvSIMD) ? with : 15) << 4);
    }

    private static ulong CacheSize(ArmCpu c)
    {
        const int LineOf64Bytes = 2;
        ulong select = c[SystemSlot.CsselrEl1];
        int index = (select >> 1, select & 1) switch
        {
            (0, 0) => 0,
            (0, 1) => 1,
            (1, 0) => 2,
            _ => -1,
        };
        if (index < 0)
            return 0;
        (int sets, int ways) = c.Options.Model.Caches[index];
        return c.Isa.Has(ArmFeature.CCIDX)
            ? ((ulong)(sets - 1) << 32) | ((ulong)(ways - 1) << 3) | LineOf64Bytes
            : (7UL << 28) | ((ulong)(sets - 1) << 13) | ((ulong)(ways - 1) << 3) | LineOf64Bytes;
    }
}
