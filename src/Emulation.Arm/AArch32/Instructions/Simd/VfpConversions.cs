using Emulation.Cpu.Decode;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Conversions of scalars. Arm DDI 0487, F4.1.22 "Floating-point data-processing (two registers)", "Floating-point directed convert to integer".</summary>
[Extension("VFPv2")]
internal static class VfpConversions
{
    [Encoding("cond!=15 1110 1 d 11 0111 vd 1010 11 m 0 vm", "vcvt{c}.f64.f32")]
    public static void VcvtToDouble(A32Emitter e, A32Word i)
    {
        if (HasDouble(e, i.Flag(22)))
            e.SetF(A32Emitter.Vd(i, FpFormat.Double), FpFormat.Double, Convert(e, e.F(A32Emitter.Vm(i, FpFormat.Single), FpFormat.Single), FpFormat.Single, FpFormat.Double));
    }

    [Encoding("cond!=15 1110 1 d 11 0111 vd 1011 11 m 0 vm", "vcvt{c}.f32.f64")]
    public static void VcvtToSingle(A32Emitter e, A32Word i)
    {
        if (HasDouble(e, i.Flag(5)))
            e.SetF(A32Emitter.Vd(i, FpFormat.Single), FpFormat.Single, Convert(e, e.F(A32Emitter.Vm(i, FpFormat.Double), FpFormat.Double), FpFormat.Double, FpFormat.Single));
    }

    [Encoding("cond!=15 1110 1 d 11 0010 vd 1010 t 1 m 0 vm", "vcvt{t}{c}.f32.f16", Requires = "HalfConversion")]
    [Encoding("cond!=15 1110 1 d 11 0010 vd 1011 t 1 m 0 vm", "vcvt{t}{c}.f64.f16", Requires = "VFPv8")]
    public static void VcvtFromHalf(A32Emitter e, A32Word i)
    {
        int format = i.Flag(8) ? FpFormat.Double : FpFormat.Single;
        if (format == FpFormat.Double && !HasDouble(e, i.Flag(22)))
            return;
        IrValue word = e.SBits(A32Emitter.Vm(i, FpFormat.Single)), half = i.Flag(7) ? e.Ir.ShrU(word, 16) : e.Ir.And(word, e.Word(0xffff));
        e.SetF(A32Emitter.Vd(i, format), format, Convert(e, half, FpFormat.Half, format));
    }

    [Encoding("cond!=15 1110 1 d 11 0011 vd 1010 t 1 m 0 vm", "vcvt{t}{c}.f16.f32", Requires = "HalfConversion")]
    [Encoding("cond!=15 1110 1 d 11 0011 vd 1011 t 1 m 0 vm", "vcvt{t}{c}.f16.f64", Requires = "VFPv8")]
    public static void VcvtToHalf(A32Emitter e, A32Word i)
    {
        int format = i.Flag(8) ? FpFormat.Double : FpFormat.Single;
        if (format == FpFormat.Double && !HasDouble(e, i.Flag(5)))
            return;
        IrValue half = Convert(e, e.F(A32Emitter.Vm(i, format), format), format, FpFormat.Half);
        SetHalf(e, A32Emitter.Vd(i, FpFormat.Single), half, i.Flag(7));
    }

    [Encoding("cond!=15 1110 1 d 11 0011 vd 1001 t 1 m 0 vm", "vcvt{t}{c}.bf16.f32", Requires = "BF16")]
    public static void VcvtToBrain(A32Emitter e, A32Word i)
    {
        IrValue brain = e.Ir.Call(BrainFloatHelpers.Convert, e.SBits(A32Emitter.Vm(i, FpFormat.Single)));
        SetHalf(e, A32Emitter.Vd(i, FpFormat.Single), brain, i.Flag(7));
    }

