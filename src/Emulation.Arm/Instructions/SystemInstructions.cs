using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Hints, barriers, PSTATE. Arm DDI 0487, C4.1.93.</summary>
[Extension("Base")]
internal static class SystemInstructions
{
    private const int Wfe = 2, Wfi = 3, Sev = 4, Sevl = 5, Esb = 16;

    // hints that are not named do nothing
    [Encoding("11010101000000110010 crm imm3 11111", "hint")]
    public static void Hint(A64Emitter e, A64Word i)
    {
        switch (i.Field(5, 7))
        {
            case Wfe:
                Wait(e, WaitKind.Event);
                break;
            case Wfi:
                Wait(e, WaitKind.Interrupt);
                break;
            case Sev:
                e.Ir.Call(SystemHelpers.SendEvent, e.Const(1));
                break;
            case Esb when e.Isa.Has(ArmFeature.RAS):
                e.Ir.Call(SystemHelpers.SynchronizeErrors);
                break;
            case Sevl:
                e.Ir.Call(SystemHelpers.SendEvent, e.Const(0));
                break;
        }
    }

    [Encoding("11010101000000110011 crm 010 11111", "clrex")]
    public static void Clrex(A64Emitter e, A64Word i) => e.Ir.Call(SystemHelpers.Clrex);

    // what TLBI began on other CPUs ends here
    [Encoding("11010101000000110011 crm 100 11111", "dsb")]
    public static void Dsb(A64Emitter e, A64Word i)
    {
        e.Ir.Fence();
        if (e.Level == 0)
            return;
        e.Ir.Call(SystemHelpers.Synchronize);
        e.ContinueIndirect();
    }

    [Encoding("11010101000000110011 crm 101 11111", "dmb")]
    public static void Dmb(A64Emitter e, A64Word i)
        => e.Ir.Fence(i.Field(8, 2) switch { 1 => IrFence.Acquire, 2 => IrFence.Release, _ => IrFence.Full });

    [Encoding("11010101000000110011 crm 110 11111", "isb")]
    public static void Isb(A64Emitter e, A64Word i)
    {
        e.Ir.Call(SystemHelpers.Isb);
        e.ContinueIndirect();
    }

    [Encoding("11010101000000110011 0000 111 11111", "sb", Requires = "SB")]
    public static void Sb(A64Emitter e, A64Word i) => e.Ir.Fence();

    // MSR (immediate): op1 and op2 say what
    [Encoding("1101010100 0 00 ... 0100 crm ... 11111", "msr")]
    public static void WriteState(A64Emitter e, A64Word i)
    {
        StateField? field = (i.Field(16, 3), i.Field(5, 3)) switch
        {
            (0, 3) when e.Isa.Has(ArmFeature.UAO) => StateField.Uao,
            (0, 4) when e.Isa.Has(ArmFeature.PAN) => StateField.Pan,
            (0, 5) => StateField.SpSel,
            (3, 1) when e.Isa.Has(ArmFeature.SSBS) => StateField.Ssbs,
            (3, 2) when e.Isa.Has(ArmFeature.DIT) => StateField.Dit,
            (3, 6) => StateField.DaifSet,
            (3, 7) => StateField.DaifClear,
            _ => null,
        };
        if (field is not { } known)
        {
            e.Undefined();
            return;
        }

        int value = i.Field(8, 4);
        if (e.Level == 0 && known is not (StateField.Ssbs or StateField.Dit))
        {
            // DAIF is EL0's when SCTLR.UMA says so: a trap else, where the others are UNDEFINED
            if (known is StateField.DaifSet or StateField.DaifClear)
                e.Ir.Call(SystemHelpers.WriteUserDaif, e.Const(i.Bits));
            else
                e.RaiseAndEnd(ArmException.Unknown, 0);
            if (!e.Ended)
                e.ContinueIndirect();
            return;
        }

        if (known == StateField.DaifSet && (value & 8) == 0)
        {
            RegisterSlot daif = e.Registers.System[(int)SystemSlot.Daif];
            e.Ir.Set(daif, e.Ir.Or(e.Ir.Get(daif), e.Const((ulong)value << 6)));
            return;
        }

        if (known == StateField.DaifClear)
        {
            WriteDaif(e, e.Ir.And(e.Ir.Get(e.Registers.System[(int)SystemSlot.Daif]), e.Const(~((ulong)value << 6))));
            return;
        }

        e.Ir.Call(SystemHelpers.WriteState, e.Const((ulong)known), e.Const((ulong)value));
        e.ContinueIndirect();
    }

    /// <summary>Unmasks exceptions, or masks them. Kernels do it all the time, and seldom is one pending: then the block just goes on.</summary>
    public static void WriteDaif(A64Emitter e, IrValue value)
    {
        // interrupts, and what the D mask has to do with
        const ulong DebugBits = 1 | (1 << 15);
        int quiet = e.Ir.NewLabel(), end = e.Ir.NewLabel();
        IrValue waits = e.Ir.Or(e.WaitingInterrupts(), e.Ir.And(e.Ir.Get(e.Registers.System[(int)SystemSlot.MdscrEl1]), e.Const(DebugBits)));
        e.Ir.BrIf(e.Ir.Compare(IrOp.Eq, waits, e.Const(0)), quiet);
        e.Ir.Call(SystemHelpers.WriteDaif, value);
        e.Ir.Br(end);
        e.Ir.Label(quiet);
        e.Ir.Set(e.Registers.System[(int)SystemSlot.Daif], value);
        e.Ir.Label(end);
    }

    private static void Wait(A64Emitter e, WaitKind kind)
    {
        e.Ir.Call(SystemHelpers.Wait, e.Const((ulong)kind));
        e.ContinueInRunLoop();
    }
}
