using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Vector operations that widen, narrow, or take one lane. Arm DDI 0487, F4.1.13 "three registers of different lengths", "two registers and a scalar".</summary>
[Extension("Neon")]
internal static class NeonThreeDifferent
{
    [Encoding("1111001 v 1 d size!=3 vn vd 0000 n1 0 m 0 vm", "vaddl.{su}")]
    public static void Vaddl(A32Emitter e, A32Word i) => Widen(e, i, VecOp.Add);

    [Encoding("1111001 v 1 d size!=3 vn vd 0001 n1 0 m 0 vm", "vaddw.{su}")]
    public static void Vaddw(A32Emitter e, A32Word i) => e.Wide(i, VecOp.Add, i.Field(20, 2), !i.Flag(24));

    [Encoding("1111001 v 1 d size!=3 vn vd 0010 n1 0 m 0 vm", "vsubl.{su}")]
    public static void Vsubl(A32Emitter e, A32Word i) => Widen(e, i, VecOp.Sub);

    [Encoding("1111001 v 1 d size!=3 vn vd 0011 n1 0 m 0 vm", "vsubw.{su}")]
    public static void Vsubw(A32Emitter e, A32Word i) => e.Wide(i, VecOp.Sub, i.Field(20, 2), !i.Flag(24));

    [Encoding("1111001 0 1 d size!=3 vn vd 0100 n1 0 m 0 vm", "vaddhn.i{wide}")]
    public static void Vaddhn(A32Emitter e, A32Word i) => e.NarrowTwo(i, VecOp.AddHigh, i.Field(20, 2));

    [Encoding("1111001 1 1 d size!=3 vn vd 0100 n1 0 m 0 vm", "vraddhn.i{wide}")]
    public static void Vraddhn(A32Emitter e, A32Word i) => e.NarrowTwo(i, VecOp.RaddHigh, i.Field(20, 2));

    [Encoding("1111001 v 1 d size!=3 vn vd 0101 n1 0 m 0 vm", "vabal.{su}")]
    public static void Vabal(A32Emitter e, A32Word i) => Widen(e, i, VecOp.AbaLong);

    [Encoding("1111001 0 1 d size!=3 vn vd 0110 n1 0 m 0 vm", "vsubhn.i{wide}")]
    public static void Vsubhn(A32Emitter e, A32Word i) => e.NarrowTwo(i, VecOp.SubHigh, i.Field(20, 2));

    [Encoding("1111001 1 1 d size!=3 vn vd 0110 n1 0 m 0 vm", "vrsubhn.i{wide}")]
    public static void Vrsubhn(A32Emitter e, A32Word i) => e.NarrowTwo(i, VecOp.RsubHigh, i.Field(20, 2));

    [Encoding("1111001 v 1 d size!=3 vn vd 0111 n1 0 m 0 vm", "vabdl.{su}")]
    public static void Vabdl(A32Emitter e, A32Word i) => Widen(e, i, VecOp.AbdLong);

    [Encoding("1111001 v 1 d size!=3 vn vd 1000 n1 0 m 0 vm", "vmlal.{su}")]
    public static void Vmlal(A32Emitter e, A32Word i) => Widen(e, i, VecOp.Mla);

    [Encoding("1111001 0 1 d size!=0,3 vn vd 1001 n1 0 m 0 vm", "vqdmlal.s{size}")]
    public static void Vqdmlal(A32Emitter e, A32Word i) => Widen(e, i, VecOp.QdmlaLong);

    [Encoding("1111001 v 1 d size!=3 vn vd 1010 n1 0 m 0 vm", "vmlsl.{su}")]
    public static void Vmlsl(A32Emitter e, A32Word i) => Widen(e, i, VecOp.Mls);

    [Encoding("1111001 0 1 d size!=0,3 vn vd 1011 n1 0 m 0 vm", "vqdmlsl.s{size}")]
    public static void Vqdmlsl(A32Emitter e, A32Word i) => Widen(e, i, VecOp.QdmlsLong);

    [Encoding("1111001 v 1 d size!=3 vn vd 1100 n1 0 m 0 vm", "vmull.{su}")]
    public static void Vmull(A32Emitter e, A32Word i) => Widen(e, i, VecOp.Mul);

    [Encoding("1111001 0 1 d size!=0,3 vn vd 1101 n1 0 m 0 vm", "vqdmull.s{size}")]
    public static void Vqdmull(A32Emitter e, A32Word i) => Widen(e, i, VecOp.QdmulLong);

