using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.RiscV.Float;

/// <summary>Bodies of floating-point instructions for any format. RISC-V Unprivileged ISA, "F".</summary>
internal static class FloatOps
{
    public static void Binary(RvEmitter e, RvWord i, RvFloat f, IrOp op)
    {
        if (e.BeginFp(i.Rm))
            f.Set(e, i.Rd, f.Binary(e, op, f.Get(e, i.Rs1), f.Get(e, i.Rs2), i.Rm));
    }

    public static void Sqrt(RvEmitter e, RvWord i, RvFloat f)
    {
        if (e.BeginFp(i.Rm))
            f.Set(e, i.Rd, f.Sqrt(e, f.Get(e, i.Rs1), i.Rm));
    }

    public static void MulAdd(RvEmitter e, RvWord i, RvFloat f, bool negateProduct, bool negateAddend)
    {
        if (e.BeginFp(i.Rm))
            f.Set(e, i.Rd, f.MulAdd(e, f.Get(e, i.Rs1), f.Get(e, i.Rs2), f.Get(e, i.Rs3), negateProduct, negateAddend, i.Rm));
    }

    /// <summary>Minimum and maximum: helpers of two operands, where the IR has no operation.</summary>
    public static void Call(RvEmitter e, RvWord i, RvFloat f, IrHelper helper)
    {
        if (!e.BeginFp())
            return;
        IrValue a = f.Get(e, i.Rs1), b = f.Get(e, i.Rs2);
        bool direct = a.Type.IsFloat() && (helper == f.Min || helper == f.Max);
        f.Set(e, i.Rd, direct ? e.Ir.FExtremum(helper == f.Min ? IrOp.FMin : IrOp.FMax, a, b, IrExtremum.Number) : e.Ir.Call(helper, a, b));
    }

    /// <summary>FROUND, FROUNDNX.</summary>
    public static void Round(RvEmitter e, RvWord i, RvFloat f, IrHelper helper)
    {
        if (e.BeginFp(i.Rm))
            f.Set(e, i.Rd, e.Ir.Call(helper, f.Get(e, i.Rs1), e.Ir.Const((ulong)i.Rm)));
    }

    /// <summary>FEQ, FLT, FLE. They may raise invalid.</summary>
    public static void Compare(RvEmitter e, RvWord i, RvFloat f, IrOp op)
    {
        if (!e.BeginFp())
            return;
        e.SetBool(i.Rd, f.Compare(e, op, f.Get(e, i.Rs1), f.Get(e, i.Rs2)));
        e.DirtyFp();
    }

    /// <summary>FLTQ, FLEQ.</summary>
    public static void CompareQuiet(RvEmitter e, RvWord i, RvFloat f, IrHelper helper)
    {
        if (!e.BeginFp())
            return;
        e.SetBool(i.Rd, e.Ir.Call(helper, f.Get(e, i.Rs1), f.Get(e, i.Rs2)));
        e.DirtyFp();
    }

    public static void Class(RvEmitter e, RvWord i, RvFloat f)
    {
        if (e.BeginFp())
            e.SetX(i.Rd, e.Ir.Call(f.Class, f.Get(e, i.Rs1)));
    }

    /// <summary>FSGNJ: the sign of rs2.</summary>
    public static void CopySign(RvEmitter e, RvWord i, RvFloat f)
    {
        if (!e.BeginFp())
            return;
        IrValue a = f.Bits(e, i.Rs1);
        if (i.Rs1 != i.Rs2)
            a = e.Ir.Or(Magnitude(e, f, a), Sign(e, f, f.Bits(e, i.Rs2)));
        f.Set(e, i.Rd, a);
    }

