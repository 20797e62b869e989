namespace Emulation.SoftFloat.Tests;

/// <summary>
/// RISC-V Unprivileged ISA, F, "Domains of float-to-integer conversions and behavior for invalid inputs"; the other rules from their manuals.
/// </summary>
public sealed class IntegerConversionTests
{
    private const FpRounding Rtz = FpRounding.TowardZero;
    private const double Nan = double.NaN, Inf = double.PositiveInfinity;
    private const FpFlags Nv = FpFlags.Invalid, Nx = FpFlags.Inexact, Ok = FpFlags.None;

    [TestCase(2147483647.0, int.MaxValue, Ok)]
    [TestCase(2147483647.5, int.MaxValue, Nx)]
    [TestCase(2147483648.0, int.MaxValue, Nv)]
    [TestCase(-2147483648.0, int.MinValue, Ok)]
    [TestCase(-2147483648.5, int.MinValue, Nx)]
    [TestCase(-2147483649.0, int.MinValue, Nv)]
    [TestCase(Inf, int.MaxValue, Nv)]
    [TestCase(-Inf, int.MinValue, Nv)]
    [TestCase(Nan, int.MaxValue, Nv)]
    [TestCase(-0.0, 0, Ok)]
    [TestCase(-0.99, 0, Nx)]
    public void Fcvt_w_d(double value, int expected, FpFlags flags)
        => Check(value, (ulong a, ref FpContext c) => F64.ToInt32(a, Rtz, FpIntegerRule.Saturate, ref c), expected, flags);

    [TestCase(4294967295.0, uint.MaxValue, Ok)]
    [TestCase(4294967295.9, uint.MaxValue, Nx)]
    [TestCase(4294967296.0, uint.MaxValue, Nv)]
    [TestCase(-0.99, 0u, Nx)]
    [TestCase(-1.0, 0u, Nv)]
    [TestCase(Inf, uint.MaxValue, Nv)]
    [TestCase(-Inf, 0u, Nv)]
    [TestCase(Nan, uint.MaxValue, Nv)]
    public void Fcvt_wu_d(double value, uint expected, FpFlags flags)
        => Check(value, (ulong a, ref FpContext c) => F64.ToUInt32(a, Rtz, FpIntegerRule.Saturate, ref c), expected, flags);

    [TestCase(9223372036854774784.0, 9223372036854774784L, Ok)]
    [TestCase(9223372036854775808.0, long.MaxValue, Nv)]
    [TestCase(-9223372036854775808.0, long.MinValue, Ok)]
    [TestCase(-9223372036854777856.0, long.MinValue, Nv)]
    [TestCase(1e300, long.MaxValue, Nv)]
    [TestCase(Nan, long.MaxValue, Nv)]
    public void Fcvt_l_d(double value, long expected, FpFlags flags)
        => Check(value, (ulong a, ref FpContext c) => F64.ToInt64(a, Rtz, FpIntegerRule.Saturate, ref c), expected, flags);

    [TestCase(18446744073709549568.0, 18446744073709549568UL, Ok)]
    [TestCase(18446744073709551616.0, ulong.MaxValue, Nv)]
    [TestCase(-1.0, 0UL, Nv)]
    [TestCase(Nan, ulong.MaxValue, Nv)]
    public void Fcvt_lu_d(double value, ulong expected, FpFlags flags)
        => Check(value, (ulong a, ref FpContext c) => F64.ToUInt64(a, Rtz, FpIntegerRule.Saturate, ref c), expected, flags);

    [Test]
    public void Rounding_can_leave_the_range()
    {
        // 2^64 - 1/2 needs more than 53 bits
        FpContext context = default;
        UInt128 half = F128.Div(F128.FromInt32(1, ref context), F128.FromInt32(2, ref context), ref context);
        UInt128 almost = F128.Add(F128.FromUInt64(ulong.MaxValue, ref context), half, ref context);
        F128.ToUInt64(almost, FpRounding.Down, FpIntegerRule.Saturate, ref context).Should().Be(ulong.MaxValue);
        context.Flags.Should().Be(Nx);
        context.Flags = Ok;
        F128.ToUInt64(almost, FpRounding.NearestEven, FpIntegerRule.Saturate, ref context).Should().Be(ulong.MaxValue);
        context.Flags.Should().Be(Nv);
        Check(2147483647.5, (ulong a, ref FpContext c) => F64.ToInt32(a, FpRounding.NearestEven, FpIntegerRule.Saturate, ref c), int.MaxValue, Nv);
        Check(-2147483648.5, (ulong a, ref FpContext c) => F64.ToInt32(a, FpRounding.NearestEven, FpIntegerRule.Saturate, ref c), int.MinValue, Nx);
        Check(-0.5, (ulong a, ref FpContext c) => F64.ToUInt32(a, FpRounding.NearestAway, FpIntegerRule.Saturate, ref c), 0, Nv);
    }

