using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Vector operations on three registers of the same lanes: integers. Arm DDI 0487, C4.1.96 "Advanced SIMD three same".</summary>
[Extension("AdvSIMD")]
internal static class VectorThreeSame
{
    [Encoding("0 q 0 01110 size!=3 1 rm 00000 1 rn rd", "shadd")]
    public static void Shadd(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.HaddS);

    [Encoding("0 q 0 01110 size 1 rm 00001 1 rn rd", "sqadd")]
    [Encoding("01 0 11110 size 1 rm 00001 1 rn rd", "sqadd")]
    public static void Sqadd(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.QaddS);

    [Encoding("0 q 0 01110 size!=3 1 rm 00010 1 rn rd", "srhadd")]
    public static void Srhadd(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.RhaddS);

    [Encoding("0 q 0 01110 size!=3 1 rm 00100 1 rn rd", "shsub")]
    public static void Shsub(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.HsubS);

    [Encoding("0 q 0 01110 size 1 rm 00101 1 rn rd", "sqsub")]
    [Encoding("01 0 11110 size 1 rm 00101 1 rn rd", "sqsub")]
    public static void Sqsub(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.QsubS);

    [Encoding("0 q 0 01110 size 1 rm 01000 1 rn rd", "sshl")]
    [Encoding("01 0 11110 11 1 rm 01000 1 rn rd", "sshl")]
    public static void Sshl(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.ShlS);

    [Encoding("0 q 0 01110 size 1 rm 01001 1 rn rd", "sqshl")]
    [Encoding("01 0 11110 size 1 rm 01001 1 rn rd", "sqshl")]
    public static void Sqshl(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.QshlS);

    [Encoding("0 q 0 01110 size 1 rm 01010 1 rn rd", "srshl")]
    [Encoding("01 0 11110 11 1 rm 01010 1 rn rd", "srshl")]
    public static void Srshl(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.RshlS);

    [Encoding("0 q 0 01110 size 1 rm 01011 1 rn rd", "sqrshl")]
    [Encoding("01 0 11110 size 1 rm 01011 1 rn rd", "sqrshl")]
    public static void Sqrshl(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.QrshlS);

    [Encoding("0 q 0 01110 size!=3 1 rm 01100 1 rn rd", "smax")]
    public static void Smax(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.MaxS);

    [Encoding("0 q 0 01110 size!=3 1 rm 01101 1 rn rd", "smin")]
    public static void Smin(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.MinS);

    [Encoding("0 q 0 01110 size!=3 1 rm 01110 1 rn rd", "sabd")]
    public static void Sabd(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.AbdS);

    [Encoding("0 q 0 01110 size!=3 1 rm 01111 1 rn rd", "saba")]
    public static void Saba(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.AbaS);

    [Encoding("0 q 1 01110 size!=3 1 rm 00000 1 rn rd", "uhadd")]
    public static void Uhadd(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.HaddU);

    [Encoding("0 q 1 01110 size 1 rm 00001 1 rn rd", "uqadd")]
    [Encoding("01 1 11110 size 1 rm 00001 1 rn rd", "uqadd")]
    public static void Uqadd(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.QaddU);

    [Encoding("0 q 1 01110 size!=3 1 rm 00010 1 rn rd", "urhadd")]
    public static void Urhadd(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.RhaddU);

    [Encoding("0 q 1 01110 size!=3 1 rm 00100 1 rn rd", "uhsub")]
    public static void Uhsub(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.HsubU);

    [Encoding("0 q 1 01110 size 1 rm 00101 1 rn rd", "uqsub")]
    [Encoding("01 1 11110 size 1 rm 00101 1 rn rd", "uqsub")]
    public static void Uqsub(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.QsubU);

    [Encoding("0 q 1 01110 size 1 rm 01000 1 rn rd", "ushl")]
    [Encoding("01 1 11110 11 1 rm 01000 1 rn rd", "ushl")]
    public static void Ushl(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.ShlU);

    [Encoding("0 q 1 01110 size 1 rm 01001 1 rn rd", "uqshl")]
    [Encoding("01 1 11110 size 1 rm 01001 1 rn rd", "uqshl")]
    public static void Uqshl(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.QshlU);

