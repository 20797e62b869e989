using Emulation.Cpu.Decode;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Scalar floating point. Arm DDI 0487, F4.1.22 "Floating-point data-processing".</summary>
[Extension("VFPv2")]
internal static class VfpArithmetic
{
    [Encoding("cond!=15 1110 0 d 00 vn vd 10 fsz!=0 n1 0 m 0 vm", "vmla{c}.{fp}")]
    public static void Vmla(A32Emitter e, A32Word i) => MulAdd(e, i, false, false);

    [Encoding("cond!=15 1110 0 d 00 vn vd 10 fsz!=0 n1 1 m 0 vm", "vmls{c}.{fp}")]
    public static void Vmls(A32Emitter e, A32Word i) => MulAdd(e, i, true, false);

    [Encoding("cond!=15 1110 0 d 01 vn vd 10 fsz!=0 n1 0 m 0 vm", "vnmls{c}.{fp}")]
    public static void Vnmls(A32Emitter e, A32Word i) => MulAdd(e, i, false, true);

    [Encoding("cond!=15 1110 0 d 01 vn vd 10 fsz!=0 n1 1 m 0 vm", "vnmla{c}.{fp}")]
    public static void Vnmla(A32Emitter e, A32Word i) => MulAdd(e, i, true, true);

    [Encoding("cond!=15 1110 0 d 10 vn vd 10 fsz!=0 n1 0 m 0 vm", "vmul{c}.{fp}")]
    public static void Vmul(A32Emitter e, A32Word i) => Binary(e, i, FpOp.Mul);

    [Encoding("cond!=15 1110 0 d 10 vn vd 10 fsz!=0 n1 1 m 0 vm", "vnmul{c}.{fp}")]
    public static void Vnmul(A32Emitter e, A32Word i) => Dyadic(e, i, (f, n, m) => e.Negate(f, e.Binary(FpOp.Mul, f, e.F(n, f), e.F(m, f))));

    [Encoding("cond!=15 1110 0 d 11 vn vd 10 fsz!=0 n1 0 m 0 vm", "vadd{c}.{fp}")]
    public static void Vadd(A32Emitter e, A32Word i) => Binary(e, i, FpOp.Add);

    [Encoding("cond!=15 1110 0 d 11 vn vd 10 fsz!=0 n1 1 m 0 vm", "vsub{c}.{fp}")]
    public static void Vsub(A32Emitter e, A32Word i) => Binary(e, i, FpOp.Sub);

    [Encoding("cond!=15 1110 1 d 00 vn vd 10 fsz!=0 n1 0 m 0 vm", "vdiv{c}.{fp}")]
    public static void Vdiv(A32Emitter e, A32Word i) => Binary(e, i, FpOp.Div);

    [Encoding("cond!=15 1110 1 d 01 vn vd 10 fsz!=0 n1 0 m 0 vm", "vfnms{c}.{fp}", Requires = "VFPv4")]
    public static void Vfnms(A32Emitter e, A32Word i) => Fused(e, i, false, true);

    [Encoding("cond!=15 1110 1 d 01 vn vd 10 fsz!=0 n1 1 m 0 vm", "vfnma{c}.{fp}", Requires = "VFPv4")]
    public static void Vfnma(A32Emitter e, A32Word i) => Fused(e, i, true, true);

    [Encoding("cond!=15 1110 1 d 10 vn vd 10 fsz!=0 n1 0 m 0 vm", "vfma{c}.{fp}", Requires = "VFPv4")]
    public static void Vfma(A32Emitter e, A32Word i) => Fused(e, i, false, false);

    [Encoding("cond!=15 1110 1 d 10 vn vd 10 fsz!=0 n1 1 m 0 vm", "vfms{c}.{fp}", Requires = "VFPv4")]
    public static void Vfms(A32Emitter e, A32Word i) => Fused(e, i, true, false);

    [Encoding("cond!=15 1110 1 d 11 imm4h vd 10 fsz!=0 0000 imm4", "vmov{c}.{fp}", Requires = "VFPv3")]
    public static void VmovImmediate(A32Emitter e, A32Word i)
    {
        if (!e.TryFormat(i, false, out int format) || !HasRegister(e, i, format))
            return;
        ulong bits = ArmEmitter.ExpandImmediate(format, (i.Field(16, 4) << 4) | i.Field(0, 4));
        IrValue value = e.Ir.Const(bits, format == FpFormat.Double ? IrType.I64 : IrType.I32);
        e.ForElements(format, A32Emitter.Vd(i, format), -1, 0, (_, _, _) => value);
    }

