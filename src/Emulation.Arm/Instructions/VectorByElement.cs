using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Vector operations with one lane of the second operand. Arm DDI 0487, C4.1.96 "Advanced SIMD vector x indexed element".</summary>
[Extension("AdvSIMD")]
internal static class VectorByElement
{
    [Encoding("0 q 0 01111 size!=0,3 l m rm:4 1000 h 0 rn rd", "mul")]
    public static void Mul(A64Emitter e, A64Word i) => e.LanesByElement(i, VecOp.Mul);

    [Encoding("0 q 1 01111 size!=0,3 l m rm:4 0000 h 0 rn rd", "mla")]
    public static void Mla(A64Emitter e, A64Word i) => e.LanesByElement(i, VecOp.Mla);

    [Encoding("0 q 1 01111 size!=0,3 l m rm:4 0100 h 0 rn rd", "mls")]
    public static void Mls(A64Emitter e, A64Word i) => e.LanesByElement(i, VecOp.Mls);

    [Encoding("0 q 0 01111 size!=0,3 l m rm:4 1100 h 0 rn rd", "sqdmulh")]
    [Encoding("01 0 11111 size!=0,3 l m rm:4 1100 h 0 rn rd", "sqdmulh")]
    public static void Sqdmulh(A64Emitter e, A64Word i) => e.LanesByElement(i, VecOp.Qdmulh);

    [Encoding("0 q 0 01111 size!=0,3 l m rm:4 1101 h 0 rn rd", "sqrdmulh")]
    [Encoding("01 0 11111 size!=0,3 l m rm:4 1101 h 0 rn rd", "sqrdmulh")]
    public static void Sqrdmulh(A64Emitter e, A64Word i) => e.LanesByElement(i, VecOp.Qrdmulh);

    [Encoding("0 q 1 01111 size!=0,3 l m rm:4 1101 h 0 rn rd", "sqrdmlah", Requires = "RDM")]
    [Encoding("01 1 11111 size!=0,3 l m rm:4 1101 h 0 rn rd", "sqrdmlah", Requires = "RDM")]
    public static void Sqrdmlah(A64Emitter e, A64Word i) => e.LanesByElement(i, VecOp.Qrdmlah);

    [Encoding("0 q 1 01111 size!=0,3 l m rm:4 1111 h 0 rn rd", "sqrdmlsh", Requires = "RDM")]
    [Encoding("01 1 11111 size!=0,3 l m rm:4 1111 h 0 rn rd", "sqrdmlsh", Requires = "RDM")]
    public static void Sqrdmlsh(A64Emitter e, A64Word i) => e.LanesByElement(i, VecOp.Qrdmlsh);

    [Encoding("0 q 0 01111 size!=0,3 l m rm:4 0010 h 0 rn rd", "smlal{2}")]
    public static void Smlal(A64Emitter e, A64Word i) => e.WidenByElement(i, VecOp.Mla, true);

    [Encoding("0 q 0 01111 size!=0,3 l m rm:4 0110 h 0 rn rd", "smlsl{2}")]
    public static void Smlsl(A64Emitter e, A64Word i) => e.WidenByElement(i, VecOp.Mls, true);

    [Encoding("0 q 0 01111 size!=0,3 l m rm:4 1010 h 0 rn rd", "smull{2}")]
    public static void Smull(A64Emitter e, A64Word i) => e.WidenByElement(i, VecOp.Mul, true);

    [Encoding("0 q 1 01111 size!=0,3 l m rm:4 0010 h 0 rn rd", "umlal{2}")]
    public static void Umlal(A64Emitter e, A64Word i) => e.WidenByElement(i, VecOp.Mla, false);

    [Encoding("0 q 1 01111 size!=0,3 l m rm:4 0110 h 0 rn rd", "umlsl{2}")]
    public static void Umlsl(A64Emitter e, A64Word i) => e.WidenByElement(i, VecOp.Mls, false);