    [Encoding("0 q 1 01110 size 1 rm 01010 1 rn rd", "urshl")]
    [Encoding("01 1 11110 11 1 rm 01010 1 rn rd", "urshl")]
    public static void Urshl(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.RshlU);

    [Encoding("0 q 1 01110 size 1 rm 01011 1 rn rd", "uqrshl")]
    [Encoding("01 1 11110 size 1 rm 01011 1 rn rd", "uqrshl")]
    public static void Uqrshl(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.QrshlU);

    [Encoding("0 q 1 01110 size!=3 1 rm 01100 1 rn rd", "umax")]
    public static void Umax(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.MaxU);

    [Encoding("0 q 1 01110 size!=3 1 rm 01101 1 rn rd", "umin")]
    public static void Umin(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.MinU);

    [Encoding("0 q 1 01110 size!=3 1 rm 01110 1 rn rd", "uabd")]
    public static void Uabd(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.AbdU);

    [Encoding("0 q 1 01110 size!=3 1 rm 01111 1 rn rd", "uaba")]
    public static void Uaba(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.AbaU);

    [Encoding("0 q 0 01110 size 1 rm 00110 1 rn rd", "cmgt")]
    [Encoding("01 0 11110 11 1 rm 00110 1 rn rd", "cmgt")]
    public static void Cmgt(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.CmGt);

    [Encoding("0 q 0 01110 size 1 rm 00111 1 rn rd", "cmge")]
    [Encoding("01 0 11110 11 1 rm 00111 1 rn rd", "cmge")]
    public static void Cmge(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.CmGe);

    [Encoding("0 q 1 01110 size 1 rm 00110 1 rn rd", "cmhi")]
    [Encoding("01 1 11110 11 1 rm 00110 1 rn rd", "cmhi")]
    public static void Cmhi(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.CmHi);

    [Encoding("0 q 1 01110 size 1 rm 00111 1 rn rd", "cmhs")]
    [Encoding("01 1 11110 11 1 rm 00111 1 rn rd", "cmhs")]
    public static void Cmhs(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.CmHs);

    [Encoding("0 q 0 01110 size 1 rm 10000 1 rn rd", "add")]
    [Encoding("01 0 11110 11 1 rm 10000 1 rn rd", "add")]
    public static void Add(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Add);

    [Encoding("0 q 1 01110 size 1 rm 10000 1 rn rd", "sub")]
    [Encoding("01 1 11110 11 1 rm 10000 1 rn rd", "sub")]
    public static void Sub(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Sub);

    [Encoding("0 q 0 01110 size 1 rm 10001 1 rn rd", "cmtst")]
    [Encoding("01 0 11110 11 1 rm 10001 1 rn rd", "cmtst")]
    public static void Cmtst(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.CmTst);

    [Encoding("0 q 1 01110 size 1 rm 10001 1 rn rd", "cmeq")]
    [Encoding("01 1 11110 11 1 rm 10001 1 rn rd", "cmeq")]
    public static void Cmeq(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.CmEq);

    [Encoding("0 q 0 01110 size!=3 1 rm 10010 1 rn rd", "mla")]
    public static void Mla(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Mla);

    [Encoding("0 q 1 01110 size!=3 1 rm 10010 1 rn rd", "mls")]
    public static void Mls(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Mls);

    [Encoding("0 q 0 01110 size!=3 1 rm 10011 1 rn rd", "mul")]
    public static void Mul(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Mul);

    [Encoding("0 q 1 01110 00 1 rm 10011 1 rn rd", "pmul")]
    public static void Pmul(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Pmul);

    [Encoding("0 q 0 01110 size!=0,3 1 rm 10110 1 rn rd", "sqdmulh")]
    [Encoding("01 0 11110 size!=0,3 1 rm 10110 1 rn rd", "sqdmulh")]
    public static void Sqdmulh(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Qdmulh);

    [Encoding("0 q 1 01110 size!=0,3 1 rm 10110 1 rn rd", "sqrdmulh")]
    [Encoding("01 1 11110 size!=0,3 1 rm 10110 1 rn rd", "sqrdmulh")]
    public static void Sqrdmulh(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Qrdmulh);