    [Encoding("1111 1110 1 d 11 0000 vd 1010 01 m 0 vm", "vmovx.f16", Requires = "FP16")]
    public static void Vmovx(A32Emitter e, A32Word i) => e.SetF(A32Emitter.Vd(i, FpFormat.Single), FpFormat.Single, e.Ir.ShrU(e.SBits(A32Emitter.Vm(i, FpFormat.Single)), 16));

    [Encoding("1111 1110 1 d 11 0000 vd 1010 11 m 0 vm", "vins.f16", Requires = "FP16")]
    public static void Vins(A32Emitter e, A32Word i) => SetHalf(e, A32Emitter.Vd(i, FpFormat.Single), e.SBits(A32Emitter.Vm(i, FpFormat.Single)), true);

    [Encoding("cond!=15 1110 1 d 11 1000 vd 10 fsz!=0 op 1 m 0 vm", "vcvt{c}.{fp}.{s7}32")]
    public static void VcvtFromInteger(A32Emitter e, A32Word i)
    {
        if (!e.TryFormat(i, false, out int f) || (f == FpFormat.Double && !HasDouble(e, i.Flag(22))))
            return;
        e.SetF(A32Emitter.Vd(i, f), f, FromInteger(e, e.SBits(A32Emitter.Vm(i, FpFormat.Single)), FloatHelpers.IntegerKind(f, false, i.Flag(7), 0, default), f));
    }

    [Encoding("cond!=15 1110 1 d 11 110 s vd 10 fsz!=0 1 1 m 0 vm", "vcvt{c}.{s16}32.{fp}")]
    public static void Vcvt(A32Emitter e, A32Word i) => ToInteger(e, i, i.Flag(16), (int)FpRounding.TowardZero);

    [Encoding("cond!=15 1110 1 d 11 110 s vd 10 fsz!=0 0 1 m 0 vm", "vcvtr{c}.{s16}32.{fp}")]
    public static void Vcvtr(A32Emitter e, A32Word i) => ToInteger(e, i, i.Flag(16), FloatHelpers.Current);

    [Encoding("1111 1110 1 d 11 1100 vd 10 fsz!=0 op 1 m 0 vm", "vcvta.{s7}32.{fp}", Requires = "VFPv8")]
    [Encoding("1111 1110 1 d 11 1101 vd 10 fsz!=0 op 1 m 0 vm", "vcvtn.{s7}32.{fp}", Requires = "VFPv8")]
    [Encoding("1111 1110 1 d 11 1110 vd 10 fsz!=0 op 1 m 0 vm", "vcvtp.{s7}32.{fp}", Requires = "VFPv8")]
    [Encoding("1111 1110 1 d 11 1111 vd 10 fsz!=0 op 1 m 0 vm", "vcvtm.{s7}32.{fp}", Requires = "VFPv8")]
    public static void VcvtDirected(A32Emitter e, A32Word i) => ToInteger(e, i, i.Flag(7), (int)VfpArithmetic.Rounding(i));

    [Encoding("cond!=15 1110 1 d 11 1001 vd 1011 11 m 0 vm", "vjcvt{c}.s32.f64", Requires = "JSCVT")]
    public static void Vjcvt(A32Emitter e, A32Word i)
    {
        if (!HasDouble(e, i.Flag(5)))
            return;
        IrValue result = e.Ir.Call(FloatHelpers.JavaScript, e.F(A32Emitter.Vm(i, FpFormat.Double), FpFormat.Double));
        e.SetFpscrFlags(e.Ir.Shl(e.Half(result, true), 2));
        e.SetF(A32Emitter.Vd(i, FpFormat.Single), FpFormat.Single, e.Half(result, false));
    }