    [Encoding("cond!=15 1110 1 d 11 0000 vd 101 sz 01 m 0 vm", "vmov{c}.{fp}")]
    public static void Vmov(A32Emitter e, A32Word i) => Monadic(e, i, (f, m) => f == FpFormat.Double ? e.DBits(m) : e.SBits(m));

    [Encoding("cond!=15 1110 1 d 11 0000 vd 10 fsz!=0 11 m 0 vm", "vabs{c}.{fp}")]
    public static void Vabs(A32Emitter e, A32Word i) => Monadic(e, i, (f, m) => e.Absolute(f, e.F(m, f)));

    [Encoding("cond!=15 1110 1 d 11 0001 vd 10 fsz!=0 01 m 0 vm", "vneg{c}.{fp}")]
    public static void Vneg(A32Emitter e, A32Word i) => Monadic(e, i, (f, m) => e.Negate(f, e.F(m, f)));

    [Encoding("cond!=15 1110 1 d 11 0001 vd 10 fsz!=0 11 m 0 vm", "vsqrt{c}.{fp}")]
    public static void Vsqrt(A32Emitter e, A32Word i) => Monadic(e, i, (f, m) => e.Unary(FpOp.Sqrt, f, e.F(m, f)));

    [Encoding("cond!=15 1110 1 d 11 0110 vd 10 fsz!=0 01 m 0 vm", "vrintr{c}.{fp}", Requires = "VFPv8")]
    public static void Vrintr(A32Emitter e, A32Word i) => Monadic(e, i, (f, m) => e.Unary(FpOp.RoundCurrent, f, e.F(m, f)));

    [Encoding("cond!=15 1110 1 d 11 0110 vd 10 fsz!=0 11 m 0 vm", "vrintz{c}.{fp}", Requires = "VFPv8")]
    public static void Vrintz(A32Emitter e, A32Word i) => Monadic(e, i, (f, m) => e.Unary(FpOp.Round, f, e.F(m, f), FpRounding.TowardZero));

    [Encoding("cond!=15 1110 1 d 11 0111 vd 10 fsz!=0 01 m 0 vm", "vrintx{c}.{fp}", Requires = "VFPv8")]
    public static void Vrintx(A32Emitter e, A32Word i) => Monadic(e, i, (f, m) => e.Unary(FpOp.RoundCurrentExact, f, e.F(m, f)));

    [Encoding("1111 1110 1 d 11 10 00 vd 10 fsz!=0 01 m 0 vm", "vrinta.{fp}", Requires = "VFPv8")]
    [Encoding("1111 1110 1 d 11 10 01 vd 10 fsz!=0 01 m 0 vm", "vrintn.{fp}", Requires = "VFPv8")]
    [Encoding("1111 1110 1 d 11 10 10 vd 10 fsz!=0 01 m 0 vm", "vrintp.{fp}", Requires = "VFPv8")]
    [Encoding("1111 1110 1 d 11 10 11 vd 10 fsz!=0 01 m 0 vm", "vrintm.{fp}", Requires = "VFPv8")]
    public static void Vrint(A32Emitter e, A32Word i) => Monadic(e, i, (f, m) => e.Unary(FpOp.Round, f, e.F(m, f), Rounding(i)));

    [Encoding("1111 1110 1 d 00 vn vd 10 fsz!=0 n1 0 m 0 vm", "vmaxnm.{fp}", Requires = "VFPv8")]
    public static void Vmaxnm(A32Emitter e, A32Word i) => Binary(e, i, FpOp.MaxNumber);

    [Encoding("1111 1110 1 d 00 vn vd 10 fsz!=0 n1 1 m 0 vm", "vminnm.{fp}", Requires = "VFPv8")]
    public static void Vminnm(A32Emitter e, A32Word i) => Binary(e, i, FpOp.MinNumber);

    [Encoding("1111 1110 0 d cc vn vd 10 fsz!=0 n1 0 m 0 vm", "vsel{vsel}.{fp}", Requires = "VFPv8")]
    public static void Vsel(A32Emitter e, A32Word i)
    {
        // eq, vs, ge, gt
        if (e.TryFormat(i, out int f))
        {
            IrValue condition = e.Condition(i.Field(20, 2) switch { 0 => 0, 1 => 6, 2 => 10, _ => 12 });
            e.SetF(A32Emitter.Vd(i, f), f, e.Ir.Select(condition, Bits(e, A32Emitter.Vn(i, f), f), Bits(e, A32Emitter.Vm(i, f), f)));
        }
    }

