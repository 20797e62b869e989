using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Vector operations on three registers of the same lanes. Arm DDI 0487, F4.1.13 "Advanced SIMD three registers of the same length".</summary>
[Extension("Neon")]
internal static class NeonThreeSame
{
    [Encoding("1111001 0 0 d size!=3 vn vd 0000 n1 q m 0 vm", "vhadd.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 0000 n1 q m 0 vm", "vhadd.{su}")]
    public static void Vhadd(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.HaddS, VecOp.HaddU);

    [Encoding("1111001 0 0 d size vn vd 0000 n1 q m 1 vm", "vqadd.{su}")]
    [Encoding("1111001 1 0 d size vn vd 0000 n1 q m 1 vm", "vqadd.{su}")]
    public static void Vqadd(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.QaddS, VecOp.QaddU);

    [Encoding("1111001 0 0 d size!=3 vn vd 0001 n1 q m 0 vm", "vrhadd.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 0001 n1 q m 0 vm", "vrhadd.{su}")]
    public static void Vrhadd(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.RhaddS, VecOp.RhaddU);

    [Encoding("1111001 0 0 d size!=3 vn vd 0010 n1 q m 0 vm", "vhsub.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 0010 n1 q m 0 vm", "vhsub.{su}")]
    public static void Vhsub(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.HsubS, VecOp.HsubU);

    [Encoding("1111001 0 0 d size vn vd 0010 n1 q m 1 vm", "vqsub.{su}")]
    [Encoding("1111001 1 0 d size vn vd 0010 n1 q m 1 vm", "vqsub.{su}")]
    public static void Vqsub(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.QsubS, VecOp.QsubU);

    [Encoding("1111001 0 0 d size!=3 vn vd 0011 n1 q m 0 vm", "vcgt.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 0011 n1 q m 0 vm", "vcgt.{su}")]
    public static void Vcgt(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.CmGt, VecOp.CmHi);

    [Encoding("1111001 0 0 d size!=3 vn vd 0011 n1 q m 1 vm", "vcge.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 0011 n1 q m 1 vm", "vcge.{su}")]
    public static void Vcge(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.CmGe, VecOp.CmHs);

    [Encoding("1111001 0 0 d size vn vd 0100 n1 q m 0 vm", "vshl.{su}")]
    [Encoding("1111001 1 0 d size vn vd 0100 n1 q m 0 vm", "vshl.{su}")]
    public static void Vshl(A32Emitter e, A32Word i) => Shift(e, i, VecOp.ShlS, VecOp.ShlU);

    [Encoding("1111001 0 0 d size vn vd 0100 n1 q m 1 vm", "vqshl.{su}")]
    [Encoding("1111001 1 0 d size vn vd 0100 n1 q m 1 vm", "vqshl.{su}")]
    public static void Vqshl(A32Emitter e, A32Word i) => Shift(e, i, VecOp.QshlS, VecOp.QshlU);

    [Encoding("1111001 0 0 d size vn vd 0101 n1 q m 0 vm", "vrshl.{su}")]
    [Encoding("1111001 1 0 d size vn vd 0101 n1 q m 0 vm", "vrshl.{su}")]
    public static void Vrshl(A32Emitter e, A32Word i) => Shift(e, i, VecOp.RshlS, VecOp.RshlU);

    [Encoding("1111001 0 0 d size vn vd 0101 n1 q m 1 vm", "vqrshl.{su}")]
    [Encoding("1111001 1 0 d size vn vd 0101 n1 q m 1 vm", "vqrshl.{su}")]
    public static void Vqrshl(A32Emitter e, A32Word i) => Shift(e, i, VecOp.QrshlS, VecOp.QrshlU);

    [Encoding("1111001 0 0 d size!=3 vn vd 0110 n1 q m 0 vm", "vmax.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 0110 n1 q m 0 vm", "vmax.{su}")]
    public static void Vmax(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.MaxS, VecOp.MaxU);

    [Encoding("1111001 0 0 d size!=3 vn vd 0110 n1 q m 1 vm", "vmin.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 0110 n1 q m 1 vm", "vmin.{su}")]
    public static void Vmin(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.MinS, VecOp.MinU);

    [Encoding("1111001 0 0 d size!=3 vn vd 0111 n1 q m 0 vm", "vabd.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 0111 n1 q m 0 vm", "vabd.{su}")]
    public static void Vabd(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.AbdS, VecOp.AbdU);

    [Encoding("1111001 0 0 d size!=3 vn vd 0111 n1 q m 1 vm", "vaba.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 0111 n1 q m 1 vm", "vaba.{su}")]
    public static void Vaba(A32Emitter e, A32Word i) => Lanes(e, i, VecOp.AbaS, VecOp.AbaU);

    [Encoding("1111001 0 0 d size vn vd 1000 n1 q m 0 vm", "vadd.{i}")]
    public static void Vadd(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Add, i.Field(20, 2));

    [Encoding("1111001 1 0 d size vn vd 1000 n1 q m 0 vm", "vsub.{i}")]
    public static void Vsub(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Sub, i.Field(20, 2));

    [Encoding("1111001 0 0 d size!=3 vn vd 1000 n1 q m 1 vm", "vtst.{size}")]
    public static void Vtst(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.CmTst, i.Field(20, 2));

    [Encoding("1111001 1 0 d size!=3 vn vd 1000 n1 q m 1 vm", "vceq.{i}")]
    public static void Vceq(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.CmEq, i.Field(20, 2));