    [Encoding("cond!=15 1110 1 d 11 101 u vd 10 fsz!=0 sx 1 i 0 imm4", "vcvt{c}.{fp}.{fixed}", Requires = "VFPv3")]
    public static void VcvtFromFixed(A32Emitter e, A32Word i)
    {
        if (!TryFixed(e, i, out int f, out int bits, out int fraction))
            return;
        int r = A32Emitter.Vd(i, f);
        bool signed = !i.Flag(16);
        IrValue value = f == FpFormat.Double ? e.Ir.Trunc(e.DBits(r), IrType.I32) : e.SBits(r);
        if (bits == 16)
            value = signed ? e.Ir.ShrS(e.Ir.Shl(value, 16), 16) : e.Ir.And(value, e.Word(0xffff));
        e.SetF(r, f, FromInteger(e, value, FloatHelpers.IntegerKind(f, false, signed, fraction, (FpRounding)FloatHelpers.Nearest), f));
    }

    [Encoding("cond!=15 1110 1 d 11 111 u vd 10 fsz!=0 sx 1 i 0 imm4", "vcvt{c}.{fixed}.{fp}", Requires = "VFPv3")]
    public static void VcvtToFixed(A32Emitter e, A32Word i)
    {
        if (!TryFixed(e, i, out int f, out int bits, out int fraction))
            return;
        int r = A32Emitter.Vd(i, f);
        bool signed = !i.Flag(16);
        int kind = FloatHelpers.IntegerKind(f, false, signed, fraction, FpRounding.TowardZero) | (bits == 16 ? FloatHelpers.Short : 0);
        IrValue value = e.Ir.Call(FloatHelpers.ToInteger32, e.F(r, f), e.Word(kind));
        if (bits == 16 && signed)
            value = e.Ir.ShrS(e.Ir.Shl(value, 16), 16);
        e.SetF(r, f, f != FpFormat.Double ? value : signed ? e.Ir.SExt(value, IrType.I64) : e.Ir.ZExt(value, IrType.I64));
    }

    private static bool TryFixed(A32Emitter e, A32Word i, out int format, out int bits, out int fraction)
    {
        bits = i.Flag(7) ? 32 : 16;
        fraction = bits - ((i.Field(0, 4) << 1) | i.Field(5, 1));
        if (!e.TryFormat(i, false, out format) || (format == FpFormat.Double && !HasDouble(e, i.Flag(22))))
            return false;
        if (fraction >= 0)
            return true;
        e.Undefined();                                   // UNPREDICTABLE; QEMU does the same
        return false;
    }

    private static void ToInteger(A32Emitter e, A32Word i, bool signed, int rounding)
    {
        if (!e.TryFormat(i, false, out int f) || (f == FpFormat.Double && !HasDouble(e, i.Flag(5))))
            return;
        int kind = FloatHelpers.IntegerKind(f, false, signed, 0, (FpRounding)rounding);
        e.SetF(A32Emitter.Vd(i, FpFormat.Single), FpFormat.Single, e.Ir.Call(FloatHelpers.ToInteger32, e.F(A32Emitter.Vm(i, f), f), e.Word(kind)));
    }

    private static IrValue FromInteger(A32Emitter e, IrValue value, int kind, int format)
    {
        IrHelper helper = format switch
        {
            FpFormat.Single => FloatHelpers.FromInteger32,
            FpFormat.Double => FloatHelpers.FromInteger64,
            _ => FloatHelpers.FromIntegerBits,
        };
        return e.Ir.Call(helper, value, e.Word(kind));
    }

    private static IrValue Convert(A32Emitter e, IrValue value, int from, int to)
    {
        IrHelper helper = to switch { FpFormat.Single => FloatHelpers.Convert32, FpFormat.Double => FloatHelpers.Convert64, _ => FloatHelpers.ConvertBits };
        return e.Ir.Call(helper, value, e.Word(from | (to << 4)));
    }

    // half of a single register; the other half stays
    private static void SetHalf(A32Emitter e, int r, IrValue half, bool top)
    {
        IrValue old = e.SBits(r);
        e.SetF(r, FpFormat.Single, top ? e.Pack(old, half) : e.Pack(half, e.Ir.ShrU(old, 16)));
    }

    private static bool HasDouble(A32Emitter e, bool high)
    {
        if (!high || e.Isa.Has(ArmFeature.D32))
            return true;
        e.Undefined();
        return false;
    }
}
