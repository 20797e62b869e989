using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Atomic instructions on 16 bytes. Arm DDI 0487, "FEAT_LSE128".</summary>
[Extension("LSE128")]
internal static class AtomicPairs
{
    [Encoding("00011001 a r 1 rt2 0 001 00 rn rt", "ldclrp{ar}")]
    public static void Ldclrp(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.And, inverts: true);

    [Encoding("00011001 a r 1 rt2 0 011 00 rn rt", "ldsetp{ar}")]
    public static void Ldsetp(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.Or);

    [Encoding("00011001 a r 1 rt2 1 000 00 rn rt", "swpp{ar}")]
    public static void Swpp(A64Emitter e, A64Word i) => Modify(e, i, AtomicOp.Swap);

    private static void Modify(A64Emitter e, A64Word i, AtomicOp op, bool inverts = false)
    {
        int second = i.Field(16, 5);
        if (i.Rt == A64Emitter.R31 || second == A64Emitter.R31 || i.Rt == second)
        {
            e.Undefined();
            return;
        }

        IrValue low = e.X(i.Rt), high = e.X(second);
        if (inverts)
            (low, high) = (e.Ir.Not(low), e.Ir.Not(high));
        e.Ir.Call(PairHelpers.SetExpected, low, high);
        e.Ir.Call(PairHelpers.Modify, e.Base(i.Rn), e.Word((int)op));
        IrValue oldLow = e.Ir.Call(PairHelpers.OldLow), oldHigh = e.Ir.Call(PairHelpers.OldHigh);
        e.SetX(i.Rt, oldLow);
        e.SetX(second, oldHigh);
    }
}