    [Encoding("1111001 0 1 d 00 vn vd 1110 n1 0 m 0 vm", "vmull.p8")]
    public static void VmullPolynomial(A32Emitter e, A32Word i) => e.Widen(i, VecOp.PmulLong, 0, false);

    [Encoding("1111001 0 1 d 10 vn vd 1110 n1 0 m 0 vm", "vmull.p64", Requires = "PMULL")]
    public static void VmullPolynomial64(A32Emitter e, A32Word i) => e.Widen(i, VecOp.PmulLong, 3, false);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 0000 n1 1 m 0 vm", "vmla.{i}")]
    public static void VmlaScalar(A32Emitter e, A32Word i) => e.LanesByElement(i, VecOp.Mla);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 0001 n1 1 m 0 vm", "vmla.{f21}")]
    public static void VmlaScalarFloat(A32Emitter e, A32Word i) => e.FloatByElement(i, FpOp.MulAddSeparate);

    [Encoding("1111001 v 1 d size!=0,3 vn vd 0010 n1 1 m 0 vm", "vmlal.{su}")]
    public static void VmlalScalar(A32Emitter e, A32Word i) => e.WidenByElement(i, VecOp.Mla, !i.Flag(24));

    [Encoding("1111001 0 1 d size!=0,3 vn vd 0011 n1 1 m 0 vm", "vqdmlal.s{size}")]
    public static void VqdmlalScalar(A32Emitter e, A32Word i) => e.WidenByElement(i, VecOp.QdmlaLong, true);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 0100 n1 1 m 0 vm", "vmls.{i}")]
    public static void VmlsScalar(A32Emitter e, A32Word i) => e.LanesByElement(i, VecOp.Mls);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 0101 n1 1 m 0 vm", "vmls.{f21}")]
    public static void VmlsScalarFloat(A32Emitter e, A32Word i) => e.FloatByElement(i, FpOp.MulSubSeparate);

    [Encoding("1111001 v 1 d size!=0,3 vn vd 0110 n1 1 m 0 vm", "vmlsl.{su}")]
    public static void VmlslScalar(A32Emitter e, A32Word i) => e.WidenByElement(i, VecOp.Mls, !i.Flag(24));

    [Encoding("1111001 0 1 d size!=0,3 vn vd 0111 n1 1 m 0 vm", "vqdmlsl.s{size}")]
    public static void VqdmlslScalar(A32Emitter e, A32Word i) => e.WidenByElement(i, VecOp.QdmlsLong, true);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 1000 n1 1 m 0 vm", "vmul.{i}")]
    public static void VmulScalar(A32Emitter e, A32Word i) => e.LanesByElement(i, VecOp.Mul);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 1001 n1 1 m 0 vm", "vmul.{f21}")]
    public static void VmulScalarFloat(A32Emitter e, A32Word i) => e.FloatByElement(i, FpOp.Mul);

    [Encoding("1111001 v 1 d size!=0,3 vn vd 1010 n1 1 m 0 vm", "vmull.{su}")]
    public static void VmullScalar(A32Emitter e, A32Word i) => e.WidenByElement(i, VecOp.Mul, !i.Flag(24));

    [Encoding("1111001 0 1 d size!=0,3 vn vd 1011 n1 1 m 0 vm", "vqdmull.s{size}")]
    public static void VqdmullScalar(A32Emitter e, A32Word i) => e.WidenByElement(i, VecOp.QdmulLong, true);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 1100 n1 1 m 0 vm", "vqdmulh.s{size}")]
    public static void VqdmulhScalar(A32Emitter e, A32Word i) => e.LanesByElement(i, VecOp.Qdmulh);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 1101 n1 1 m 0 vm", "vqrdmulh.s{size}")]
    public static void VqrdmulhScalar(A32Emitter e, A32Word i) => e.LanesByElement(i, VecOp.Qrdmulh);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 1110 n1 1 m 0 vm", "vqrdmlah.s{size}", Requires = "RDM")]
    public static void VqrdmlahScalar(A32Emitter e, A32Word i) => e.LanesByElement(i, VecOp.Qrdmlah);

    [Encoding("1111001 qd 1 d size!=0,3 vn vd 1111 n1 1 m 0 vm", "vqrdmlsh.s{size}", Requires = "RDM")]
    public static void VqrdmlshScalar(A32Emitter e, A32Word i) => e.LanesByElement(i, VecOp.Qrdmlsh);

    private static void Widen(A32Emitter e, A32Word i, VecOp op) => e.Widen(i, op, i.Field(20, 2), !i.Flag(24));
}
