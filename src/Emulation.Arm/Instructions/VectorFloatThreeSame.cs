using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Vector operations on three registers: floating point. Arm DDI 0487, C4.1.96 "Advanced SIMD three same", "(FP16)".</summary>
[Extension("AdvSIMD")]
internal static class VectorFloatThreeSame
{
    [Encoding("0 q 0 01110 0 sz 1 rm 11000 1 rn rd", "fmaxnm")]
    [Encoding("0 q 0 01110 0 10 rm 00000 1 rn rd", "fmaxnm", Requires = "FP16")]
    public static void Fmaxnm(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.MaxNumber);

    [Encoding("0 q 0 01110 1 sz 1 rm 11000 1 rn rd", "fminnm")]
    [Encoding("0 q 0 01110 1 10 rm 00000 1 rn rd", "fminnm", Requires = "FP16")]
    public static void Fminnm(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.MinNumber);

    [Encoding("0 q 0 01110 0 sz 1 rm 11001 1 rn rd", "fmla")]
    [Encoding("0 q 0 01110 0 10 rm 00001 1 rn rd", "fmla", Requires = "FP16")]
    public static void Fmla(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.MulAdd);

    [Encoding("0 q 0 01110 1 sz 1 rm 11001 1 rn rd", "fmls")]
    [Encoding("0 q 0 01110 1 10 rm 00001 1 rn rd", "fmls", Requires = "FP16")]
    public static void Fmls(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.MulSub);

    [Encoding("0 q 0 01110 0 sz 1 rm 11010 1 rn rd", "fadd")]
    [Encoding("0 q 0 01110 0 10 rm 00010 1 rn rd", "fadd", Requires = "FP16")]
    public static void Fadd(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.Add);

    [Encoding("0 q 0 01110 1 sz 1 rm 11010 1 rn rd", "fsub")]
    [Encoding("0 q 0 01110 1 10 rm 00010 1 rn rd", "fsub", Requires = "FP16")]
    public static void Fsub(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.Sub);

    [Encoding("0 q 0 01110 0 sz 1 rm 11011 1 rn rd", "fmulx")]
    [Encoding("0 q 0 01110 0 10 rm 00011 1 rn rd", "fmulx", Requires = "FP16")]
    [Encoding("01 0 11110 0 sz 1 rm 11011 1 rn rd", "fmulx")]
    [Encoding("01 0 11110 0 10 rm 00011 1 rn rd", "fmulx", Requires = "FP16")]
    public static void Fmulx(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.MulExtended);

    [Encoding("0 q 0 01110 0 sz 1 rm 11100 1 rn rd", "fcmeq")]
    [Encoding("0 q 0 01110 0 10 rm 00100 1 rn rd", "fcmeq", Requires = "FP16")]
    [Encoding("01 0 11110 0 sz 1 rm 11100 1 rn rd", "fcmeq")]
    [Encoding("01 0 11110 0 10 rm 00100 1 rn rd", "fcmeq", Requires = "FP16")]
    public static void Fcmeq(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.Equal);

    [Encoding("0 q 0 01110 0 sz 1 rm 11110 1 rn rd", "fmax")]
    [Encoding("0 q 0 01110 0 10 rm 00110 1 rn rd", "fmax", Requires = "FP16")]
    public static void Fmax(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.Max);

    [Encoding("0 q 0 01110 1 sz 1 rm 11110 1 rn rd", "fmin")]
    [Encoding("0 q 0 01110 1 10 rm 00110 1 rn rd", "fmin", Requires = "FP16")]
    public static void Fmin(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.Min);

    [Encoding("0 q 0 01110 0 sz 1 rm 11111 1 rn rd", "frecps")]
    [Encoding("0 q 0 01110 0 10 rm 00111 1 rn rd", "frecps", Requires = "FP16")]
    [Encoding("01 0 11110 0 sz 1 rm 11111 1 rn rd", "frecps")]
    [Encoding("01 0 11110 0 10 rm 00111 1 rn rd", "frecps", Requires = "FP16")]
    public static void Frecps(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.ReciprocalStep);

    [Encoding("0 q 0 01110 1 sz 1 rm 11111 1 rn rd", "frsqrts")]
    [Encoding("0 q 0 01110 1 10 rm 00111 1 rn rd", "frsqrts", Requires = "FP16")]
    [Encoding("01 0 11110 1 sz 1 rm 11111 1 rn rd", "frsqrts")]
    [Encoding("01 0 11110 1 10 rm 00111 1 rn rd", "frsqrts", Requires = "FP16")]
    public static void Frsqrts(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.ReciprocalSqrtStep);

