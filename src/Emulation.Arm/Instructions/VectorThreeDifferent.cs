using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Vector operations that widen or narrow. Arm DDI 0487, C4.1.96 "Advanced SIMD three different".</summary>
[Extension("AdvSIMD")]
internal static class VectorThreeDifferent
{
    [Encoding("0 q 0 01110 size!=3 1 rm 0000 00 rn rd", "saddl{2}")]
    public static void Saddl(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Add, true);

    [Encoding("0 q 0 01110 size!=3 1 rm 0001 00 rn rd", "saddw{2}")]
    public static void Saddw(A64Emitter e, A64Word i) => e.Wide(i, VecOp.Add, true);

    [Encoding("0 q 0 01110 size!=3 1 rm 0010 00 rn rd", "ssubl{2}")]
    public static void Ssubl(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Sub, true);

    [Encoding("0 q 0 01110 size!=3 1 rm 0011 00 rn rd", "ssubw{2}")]
    public static void Ssubw(A64Emitter e, A64Word i) => e.Wide(i, VecOp.Sub, true);

    [Encoding("0 q 0 01110 size!=3 1 rm 0101 00 rn rd", "sabal{2}")]
    public static void Sabal(A64Emitter e, A64Word i) => e.Widen(i, VecOp.AbaLong, true);

    [Encoding("0 q 0 01110 size!=3 1 rm 0111 00 rn rd", "sabdl{2}")]
    public static void Sabdl(A64Emitter e, A64Word i) => e.Widen(i, VecOp.AbdLong, true);

    [Encoding("0 q 0 01110 size!=3 1 rm 1000 00 rn rd", "smlal{2}")]
    public static void Smlal(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Mla, true);

    [Encoding("0 q 0 01110 size!=3 1 rm 1010 00 rn rd", "smlsl{2}")]
    public static void Smlsl(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Mls, true);

    [Encoding("0 q 0 01110 size!=3 1 rm 1100 00 rn rd", "smull{2}")]
    public static void Smull(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Mul, true);

    [Encoding("0 q 1 01110 size!=3 1 rm 0000 00 rn rd", "uaddl{2}")]
    public static void Uaddl(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Add, false);

    [Encoding("0 q 1 01110 size!=3 1 rm 0001 00 rn rd", "uaddw{2}")]
    public static void Uaddw(A64Emitter e, A64Word i) => e.Wide(i, VecOp.Add, false);

    [Encoding("0 q 1 01110 size!=3 1 rm 0010 00 rn rd", "usubl{2}")]
    public static void Usubl(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Sub, false);

    [Encoding("0 q 1 01110 size!=3 1 rm 0011 00 rn rd", "usubw{2}")]
    public static void Usubw(A64Emitter e, A64Word i) => e.Wide(i, VecOp.Sub, false);

    [Encoding("0 q 1 01110 size!=3 1 rm 0101 00 rn rd", "uabal{2}")]
    public static void Uabal(A64Emitter e, A64Word i) => e.Widen(i, VecOp.AbaLong, false);

    [Encoding("0 q 1 01110 size!=3 1 rm 0111 00 rn rd", "uabdl{2}")]
    public static void Uabdl(A64Emitter e, A64Word i) => e.Widen(i, VecOp.AbdLong, false);

    [Encoding("0 q 1 01110 size!=3 1 rm 1000 00 rn rd", "umlal{2}")]
    public static void Umlal(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Mla, false);

    [Encoding("0 q 1 01110 size!=3 1 rm 1010 00 rn rd", "umlsl{2}")]
    public static void Umlsl(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Mls, false);

    [Encoding("0 q 1 01110 size!=3 1 rm 1100 00 rn rd", "umull{2}")]
    public static void Umull(A64Emitter e, A64Word i) => e.Widen(i, VecOp.Mul, false);

    [Encoding("0 q 0 01110 size!=3 1 rm 0100 00 rn rd", "addhn{2}")]
    public static void Addhn(A64Emitter e, A64Word i) => e.Narrow(i, VecOp.AddHigh);

    [Encoding("0 q 1 01110 size!=3 1 rm 0100 00 rn rd", "raddhn{2}")]
    public static void Raddhn(A64Emitter e, A64Word i) => e.Narrow(i, VecOp.RaddHigh);

    [Encoding("0 q 0 01110 size!=3 1 rm 0110 00 rn rd", "subhn{2}")]
    public static void Subhn(A64Emitter e, A64Word i) => e.Narrow(i, VecOp.SubHigh);

    [Encoding("0 q 1 01110 size!=3 1 rm 0110 00 rn rd", "rsubhn{2}")]
    public static void Rsubhn(A64Emitter e, A64Word i) => e.Narrow(i, VecOp.RsubHigh);

    [Encoding("0 q 0 01110 size!=0,3 1 rm 1001 00 rn rd", "sqdmlal{2}")]
    [Encoding("01 0 11110 size!=0,3 1 rm 1001 00 rn rd", "sqdmlal")]
    public static void Sqdmlal(A64Emitter e, A64Word i) => e.Widen(i, VecOp.QdmlaLong, true);

    [Encoding("0 q 0 01110 size!=0,3 1 rm 1011 00 rn rd", "sqdmlsl{2}")]
    [Encoding("01 0 11110 size!=0,3 1 rm 1011 00 rn rd", "sqdmlsl")]
    public static void Sqdmlsl(A64Emitter e, A64Word i) => e.Widen(i, VecOp.QdmlsLong, true);

    [Encoding("0 q 0 01110 size!=0,3 1 rm 1101 00 rn rd", "sqdmull{2}")]
    [Encoding("01 0 11110 size!=0,3 1 rm 1101 00 rn rd", "sqdmull")]
    public static void Sqdmull(A64Emitter e, A64Word i) => e.Widen(i, VecOp.QdmulLong, true);

    [Encoding("0 q 0 01110 00 1 rm 1110 00 rn rd", "pmull{2}")]
    public static void Pmull(A64Emitter e, A64Word i) => e.Widen(i, VecOp.PmulLong, false);

    [Encoding("0 q 0 01110 11 1 rm 1110 00 rn rd", "pmull{2}", Requires = "PMULL")]
    public static void PmullQuad(A64Emitter e, A64Word i) => e.Widen(i, VecOp.PmulLong, false);
}
