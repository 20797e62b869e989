using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Vector shifts by a constant. Arm DDI 0487, C4.1.96 "Advanced SIMD shift by immediate".</summary>
[Extension("AdvSIMD")]
internal static class VectorShiftImmediate
{
    [Encoding("0 q 0 011110 immh!=0 immb 00000 1 rn rd", "sshr")]
    [Encoding("01 0 111110 1 immh:3 immb 00000 1 rn rd", "sshr")]
    public static void Sshr(A64Emitter e, A64Word i) => e.ShiftRight(i, VecOp.ShrS);

    [Encoding("0 q 0 011110 immh!=0 immb 00010 1 rn rd", "ssra")]
    [Encoding("01 0 111110 1 immh:3 immb 00010 1 rn rd", "ssra")]
    public static void Ssra(A64Emitter e, A64Word i) => e.ShiftRight(i, VecOp.SraS);

    [Encoding("0 q 0 011110 immh!=0 immb 00100 1 rn rd", "srshr")]
    [Encoding("01 0 111110 1 immh:3 immb 00100 1 rn rd", "srshr")]
    public static void Srshr(A64Emitter e, A64Word i) => e.ShiftRight(i, VecOp.RshrS);

    [Encoding("0 q 0 011110 immh!=0 immb 00110 1 rn rd", "srsra")]
    [Encoding("01 0 111110 1 immh:3 immb 00110 1 rn rd", "srsra")]
    public static void Srsra(A64Emitter e, A64Word i) => e.ShiftRight(i, VecOp.RsraS);

    [Encoding("0 q 0 011110 immh!=0 immb 01110 1 rn rd", "sqshl")]
    [Encoding("01 0 111110 immh!=0 immb 01110 1 rn rd", "sqshl")]
    public static void Sqshl(A64Emitter e, A64Word i) => e.ShiftLeft(i, VecOp.QshlS);

    [Encoding("0 q 0 011110 immh!=0 immb 10010 1 rn rd", "sqshrn{2}")]
    [Encoding("01 0 111110 immh!=0 immb 10010 1 rn rd", "sqshrn")]
    public static void Sqshrn(A64Emitter e, A64Word i) => e.ShiftNarrow(i, VecOp.ShrNarrowS);

    [Encoding("0 q 0 011110 immh!=0 immb 10011 1 rn rd", "sqrshrn{2}")]
    [Encoding("01 0 111110 immh!=0 immb 10011 1 rn rd", "sqrshrn")]
    public static void Sqrshrn(A64Emitter e, A64Word i) => e.ShiftNarrow(i, VecOp.RshrNarrowS);

    [Encoding("0 q 0 011110 immh!=0 immb 10100 1 rn rd", "sshll{2}")]
    public static void Sshll(A64Emitter e, A64Word i) => e.ShiftLong(i, true);

    [Encoding("0 q 1 011110 immh!=0 immb 00000 1 rn rd", "ushr")]
    [Encoding("01 1 111110 1 immh:3 immb 00000 1 rn rd", "ushr")]
    public static void Ushr(A64Emitter e, A64Word i) => e.ShiftRight(i, VecOp.ShrU);

    [Encoding("0 q 1 011110 immh!=0 immb 00010 1 rn rd", "usra")]
    [Encoding("01 1 111110 1 immh:3 immb 00010 1 rn rd", "usra")]
    public static void Usra(A64Emitter e, A64Word i) => e.ShiftRight(i, VecOp.SraU);

    [Encoding("0 q 1 011110 immh!=0 immb 00100 1 rn rd", "urshr")]
    [Encoding("01 1 111110 1 immh:3 immb 00100 1 rn rd", "urshr")]
    public static void Urshr(A64Emitter e, A64Word i) => e.ShiftRight(i, VecOp.RshrU);

    [Encoding("0 q 1 011110 immh!=0 immb 00110 1 rn rd", "ursra")]
    [Encoding("01 1 111110 1 immh:3 immb 00110 1 rn rd", "ursra")]
    public static void Ursra(A64Emitter e, A64Word i) => e.ShiftRight(i, VecOp.RsraU);

    [Encoding("0 q 1 011110 immh!=0 immb 01110 1 rn rd", "uqshl")]
    [Encoding("01 1 111110 immh!=0 immb 01110 1 rn rd", "uqshl")]
    public static void Uqshl(A64Emitter e, A64Word i) => e.ShiftLeft(i, VecOp.QshlU);

    [Encoding("0 q 1 011110 immh!=0 immb 10010 1 rn rd", "uqshrn{2}")]
    [Encoding("01 1 111110 immh!=0 immb 10010 1 rn rd", "uqshrn")]
    public static void Uqshrn(A64Emitter e, A64Word i) => e.ShiftNarrow(i, VecOp.ShrNarrowU);

