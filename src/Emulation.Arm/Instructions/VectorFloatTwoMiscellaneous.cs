using Emulation.Cpu.Decode;
using Emulation.SoftFloat;

namespace Emulation.Arm.Instructions;

/// <summary>Vector operations on one register: floating point. Arm DDI 0487, C4.1.96 "Advanced SIMD two-register miscellaneous", "(FP16)".</summary>
[Extension("AdvSIMD")]
internal static class VectorFloatTwoMiscellaneous
{
    [Encoding("0 q 0 01110 0 sz 10000 11000 10 rn rd", "frintn")]
    [Encoding("0 q 0 01110 0 111100 11000 10 rn rd", "frintn", Requires = "FP16")]
    public static void Frintn(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.NearestEven);

    [Encoding("0 q 0 01110 1 sz 10000 11000 10 rn rd", "frintp")]
    [Encoding("0 q 0 01110 1 111100 11000 10 rn rd", "frintp", Requires = "FP16")]
    public static void Frintp(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.Up);

    [Encoding("0 q 0 01110 0 sz 10000 11001 10 rn rd", "frintm")]
    [Encoding("0 q 0 01110 0 111100 11001 10 rn rd", "frintm", Requires = "FP16")]
    public static void Frintm(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.Down);

    [Encoding("0 q 0 01110 1 sz 10000 11001 10 rn rd", "frintz")]
    [Encoding("0 q 0 01110 1 111100 11001 10 rn rd", "frintz", Requires = "FP16")]
    public static void Frintz(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.TowardZero);

    [Encoding("0 q 1 01110 0 sz 10000 11000 10 rn rd", "frinta")]
    [Encoding("0 q 1 01110 0 111100 11000 10 rn rd", "frinta", Requires = "FP16")]
    public static void Frinta(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.NearestAway);

    [Encoding("0 q 1 01110 0 sz 10000 11001 10 rn rd", "frintx")]
    [Encoding("0 q 1 01110 0 111100 11001 10 rn rd", "frintx", Requires = "FP16")]
    public static void Frintx(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.RoundCurrentExact);

    [Encoding("0 q 1 01110 1 sz 10000 11001 10 rn rd", "frinti")]
    [Encoding("0 q 1 01110 1 111100 11001 10 rn rd", "frinti", Requires = "FP16")]
    public static void Frinti(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.RoundCurrent);

    [Encoding("0 q 0 01110 0 sz 10000 11010 10 rn rd", "fcvtns")]
    [Encoding("0 q 0 01110 0 111100 11010 10 rn rd", "fcvtns", Requires = "FP16")]
    [Encoding("01 0 11110 0 sz 10000 11010 10 rn rd", "fcvtns")]
    [Encoding("01 0 11110 0 111100 11010 10 rn rd", "fcvtns", Requires = "FP16")]
    public static void Fcvtns(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToSigned, FpRounding.NearestEven);

    [Encoding("0 q 0 01110 1 sz 10000 11010 10 rn rd", "fcvtps")]
    [Encoding("0 q 0 01110 1 111100 11010 10 rn rd", "fcvtps", Requires = "FP16")]
    [Encoding("01 0 11110 1 sz 10000 11010 10 rn rd", "fcvtps")]
    [Encoding("01 0 11110 1 111100 11010 10 rn rd", "fcvtps", Requires = "FP16")]
    public static void Fcvtps(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToSigned, FpRounding.Up);

    [Encoding("0 q 0 01110 0 sz 10000 11011 10 rn rd", "fcvtms")]
    [Encoding("0 q 0 01110 0 111100 11011 10 rn rd", "fcvtms", Requires = "FP16")]
    [Encoding("01 0 11110 0 sz 10000 11011 10 rn rd", "fcvtms")]
    [Encoding("01 0 11110 0 111100 11011 10 rn rd", "fcvtms", Requires = "FP16")]
    public static void Fcvtms(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToSigned, FpRounding.Down);

    [Encoding("0 q 0 01110 1 sz 10000 11011 10 rn rd", "fcvtzs")]
    [Encoding("0 q 0 01110 1 111100 11011 10 rn rd", "fcvtzs", Requires = "FP16")]
    [Encoding("01 0 11110 1 sz 10000 11011 10 rn rd", "fcvtzs")]
    [Encoding("01 0 11110 1 111100 11011 10 rn rd", "fcvtzs", Requires = "FP16")]
    public static void Fcvtzs(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToSigned, FpRounding.TowardZero);

