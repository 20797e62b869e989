using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>Registers that control a level or trap to it. Arm DDI 0487, D17.2.</summary>
internal static class ControlRegisters
{
    // SED and ITD are fixed where there is no AArch32; else its deprecated instructions are there until software forbids them
    private const ulong ResetEl1 = 0x30d0_0980, ResetEl1With32 = 0x30d0_0820, ResetEl2 = 0x30c5_0830;
    private const ulong SctlrTranslation = 1 | (1 << 19) | (1 << 25);
    private const ulong CptrReserved = 0x33ff, Tcpac = 1UL << 31, Tfp = 1 << 10, Fpen = 3 << 20;

    public static IEnumerable<SystemRegister> Rows() =>
    [
        Sctlr("SCTLR_EL1", 0, SystemSlot.SctlrEl1, ResetEl1) with { Reset = static c => c.Isa.Has(ArmFeature.AArch32) ? ResetEl1With32 : ResetEl1, IsVirtualMemory = true },
        Sctlr("SCTLR_EL2", 4, SystemSlot.SctlrEl2, ResetEl2) with { Exists = ExceptionRegisters.HasEl2 },
        Sctlr("SCTLR_EL3", 6, SystemSlot.SctlrEl3, ResetEl2) with { Exists = ExceptionRegisters.HasEl3 },
        new("ACTLR_EL1", Encode(3, 0, 1, 0, 1)) { Slot = SystemSlot.ActlrEl1, Trap = SystemTraps.Hypervisor(ArmCpu.HcrTacr) },
        new("ACTLR_EL2", Encode(3, 4, 1, 0, 1)) { Slot = SystemSlot.ActlrEl2, Exists = ExceptionRegisters.HasEl2 },
        new("ACTLR_EL3", Encode(3, 6, 1, 0, 1)) { Slot = SystemSlot.ActlrEl3, Exists = ExceptionRegisters.HasEl3 },
        Control("CPACR_EL1", 0, 1, 0, 2, SystemSlot.CpacrEl1) with { Mask = Fpen, Trap = SystemTraps.FpControl },
        Control("CPTR_EL2", 4, 1, 1, 2, SystemSlot.CptrEl2) with
        {
            Mask = Tcpac | Fpen | Tfp,
            Read = static c => c[SystemSlot.CptrEl2] | (c.IsHost ? 0 : CptrReserved),
            Exists = ExceptionRegisters.HasEl2,
            Trap = SystemTraps.FpControl,
        },
        Control("CPTR_EL3", 6, 1, 1, 2, SystemSlot.CptrEl3) with { Mask = Tcpac | Tfp, Exists = ExceptionRegisters.HasEl3 },
        Control("HCR_EL2", 4, 1, 1, 0, SystemSlot.HcrEl2) with
        {
            Write = static (c, v) => WriteHcr(c, v),
            Reset = static _ => ArmCpu.HcrRw,
            Exists = ExceptionRegisters.HasEl2,
        },
        Control("SCR_EL3", 6, 1, 1, 0, SystemSlot.ScrEl3) with
        {
            Mask = 0x3f8f | ArmCpu.ScrTlor | ArmCpu.ScrEcvEn | ArmCpu.ScrApk | ArmCpu.ScrApi | ArmCpu.ScrHxEn,
            Write = static (c, v) => WriteScr(c, v),
            Reset = static _ => ArmCpu.ScrRw | (3 << 4),
            Exists = ExceptionRegisters.HasEl3,
        },
        Control("HCRX_EL2", 4, 1, 2, 2, SystemSlot.HcrxEl2) with
        {
            Mask = ArmCpu.HcrxMsce | ArmCpu.HcrxMce2 | ArmCpu.HcrxFnXs,
            Exists = static c => c.Options.HasEl2 && c.Isa.Has(ArmFeature.HCX),
            Trap = static (c, _) => c.ExceptionLevel == 2 && c.Options.HasEl3 && (c[SystemSlot.ScrEl3] & ArmCpu.ScrHxEn) == 0 ? 3 : 0,
        },
        new("HSTR_EL2", Encode(3, 4, 1, 1, 3)) { Slot = SystemSlot.HstrEl2, Exists = ExceptionRegisters.HasEl2 },
        new("HACR_EL2", Encode(3, 4, 1, 1, 7)) { Slot = SystemSlot.HacrEl2, Exists = ExceptionRegisters.HasEl2 },
        new("VPIDR_EL2", Encode(3, 4, 0, 0, 0)) { Slot = SystemSlot.VpidrEl2, Reset = static c => c.Options.Model.MainId, Exists = ExceptionRegisters.HasEl2 },
        new("VMPIDR_EL2", Encode(3, 4, 0, 0, 5)) { Slot = SystemSlot.VmpidrEl2, Reset = static c => (1UL << 31) | c.Affinity, Exists = ExceptionRegisters.HasEl2 },
        new("SDER32_EL3", Encode(3, 6, 1, 1, 1)) { Slot = SystemSlot.SderEl3, Exists = ExceptionRegisters.HasEl3 },
        new("DACR32_EL2", Encode(3, 4, 3, 0, 0)) { Slot = SystemSlot.DacrEl2, Mask = uint.MaxValue, Write = static (c, v) => c.WriteDomains(v), Exists = ExceptionRegisters.HasEl2 },
        new("IFSR32_EL2", Encode(3, 4, 5, 0, 1)) { Slot = SystemSlot.IfsrEl2, Exists = ExceptionRegisters.HasEl2 },
        new("FPEXC32_EL2", Encode(3, 4, 5, 3, 0)) { Slot = SystemSlot.FpexcEl2, Exists = ExceptionRegisters.HasEl2 },
    ];

