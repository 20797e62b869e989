using Emulation.Cpu.Decode;
using Emulation.SoftFloat;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Vector operations on floating point. Arm DDI 0487, F4.1.13.</summary>
[Extension("Neon")]
internal static class NeonFloat
{
    [Encoding("1111001 0 0 d 0 sz vn vd 1100 n1 q m 1 vm", "vfma.{f20}", Requires = "VFPv4")]
    public static void Vfma(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.MulAdd);

    [Encoding("1111001 0 0 d 1 sz vn vd 1100 n1 q m 1 vm", "vfms.{f20}", Requires = "VFPv4")]
    public static void Vfms(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.MulSub);

    [Encoding("1111001 0 0 d 0 sz vn vd 1101 n1 q m 0 vm", "vadd.{f20}")]
    public static void Vadd(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.Add);

    [Encoding("1111001 0 0 d 1 sz vn vd 1101 n1 q m 0 vm", "vsub.{f20}")]
    public static void Vsub(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.Sub);

    [Encoding("1111001 1 0 d 0 sz vn vd 1101 n1 0 m 0 vm", "vpadd.{f20}")]
    public static void Vpadd(A32Emitter e, A32Word i) => Pairs(e, i, FpOp.Add);

    [Encoding("1111001 1 0 d 1 sz vn vd 1101 n1 q m 0 vm", "vabd.{f20}")]
    public static void Vabd(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.AbsoluteDifference);

    [Encoding("1111001 0 0 d 0 sz vn vd 1101 n1 q m 1 vm", "vmla.{f20}")]
    public static void Vmla(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.MulAddSeparate);

    [Encoding("1111001 0 0 d 1 sz vn vd 1101 n1 q m 1 vm", "vmls.{f20}")]
    public static void Vmls(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.MulSubSeparate);

    [Encoding("1111001 1 0 d 0 sz vn vd 1101 n1 q m 1 vm", "vmul.{f20}")]
    public static void Vmul(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.Mul);

    [Encoding("1111001 0 0 d 0 sz vn vd 1110 n1 q m 0 vm", "vceq.{f20}")]
    public static void Vceq(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.Equal);

    [Encoding("1111001 1 0 d 0 sz vn vd 1110 n1 q m 0 vm", "vcge.{f20}")]
    public static void Vcge(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.GreaterEqual);

    [Encoding("1111001 1 0 d 1 sz vn vd 1110 n1 q m 0 vm", "vcgt.{f20}")]
    public static void Vcgt(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.Greater);

    [Encoding("1111001 1 0 d 0 sz vn vd 1110 n1 q m 1 vm", "vacge.{f20}")]
    public static void Vacge(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.AbsoluteGreaterEqual);

    [Encoding("1111001 1 0 d 1 sz vn vd 1110 n1 q m 1 vm", "vacgt.{f20}")]
    public static void Vacgt(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.AbsoluteGreater);

    [Encoding("1111001 0 0 d 0 sz vn vd 1111 n1 q m 0 vm", "vmax.{f20}")]
    public static void Vmax(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.Max);

    [Encoding("1111001 0 0 d 1 sz vn vd 1111 n1 q m 0 vm", "vmin.{f20}")]
    public static void Vmin(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.Min);

    [Encoding("1111001 1 0 d 0 sz vn vd 1111 n1 0 m 0 vm", "vpmax.{f20}")]
    public static void Vpmax(A32Emitter e, A32Word i) => Pairs(e, i, FpOp.Max);

    [Encoding("1111001 1 0 d 1 sz vn vd 1111 n1 0 m 0 vm", "vpmin.{f20}")]
    public static void Vpmin(A32Emitter e, A32Word i) => Pairs(e, i, FpOp.Min);

    [Encoding("1111001 0 0 d 0 sz vn vd 1111 n1 q m 1 vm", "vrecps.{f20}")]
    public static void Vrecps(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.ReciprocalStepSeparate);

    [Encoding("1111001 0 0 d 1 sz vn vd 1111 n1 q m 1 vm", "vrsqrts.{f20}")]
    public static void Vrsqrts(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.ReciprocalSqrtStepSeparate);

    [Encoding("1111001 1 0 d 0 sz vn vd 1111 n1 q m 1 vm", "vmaxnm.{f20}", Requires = "VFPv8")]
    public static void Vmaxnm(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.MaxNumber);

    [Encoding("1111001 1 0 d 1 sz vn vd 1111 n1 q m 1 vm", "vminnm.{f20}", Requires = "VFPv8")]
    public static void Vminnm(A32Emitter e, A32Word i) => e.FloatLanes(i, FpOp.MinNumber);

    [Encoding("111100111 d 11 size!=0,3 01 vd 0 1000 q m 0 vm", "vcgt.{f18}")]
    public static void VcgtZero(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.GreaterZero);

    [Encoding("111100111 d 11 size!=0,3 01 vd 0 1001 q m 0 vm", "vcge.{f18}")]
    public static void VcgeZero(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.GreaterEqualZero);

    [Encoding("111100111 d 11 size!=0,3 01 vd 0 1010 q m 0 vm", "vceq.{f18}")]
    public static void VceqZero(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.EqualZero);

    [Encoding("111100111 d 11 size!=0,3 01 vd 0 1011 q m 0 vm", "vcle.{f18}")]
    public static void VcleZero(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.LessEqualZero);

    [Encoding("111100111 d 11 size!=0,3 01 vd 0 1100 q m 0 vm", "vclt.{f18}")]
    public static void VcltZero(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.LessZero);