    [Encoding("0 q 1 01110 0 sz 1 rm 11000 1 rn rd", "fmaxnmp")]
    [Encoding("0 q 1 01110 0 10 rm 00000 1 rn rd", "fmaxnmp", Requires = "FP16")]
    public static void Fmaxnmp(A64Emitter e, A64Word i) => e.FloatPairs(i, FpOp.MaxNumber);

    [Encoding("0 q 1 01110 1 sz 1 rm 11000 1 rn rd", "fminnmp")]
    [Encoding("0 q 1 01110 1 10 rm 00000 1 rn rd", "fminnmp", Requires = "FP16")]
    public static void Fminnmp(A64Emitter e, A64Word i) => e.FloatPairs(i, FpOp.MinNumber);

    [Encoding("0 q 1 01110 0 sz 1 rm 11010 1 rn rd", "faddp")]
    [Encoding("0 q 1 01110 0 10 rm 00010 1 rn rd", "faddp", Requires = "FP16")]
    public static void Faddp(A64Emitter e, A64Word i) => e.FloatPairs(i, FpOp.Add);

    [Encoding("0 q 1 01110 1 sz 1 rm 11010 1 rn rd", "fabd")]
    [Encoding("0 q 1 01110 1 10 rm 00010 1 rn rd", "fabd", Requires = "FP16")]
    [Encoding("01 1 11110 1 sz 1 rm 11010 1 rn rd", "fabd")]
    [Encoding("01 1 11110 1 10 rm 00010 1 rn rd", "fabd", Requires = "FP16")]
    public static void Fabd(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.AbsoluteDifference);

    [Encoding("0 q 1 01110 0 sz 1 rm 11011 1 rn rd", "fmul")]
    [Encoding("0 q 1 01110 0 10 rm 00011 1 rn rd", "fmul", Requires = "FP16")]
    public static void Fmul(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.Mul);

    [Encoding("0 q 1 01110 0 sz 1 rm 11100 1 rn rd", "fcmge")]
    [Encoding("0 q 1 01110 0 10 rm 00100 1 rn rd", "fcmge", Requires = "FP16")]
    [Encoding("01 1 11110 0 sz 1 rm 11100 1 rn rd", "fcmge")]
    [Encoding("01 1 11110 0 10 rm 00100 1 rn rd", "fcmge", Requires = "FP16")]
    public static void Fcmge(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.GreaterEqual);

    [Encoding("0 q 1 01110 1 sz 1 rm 11100 1 rn rd", "fcmgt")]
    [Encoding("0 q 1 01110 1 10 rm 00100 1 rn rd", "fcmgt", Requires = "FP16")]
    [Encoding("01 1 11110 1 sz 1 rm 11100 1 rn rd", "fcmgt")]
    [Encoding("01 1 11110 1 10 rm 00100 1 rn rd", "fcmgt", Requires = "FP16")]
    public static void Fcmgt(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.Greater);

    [Encoding("0 q 1 01110 0 sz 1 rm 11101 1 rn rd", "facge")]
    [Encoding("0 q 1 01110 0 10 rm 00101 1 rn rd", "facge", Requires = "FP16")]
    [Encoding("01 1 11110 0 sz 1 rm 11101 1 rn rd", "facge")]
    [Encoding("01 1 11110 0 10 rm 00101 1 rn rd", "facge", Requires = "FP16")]
    public static void Facge(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.AbsoluteGreaterEqual);

    [Encoding("0 q 1 01110 1 sz 1 rm 11101 1 rn rd", "facgt")]
    [Encoding("0 q 1 01110 1 10 rm 00101 1 rn rd", "facgt", Requires = "FP16")]
    [Encoding("01 1 11110 1 sz 1 rm 11101 1 rn rd", "facgt")]
    [Encoding("01 1 11110 1 10 rm 00101 1 rn rd", "facgt", Requires = "FP16")]
    public static void Facgt(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.AbsoluteGreater);

    [Encoding("0 q 1 01110 0 sz 1 rm 11110 1 rn rd", "fmaxp")]
    [Encoding("0 q 1 01110 0 10 rm 00110 1 rn rd", "fmaxp", Requires = "FP16")]
    public static void Fmaxp(A64Emitter e, A64Word i) => e.FloatPairs(i, FpOp.Max);

    [Encoding("0 q 1 01110 1 sz 1 rm 11110 1 rn rd", "fminp")]
    [Encoding("0 q 1 01110 1 10 rm 00110 1 rn rd", "fminp", Requires = "FP16")]
    public static void Fminp(A64Emitter e, A64Word i) => e.FloatPairs(i, FpOp.Min);

    [Encoding("0 q 1 01110 0 sz 1 rm 11111 1 rn rd", "fdiv")]
    [Encoding("0 q 1 01110 0 10 rm 00111 1 rn rd", "fdiv", Requires = "FP16")]
    public static void Fdiv(A64Emitter e, A64Word i) => e.FloatLanes(i, FpOp.Div);
}
