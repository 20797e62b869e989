using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Arm;

// Arithmetic of three formats: single and double as the IR has them, half as bits in a 32-bit integer.
internal abstract partial class ArmEmitter
{
    /// <summary>An operation of two numbers.</summary>
    public IrValue Binary(FpOp op, int format, IrValue a, IrValue b)
    {
        IrOp? direct = format == FpFormat.Half ? null : op switch
        {
            FpOp.Add => IrOp.FAdd,
            FpOp.Sub => IrOp.FSub,
            FpOp.Mul => IrOp.FMul,
            FpOp.Div => IrOp.FDiv,
            _ => null,
        };
        if (direct is { } ir)
            return Ir.Float(ir, a, b);
        if (format != FpFormat.Half && op is >= FpOp.Max and <= FpOp.MinNumber)
        {
            IrExtremum rule = op is FpOp.Max or FpOp.Min ? IrExtremum.NaN : IrExtremum.Number2008;
            return Ir.FExtremum(op is FpOp.Max or FpOp.MaxNumber ? IrOp.FMax : IrOp.FMin, a, b, rule);
        }

        IrHelper helper = format switch { FpFormat.Single => FloatHelpers.Binary32, FpFormat.Double => FloatHelpers.Binary64, _ => FloatHelpers.BinaryBits };
        return Ir.Call(helper, a, b, Word(FloatHelpers.Kind(op, format)));
    }

    /// <summary>An operation of one number.</summary>
    public IrValue Unary(FpOp op, int format, IrValue a, FpRounding rounding = default)
    {
        if (op == FpOp.Sqrt && format != FpFormat.Half)
            return Ir.FSqrt(a, IrRounding.Dynamic);
        IrHelper helper = format switch { FpFormat.Single => FloatHelpers.Unary32, FpFormat.Double => FloatHelpers.Unary64, _ => FloatHelpers.UnaryBits };
        return Ir.Call(helper, a, Word(FloatHelpers.Kind(op, format, rounding)));
    }

    /// <summary>The other sign, NaNs too.</summary>
    public IrValue Negate(int format, IrValue value)
    {
        IrType bits = format == FpFormat.Double ? IrType.I64 : IrType.I32;
        return Ir.Bitcast(Ir.Xor(Ir.Bitcast(value, bits), Ir.Const(FpFormat.SignBit(format), bits)), value.Type);
    }

    /// <summary>Without the sign.</summary>
    public IrValue Absolute(int format, IrValue value)
    {
        IrType bits = format == FpFormat.Double ? IrType.I64 : IrType.I32;
        return Ir.Bitcast(Ir.And(Ir.Bitcast(value, bits), Ir.Const(FpFormat.SignBit(format) - 1, bits)), value.Type);
    }

    /// <summary>a * b + addend with one rounding.</summary>
    public IrValue MulAdd(int format, IrValue a, IrValue b, IrValue addend)
        => format == FpFormat.Half
            ? Ir.Call(FloatHelpers.HalfMulAdd, Ir.Or(a, Ir.Shl(b, 16)), addend)
            : Ir.FMulAdd(a, b, addend, false, false, IrRounding.Dynamic);

    /// <summary>VFPExpandImm.</summary>
    public static ulong ExpandImmediate(int format, int imm8)
    {
        int bits = FpFormat.Bits(format), fraction = FpFormat.FractionBits(format), exponentBits = bits - fraction - 1;
        ulong sign = (ulong)(imm8 >> 7) & 1, b = (ulong)(imm8 >> 6) & 1;
        ulong exponent = ((b ^ 1) << (exponentBits - 1)) | (b != 0 ? ((1UL << (exponentBits - 3)) - 1) << 2 : 0) | ((ulong)(imm8 >> 4) & 3);
        return (sign << (bits - 1)) | (exponent << fraction) | (((ulong)imm8 & 15) << (fraction - 4));
    }
}
