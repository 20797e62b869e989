using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Bitwise operations of registers. Arm DDI 0487, C4.1.95 "Logical (shifted register)".</summary>
[Extension("Base")]
internal static class LogicalRegister
{
    [Encoding("sf 0001010 shift 0 rm imm6 rn rd", "and")]
    public static void And(A64Emitter e, A64Word i) => Emit(e, i, IrOp.And, false, false);

    [Encoding("sf 0001010 shift 1 rm imm6 rn rd", "bic")]
    public static void Bic(A64Emitter e, A64Word i) => Emit(e, i, IrOp.And, true, false);

    [Encoding("sf 0101010 shift 0 rm imm6 rn rd", "orr")]
    public static void Orr(A64Emitter e, A64Word i) => Emit(e, i, IrOp.Or, false, false);

    [Encoding("sf 0101010 shift 1 rm imm6 rn rd", "orn")]
    public static void Orn(A64Emitter e, A64Word i) => Emit(e, i, IrOp.Or, true, false);

    [Encoding("sf 1001010 shift 0 rm imm6 rn rd", "eor")]
    public static void Eor(A64Emitter e, A64Word i) => Emit(e, i, IrOp.Xor, false, false);

    [Encoding("sf 1001010 shift 1 rm imm6 rn rd", "eon")]
    public static void Eon(A64Emitter e, A64Word i) => Emit(e, i, IrOp.Xor, true, false);

    [Encoding("sf 1101010 shift 0 rm imm6 rn rd", "ands")]
    public static void Ands(A64Emitter e, A64Word i) => Emit(e, i, IrOp.And, false, true);

    [Encoding("sf 1101010 shift 1 rm imm6 rn rd", "bics")]
    public static void Bics(A64Emitter e, A64Word i) => Emit(e, i, IrOp.And, true, true);

    private static void Emit(A64Emitter e, A64Word i, IrOp op, bool inverts, bool flags)
    {
        if (!e.TryShifted(i, out IrValue b))
            return;
        if (inverts)
            b = e.Ir.Not(b);
        bool isMove = op == IrOp.Or && i.Rn == A64Emitter.R31;
        IrValue result = isMove ? b : e.Ir.Binary(op, e.R(i.Sf, i.Rn), b);
        if (flags)
            e.LogicalFlags(result);
        e.SetX(i.Rd, result);
    }
}
