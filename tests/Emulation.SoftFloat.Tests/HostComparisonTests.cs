namespace Emulation.SoftFloat.Tests;

/// <summary>Values (not flags) against the host processor, to nearest even.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HostComparisonTests
{
    private const int Count = 25_000;

    [Test]
    public void Binary64()
    {
        var source = new OperandSource(Format.Double, 11);
        FpContext context = default;
        for (int i = 0; i < Count; i++)
        {
            (ulong a, ulong b, ulong c) = ((ulong)source.Next(), (ulong)source.Next(), (ulong)source.Next());
            (double x, double y, double z) = (D(a), D(b), D(c));
            Same(F64.Add(a, b, ref context), x + y, "add", x, y);
            Same(F64.Sub(a, b, ref context), x - y, "sub", x, y);
            Same(F64.Mul(a, b, ref context), x * y, "mul", x, y);
            Same(F64.Div(a, b, ref context), x / y, "div", x, y);
            Same(F64.Sqrt(a, ref context), Math.Sqrt(x), "sqrt", x, y);
            Same(F64.MulAdd(a, b, c, ref context), Math.FusedMultiplyAdd(x, y, z), "fma", x, y);
            Same(F64.RoundToInt(a, FpRounding.NearestEven, raiseInexact: true, ref context), Math.Round(x), "round", x, y);
            Same(F64.ToF32(a, ref context), (float)x, "to f32", x, y);
            Same(F64.FromInt64((long)a, ref context), (double)(long)a, "from i64", x, y);
            Same(F64.FromUInt64(a, ref context), (double)a, "from u64", x, y);
            Same(F64.ToInt64(a, FpRounding.TowardZero, FpIntegerRule.SaturateNanZero, ref context), (long)x, x);
            Same(F64.ToInt32(a, FpRounding.TowardZero, FpIntegerRule.SaturateNanZero, ref context), (int)x, x);
            Same(F64.ToUInt32(a, FpRounding.TowardZero, FpIntegerRule.SaturateNanZero, ref context), (uint)x, x);
            Same((Int128)F64.ToUInt64(a, FpRounding.TowardZero, FpIntegerRule.SaturateNanZero, ref context), (ulong)x, x);
        }
    }

    [Test]
    public void Binary32()
    {
        var source = new OperandSource(Format.Single, 12);
        FpContext context = default;
        for (int i = 0; i < Count; i++)
        {
            (uint a, uint b, uint c) = ((uint)source.Next(), (uint)source.Next(), (uint)source.Next());
            (float x, float y, float z) = (S(a), S(b), S(c));
            Same(F32.Add(a, b, ref context), x + y, "add", x, y);
            Same(F32.Sub(a, b, ref context), x - y, "sub", x, y);
            Same(F32.Mul(a, b, ref context), x * y, "mul", x, y);
            Same(F32.Div(a, b, ref context), x / y, "div", x, y);
            Same(F32.Sqrt(a, ref context), MathF.Sqrt(x), "sqrt", x, y);
            Same(F32.MulAdd(a, b, c, ref context), MathF.FusedMultiplyAdd(x, y, z), "fma", x, y);
            Same(F32.Rem(a, b, ref context), MathF.IEEERemainder(x, y), "rem", x, y);
            Same(F32.ToF64(a, ref context), (double)x, "to f64", x, y);
            Same(F32.FromInt32((int)a, ref context), (float)(int)a, "from i32", x, y);
            Same(F32.FromUInt32(a, ref context), (float)a, "from u32", x, y);
            Same(F32.ToInt64(a, FpRounding.TowardZero, FpIntegerRule.SaturateNanZero, ref context), (long)x, x);
            Same(F32.ToUInt32(a, FpRounding.TowardZero, FpIntegerRule.SaturateNanZero, ref context), (uint)x, x);
        }
    }

    [Test]
    public void Binary16()
    {
        // Half calculates in float and rounds again, which is harmless for these operations: 24 >= 2 * 11 + 2.
        var source = new OperandSource(Format.Half, 13);
        FpContext context = default;
        for (int i = 0; i < Count; i++)
        {
            (ushort a, ushort b) = ((ushort)source.Next(), (ushort)source.Next());
            (Half x, Half y) = (H(a), H(b));
            Same(F16.Add(a, b, ref context), x + y, "add", x, y);
            Same(F16.Sub(a, b, ref context), x - y, "sub", x, y);
            Same(F16.Mul(a, b, ref context), x * y, "mul", x, y);
            Same(F16.Div(a, b, ref context), x / y, "div", x, y);
            Same(F16.Sqrt(a, ref context), Half.Sqrt(x), "sqrt", x, y);
            Same(F16.ToF64(a, ref context), (double)x, "to f64", (double)x, (double)y);
            Same(F16.FromInt32((short)b, ref context), (Half)(short)b, "from int", x, y);
        }
    }

    private static double D(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static float S(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    private static Half H(ushort bits) => BitConverter.UInt16BitsToHalf(bits);

    private static void Same(ulong actual, double expected, string operation, double a, double b)
    {
        ulong bits = double.IsNaN(expected) ? 0x7ff8000000000000 : BitConverter.DoubleToUInt64Bits(expected);
        if (actual != bits)
        {
            Assert.Fail($"{operation} {a:R} {b:R}: got {actual:X}, expected {bits:X}");
        }
    }

    private static void Same(uint actual, float expected, string operation, double a, double b)
    {
        uint bits = float.IsNaN(expected) ? 0x7fc00000 : BitConverter.SingleToUInt32Bits(expected);
        if (actual != bits)
        {
            Assert.Fail($"{operation} {a:R} {b:R}: got {actual:X}, expected {bits:X}");
        }
    }

    private static void Same(ushort actual, Half expected, string operation, Half a, Half b)
    {
        ushort bits = Half.IsNaN(expected) ? (ushort)0x7e00 : BitConverter.HalfToUInt16Bits(expected);
        if (actual != bits)
        {
            Assert.Fail($"{operation} {a} {b}: got {actual:X}, expected {bits:X}");
        }
    }

    private static void Same(Int128 actual, Int128 expected, double a)
    {
        if (actual != expected)
        {
            Assert.Fail($"to integer {a:R}: got {actual}, expected {expected}");
        }
    }
}
