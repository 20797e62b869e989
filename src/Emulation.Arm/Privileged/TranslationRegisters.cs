using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>Registers of address translation. Arm DDI 0487, D17.2.</summary>
internal static class TranslationRegisters
{
    public static IEnumerable<SystemRegister> Rows() =>
    [
        Table("TTBR0_EL1", 0, 0, SystemSlot.TtbrZeroEl1) with { IsVirtualMemory = true },
        Table("TTBR1_EL1", 0, 1, SystemSlot.TtbrOneEl1) with { IsVirtualMemory = true },
        Table("TTBR0_EL2", 4, 0, SystemSlot.TtbrZeroEl2) with { Exists = ExceptionRegisters.HasEl2 },
        Table("TTBR1_EL2", 4, 1, SystemSlot.TtbrOneEl2) with { Exists = static c => c.Options.HasEl2 && c.Isa.Has(ArmFeature.VHE) },
        Flushing("TTBR0_EL3", 6, 2, 0, 0, SystemSlot.TtbrZeroEl3) with { Exists = ExceptionRegisters.HasEl3 },
        Flushing("TCR_EL1", 0, 2, 0, 2, SystemSlot.TcrEl1) with { IsVirtualMemory = true },
        Flushing("TCR_EL2", 4, 2, 0, 2, SystemSlot.TcrEl2) with { Exists = ExceptionRegisters.HasEl2 },
        Flushing("TCR_EL3", 6, 2, 0, 2, SystemSlot.TcrEl3) with { Exists = ExceptionRegisters.HasEl3 },
        Flushing("MAIR_EL1", 0, 10, 2, 0, SystemSlot.MairEl1) with { IsVirtualMemory = true },
        Flushing("MAIR_EL2", 4, 10, 2, 0, SystemSlot.MairEl2) with { Exists = ExceptionRegisters.HasEl2 },
        Flushing("MAIR_EL3", 6, 10, 2, 0, SystemSlot.MairEl3) with { Exists = ExceptionRegisters.HasEl3 },
        Flushing("VTCR_EL2", 4, 2, 1, 2, SystemSlot.VtcrEl2) with { Exists = ExceptionRegisters.HasEl2 },
        Flushing("VTTBR_EL2", 4, 2, 1, 0, SystemSlot.VttbrEl2) with { Exists = ExceptionRegisters.HasEl2 },
        new("AMAIR_EL1", Encode(3, 0, 10, 3, 0)) { Slot = SystemSlot.AmairEl1, IsVirtualMemory = true },
        new("AMAIR_EL2", Encode(3, 4, 10, 3, 0)) { Slot = SystemSlot.AmairEl2, Exists = ExceptionRegisters.HasEl2 },
        new("AMAIR_EL3", Encode(3, 6, 10, 3, 0)) { Slot = SystemSlot.AmairEl3, Exists = ExceptionRegisters.HasEl3 },
        new("CONTEXTIDR_EL1", Encode(3, 0, 13, 0, 1)) { Slot = SystemSlot.ContextIdrEl1, Mask = uint.MaxValue, Write = static (c, v) => c.WriteContext(v), IsVirtualMemory = true },
        new("CONTEXTIDR_EL2", Encode(3, 4, 13, 0, 1))
        {
            Slot = SystemSlot.ContextIdrEl2,
            Mask = uint.MaxValue,
            Exists = static c => c.Options.HasEl2 && c.Isa.Has(ArmFeature.VHE),
        },
        new("HPFAR_EL2", Encode(3, 4, 6, 0, 4)) { Slot = SystemSlot.HpfarEl2, Exists = ExceptionRegisters.HasEl2 },
        new("PAR_EL1", Encode(3, 0, 7, 4, 0)) { Slot = SystemSlot.ParEl1 },
        new("LORSA_EL1", Encode(3, 0, 10, 4, 0)) { Slot = SystemSlot.LorSa, Exists = HasRegions },
        new("LOREA_EL1", Encode(3, 0, 10, 4, 1)) { Slot = SystemSlot.LorEa, Exists = HasRegions },
        new("LORN_EL1", Encode(3, 0, 10, 4, 2)) { Slot = SystemSlot.LorN, Exists = HasRegions },
        new("LORC_EL1", Encode(3, 0, 10, 4, 3)) { Slot = SystemSlot.LorC, Exists = HasRegions },
        new("LORID_EL1", Encode(3, 0, 10, 4, 7)) { Read = static _ => 0, WriteLevel = Nobody, Exists = HasRegions },
    ];

    private static bool HasRegions(ArmCpu cpu) => cpu.Isa.Has(ArmFeature.LOR);

    // Another table under the same ASID is software's to announce; another ASID is not
    private static SystemRegister Table(string name, int op1, int op2, SystemSlot slot)
        => new(name, Encode(3, op1, 2, 0, op2))
        {
            Slot = slot,
            Write = (c, v) => c.OnTableWrite(slot, v),
        };

    private static SystemRegister Flushing(string name, int op1, int crn, int crm, int op2, SystemSlot slot)
        => new(name, Encode(3, op1, crn, crm, op2))
        {
            Slot = slot,
            Write = (c, v) =>
            {
                if (c[slot] == v)
                    return;
                c[slot] = v;
                c.FlushTranslations();
                c.RefreshModes();
            },
        };
}