    [Encoding("0 q 0 01110 0 sz 10000 11100 10 rn rd", "fcvtas")]
    [Encoding("0 q 0 01110 0 111100 11100 10 rn rd", "fcvtas", Requires = "FP16")]
    [Encoding("01 0 11110 0 sz 10000 11100 10 rn rd", "fcvtas")]
    [Encoding("01 0 11110 0 111100 11100 10 rn rd", "fcvtas", Requires = "FP16")]
    public static void Fcvtas(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToSigned, FpRounding.NearestAway);

    [Encoding("0 q 0 01110 0 sz 10000 11101 10 rn rd", "scvtf")]
    [Encoding("0 q 0 01110 0 111100 11101 10 rn rd", "scvtf", Requires = "FP16")]
    [Encoding("01 0 11110 0 sz 10000 11101 10 rn rd", "scvtf")]
    [Encoding("01 0 11110 0 111100 11101 10 rn rd", "scvtf", Requires = "FP16")]
    public static void Scvtf(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.FromSigned);

    [Encoding("0 q 1 01110 0 sz 10000 11010 10 rn rd", "fcvtnu")]
    [Encoding("0 q 1 01110 0 111100 11010 10 rn rd", "fcvtnu", Requires = "FP16")]
    [Encoding("01 1 11110 0 sz 10000 11010 10 rn rd", "fcvtnu")]
    [Encoding("01 1 11110 0 111100 11010 10 rn rd", "fcvtnu", Requires = "FP16")]
    public static void Fcvtnu(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToUnsigned, FpRounding.NearestEven);

    [Encoding("0 q 1 01110 1 sz 10000 11010 10 rn rd", "fcvtpu")]
    [Encoding("0 q 1 01110 1 111100 11010 10 rn rd", "fcvtpu", Requires = "FP16")]
    [Encoding("01 1 11110 1 sz 10000 11010 10 rn rd", "fcvtpu")]
    [Encoding("01 1 11110 1 111100 11010 10 rn rd", "fcvtpu", Requires = "FP16")]
    public static void Fcvtpu(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToUnsigned, FpRounding.Up);

    [Encoding("0 q 1 01110 0 sz 10000 11011 10 rn rd", "fcvtmu")]
    [Encoding("0 q 1 01110 0 111100 11011 10 rn rd", "fcvtmu", Requires = "FP16")]
    [Encoding("01 1 11110 0 sz 10000 11011 10 rn rd", "fcvtmu")]
    [Encoding("01 1 11110 0 111100 11011 10 rn rd", "fcvtmu", Requires = "FP16")]
    public static void Fcvtmu(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToUnsigned, FpRounding.Down);

    [Encoding("0 q 1 01110 1 sz 10000 11011 10 rn rd", "fcvtzu")]
    [Encoding("0 q 1 01110 1 111100 11011 10 rn rd", "fcvtzu", Requires = "FP16")]
    [Encoding("01 1 11110 1 sz 10000 11011 10 rn rd", "fcvtzu")]
    [Encoding("01 1 11110 1 111100 11011 10 rn rd", "fcvtzu", Requires = "FP16")]
    public static void Fcvtzu(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToUnsigned, FpRounding.TowardZero);

    [Encoding("0 q 1 01110 0 sz 10000 11100 10 rn rd", "fcvtau")]
    [Encoding("0 q 1 01110 0 111100 11100 10 rn rd", "fcvtau", Requires = "FP16")]
    [Encoding("01 1 11110 0 sz 10000 11100 10 rn rd", "fcvtau")]
    [Encoding("01 1 11110 0 111100 11100 10 rn rd", "fcvtau", Requires = "FP16")]
    public static void Fcvtau(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ToUnsigned, FpRounding.NearestAway);

    [Encoding("0 q 1 01110 0 sz 10000 11101 10 rn rd", "ucvtf")]
    [Encoding("0 q 1 01110 0 111100 11101 10 rn rd", "ucvtf", Requires = "FP16")]
    [Encoding("01 1 11110 0 sz 10000 11101 10 rn rd", "ucvtf")]
    [Encoding("01 1 11110 0 111100 11101 10 rn rd", "ucvtf", Requires = "FP16")]
    public static void Ucvtf(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.FromUnsigned);

    [Encoding("0 q 0 01110 1 sz 10000 11101 10 rn rd", "frecpe")]
    [Encoding("0 q 0 01110 1 111100 11101 10 rn rd", "frecpe", Requires = "FP16")]
    [Encoding("01 0 11110 1 sz 10000 11101 10 rn rd", "frecpe")]
    [Encoding("01 0 11110 1 111100 11101 10 rn rd", "frecpe", Requires = "FP16")]
    public static void Frecpe(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ReciprocalEstimate);