    [Encoding("0 q 0 01110 size!=3 1 rm 10100 1 rn rd", "smaxp")]
    public static void Smaxp(A64Emitter e, A64Word i) => e.Pairs(i, VecOp.MaxS);

    [Encoding("0 q 1 01110 size!=3 1 rm 10100 1 rn rd", "umaxp")]
    public static void Umaxp(A64Emitter e, A64Word i) => e.Pairs(i, VecOp.MaxU);

    [Encoding("0 q 0 01110 size!=3 1 rm 10101 1 rn rd", "sminp")]
    public static void Sminp(A64Emitter e, A64Word i) => e.Pairs(i, VecOp.MinS);

    [Encoding("0 q 1 01110 size!=3 1 rm 10101 1 rn rd", "uminp")]
    public static void Uminp(A64Emitter e, A64Word i) => e.Pairs(i, VecOp.MinU);

    [Encoding("0 q 0 01110 size 1 rm 10111 1 rn rd", "addp")]
    public static void Addp(A64Emitter e, A64Word i) => e.Pairs(i, VecOp.Add);

    [Encoding("0 q 1 01110 size!=0,3 0 rm 10000 1 rn rd", "sqrdmlah", Requires = "RDM")]
    [Encoding("01 1 11110 size!=0,3 0 rm 10000 1 rn rd", "sqrdmlah", Requires = "RDM")]
    public static void Sqrdmlah(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Qrdmlah);

    [Encoding("0 q 1 01110 size!=0,3 0 rm 10001 1 rn rd", "sqrdmlsh", Requires = "RDM")]
    [Encoding("01 1 11110 size!=0,3 0 rm 10001 1 rn rd", "sqrdmlsh", Requires = "RDM")]
    public static void Sqrdmlsh(A64Emitter e, A64Word i) => e.Lanes(i, VecOp.Qrdmlsh);

    [Encoding("0 q 0 01110 00 1 rm 00011 1 rn rd", "and")]
    public static void And(A64Emitter e, A64Word i) => e.SetLanes(i, e.Ir.Vector(IrOp.VAnd, e.V(i.Rn), e.V(i.Rm)));

    [Encoding("0 q 0 01110 01 1 rm 00011 1 rn rd", "bic")]
    public static void Bic(A64Emitter e, A64Word i) => e.SetLanes(i, e.Ir.Vector(IrOp.VAndNot, e.V(i.Rn), e.V(i.Rm)));

    [Encoding("0 q 0 01110 10 1 rm 00011 1 rn rd", "orr")]
    public static void Orr(A64Emitter e, A64Word i) => e.SetLanes(i, e.Ir.Vector(IrOp.VOr, e.V(i.Rn), e.V(i.Rm)));

    [Encoding("0 q 0 01110 11 1 rm 00011 1 rn rd", "orn")]
    public static void Orn(A64Emitter e, A64Word i) => e.SetLanes(i, e.Ir.Vector(IrOp.VOr, e.V(i.Rn), e.Ir.VectorNot(e.V(i.Rm))));

    [Encoding("0 q 1 01110 00 1 rm 00011 1 rn rd", "eor")]
    public static void Eor(A64Emitter e, A64Word i) => e.SetLanes(i, e.Ir.Vector(IrOp.VXor, e.V(i.Rn), e.V(i.Rm)));

    [Encoding("0 q 1 01110 01 1 rm 00011 1 rn rd", "bsl")]
    public static void Bsl(A64Emitter e, A64Word i) => e.SetLanes(i, e.Ir.VectorSelect(e.V(i.Rd), e.V(i.Rn), e.V(i.Rm)));

    [Encoding("0 q 1 01110 10 1 rm 00011 1 rn rd", "bit")]
    public static void Bit(A64Emitter e, A64Word i) => e.SetLanes(i, e.Ir.VectorSelect(e.V(i.Rm), e.V(i.Rn), e.V(i.Rd)));

    [Encoding("0 q 1 01110 11 1 rm 00011 1 rn rd", "bif")]
    public static void Bif(A64Emitter e, A64Word i) => e.SetLanes(i, e.Ir.VectorSelect(e.V(i.Rm), e.V(i.Rd), e.V(i.Rn)));
}