    [Encoding("cond!=15 1110 1 d 11 0100 vd 10 fsz!=0 01 m 0 vm", "vcmp{c}.{fp}")]
    [Encoding("cond!=15 1110 1 d 11 0100 vd 10 fsz!=0 11 m 0 vm", "vcmpe{c}.{fp}")]
    public static void Vcmp(A32Emitter e, A32Word i)
    {
        if (e.TryFormat(i, out int f))
            Compare(e, i, f, e.F(A32Emitter.Vm(i, f), f));
    }

    [Encoding("cond!=15 1110 1 d 11 0101 vd 10 fsz!=0 01 0 0 0000", "vcmp{c}.{fp}")]
    [Encoding("cond!=15 1110 1 d 11 0101 vd 10 fsz!=0 11 0 0 0000", "vcmpe{c}.{fp}")]
    public static void VcmpZero(A32Emitter e, A32Word i)
    {
        if (e.TryFormat(i, out int f))
            Compare(e, i, f, e.Ir.Const(0, f switch { FpFormat.Single => IrType.F32, FpFormat.Double => IrType.F64, _ => IrType.I32 }));
    }

    /// <summary>Rounding of the RM field: to nearest away, even, up, down.</summary>
    public static FpRounding Rounding(A32Word i) => i.Field(16, 2) switch { 0 => FpRounding.NearestAway, 1 => FpRounding.NearestEven, 2 => FpRounding.Up, _ => FpRounding.Down };

    private static IrValue Bits(A32Emitter e, int r, int format) => format switch { FpFormat.Double => e.DBits(r), FpFormat.Single => e.SBits(r), _ => e.F(r, format) };

    private static bool HasRegister(A32Emitter e, A32Word i, int format)
    {
        if (format != FpFormat.Double || !i.Flag(22) || e.Isa.Has(ArmFeature.D32))
            return true;
        e.Undefined();
        return false;
    }

    private static void Compare(A32Emitter e, A32Word i, int format, IrValue b)
        => e.SetFpscrFlags(e.Ir.Call(FloatHelpers.Compare, e.F(A32Emitter.Vd(i, format), format), b, e.Word((format << 8) | (i.Flag(7) ? 1 << 16 : 0))));

    private static void Binary(A32Emitter e, A32Word i, FpOp op) => Dyadic(e, i, (f, n, m) => e.Binary(op, f, e.F(n, f), e.F(m, f)));

    private static void Dyadic(A32Emitter e, A32Word i, Func<int, int, int, IrValue> operation)
    {
        if (e.TryFormat(i, out int f))
            e.ForElements(f, A32Emitter.Vd(i, f), A32Emitter.Vn(i, f), A32Emitter.Vm(i, f), (_, n, m) => operation(f, n, m));
    }

    private static void Monadic(A32Emitter e, A32Word i, Func<int, int, IrValue> operation)
    {
        if (e.TryFormat(i, out int f))
            e.ForElements(f, A32Emitter.Vd(i, f), -1, A32Emitter.Vm(i, f), (_, _, m) => operation(f, m));
    }

    // product and sum are rounded each
    private static void MulAdd(A32Emitter e, A32Word i, bool negatesProduct, bool negatesAddend)
    {
        if (!e.TryFormat(i, out int f))
            return;
        e.ForElements(f, A32Emitter.Vd(i, f), A32Emitter.Vn(i, f), A32Emitter.Vm(i, f), (d, n, m) =>
        {
            IrValue product = e.Binary(FpOp.Mul, f, e.F(n, f), e.F(m, f)), addend = e.F(d, f);
            if (negatesProduct)
                product = e.Negate(f, product);
            if (negatesAddend)
                addend = e.Negate(f, addend);
            return e.Binary(FpOp.Add, f, addend, product);
        });
    }

    private static void Fused(A32Emitter e, A32Word i, bool negatesProduct, bool negatesAddend)
    {
        if (!e.TryFormat(i, out int f))
            return;
        e.ForElements(f, A32Emitter.Vd(i, f), A32Emitter.Vn(i, f), A32Emitter.Vm(i, f), (d, n, m) =>
        {
            IrValue a = e.F(n, f), addend = e.F(d, f);
            if (negatesProduct)
                a = e.Negate(f, a);
            if (negatesAddend)
                addend = e.Negate(f, addend);
            return e.MulAdd(f, a, e.F(m, f), addend);
        });
    }
}