    [Encoding("0 q 1 01110 1 sz 10000 11101 10 rn rd", "frsqrte")]
    [Encoding("0 q 1 01110 1 111100 11101 10 rn rd", "frsqrte", Requires = "FP16")]
    [Encoding("01 1 11110 1 sz 10000 11101 10 rn rd", "frsqrte")]
    [Encoding("01 1 11110 1 111100 11101 10 rn rd", "frsqrte", Requires = "FP16")]
    public static void Frsqrte(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ReciprocalSqrtEstimate);

    [Encoding("01 0 11110 1 sz 10000 11111 10 rn rd", "frecpx")]
    [Encoding("01 0 11110 1 111100 11111 10 rn rd", "frecpx", Requires = "FP16")]
    public static void Frecpx(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.ReciprocalExponent);

    [Encoding("0 q 0 01110 1 sz 10000 01100 10 rn rd", "fcmgt")]
    [Encoding("0 q 0 01110 1 111100 01100 10 rn rd", "fcmgt", Requires = "FP16")]
    [Encoding("01 0 11110 1 sz 10000 01100 10 rn rd", "fcmgt")]
    [Encoding("01 0 11110 1 111100 01100 10 rn rd", "fcmgt", Requires = "FP16")]
    public static void FcmgtZero(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.GreaterZero);

    [Encoding("0 q 0 01110 1 sz 10000 01101 10 rn rd", "fcmeq")]
    [Encoding("0 q 0 01110 1 111100 01101 10 rn rd", "fcmeq", Requires = "FP16")]
    [Encoding("01 0 11110 1 sz 10000 01101 10 rn rd", "fcmeq")]
    [Encoding("01 0 11110 1 111100 01101 10 rn rd", "fcmeq", Requires = "FP16")]
    public static void FcmeqZero(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.EqualZero);

    [Encoding("0 q 0 01110 1 sz 10000 01110 10 rn rd", "fcmlt")]
    [Encoding("0 q 0 01110 1 111100 01110 10 rn rd", "fcmlt", Requires = "FP16")]
    [Encoding("01 0 11110 1 sz 10000 01110 10 rn rd", "fcmlt")]
    [Encoding("01 0 11110 1 111100 01110 10 rn rd", "fcmlt", Requires = "FP16")]
    public static void FcmltZero(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.LessZero);

    [Encoding("0 q 1 01110 1 sz 10000 01100 10 rn rd", "fcmge")]
    [Encoding("0 q 1 01110 1 111100 01100 10 rn rd", "fcmge", Requires = "FP16")]
    [Encoding("01 1 11110 1 sz 10000 01100 10 rn rd", "fcmge")]
    [Encoding("01 1 11110 1 111100 01100 10 rn rd", "fcmge", Requires = "FP16")]
    public static void FcmgeZero(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.GreaterEqualZero);

    [Encoding("0 q 1 01110 1 sz 10000 01101 10 rn rd", "fcmle")]
    [Encoding("0 q 1 01110 1 111100 01101 10 rn rd", "fcmle", Requires = "FP16")]
    [Encoding("01 1 11110 1 sz 10000 01101 10 rn rd", "fcmle")]
    [Encoding("01 1 11110 1 111100 01101 10 rn rd", "fcmle", Requires = "FP16")]
    public static void FcmleZero(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.LessEqualZero);

    [Encoding("0 q 0 01110 1 sz 10000 01111 10 rn rd", "fabs")]
    [Encoding("0 q 0 01110 1 111100 01111 10 rn rd", "fabs", Requires = "FP16")]
    public static void Fabs(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.Abs);

    [Encoding("0 q 1 01110 1 sz 10000 01111 10 rn rd", "fneg")]
    [Encoding("0 q 1 01110 1 111100 01111 10 rn rd", "fneg", Requires = "FP16")]
    public static void Fneg(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.Neg);

    [Encoding("0 q 1 01110 1 sz 10000 11111 10 rn rd", "fsqrt")]
    [Encoding("0 q 1 01110 1 111100 11111 10 rn rd", "fsqrt", Requires = "FP16")]
    public static void Fsqrt(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, FpOp.Sqrt);

    [Encoding("0 q 0 01110 0 sz 10000 10111 10 rn rd", "fcvtl{2}")]
    public static void Fcvtl(A64Emitter e, A64Word i) => e.FloatWiden(i);

