using Emulation.Cpu.Decode;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Arm.Instructions;

/// <summary>Scalar floating point: arithmetic, comparison, selection. Arm DDI 0487, C4.1.96.</summary>
[Extension("FP")]
internal static class FloatingPoint
{
    [Encoding("00011110 type!=2 1 000000 10000 rn rd", "fmov")]
    public static void FmovRegister(A64Emitter e, A64Word i)
    {
        if (e.HasFormat(i.Type))
            e.SetF(i.Rd, i.Type, e.F(i.Rn, i.Type));
    }

    [Encoding("00011110 type!=2 1 000001 10000 rn rd", "fabs")]
    public static void Fabs(A64Emitter e, A64Word i)
    {
        if (e.HasFormat(i.Type))
            e.SetF(i.Rd, i.Type, e.Absolute(i.Type, e.F(i.Rn, i.Type)));
    }

    [Encoding("00011110 type!=2 1 000010 10000 rn rd", "fneg")]
    public static void Fneg(A64Emitter e, A64Word i)
    {
        if (e.HasFormat(i.Type))
            e.SetF(i.Rd, i.Type, e.Negate(i.Type, e.F(i.Rn, i.Type)));
    }

    [Encoding("00011110 type!=2 1 000011 10000 rn rd", "fsqrt")]
    public static void Fsqrt(A64Emitter e, A64Word i) => Unary(e, i, FpOp.Sqrt);

    [Encoding("00011110 type!=2 1 001000 10000 rn rd", "frintn")]
    public static void Frintn(A64Emitter e, A64Word i) => Unary(e, i, FpOp.Round, FpRounding.NearestEven);

    [Encoding("00011110 type!=2 1 001001 10000 rn rd", "frintp")]
    public static void Frintp(A64Emitter e, A64Word i) => Unary(e, i, FpOp.Round, FpRounding.Up);

    [Encoding("00011110 type!=2 1 001010 10000 rn rd", "frintm")]
    public static void Frintm(A64Emitter e, A64Word i) => Unary(e, i, FpOp.Round, FpRounding.Down);

    [Encoding("00011110 type!=2 1 001011 10000 rn rd", "frintz")]
    public static void Frintz(A64Emitter e, A64Word i) => Unary(e, i, FpOp.Round, FpRounding.TowardZero);

    [Encoding("00011110 type!=2 1 001100 10000 rn rd", "frinta")]
    public static void Frinta(A64Emitter e, A64Word i) => Unary(e, i, FpOp.Round, FpRounding.NearestAway);

    [Encoding("00011110 type!=2 1 001110 10000 rn rd", "frintx")]
    public static void Frintx(A64Emitter e, A64Word i) => Unary(e, i, FpOp.RoundCurrentExact);

    [Encoding("00011110 type!=2 1 001111 10000 rn rd", "frinti")]
    public static void Frinti(A64Emitter e, A64Word i) => Unary(e, i, FpOp.RoundCurrent);

    [Encoding("00011110 0 sz 1 010000 10000 rn rd", "frint32z", Requires = "FRINTTS")]
    [Encoding("00011110 0 sz 1 010001 10000 rn rd", "frint32x", Requires = "FRINTTS")]
    [Encoding("00011110 0 sz 1 010010 10000 rn rd", "frint64z", Requires = "FRINTTS")]
    [Encoding("00011110 0 sz 1 010011 10000 rn rd", "frint64x", Requires = "FRINTTS")]
    public static void FrintLimited(A64Emitter e, A64Word i) => Unary(e, i, (FpOp)((int)FpOp.Round32 + i.Field(15, 2)));

