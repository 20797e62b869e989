using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Large System Extensions: atomic read-modify-write, compare and swap. Arm DDI 0487, C4.1.94 "Atomic memory operations".</summary>
[Extension("LSE")]
internal static class AtomicOperations
{
    [Encoding("size 111 0 00 a r 1 rs 0 000 00 rn rt", "ldadd{ar}{bh}")]
    public static void Ldadd(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.Add);

    [Encoding("size 111 0 00 a r 1 rs 0 001 00 rn rt", "ldclr{ar}{bh}")]
    public static void Ldclr(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.And, inverts: true);

    [Encoding("size 111 0 00 a r 1 rs 0 010 00 rn rt", "ldeor{ar}{bh}")]
    public static void Ldeor(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.Xor);

    [Encoding("size 111 0 00 a r 1 rs 0 011 00 rn rt", "ldset{ar}{bh}")]
    public static void Ldset(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.Or);

    [Encoding("size 111 0 00 a r 1 rs 0 100 00 rn rt", "ldsmax{ar}{bh}")]
    public static void Ldsmax(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.MaxS);

    [Encoding("size 111 0 00 a r 1 rs 0 101 00 rn rt", "ldsmin{ar}{bh}")]
    public static void Ldsmin(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.MinS);

    [Encoding("size 111 0 00 a r 1 rs 0 110 00 rn rt", "ldumax{ar}{bh}")]
    public static void Ldumax(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.MaxU);

    [Encoding("size 111 0 00 a r 1 rs 0 111 00 rn rt", "ldumin{ar}{bh}")]
    public static void Ldumin(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.MinU);

    [Encoding("size 111 0 00 a r 1 rs 1 000 00 rn rt", "swp{ar}{bh}")]
    public static void Swp(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.Swap);

    [Encoding("size 0010001 l 1 rs r 11111 rn rt", "cas{lr}{bh}")]
    public static void Cas(A64Emitter e, A64Word i)
    {
        bool wide = i.Size == 3;
        e.AtomicCompare(e.Base(i.Rn), e.R(wide, i.Rs), e.R(wide, i.Rt), 1 << i.Size, i.Rs);
    }

    [Encoding("0 0 0010000 l 1 rs r 11111 rn rt", "casp{lr}")]
    public static void CaspW(A64Emitter e, A64Word i)
    {
        if (!IsPair(e, i))
            return;
        IrValue old = e.Ir.AtomicCas(e.Base(i.Rn), Pair(e, i.Rs), Pair(e, i.Rt), e.Atomic(8));
        e.SetX(i.Rs, e.Ir.Trunc(old, IrType.I32));
        e.SetX(i.Rs + 1, e.Ir.ShrU(old, 32));
    }

    [Encoding("0 1 0010000 l 1 rs r 11111 rn rt", "casp{lr}")]
    public static void CaspX(A64Emitter e, A64Word i)
    {
        if (!IsPair(e, i))
            return;
        IrValue address = e.Base(i.Rn);
        e.Ir.Call(PairHelpers.SetExpected, e.X(i.Rs), e.X(i.Rs + 1));
        e.Ir.Call(PairHelpers.CompareExchange, address, e.X(i.Rt), e.X(i.Rt + 1));
        IrValue low = e.Ir.Call(PairHelpers.OldLow), high = e.Ir.Call(PairHelpers.OldHigh);
        e.SetX(i.Rs, low);
        e.SetX(i.Rs + 1, high);
    }

    private static void Modify(A64Emitter e, A64Word i, AtomicOp op, bool inverts = false)
    {
        IrValue operand = e.R(i.Size == 3, i.Rs);
        if (inverts)
            operand = e.Ir.Not(operand);
        e.AtomicModify(op, e.Base(i.Rn), operand, 1 << i.Size, i.Rt);
    }

    private static IrValue Pair(A64Emitter e, int register)
        => e.Ir.Or(e.Ir.ZExt(e.W(register), IrType.I64), e.Ir.Shl(e.X(register + 1), 32));

    private static bool IsPair(A64Emitter e, A64Word i)
    {
        if (((i.Rs | i.Rt) & 1) == 0)
            return true;
        e.Undefined();
        return false;
    }
}
