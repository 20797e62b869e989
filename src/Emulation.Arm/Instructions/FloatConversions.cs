using Emulation.Cpu.Decode;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Arm.Instructions;

/// <summary>Between floating point and integers. Arm DDI 0487, C4.1.96.</summary>
[Extension("FP")]
internal static class FloatConversions
{
    [Encoding("sf 0011110 type!=2 1 00 000 000000 rn rd", "fcvtns")]
    public static void Fcvtns(A64Emitter e, A64Word i) => ToInteger(e, i, true, FpRounding.NearestEven);

    [Encoding("sf 0011110 type!=2 1 00 001 000000 rn rd", "fcvtnu")]
    public static void Fcvtnu(A64Emitter e, A64Word i) => ToInteger(e, i, false, FpRounding.NearestEven);

    [Encoding("sf 0011110 type!=2 1 00 100 000000 rn rd", "fcvtas")]
    public static void Fcvtas(A64Emitter e, A64Word i) => ToInteger(e, i, true, FpRounding.NearestAway);

    [Encoding("sf 0011110 type!=2 1 00 101 000000 rn rd", "fcvtau")]
    public static void Fcvtau(A64Emitter e, A64Word i) => ToInteger(e, i, false, FpRounding.NearestAway);

    [Encoding("sf 0011110 type!=2 1 01 000 000000 rn rd", "fcvtps")]
    public static void Fcvtps(A64Emitter e, A64Word i) => ToInteger(e, i, true, FpRounding.Up);

    [Encoding("sf 0011110 type!=2 1 01 001 000000 rn rd", "fcvtpu")]
    public static void Fcvtpu(A64Emitter e, A64Word i) => ToInteger(e, i, false, FpRounding.Up);

    [Encoding("sf 0011110 type!=2 1 10 000 000000 rn rd", "fcvtms")]
    public static void Fcvtms(A64Emitter e, A64Word i) => ToInteger(e, i, true, FpRounding.Down);

    [Encoding("sf 0011110 type!=2 1 10 001 000000 rn rd", "fcvtmu")]
    public static void Fcvtmu(A64Emitter e, A64Word i) => ToInteger(e, i, false, FpRounding.Down);

    [Encoding("sf 0011110 type!=2 1 11 000 000000 rn rd", "fcvtzs")]
    public static void Fcvtzs(A64Emitter e, A64Word i) => ToInteger(e, i, true, FpRounding.TowardZero);

    [Encoding("sf 0011110 type!=2 1 11 001 000000 rn rd", "fcvtzu")]
    public static void Fcvtzu(A64Emitter e, A64Word i) => ToInteger(e, i, false, FpRounding.TowardZero);

    [Encoding("sf 0011110 type!=2 0 11 000 scale rn rd", "fcvtzs")]
    public static void FcvtzsFixed(A64Emitter e, A64Word i) => ToFixed(e, i, true);

    [Encoding("sf 0011110 type!=2 0 11 001 scale rn rd", "fcvtzu")]
    public static void FcvtzuFixed(A64Emitter e, A64Word i) => ToFixed(e, i, false);

    [Encoding("sf 0011110 type!=2 1 00 010 000000 rn rd", "scvtf")]
    public static void Scvtf(A64Emitter e, A64Word i) => FromInteger(e, i, true, 0);

    [Encoding("sf 0011110 type!=2 1 00 011 000000 rn rd", "ucvtf")]
    public static void Ucvtf(A64Emitter e, A64Word i) => FromInteger(e, i, false, 0);

    [Encoding("sf 0011110 type!=2 0 00 010 scale rn rd", "scvtf")]
    public static void ScvtfFixed(A64Emitter e, A64Word i) => FromFixed(e, i, true);

    [Encoding("sf 0011110 type!=2 0 00 011 scale rn rd", "ucvtf")]
    public static void UcvtfFixed(A64Emitter e, A64Word i) => FromFixed(e, i, false);

    [Encoding("0 0011110 01 1 11 110 000000 rn rd", "fjcvtzs", Requires = "JSCVT")]
    public static void Fjcvtzs(A64Emitter e, A64Word i)
    {
        IrValue result = e.Ir.Call(FloatHelpers.JavaScript, e.F(i.Rn, FpFormat.Double));
        e.SetNzcv(e.Ir.Shl(e.Ir.ShrU(result, 32), 2));
        e.SetX(i.Rd, e.Ir.Trunc(result, IrType.I32));
    }