    [Encoding("00011110 00 1 0001 01 10000 rn rd", "fcvt")]
    [Encoding("00011110 00 1 0001 11 10000 rn rd", "fcvt")]
    [Encoding("00011110 01 1 0001 00 10000 rn rd", "fcvt")]
    [Encoding("00011110 01 1 0001 11 10000 rn rd", "fcvt")]
    [Encoding("00011110 11 1 0001 00 10000 rn rd", "fcvt")]
    [Encoding("00011110 11 1 0001 01 10000 rn rd", "fcvt")]
    public static void Fcvt(A64Emitter e, A64Word i)
    {
        int to = i.Field(15, 2);
        if (i.Type != FpFormat.Half && to != FpFormat.Half)
        {
            e.SetF(i.Rd, to, e.Ir.FConvert(e.F(i.Rn, i.Type), to == FpFormat.Single ? IrType.F32 : IrType.F64, IrRounding.Dynamic));
            return;
        }

        IrHelper helper = to switch { FpFormat.Single => FloatHelpers.Convert32, FpFormat.Double => FloatHelpers.Convert64, _ => FloatHelpers.ConvertBits };
        e.SetF(i.Rd, to, e.Ir.Call(helper, e.F(i.Rn, i.Type), e.Word(i.Type | (to << 4))));
    }

    [Encoding("00011110 type!=2 1 rm 0000 10 rn rd", "fmul")]
    public static void Fmul(A64Emitter e, A64Word i) => Binary(e, i, FpOp.Mul);

    [Encoding("00011110 type!=2 1 rm 0001 10 rn rd", "fdiv")]
    public static void Fdiv(A64Emitter e, A64Word i) => Binary(e, i, FpOp.Div);

    [Encoding("00011110 type!=2 1 rm 0010 10 rn rd", "fadd")]
    public static void Fadd(A64Emitter e, A64Word i) => Binary(e, i, FpOp.Add);

    [Encoding("00011110 type!=2 1 rm 0011 10 rn rd", "fsub")]
    public static void Fsub(A64Emitter e, A64Word i) => Binary(e, i, FpOp.Sub);

    [Encoding("00011110 type!=2 1 rm 0100 10 rn rd", "fmax")]
    public static void Fmax(A64Emitter e, A64Word i) => Binary(e, i, FpOp.Max);

    [Encoding("00011110 type!=2 1 rm 0101 10 rn rd", "fmin")]
    public static void Fmin(A64Emitter e, A64Word i) => Binary(e, i, FpOp.Min);

    [Encoding("00011110 type!=2 1 rm 0110 10 rn rd", "fmaxnm")]
    public static void Fmaxnm(A64Emitter e, A64Word i) => Binary(e, i, FpOp.MaxNumber);

    [Encoding("00011110 type!=2 1 rm 0111 10 rn rd", "fminnm")]
    public static void Fminnm(A64Emitter e, A64Word i) => Binary(e, i, FpOp.MinNumber);

    [Encoding("00011110 type!=2 1 rm 1000 10 rn rd", "fnmul")]
    public static void Fnmul(A64Emitter e, A64Word i)
    {
        if (e.HasFormat(i.Type))
            e.SetF(i.Rd, i.Type, e.Negate(i.Type, e.Binary(FpOp.Mul, i.Type, e.F(i.Rn, i.Type), e.F(i.Rm, i.Type))));
    }

    [Encoding("00011111 type!=2 0 rm 0 ra rn rd", "fmadd")]
    public static void Fmadd(A64Emitter e, A64Word i) => MulAdd(e, i, false, false);

    [Encoding("00011111 type!=2 0 rm 1 ra rn rd", "fmsub")]
    public static void Fmsub(A64Emitter e, A64Word i) => MulAdd(e, i, true, false);

    [Encoding("00011111 type!=2 1 rm 0 ra rn rd", "fnmadd")]
    public static void Fnmadd(A64Emitter e, A64Word i) => MulAdd(e, i, true, true);

    [Encoding("00011111 type!=2 1 rm 1 ra rn rd", "fnmsub")]
    public static void Fnmsub(A64Emitter e, A64Word i) => MulAdd(e, i, false, true);

