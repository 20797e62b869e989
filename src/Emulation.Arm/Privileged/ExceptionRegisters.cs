using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>Registers of exception handling, PSTATE and thread identification. Arm DDI 0487, D17.2, C5.2.</summary>
internal static class ExceptionRegisters
{
    private const ulong SavedBits = 0xffff_ffff;

    public static IEnumerable<SystemRegister> Rows()
    {
        yield return Plain("TPIDR_EL1", 3, 0, 13, 0, 4, SystemSlot.TpidrEl1);
        yield return Plain("TPIDR_EL2", 3, 4, 13, 0, 2, SystemSlot.TpidrEl2) with { Exists = HasEl2 };
        yield return Plain("TPIDR_EL3", 3, 6, 13, 0, 2, SystemSlot.TpidrEl3) with { Exists = HasEl3 };
        foreach (int n in (int[])[1, 2, 3])
        {
            int op1 = n switch { 1 => 0, 2 => 4, _ => 6 };
            Func<ArmCpu, bool>? exists = n switch { 1 => null, 2 => HasEl2, _ => HasEl3 };
            yield return Plain($"ELR_EL{n}", 3, op1, 4, 0, 1, SystemSlot.ElrEl1 + (n - 1)) with { Exists = exists };
            yield return Plain($"SPSR_EL{n}", 3, op1, 4, 0, 0, SystemSlot.SpsrEl1 + (n - 1)) with { Exists = exists, Mask = SavedBits };
            yield return Plain($"ESR_EL{n}", 3, op1, 5, 2, 0, SystemSlot.EsrEl1 + (n - 1)) with { Exists = exists, Mask = SavedBits, IsVirtualMemory = n == 1 };
            yield return Plain($"FAR_EL{n}", 3, op1, 6, 0, 0, SystemSlot.FarEl1 + (n - 1)) with { Exists = exists, IsVirtualMemory = n == 1 };
            yield return Plain($"VBAR_EL{n}", 3, op1, 12, 0, 0, SystemSlot.VbarEl1 + (n - 1)) with { Exists = exists, Mask = n == 1 ? ~0x1fUL : ~0x7ffUL };      // VBAR of AArch32 is finer
            yield return new SystemRegister($"AFSR0_EL{n}", Encode(3, op1, 5, 1, 0)) { Mask = 0, Exists = exists, IsVirtualMemory = n == 1 };
            yield return new SystemRegister($"AFSR1_EL{n}", Encode(3, op1, 5, 1, 1)) { Mask = 0, Exists = exists, IsVirtualMemory = n == 1 };
            yield return new SystemRegister($"RVBAR_EL{n}", Encode(3, op1, 12, 0, 1))
            {
                Read = static c => c.Options.ResetVector,
                WriteLevel = Nobody,
                Exists = c => c.HighestLevel == n,
            };
            yield return new SystemRegister($"RMR_EL{n}", Encode(3, op1, 12, 0, 2)) { Read = static _ => 1, Mask = 0, Exists = c => c.HighestLevel == n };
        }

        // each level's stack pointer is a register for the levels above, and for itself while it uses SP_EL0
        yield return new SystemRegister("SP_EL0", Encode(3, 0, 4, 1, 0)) { Slot = SystemSlot.SpEl0, Trap = static (c, _) => c.OwnSp ? 0 : -1 };
        yield return new SystemRegister("SP_EL1", Encode(3, 4, 4, 1, 0)) { Slot = SystemSlot.SpEl1 };
        yield return new SystemRegister("SP_EL2", Encode(3, 6, 4, 1, 0)) { Slot = SystemSlot.SpEl2, Exists = HasEl2 };
        yield return new SystemRegister("DAIF", Encode(3, 3, 4, 2, 1))
        {
            Slot = SystemSlot.Daif,
            Mask = ArmCpu.AllMasked,
            Write = static (c, v) =>
            {
                c[SystemSlot.Daif] = v;
                c.OnStateWrite();
            },
            Trap = static (c, _) => c.ExceptionLevel == 0 && (c.ControlOf(0) & (1 << 9)) == 0 ? c.UserTarget : 0,
        };
        yield return new SystemRegister("CurrentEL", Encode(3, 0, 4, 2, 2)) { Read = static c => (ulong)c.ExceptionLevel << 2, WriteLevel = Nobody };
        yield return new SystemRegister("SPSel", Encode(3, 0, 4, 2, 0))
        {
            Read = static c => c.OwnSp ? 1UL : 0,
            Write = static (c, v) =>
            {
                c.SwitchTo(c.ExceptionLevel, (v & 1) != 0);
                c.UpdateMode();
            },
        };
        yield return State("PAN", 0, 2, 3, ArmCpu.StatePan, ArmFeature.PAN);
        yield return State("UAO", 0, 2, 4, ArmCpu.StateUao, ArmFeature.UAO);
        yield return State("DIT", 3, 2, 5, ArmCpu.StateDit, ArmFeature.DIT);
        yield return State("SSBS", 3, 2, 6, ArmCpu.StateSsbs, ArmFeature.SSBS);
        yield return new SystemRegister("ISR_EL1", Encode(3, 0, 12, 1, 0)) { Read = static c => c.InterruptStatus, WriteLevel = Nobody };
        yield return Banked("SPSR_irq", 0, SystemSlot.SpsrIrq);
        yield return Banked("SPSR_abt", 1, SystemSlot.SpsrAbt);
        yield return Banked("SPSR_und", 2, SystemSlot.SpsrUnd);
        yield return Banked("SPSR_fiq", 3, SystemSlot.SpsrFiq);
        yield return Plain("DISR_EL1", 3, 0, 12, 1, 1, SystemSlot.DisrEl1) with { Exists = static c => c.Isa.Has(ArmFeature.RAS), IsPlain = false, Read = static c => c[c.DeferredErrorSlot], Write = static (c, v) => c[c.DeferredErrorSlot] = v };
        yield return Plain("VDISR_EL2", 3, 4, 12, 1, 1, SystemSlot.VdisrEl2) with { IsPlain = false, Exists = static c => c.Isa.Has(ArmFeature.RAS) && c.Options.HasEl2 };
        yield return Plain("VSESR_EL2", 3, 4, 5, 2, 3, SystemSlot.VsesrEl2) with { IsPlain = false, Exists = static c => c.Isa.Has(ArmFeature.RAS) && c.Options.HasEl2 };
        yield return new SystemRegister("ERRIDR_EL1", Encode(3, 0, 5, 3, 0)) { Read = static _ => 0, WriteLevel = Nobody, Exists = static c => c.Isa.Has(ArmFeature.RAS) };
        yield return Plain("ERRSELR_EL1", 3, 0, 5, 3, 1, SystemSlot.ErrSelr) with { Mask = 0, Exists = static c => c.Isa.Has(ArmFeature.RAS) };
    }

    public static bool HasEl2(ArmCpu cpu) => cpu.Options.HasEl2;

    public static bool HasEl3(ArmCpu cpu) => cpu.Options.HasEl3;

    public static SystemRegister Plain(string name, int op0, int op1, int crn, int crm, int op2, SystemSlot slot)
        => new(name, Encode(op0, op1, crn, crm, op2)) { Slot = slot, IsPlain = true };

    private static SystemRegister Banked(string name, int op2, SystemSlot slot)
        => new(name, Encode(3, 4, 4, 3, op2)) { Slot = slot, Mask = SavedBits };

    private static SystemRegister State(string name, int op1, int crm, int op2, ulong bit, ArmFeature feature)
        => new(name, Encode(3, op1, 4, crm, op2))
        {
            Slot = SystemSlot.PState,
            Mask = bit,
            Read = c => c[SystemSlot.PState] & bit,
            Write = static (c, v) =>
            {
                c[SystemSlot.PState] = v;
                c.UpdateMode();
            },
            Exists = c => c.Isa.Has(feature),
        };
}
