using Emulation.IR;

namespace Emulation.Arm;

// Second operands. Arm DDI 0487, J1.1 ShiftReg, ExtendReg.
internal sealed partial class A64Emitter
{
    /// <summary>The register Rm shifted by a constant; undefined when the amount does not fit.</summary>
    public bool TryShifted(A64Word i, out IrValue value)
    {
        if (!i.Sf && i.Imm6 > 31)
        {
            value = default;
            Undefined();
            return false;
        }

        IrValue register = R(i.Sf, i.Rm);
        value = Ir.Binary(i.Shift switch { 0 => IrOp.Shl, 1 => IrOp.ShrU, 2 => IrOp.ShrS, _ => IrOp.RotR }, register, Const((ulong)i.Imm6, i.Sf));
        return true;
    }

    /// <summary>The register Rm extended and shifted left; undefined when the amount is more than 4.</summary>
    public bool TryExtended(A64Word i, out IrValue value)
    {
        if (i.Imm3 > 4)
        {
            value = default;
            Undefined();
            return false;
        }

        value = Ir.Shl(Extend(i.Rm, i.Option, i.Sf), i.Imm3);
        return true;
    }

    /// <summary>A register extended as an option field says.</summary>
    public IrValue Extend(int register, int option, bool wide)
    {
        int bits = 8 << (option & 3);
        IrValue value = R(wide, register);
        if (bits >= (wide ? 64 : 32))
            return value;
        if (bits == 32)
            return (option & 4) != 0 ? Ir.SExt(W(register), IrType.I64) : Ir.ZExt(W(register), IrType.I64);
        int shift = (wide ? 64 : 32) - bits;
        return (option & 4) != 0 ? Ir.ShrS(Ir.Shl(value, shift), shift) : Ir.And(value, Const((1UL << bits) - 1, wide));
    }
}