    [Encoding("0 q 1 011110 immh!=0 immb 10011 1 rn rd", "uqrshrn{2}")]
    [Encoding("01 1 111110 immh!=0 immb 10011 1 rn rd", "uqrshrn")]
    public static void Uqrshrn(A64Emitter e, A64Word i) => e.ShiftNarrow(i, VecOp.RshrNarrowU);

    [Encoding("0 q 1 011110 immh!=0 immb 10100 1 rn rd", "ushll{2}")]
    public static void Ushll(A64Emitter e, A64Word i) => e.ShiftLong(i, false);

    [Encoding("0 q 0 011110 immh!=0 immb 01010 1 rn rd", "shl")]
    [Encoding("01 0 111110 1 immh:3 immb 01010 1 rn rd", "shl")]
    public static void Shl(A64Emitter e, A64Word i) => e.ShiftLeft(i, VecOp.ShlImmediate);

    [Encoding("0 q 1 011110 immh!=0 immb 01010 1 rn rd", "sli")]
    [Encoding("01 1 111110 1 immh:3 immb 01010 1 rn rd", "sli")]
    public static void Sli(A64Emitter e, A64Word i) => e.ShiftLeft(i, VecOp.Sli);

    [Encoding("0 q 1 011110 immh!=0 immb 01000 1 rn rd", "sri")]
    [Encoding("01 1 111110 1 immh:3 immb 01000 1 rn rd", "sri")]
    public static void Sri(A64Emitter e, A64Word i) => e.ShiftRight(i, VecOp.Sri);

    [Encoding("0 q 1 011110 immh!=0 immb 01100 1 rn rd", "sqshlu")]
    [Encoding("01 1 111110 immh!=0 immb 01100 1 rn rd", "sqshlu")]
    public static void Sqshlu(A64Emitter e, A64Word i) => e.ShiftLeft(i, VecOp.QshlSToU);

    [Encoding("0 q 0 011110 immh!=0 immb 10000 1 rn rd", "shrn{2}")]
    public static void Shrn(A64Emitter e, A64Word i) => e.ShiftNarrow(i, VecOp.ShrNarrow);

    [Encoding("0 q 0 011110 immh!=0 immb 10001 1 rn rd", "rshrn{2}")]
    public static void Rshrn(A64Emitter e, A64Word i) => e.ShiftNarrow(i, VecOp.RshrNarrow);

    [Encoding("0 q 1 011110 immh!=0 immb 10000 1 rn rd", "sqshrun{2}")]
    [Encoding("01 1 111110 immh!=0 immb 10000 1 rn rd", "sqshrun")]
    public static void Sqshrun(A64Emitter e, A64Word i) => e.ShiftNarrow(i, VecOp.ShrNarrowSToU);

    [Encoding("0 q 1 011110 immh!=0 immb 10001 1 rn rd", "sqrshrun{2}")]
    [Encoding("01 1 111110 immh!=0 immb 10001 1 rn rd", "sqrshrun")]
    public static void Sqrshrun(A64Emitter e, A64Word i) => e.ShiftNarrow(i, VecOp.RshrNarrowSToU);

    [Encoding("0 q 0 011110 immh!=0 immb 11100 1 rn rd", "scvtf")]
    [Encoding("01 0 111110 immh!=0 immb 11100 1 rn rd", "scvtf")]
    public static void Scvtf(A64Emitter e, A64Word i) => e.FixedPoint(i, VecOp.FromS);

    [Encoding("0 q 1 011110 immh!=0 immb 11100 1 rn rd", "ucvtf")]
    [Encoding("01 1 111110 immh!=0 immb 11100 1 rn rd", "ucvtf")]
    public static void Ucvtf(A64Emitter e, A64Word i) => e.FixedPoint(i, VecOp.FromU);

    [Encoding("0 q 0 011110 immh!=0 immb 11111 1 rn rd", "fcvtzs")]
    [Encoding("01 0 111110 immh!=0 immb 11111 1 rn rd", "fcvtzs")]
    public static void Fcvtzs(A64Emitter e, A64Word i) => e.FixedPoint(i, VecOp.ToS);

    [Encoding("0 q 1 011110 immh!=0 immb 11111 1 rn rd", "fcvtzu")]
    [Encoding("01 1 111110 immh!=0 immb 11111 1 rn rd", "fcvtzu")]
    public static void Fcvtzu(A64Emitter e, A64Word i) => e.FixedPoint(i, VecOp.ToU);
}