    [Encoding("00011110 type!=2 1 rm 00 1000 rn 00 000", "fcmp")]
    [Encoding("00011110 type!=2 1 rm 00 1000 rn 01 000", "fcmp")]
    [Encoding("00011110 type!=2 1 rm 00 1000 rn 10 000", "fcmpe")]
    [Encoding("00011110 type!=2 1 rm 00 1000 rn 11 000", "fcmpe")]
    public static void Fcmp(A64Emitter e, A64Word i)
    {
        if (e.HasFormat(i.Type))
            Compare(e, i, i.Flag(3) ? Zero(e, i.Type) : e.F(i.Rm, i.Type), i.Flag(4));
    }

    [Encoding("00011110 type!=2 1 rm cond 01 rn 0 nzcv", "fccmp")]
    [Encoding("00011110 type!=2 1 rm cond 01 rn 1 nzcv", "fccmpe")]
    public static void Fccmp(A64Emitter e, A64Word i)
    {
        if (!e.HasFormat(i.Type))
            return;
        int compares = e.Ir.NewLabel(), end = e.Ir.NewLabel();
        e.Ir.BrIf(e.Condition(i.Cond), compares);
        e.SetNzcv(e.Const((ulong)i.Nzcv));
        e.Ir.Br(end);
        e.Ir.Label(compares);
        Compare(e, i, e.F(i.Rm, i.Type), i.Flag(4));
        e.Ir.Label(end);
        e.ForgetComparison();
    }

    [Encoding("00011110 type!=2 1 rm cond 11 rn rd", "fcsel")]
    public static void Fcsel(A64Emitter e, A64Word i)
    {
        if (e.HasFormat(i.Type))
            e.SetF(i.Rd, i.Type, e.Ir.Select(e.Condition(i.Cond), e.F(i.Rn, i.Type), e.F(i.Rm, i.Type)));
    }

    [Encoding("00011110 type!=2 1 imm8 100 00000 rd", "fmov")]
    public static void FmovImmediate(A64Emitter e, A64Word i)
    {
        if (!e.HasFormat(i.Type))
            return;
        ulong value = A64Emitter.ExpandImmediate(i.Type, i.Field(13, 8));
        e.SetV(i.Rd, e.Ir.VectorConst(value, 0));
    }

    private static IrValue Zero(A64Emitter e, int format)
        => e.Ir.Const(0, format switch { FpFormat.Single => IrType.F32, FpFormat.Double => IrType.F64, _ => IrType.I32 });

    private static void Compare(A64Emitter e, A64Word i, IrValue b, bool signaling)
    {
        IrValue a = e.F(i.Rn, i.Type);
        if (i.Type == FpFormat.Half)
            e.SetNzcv(e.Ir.Call(FloatHelpers.Compare, a, b, e.Word((i.Type << 8) | (signaling ? 1 << 16 : 0))));
        else
            e.SetOrder(e.Ir.FOrder(a, b, signaling));
    }

    private static void Unary(A64Emitter e, A64Word i, FpOp op, FpRounding rounding = default)
    {
        if (e.HasFormat(i.Type))
            e.SetF(i.Rd, i.Type, e.Unary(op, i.Type, e.F(i.Rn, i.Type), rounding));
    }

    private static void Binary(A64Emitter e, A64Word i, FpOp op)
    {
        if (e.HasFormat(i.Type))
            e.SetF(i.Rd, i.Type, e.Binary(op, i.Type, e.F(i.Rn, i.Type), e.F(i.Rm, i.Type)));
    }

    // operands are negated, so a NaN among them comes out with the other sign
    private static void MulAdd(A64Emitter e, A64Word i, bool negatesProduct, bool negatesAddend)
    {
        if (!e.HasFormat(i.Type))
            return;
        IrValue a = e.F(i.Rn, i.Type), addend = e.F(i.Ra, i.Type);
        if (negatesProduct)
            a = e.Negate(i.Type, a);
        if (negatesAddend)
            addend = e.Negate(i.Type, addend);
        e.SetF(i.Rd, i.Type, e.MulAdd(i.Type, a, e.F(i.Rm, i.Type), addend));
    }
}