    /// <summary>FSGNJN: the opposite of the sign of rs2.</summary>
    public static void CopySignNegated(RvEmitter e, RvWord i, RvFloat f)
    {
        if (!e.BeginFp())
            return;
        IrValue a = f.Bits(e, i.Rs1);
        IrValue mask = e.Ir.Const(f.SignMask, a.Type);
        a = i.Rs1 == i.Rs2
            ? e.Ir.Xor(a, mask)
            : e.Ir.Or(Magnitude(e, f, a), e.Ir.Xor(Sign(e, f, f.Bits(e, i.Rs2)), mask));
        f.Set(e, i.Rd, a);
    }

    /// <summary>FSGNJX: the signs multiplied.</summary>
    public static void XorSign(RvEmitter e, RvWord i, RvFloat f)
    {
        if (!e.BeginFp())
            return;
        IrValue a = f.Bits(e, i.Rs1);
        f.Set(e, i.Rd, i.Rs1 == i.Rs2 ? Magnitude(e, f, a) : e.Ir.Xor(a, Sign(e, f, f.Bits(e, i.Rs2))));
    }

    /// <summary>Conversion to an integer; may raise flags.</summary>
    public static void ToInteger(RvEmitter e, RvWord i, RvFloat f, IrHelper helper)
    {
        if (!e.BeginFp(i.Rm))
            return;
        IrValue a = f.Get(e, i.Rs1);
        e.SetX(i.Rd, a.Type.IsFloat()
            ? e.Ir.FToInteger(a, helper.Result, helper == f.ToW || helper == f.ToL, RvEmitter.Rounding(i.Rm), (int)FpIntegerRule.Saturate)
            : e.Ir.Call(helper, a, e.Ir.Const((ulong)i.Rm)));
        e.DirtyFp();
    }

    /// <summary>Conversion from the low 32 bits of an integer register.</summary>
    public static void FromWord(RvEmitter e, RvWord i, RvFloat f, IrHelper helper)
    {
        if (e.BeginFp(i.Rm))
            f.Set(e, i.Rd, FromInteger(e, i, helper, e.W(i.Rs1), helper == f.FromW));
    }

    /// <summary>Conversion from a 64-bit integer register.</summary>
    public static void FromLong(RvEmitter e, RvWord i, RvFloat f, IrHelper helper)
    {
        if (e.BeginFp(i.Rm))
            f.Set(e, i.Rd, FromInteger(e, i, helper, e.X(i.Rs1), helper == f.FromL));
    }

    /// <summary>Conversion between formats.</summary>
    public static void Convert(RvEmitter e, RvWord i, RvFloat to, RvFloat from, IrHelper helper)
    {
        if (!e.BeginFp(i.Rm))
            return;
        IrValue a = from.Get(e, i.Rs1);
        bool direct = a.Type.IsFloat() && helper.Result.IsFloat();
        to.Set(e, i.Rd, direct ? e.Ir.FConvert(a, helper.Result, RvEmitter.Rounding(i.Rm)) : e.Ir.Call(helper, a, e.Ir.Const((ulong)i.Rm)));
    }

    /// <summary>A load; the bits go to the register as they are.</summary>
    public static void Load(RvEmitter e, RvWord i, RvFloat f, int size, IrType type)
    {
        if (e.BeginFp())
            f.Set(e, i.Rd, e.Load(i.Rs1, i.ImmI, size, false, type));
    }

    private static IrValue FromInteger(RvEmitter e, RvWord i, IrHelper helper, IrValue value, bool signed)
        => helper.Result.IsFloat()
            ? e.Ir.FFromInteger(value, helper.Result, signed, RvEmitter.Rounding(i.Rm))
            : e.Ir.Call(helper, value, e.Ir.Const((ulong)i.Rm));

    private static IrValue Sign(RvEmitter e, RvFloat f, IrValue bits) => e.Ir.And(bits, e.Ir.Const(f.SignMask, bits.Type));

    private static IrValue Magnitude(RvEmitter e, RvFloat f, IrValue bits) => e.Ir.And(bits, e.Ir.Const(f.SignMask - 1, bits.Type));
}