    [Encoding("1111001 0 0 d size!=3 vn vd 1001 n1 q m 0 vm", "vmla.{i}")]
    public static void Vmla(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Mla, i.Field(20, 2));

    [Encoding("1111001 1 0 d size!=3 vn vd 1001 n1 q m 0 vm", "vmls.{i}")]
    public static void Vmls(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Mls, i.Field(20, 2));

    [Encoding("1111001 0 0 d size!=3 vn vd 1001 n1 q m 1 vm", "vmul.{i}")]
    public static void Vmul(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Mul, i.Field(20, 2));

    [Encoding("1111001 1 0 d 00 vn vd 1001 n1 q m 1 vm", "vmul.p8")]
    public static void VmulPolynomial(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Pmul, 0);

    [Encoding("1111001 0 0 d size!=3 vn vd 1010 n1 0 m 0 vm", "vpmax.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 1010 n1 0 m 0 vm", "vpmax.{su}")]
    public static void Vpmax(A32Emitter e, A32Word i) => e.Pairs(i, (int)(i.Flag(24) ? VecOp.MaxU : VecOp.MaxS), i.Field(20, 2), false);

    [Encoding("1111001 0 0 d size!=3 vn vd 1010 n1 0 m 1 vm", "vpmin.{su}")]
    [Encoding("1111001 1 0 d size!=3 vn vd 1010 n1 0 m 1 vm", "vpmin.{su}")]
    public static void Vpmin(A32Emitter e, A32Word i) => e.Pairs(i, (int)(i.Flag(24) ? VecOp.MinU : VecOp.MinS), i.Field(20, 2), false);

    [Encoding("1111001 0 0 d size!=3 vn vd 1011 n1 0 m 1 vm", "vpadd.{i}")]
    public static void Vpadd(A32Emitter e, A32Word i) => e.Pairs(i, (int)VecOp.Add, i.Field(20, 2), false);

    [Encoding("1111001 0 0 d size!=0,3 vn vd 1011 n1 q m 0 vm", "vqdmulh.s{size}")]
    public static void Vqdmulh(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Qdmulh, i.Field(20, 2));

    [Encoding("1111001 1 0 d size!=0,3 vn vd 1011 n1 q m 0 vm", "vqrdmulh.s{size}")]
    public static void Vqrdmulh(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Qrdmulh, i.Field(20, 2));

    [Encoding("1111001 1 0 d size!=0,3 vn vd 1011 n1 q m 1 vm", "vqrdmlah.s{size}", Requires = "RDM")]
    public static void Vqrdmlah(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Qrdmlah, i.Field(20, 2));

    [Encoding("1111001 1 0 d size!=0,3 vn vd 1100 n1 q m 1 vm", "vqrdmlsh.s{size}", Requires = "RDM")]
    public static void Vqrdmlsh(A32Emitter e, A32Word i) => e.Lanes(i, VecOp.Qrdmlsh, i.Field(20, 2));

    [Encoding("1111001 0 0 d 00 vn vd 0001 n1 q m 1 vm", "vand")]
    public static void Vand(A32Emitter e, A32Word i) => e.Bits(i, (_, n, m) => e.Ir.Vector(IrOp.VAnd, n, m));

    [Encoding("1111001 0 0 d 01 vn vd 0001 n1 q m 1 vm", "vbic")]
    public static void Vbic(A32Emitter e, A32Word i) => e.Bits(i, (_, n, m) => e.Ir.Vector(IrOp.VAndNot, n, m));

    [Encoding("1111001 0 0 d 10 vn vd 0001 n1 q m 1 vm", "vorr")]
    public static void Vorr(A32Emitter e, A32Word i) => e.Bits(i, (_, n, m) => e.Ir.Vector(IrOp.VOr, n, m));

    [Encoding("1111001 0 0 d 11 vn vd 0001 n1 q m 1 vm", "vorn")]
    public static void Vorn(A32Emitter e, A32Word i) => e.Bits(i, (_, n, m) => e.Ir.Vector(IrOp.VOr, n, e.Ir.VectorNot(m)));

    [Encoding("1111001 1 0 d 00 vn vd 0001 n1 q m 1 vm", "veor")]
    public static void Veor(A32Emitter e, A32Word i) => e.Bits(i, (_, n, m) => e.Ir.Vector(IrOp.VXor, n, m));

    [Encoding("1111001 1 0 d 01 vn vd 0001 n1 q m 1 vm", "vbsl")]
    public static void Vbsl(A32Emitter e, A32Word i) => e.Bits(i, (d, n, m) => e.Ir.VectorSelect(d, n, m));

    [Encoding("1111001 1 0 d 10 vn vd 0001 n1 q m 1 vm", "vbit")]
    public static void Vbit(A32Emitter e, A32Word i) => e.Bits(i, (d, n, m) => e.Ir.VectorSelect(m, n, d));

    [Encoding("1111001 1 0 d 11 vn vd 0001 n1 q m 1 vm", "vbif")]
    public static void Vbif(A32Emitter e, A32Word i) => e.Bits(i, (d, n, m) => e.Ir.VectorSelect(m, d, n));

    private static void Lanes(A32Emitter e, A32Word i, VecOp signed, VecOp unsigned) => e.Lanes(i, i.Flag(24) ? unsigned : signed, i.Field(20, 2));

    private static void Shift(A32Emitter e, A32Word i, VecOp signed, VecOp unsigned) => e.Lanes(i, i.Flag(24) ? unsigned : signed, i.Field(20, 2), swaps: true);
}