    private static SystemRegister Control(string name, int op1, int crn, int crm, int op2, SystemSlot slot)
        => new(name, Encode(3, op1, crn, crm, op2))
        {
            Slot = slot,
            Write = (c, v) =>
            {
                c[slot] = v;
                c.OnPrivilegedWrite();
            },
        };

    private static SystemRegister Sctlr(string name, int op1, SystemSlot slot, ulong reset)
        => Control(name, op1, 1, 0, 0, slot) with
        {
            Reset = _ => reset,
            Write = (c, v) =>
            {
                ulong changed = c[slot] ^ v;
                c[slot] = v;
                if ((changed & SctlrTranslation) != 0)
                    c.FlushTranslations();
                c.OnPrivilegedWrite();
            },
        };

    private static void WriteHcr(ArmCpu c, ulong value)
    {
        const ulong Stages = ArmCpu.HcrVm | ArmCpu.HcrPtw | ArmCpu.HcrDc | ArmCpu.HcrCd | ArmCpu.HcrId | ArmCpu.HcrFwb;
        if (!c.Isa.Has(ArmFeature.AArch32El1))
            value |= ArmCpu.HcrRw;
        if (!c.Isa.Has(ArmFeature.VHE))
            value &= ~ArmCpu.HcrE2h;
        if (!c.Isa.Has(ArmFeature.S2FWB))
            value &= ~ArmCpu.HcrFwb;
        if (!c.Isa.Has(ArmFeature.PAuth))
            value &= ~(ArmCpu.HcrApk | ArmCpu.HcrApi);
        ulong changed = c[SystemSlot.HcrEl2] ^ value;
        c[SystemSlot.HcrEl2] = value;
        if ((changed & (Stages | ArmCpu.HcrRw)) != 0)
            c.FlushTranslations();
        if ((changed & (ArmCpu.HcrE2h | ArmCpu.HcrTge)) != 0)
            c.UpdateTimers();
        c.OnPrivilegedWrite();
    }

    private static void WriteScr(ArmCpu c, ulong value)
    {
        if (!c.Isa.Has(ArmFeature.PAuth))
            value &= ~(ArmCpu.ScrApk | ArmCpu.ScrApi);
        if (!c.Isa.Has(ArmFeature.HCX))
            value &= ~ArmCpu.ScrHxEn;
        ulong changed = c[SystemSlot.ScrEl3] ^ value;
        c[SystemSlot.ScrEl3] = value | (c.Isa.Has(ArmFeature.AArch32El1) ? 0 : ArmCpu.ScrRw) | (3 << 4);
        if ((changed & (ArmCpu.ScrNs | ArmCpu.ScrRw)) != 0)
            c.FlushTranslations();
        c.UpdateTimers();
        c.OnPrivilegedWrite();
    }
}
