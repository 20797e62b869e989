using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Vector operations on one register: integers. Arm DDI 0487, C4.1.96 "Advanced SIMD two-register miscellaneous".</summary>
[Extension("AdvSIMD")]
internal static class VectorTwoMiscellaneous
{
    [Encoding("0 q 0 01110 size!=3 10000 00000 10 rn rd", "rev64")]
    public static void Rev64(A64Emitter e, A64Word i) => e.Reverse(i, 8);

    [Encoding("0 q 0 01110 00 10000 00001 10 rn rd", "rev16")]
    public static void Rev16(A64Emitter e, A64Word i) => e.Reverse(i, 2);

    [Encoding("0 q 1 01110 0 size:1 10000 00000 10 rn rd", "rev32")]
    public static void Rev32(A64Emitter e, A64Word i) => e.Reverse(i, 4);

    [Encoding("0 q 0 01110 size!=3 10000 00010 10 rn rd", "saddlp")]
    public static void Saddlp(A64Emitter e, A64Word i) => e.LongPairs(i, VecOp.AddLongPair, true);

    [Encoding("0 q 1 01110 size!=3 10000 00010 10 rn rd", "uaddlp")]
    public static void Uaddlp(A64Emitter e, A64Word i) => e.LongPairs(i, VecOp.AddLongPair, false);

    [Encoding("0 q 0 01110 size!=3 10000 00110 10 rn rd", "sadalp")]
    public static void Sadalp(A64Emitter e, A64Word i) => e.LongPairs(i, VecOp.AddLongPairAccumulate, true);

    [Encoding("0 q 1 01110 size!=3 10000 00110 10 rn rd", "uadalp")]
    public static void Uadalp(A64Emitter e, A64Word i) => e.LongPairs(i, VecOp.AddLongPairAccumulate, false);

    [Encoding("0 q 0 01110 size 10000 00011 10 rn rd", "suqadd")]
    [Encoding("01 0 11110 size 10000 00011 10 rn rd", "suqadd")]
    public static void Suqadd(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Suqadd);

    [Encoding("0 q 1 01110 size 10000 00011 10 rn rd", "usqadd")]
    [Encoding("01 1 11110 size 10000 00011 10 rn rd", "usqadd")]
    public static void Usqadd(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Usqadd);

    [Encoding("0 q 0 01110 size!=3 10000 00100 10 rn rd", "cls")]
    public static void Cls(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Cls);

    [Encoding("0 q 1 01110 size!=3 10000 00100 10 rn rd", "clz")]
    public static void Clz(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Clz);

    [Encoding("0 q 0 01110 00 10000 00101 10 rn rd", "cnt")]
    public static void Cnt(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Cnt);

    [Encoding("0 q 1 01110 00 10000 00101 10 rn rd", "not")]
    public static void NotBits(A64Emitter e, A64Word i) => e.SetLanes(i, e.Ir.VectorNot(e.V(i.Rn)));

    [Encoding("0 q 1 01110 01 10000 00101 10 rn rd", "rbit")]
    public static void Rbit(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Rbit, 0);

    [Encoding("0 q 0 01110 size 10000 00111 10 rn rd", "sqabs")]
    [Encoding("01 0 11110 size 10000 00111 10 rn rd", "sqabs")]
    public static void Sqabs(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Qabs);

    [Encoding("0 q 1 01110 size 10000 00111 10 rn rd", "sqneg")]
    [Encoding("01 1 11110 size 10000 00111 10 rn rd", "sqneg")]
    public static void Sqneg(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Qneg);

    [Encoding("0 q 0 01110 size 10000 01000 10 rn rd", "cmgt")]
    [Encoding("01 0 11110 11 10000 01000 10 rn rd", "cmgt")]
    public static void CmgtZero(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.CmGt);

    [Encoding("0 q 1 01110 size 10000 01000 10 rn rd", "cmge")]
    [Encoding("01 1 11110 11 10000 01000 10 rn rd", "cmge")]
    public static void CmgeZero(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.CmGe);

    [Encoding("0 q 0 01110 size 10000 01001 10 rn rd", "cmeq")]
    [Encoding("01 0 11110 11 10000 01001 10 rn rd", "cmeq")]
    public static void CmeqZero(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.CmEq);

    [Encoding("0 q 1 01110 size 10000 01001 10 rn rd", "cmle")]
    [Encoding("01 1 11110 11 10000 01001 10 rn rd", "cmle")]
    public static void Cmle(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.CmLe);