    [Encoding("0 0011110 00 1 00 110 000000 rn rd", "fmov")]
    public static void FmovWFromS(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Part(i.Rn, IrType.I32));

    [Encoding("0 0011110 00 1 00 111 000000 rn rd", "fmov")]
    public static void FmovSFromW(A64Emitter e, A64Word i) => e.SetVectorPart(i.Rd, e.Ir.Bitcast(e.W(i.Rn), IrType.F32));

    [Encoding("1 0011110 01 1 00 110 000000 rn rd", "fmov")]
    public static void FmovXFromD(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Part(i.Rn, IrType.I64));

    [Encoding("1 0011110 01 1 00 111 000000 rn rd", "fmov")]
    public static void FmovDFromX(A64Emitter e, A64Word i) => e.SetVectorPart(i.Rd, e.Ir.Bitcast(e.X(i.Rn), IrType.F64));

    [Encoding("1 0011110 10 1 01 110 000000 rn rd", "fmov")]
    public static void FmovXFromTop(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.VectorExtract(LaneShape.I64x2, e.V(i.Rn), 1));

    [Encoding("1 0011110 10 1 01 111 000000 rn rd", "fmov")]
    public static void FmovTopFromX(A64Emitter e, A64Word i) => e.SetV(i.Rd, e.Ir.VectorInsert(LaneShape.I64x2, e.V(i.Rd), 1, e.X(i.Rn)));

    [Encoding("sf 0011110 11 1 00 110 000000 rn rd", "fmov", Requires = "FP16")]
    public static void FmovFromH(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.FBits(i.Rn, FpFormat.Half));

    [Encoding("sf 0011110 11 1 00 111 000000 rn rd", "fmov", Requires = "FP16")]
    public static void FmovHFrom(A64Emitter e, A64Word i) => e.SetF(i.Rd, FpFormat.Half, e.W(i.Rn));

    private static void ToFixed(A64Emitter e, A64Word i, bool signed)
    {
        if (!i.Sf && i.Imm6 < 32)
            e.Undefined();
        else
            ToInteger(e, i, signed, FpRounding.TowardZero, 64 - i.Imm6);
    }

    private static void ToInteger(A64Emitter e, A64Word i, bool signed, FpRounding rounding, int fraction = 0)
    {
        if (!e.HasFormat(i.Type))
            return;
        if (i.Type != FpFormat.Half && fraction == 0)
        {
            IrType type = i.Sf ? IrType.I64 : IrType.I32;
            e.SetX(i.Rd, e.Ir.FToInteger(e.F(i.Rn, i.Type), type, signed, (IrRounding)rounding, (int)FpIntegerRule.SaturateNanZero));
            return;
        }

        int kind = FloatHelpers.IntegerKind(i.Type, i.Sf, signed, fraction, rounding);
        e.SetX(i.Rd, e.Ir.Call(i.Sf ? FloatHelpers.ToInteger64 : FloatHelpers.ToInteger32, e.F(i.Rn, i.Type), e.Word(kind)));
    }

    private static void FromFixed(A64Emitter e, A64Word i, bool signed)
    {
        if (!i.Sf && i.Imm6 < 32)
            e.Undefined();
        else
            FromInteger(e, i, signed, 64 - i.Imm6);
    }

    private static void FromInteger(A64Emitter e, A64Word i, bool signed, int fraction)
    {
        if (!e.HasFormat(i.Type))
            return;
        if (i.Type != FpFormat.Half && fraction == 0)
        {
            e.SetF(i.Rd, i.Type, e.Ir.FFromInteger(e.R(i.Sf, i.Rn), i.Type == FpFormat.Single ? IrType.F32 : IrType.F64, signed, IrRounding.Dynamic));
            return;
        }

        IrHelper helper = i.Type switch
        {
            FpFormat.Single => FloatHelpers.FromInteger32,
            FpFormat.Double => FloatHelpers.FromInteger64,
            _ => FloatHelpers.FromIntegerBits,
        };
        e.SetF(i.Rd, i.Type, e.Ir.Call(helper, e.R(i.Sf, i.Rn), e.Word(FloatHelpers.IntegerKind(i.Type, i.Sf, signed, fraction, default))));
    }
}