    [TestCase(2.5, FpRounding.NearestEven, 2)]
    [TestCase(3.5, FpRounding.NearestEven, 4)]
    [TestCase(2.5, FpRounding.NearestAway, 3)]
    [TestCase(-2.5, FpRounding.NearestAway, -3)]
    [TestCase(-2.5, FpRounding.TowardZero, -2)]
    [TestCase(-2.1, FpRounding.Down, -3)]
    [TestCase(-2.9, FpRounding.Up, -2)]
    [TestCase(2.1, FpRounding.Up, 3)]
    [TestCase(2.1, FpRounding.ToOdd, 3)]
    [TestCase(3.9, FpRounding.ToOdd, 3)]
    [TestCase(0.5, FpRounding.NearestEven, 0)]
    [TestCase(0.5000001, FpRounding.NearestEven, 1)]
    [TestCase(1e-300, FpRounding.Up, 1)]
    [TestCase(1e-300, FpRounding.NearestAway, 0)]
    public void Rounding(double value, FpRounding rounding, int expected)
        => Check(value, (ulong a, ref FpContext c) => F64.ToInt32(a, rounding, FpIntegerRule.Saturate, ref c), expected, Nx);

    // columns: above the range, below the range, NaN
    [TestCase(FpIntegerRule.Saturate, int.MaxValue, int.MinValue, int.MaxValue)]
    [TestCase(FpIntegerRule.SaturateNanZero, int.MaxValue, int.MinValue, 0)]
    [TestCase(FpIntegerRule.SaturateNanSmallest, int.MaxValue, int.MinValue, int.MinValue)]
    [TestCase(FpIntegerRule.Indefinite, int.MinValue, int.MinValue, int.MinValue)]
    [TestCase(FpIntegerRule.Largest, int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Rules_for_signed(FpIntegerRule rule, int above, int below, int nan)
    {
        Check(1e10, (ulong a, ref FpContext c) => F64.ToInt32(a, Rtz, rule, ref c), above, Nv);
        Check(-1e10, (ulong a, ref FpContext c) => F64.ToInt32(a, Rtz, rule, ref c), below, Nv);
        Check(Nan, (ulong a, ref FpContext c) => F64.ToInt32(a, Rtz, rule, ref c), nan, Nv);
    }

    [TestCase(FpIntegerRule.Saturate, ulong.MaxValue, 0UL, ulong.MaxValue)]
    [TestCase(FpIntegerRule.SaturateNanZero, ulong.MaxValue, 0UL, 0UL)]
    [TestCase(FpIntegerRule.SaturateNanSmallest, ulong.MaxValue, 0UL, 0UL)]
    [TestCase(FpIntegerRule.Indefinite, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue)]
    public void Rules_for_unsigned(FpIntegerRule rule, ulong above, ulong below, ulong nan)
    {
        Check(1e20, (ulong a, ref FpContext c) => F64.ToUInt64(a, Rtz, rule, ref c), above, Nv);
        Check(-1, (ulong a, ref FpContext c) => F64.ToUInt64(a, Rtz, rule, ref c), below, Nv);
        Check(Nan, (ulong a, ref FpContext c) => F64.ToUInt64(a, Rtz, rule, ref c), nan, Nv);
    }

    [TestCase(1.5, 1, Nx)]
    [TestCase(-1.5, -1, Nx)]
    [TestCase(-0.0, 0, Ok)]
    [TestCase(-2147483648.0, int.MinValue, Ok)]
    [TestCase(2147483648.0, int.MinValue, Nv)]
    [TestCase(4294967297.0, 1, Nv)]
    [TestCase(-4294967297.5, -1, Nv)]
    [TestCase(18446744073709551616.0, 0, Nv)]
    [TestCase(36893488147419111424.0, 8192, Nv)] // 2^65 + 2^13
    [TestCase(1e300, 0, Nv)]
    [TestCase(Inf, 0, Nv)]
    [TestCase(Nan, 0, Nv)]
    public void Modular(double value, int expected, FpFlags flags)
        => Check(value, (ulong a, ref FpContext c) => F64.ToInt32Modular(a, ref c), expected, flags);

    [Test]
    public void From_integers()
    {
        FpContext context = default;
        F64.FromInt32(int.MinValue, ref context).Should().Be(BitConverter.DoubleToUInt64Bits(int.MinValue));
        F64.FromInt64(long.MinValue, ref context).Should().Be(BitConverter.DoubleToUInt64Bits(long.MinValue));
        F128.FromUInt64(ulong.MaxValue, ref context).Should().Be(new UInt128(0x403effffffffffff, 0xfffe000000000000));
        F16.FromInt64(0, ref context).Should().Be(0);
        context.Flags.Should().Be(Ok);
        F64.FromUInt64(ulong.MaxValue, ref context).Should().Be(BitConverter.DoubleToUInt64Bits(18446744073709551616.0));
        context.Flags.Should().Be(Nx);
        F16.FromUInt32(65520, ref context).Should().Be(0x7c00);
        context.Flags.Should().Be(Nx | FpFlags.Overflow);
    }

    private delegate Int128 Conversion(ulong a, ref FpContext context);

    private static void Check(double value, Conversion convert, Int128 expected, FpFlags flags)
    {
        FpContext context = default;
        Int128 actual = convert(BitConverter.DoubleToUInt64Bits(value), ref context);
        (actual, context.Flags).Should().Be((expected, flags), $"{value:R}");
    }
}