    [Encoding("0 q 0 01110 0 sz 10000 10110 10 rn rd", "fcvtn{2}")]
    public static void Fcvtn(A64Emitter e, A64Word i) => e.FloatNarrow(i, false);

    [Encoding("0 q 1 01110 0 1 10000 10110 10 rn rd", "fcvtxn{2}")]
    [Encoding("01 1 11110 0 1 10000 10110 10 rn rd", "fcvtxn")]
    public static void Fcvtxn(A64Emitter e, A64Word i) => e.FloatNarrow(i, true);

    [Encoding("0 1 1 01110 0 0 11000 01100 10 rn rd", "fmaxnmv")]
    [Encoding("0 q 0 01110 0 0 11000 01100 10 rn rd", "fmaxnmv", Requires = "FP16")]
    public static void Fmaxnmv(A64Emitter e, A64Word i) => e.FloatAcross(i, FpOp.MaxNumber);

    [Encoding("0 1 1 01110 1 0 11000 01100 10 rn rd", "fminnmv")]
    [Encoding("0 q 0 01110 1 0 11000 01100 10 rn rd", "fminnmv", Requires = "FP16")]
    public static void Fminnmv(A64Emitter e, A64Word i) => e.FloatAcross(i, FpOp.MinNumber);

    [Encoding("0 1 1 01110 0 0 11000 01111 10 rn rd", "fmaxv")]
    [Encoding("0 q 0 01110 0 0 11000 01111 10 rn rd", "fmaxv", Requires = "FP16")]
    public static void Fmaxv(A64Emitter e, A64Word i) => e.FloatAcross(i, FpOp.Max);

    [Encoding("0 1 1 01110 1 0 11000 01111 10 rn rd", "fminv")]
    [Encoding("0 q 0 01110 1 0 11000 01111 10 rn rd", "fminv", Requires = "FP16")]
    public static void Fminv(A64Emitter e, A64Word i) => e.FloatAcross(i, FpOp.Min);

    [Encoding("01 1 11110 0 sz 11000 01100 10 rn rd", "fmaxnmp")]
    [Encoding("01 0 11110 0 0 11000 01100 10 rn rd", "fmaxnmp", Requires = "FP16")]
    public static void FmaxnmpScalar(A64Emitter e, A64Word i) => e.FloatPair(i, FpOp.MaxNumber);

    [Encoding("01 1 11110 1 sz 11000 01100 10 rn rd", "fminnmp")]
    [Encoding("01 0 11110 1 0 11000 01100 10 rn rd", "fminnmp", Requires = "FP16")]
    public static void FminnmpScalar(A64Emitter e, A64Word i) => e.FloatPair(i, FpOp.MinNumber);

    [Encoding("01 1 11110 0 sz 11000 01101 10 rn rd", "faddp")]
    [Encoding("01 0 11110 0 0 11000 01101 10 rn rd", "faddp", Requires = "FP16")]
    public static void FaddpScalar(A64Emitter e, A64Word i) => e.FloatPair(i, FpOp.Add);

    [Encoding("01 1 11110 0 sz 11000 01111 10 rn rd", "fmaxp")]
    [Encoding("01 0 11110 0 0 11000 01111 10 rn rd", "fmaxp", Requires = "FP16")]
    public static void FmaxpScalar(A64Emitter e, A64Word i) => e.FloatPair(i, FpOp.Max);

    [Encoding("01 1 11110 1 sz 11000 01111 10 rn rd", "fminp")]
    [Encoding("01 0 11110 1 0 11000 01111 10 rn rd", "fminp", Requires = "FP16")]
    public static void FminpScalar(A64Emitter e, A64Word i) => e.FloatPair(i, FpOp.Min);

    [Encoding("0 q 0 01110 0 sz 10000 11110 10 rn rd", "frint32z", Requires = "FRINTTS")]
    [Encoding("0 q 1 01110 0 sz 10000 11110 10 rn rd", "frint32x", Requires = "FRINTTS")]
    [Encoding("0 q 0 01110 0 sz 10000 11111 10 rn rd", "frint64z", Requires = "FRINTTS")]
    [Encoding("0 q 1 01110 0 sz 10000 11111 10 rn rd", "frint64x", Requires = "FRINTTS")]
    public static void FrintLimitedLanes(A64Emitter e, A64Word i) => e.FloatLanesOfOne(i, (FpOp)((int)FpOp.Round32 + (2 * i.Field(12, 1)) + i.Field(29, 1)));
}