    [Encoding("0 q 1 01111 size!=0,3 l m rm:4 1010 h 0 rn rd", "umull{2}")]
    public static void Umull(A64Emitter e, A64Word i) => e.WidenByElement(i, VecOp.Mul, false);

    [Encoding("0 q 0 01111 size!=0,3 l m rm:4 0011 h 0 rn rd", "sqdmlal{2}")]
    [Encoding("01 0 11111 size!=0,3 l m rm:4 0011 h 0 rn rd", "sqdmlal")]
    public static void Sqdmlal(A64Emitter e, A64Word i) => e.WidenByElement(i, VecOp.QdmlaLong, true);

    [Encoding("0 q 0 01111 size!=0,3 l m rm:4 0111 h 0 rn rd", "sqdmlsl{2}")]
    [Encoding("01 0 11111 size!=0,3 l m rm:4 0111 h 0 rn rd", "sqdmlsl")]
    public static void Sqdmlsl(A64Emitter e, A64Word i) => e.WidenByElement(i, VecOp.QdmlsLong, true);

    [Encoding("0 q 0 01111 size!=0,3 l m rm:4 1011 h 0 rn rd", "sqdmull{2}")]
    [Encoding("01 0 11111 size!=0,3 l m rm:4 1011 h 0 rn rd", "sqdmull")]
    public static void Sqdmull(A64Emitter e, A64Word i) => e.WidenByElement(i, VecOp.QdmulLong, true);

    [Encoding("0 q 0 01111 1 sz l m rm:4 0001 h 0 rn rd", "fmla")]
    [Encoding("01 0 11111 1 sz l m rm:4 0001 h 0 rn rd", "fmla")]
    [Encoding("0 q 0 01111 00 l m rm:4 0001 h 0 rn rd", "fmla", Requires = "FP16")]
    [Encoding("01 0 11111 00 l m rm:4 0001 h 0 rn rd", "fmla", Requires = "FP16")]
    public static void Fmla(A64Emitter e, A64Word i) => e.FloatByElement(i, FpOp.MulAdd);

    [Encoding("0 q 0 01111 1 sz l m rm:4 0101 h 0 rn rd", "fmls")]
    [Encoding("01 0 11111 1 sz l m rm:4 0101 h 0 rn rd", "fmls")]
    [Encoding("0 q 0 01111 00 l m rm:4 0101 h 0 rn rd", "fmls", Requires = "FP16")]
    [Encoding("01 0 11111 00 l m rm:4 0101 h 0 rn rd", "fmls", Requires = "FP16")]
    public static void Fmls(A64Emitter e, A64Word i) => e.FloatByElement(i, FpOp.MulSub);

    [Encoding("0 q 0 01111 1 sz l m rm:4 1001 h 0 rn rd", "fmul")]
    [Encoding("01 0 11111 1 sz l m rm:4 1001 h 0 rn rd", "fmul")]
    [Encoding("0 q 0 01111 00 l m rm:4 1001 h 0 rn rd", "fmul", Requires = "FP16")]
    [Encoding("01 0 11111 00 l m rm:4 1001 h 0 rn rd", "fmul", Requires = "FP16")]
    public static void Fmul(A64Emitter e, A64Word i) => e.FloatByElement(i, FpOp.Mul);

    [Encoding("0 q 1 01111 1 sz l m rm:4 1001 h 0 rn rd", "fmulx")]
    [Encoding("01 1 11111 1 sz l m rm:4 1001 h 0 rn rd", "fmulx")]
    [Encoding("0 q 1 01111 00 l m rm:4 1001 h 0 rn rd", "fmulx", Requires = "FP16")]
    [Encoding("01 1 11111 00 l m rm:4 1001 h 0 rn rd", "fmulx", Requires = "FP16")]
    public static void Fmulx(A64Emitter e, A64Word i) => e.FloatByElement(i, FpOp.MulExtended);
}
