using Emulation.IR;

namespace Emulation.Arm;

// The interrupt mask of the CPSR. Kernels change it all the time, and seldom is an interrupt pending: then the block just goes on.
internal partial class A32Emitter
{
    private const ulong MaskI = 1 << 7, MaskF = 1 << 6, ModeBits = 0x1f;

    private RegisterSlot Daif => Registers.System[(int)SystemSlot.Daif];

    /// <summary>CPSID I and CPSIE I, above User mode.</summary>
    /// <param name="masked">Whether IRQ is masked from now on.</param>
    private void MaskInterrupts(bool masked)
    {
        if (masked)
        {
            Ir.Set(Daif, Ir.Or(Ir.Get(Daif), Const(MaskI)));
            return;
        }

        int quiet = Ir.NewLabel(), end = Ir.NewLabel();
        Ir.BrIf(Ir.Compare(IrOp.Eq, WaitingInterrupts(), Const(0)), quiet);
        Ir.Call(A32SystemHelpers.WriteCpsr, Word(0), Word((int)MaskI));
        Ir.Br(end);
        Ir.Label(quiet);
        Ir.Set(Daif, Ir.And(Ir.Get(Daif), Const(~MaskI)));
        Ir.Label(end);
    }

    /// <summary>MSR CPSR_c, above User mode: mostly it leaves the processor's mode as it is.</summary>
    private void WriteControlField(IrValue value)
    {
        IrValue wide = Ir.ZExt(value, IrType.I64), daif = Ir.Get(Daif);
        IrValue others = Ir.Xor(wide, Ir.Or(Ir.And(daif, Const(MaskF)), Const((ulong)Processor)));
        int quiet = Ir.NewLabel(), end = Ir.NewLabel();
        Ir.BrIf(Ir.Compare(IrOp.Eq, Ir.Or(Ir.And(others, Const(MaskF | ModeBits)), WaitingInterrupts()), Const(0)), quiet);
        Ir.Call(A32SystemHelpers.WriteCpsr, value, Word(0xff));
        Ir.Br(end);
        Ir.Label(quiet);
        Ir.Set(Daif, Ir.Or(Ir.And(daif, Const(~MaskI)), Ir.And(wide, Const(MaskI))));
        Ir.Label(end);
    }
}