    [Encoding("0 q 0 01110 size 10000 01010 10 rn rd", "cmlt")]
    [Encoding("01 0 11110 11 10000 01010 10 rn rd", "cmlt")]
    public static void Cmlt(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.CmLt);

    [Encoding("0 q 0 01110 size 10000 01011 10 rn rd", "abs")]
    [Encoding("01 0 11110 11 10000 01011 10 rn rd", "abs")]
    public static void Abs(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Abs);

    [Encoding("0 q 1 01110 size 10000 01011 10 rn rd", "neg")]
    [Encoding("01 1 11110 11 10000 01011 10 rn rd", "neg")]
    public static void Neg(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.Neg);

    [Encoding("0 q 0 01110 size!=3 10000 10010 10 rn rd", "xtn{2}")]
    public static void Xtn(A64Emitter e, A64Word i) => e.Narrow(i, VecOp.ShrNarrow);

    [Encoding("0 q 1 01110 size!=3 10000 10010 10 rn rd", "sqxtun{2}")]
    [Encoding("01 1 11110 size!=3 10000 10010 10 rn rd", "sqxtun")]
    public static void Sqxtun(A64Emitter e, A64Word i) => e.Narrow(i, VecOp.ShrNarrowSToU);

    [Encoding("0 q 0 01110 size!=3 10000 10100 10 rn rd", "sqxtn{2}")]
    [Encoding("01 0 11110 size!=3 10000 10100 10 rn rd", "sqxtn")]
    public static void Sqxtn(A64Emitter e, A64Word i) => e.Narrow(i, VecOp.ShrNarrowS);

    [Encoding("0 q 1 01110 size!=3 10000 10100 10 rn rd", "uqxtn{2}")]
    [Encoding("01 1 11110 size!=3 10000 10100 10 rn rd", "uqxtn")]
    public static void Uqxtn(A64Emitter e, A64Word i) => e.Narrow(i, VecOp.ShrNarrowU);

    [Encoding("0 q 1 01110 size!=3 10000 10011 10 rn rd", "shll{2}")]
    public static void Shll(A64Emitter e, A64Word i) => e.Widen(i, VecOp.ShlLong, false, 8 << i.Lane);

    [Encoding("0 q 0 01110 10 10000 11100 10 rn rd", "urecpe")]
    public static void Urecpe(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.RecipEstimate);

    [Encoding("0 q 1 01110 10 10000 11100 10 rn rd", "ursqrte")]
    public static void Ursqrte(A64Emitter e, A64Word i) => e.LanesOfOne(i, VecOp.RsqrtEstimate);

    [Encoding("0 q 0 01110 size!=3 11000 00011 10 rn rd", "saddlv")]
    public static void Saddlv(A64Emitter e, A64Word i) => e.Across(i, VecOp.AddLong, true);

    [Encoding("0 q 0 01110 size!=3 11000 01010 10 rn rd", "smaxv")]
    public static void Smaxv(A64Emitter e, A64Word i) => e.Across(i, VecOp.MaxS, true);

    [Encoding("0 q 0 01110 size!=3 11000 11010 10 rn rd", "sminv")]
    public static void Sminv(A64Emitter e, A64Word i) => e.Across(i, VecOp.MinS, true);

    [Encoding("0 q 1 01110 size!=3 11000 00011 10 rn rd", "uaddlv")]
    public static void Uaddlv(A64Emitter e, A64Word i) => e.Across(i, VecOp.AddLong, false);

    [Encoding("0 q 1 01110 size!=3 11000 01010 10 rn rd", "umaxv")]
    public static void Umaxv(A64Emitter e, A64Word i) => e.Across(i, VecOp.MaxU, false);

    [Encoding("0 q 1 01110 size!=3 11000 11010 10 rn rd", "uminv")]
    public static void Uminv(A64Emitter e, A64Word i) => e.Across(i, VecOp.MinU, false);

    [Encoding("0 q 0 01110 size!=3 11000 11011 10 rn rd", "addv")]
    public static void Addv(A64Emitter e, A64Word i) => e.Across(i, VecOp.Add, false);

    [Encoding("01 0 11110 11 11000 11011 10 rn rd", "addp")]
    public static void AddpScalar(A64Emitter e, A64Word i) => e.AddPair(i);
}