    [Encoding("111100111 d 11 size!=0,3 01 vd 0 1110 q m 0 vm", "vabs.{f18}")]
    public static void Vabs(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.Abs);

    [Encoding("111100111 d 11 size!=0,3 01 vd 0 1111 q m 0 vm", "vneg.{f18}")]
    public static void Vneg(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.Neg);

    [Encoding("111100111 d 11 size!=0,3 10 vd 0 1000 q m 0 vm", "vrintn.{f18}", Requires = "VFPv8")]
    public static void Vrintn(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.NearestEven);

    [Encoding("111100111 d 11 size!=0,3 10 vd 0 1001 q m 0 vm", "vrintx.{f18}", Requires = "VFPv8")]
    public static void Vrintx(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.RoundExact, FpRounding.NearestEven);

    [Encoding("111100111 d 11 size!=0,3 10 vd 0 1010 q m 0 vm", "vrinta.{f18}", Requires = "VFPv8")]
    public static void Vrinta(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.NearestAway);

    [Encoding("111100111 d 11 size!=0,3 10 vd 0 1011 q m 0 vm", "vrintz.{f18}", Requires = "VFPv8")]
    public static void Vrintz(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.TowardZero);

    [Encoding("111100111 d 11 size!=0,3 10 vd 0 1101 q m 0 vm", "vrintm.{f18}", Requires = "VFPv8")]
    public static void Vrintm(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.Down);

    [Encoding("111100111 d 11 size!=0,3 10 vd 0 1111 q m 0 vm", "vrintp.{f18}", Requires = "VFPv8")]
    public static void Vrintp(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.Round, FpRounding.Up);

    [Encoding("111100111 d 11 size!=0,3 11 vd 0 000 op q m 0 vm", "vcvta.{i7}{w18}.{f18}", Requires = "VFPv8")]
    public static void Vcvta(A32Emitter e, A32Word i) => ToInteger(e, i, FpRounding.NearestAway);

    [Encoding("111100111 d 11 size!=0,3 11 vd 0 001 op q m 0 vm", "vcvtn.{i7}{w18}.{f18}", Requires = "VFPv8")]
    public static void Vcvtn(A32Emitter e, A32Word i) => ToInteger(e, i, FpRounding.NearestEven);

    [Encoding("111100111 d 11 size!=0,3 11 vd 0 010 op q m 0 vm", "vcvtp.{i7}{w18}.{f18}", Requires = "VFPv8")]
    public static void Vcvtp(A32Emitter e, A32Word i) => ToInteger(e, i, FpRounding.Up);

    [Encoding("111100111 d 11 size!=0,3 11 vd 0 011 op q m 0 vm", "vcvtm.{i7}{w18}.{f18}", Requires = "VFPv8")]
    public static void Vcvtm(A32Emitter e, A32Word i) => ToInteger(e, i, FpRounding.Down);

    [Encoding("111100111 d 11 size!=0,3 11 vd 0 111 op q m 0 vm", "vcvt.{i7}{w18}.{f18}")]
    public static void Vcvt(A32Emitter e, A32Word i) => ToInteger(e, i, FpRounding.TowardZero);

    [Encoding("111100111 d 11 size!=0,3 11 vd 0 1100 q m 0 vm", "vcvt.{f18}.s{w18}")]
    public static void VcvtFromSigned(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.FromSigned);

    [Encoding("111100111 d 11 size!=0,3 11 vd 0 1101 q m 0 vm", "vcvt.{f18}.u{w18}")]
    public static void VcvtFromUnsigned(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.FromUnsigned);

    [Encoding("111100111 d 11 size!=0,3 11 vd 0 1010 q m 0 vm", "vrecpe.{f18}")]
    public static void Vrecpe(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.ReciprocalEstimate);

    [Encoding("111100111 d 11 size!=0,3 11 vd 0 1011 q m 0 vm", "vrsqrte.{f18}")]
    public static void Vrsqrte(A32Emitter e, A32Word i) => e.FloatLanesOfOne(i, FpOp.ReciprocalSqrtEstimate);

    [Encoding("111100111 d 11 01 10 vd 0 1100 0 m 0 vm", "vcvt.f16.f32", Requires = "HalfConversion")]
    public static void VcvtToHalf(A32Emitter e, A32Word i)
    {
        if (e.HasRegisters(A32Emitter.Dm(i), A32Emitter.Dd(i)))
            e.CallLanes(VectorFloatHelpers.Narrow, A32Emitter.Dd(i), A32Emitter.Dm(i), A32Emitter.Dm(i), new VectorKind(0, 1, 4), true, true);
    }

    [Encoding("111100111 d 11 01 10 vd 0 1110 0 m 0 vm", "vcvt.f32.f16", Requires = "HalfConversion")]
    public static void VcvtFromHalf(A32Emitter e, A32Word i)
    {
        if (e.HasRegisters(A32Emitter.Dd(i), A32Emitter.Dm(i)))
            e.CallLanes(VectorFloatHelpers.Widen, A32Emitter.Dd(i), A32Emitter.Dm(i), A32Emitter.Dm(i), new VectorKind(0, 1, 4), false, true);
    }

    private static void ToInteger(A32Emitter e, A32Word i, FpRounding rounding) => e.FloatLanesOfOne(i, i.Flag(7) ? FpOp.ToUnsigned : FpOp.ToSigned, rounding);

    private static void Pairs(A32Emitter e, A32Word i, FpOp op)
    {
        int size = i.Flag(20) ? 1 : 2;
        if (e.HasLanes(size))
            e.Pairs(i, (int)op, size, true);
    }
}
