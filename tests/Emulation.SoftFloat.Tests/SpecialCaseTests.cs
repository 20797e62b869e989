namespace Emulation.SoftFloat.Tests;

/// <summary>Infinities, zeros and NaNs in all formats: IEEE 754-2019, 6 and 7, with RISC-V's canonical NaN.</summary>
[TestFixtureSource(typeof(Format), nameof(Format.All))]
internal sealed class SpecialCaseTests(Format format)
{
    private UInt128 Inf => format.Infinity;

    private UInt128 One => format.One;

    private UInt128 Minus(UInt128 a) => a ^ format.SignBit;

    [Test]
    public void Sums()
    {
        Check(format.Add, Inf, Inf, Inf);
        Check(format.Add, Inf, Minus(Inf), format.QuietNaN, FpFlags.Invalid);
        Check(format.Sub, Inf, Inf, format.QuietNaN, FpFlags.Invalid);
        Check(format.Sub, Inf, Minus(Inf), Inf);
        Check(format.Sub, One, Inf, Minus(Inf));
        Check(format.Add, Minus(Inf), One, Minus(Inf));
        Check(format.Add, 0, Minus(0), 0);
        Check(format.Add, Minus(0), Minus(0), Minus(0));
        Check(format.Sub, Minus(0), 0, Minus(0));
        Check(format.Sub, One, One, 0);
        Check(format.Sub, One, One, Minus(0), rounding: FpRounding.Down);
        Check(format.Add, 0, Minus(0), Minus(0), rounding: FpRounding.Down);
    }

    [Test]
    public void Products_and_quotients()
    {
        Check(format.Mul, Inf, Minus(One), Minus(Inf));
        Check(format.Mul, Inf, Minus(0), format.QuietNaN, FpFlags.Invalid);
        Check(format.Mul, Minus(One), 0, Minus(0));
        Check(format.Div, One, Minus(0), Minus(Inf), FpFlags.DivideByZero);
        Check(format.Div, 0, 0, format.QuietNaN, FpFlags.Invalid);
        Check(format.Div, Inf, Inf, format.QuietNaN, FpFlags.Invalid);
        Check(format.Div, Inf, Minus(0), Minus(Inf));
        Check(format.Div, Minus(One), Inf, Minus(0));
        Check(format.Rem, Inf, One, format.QuietNaN, FpFlags.Invalid);
        Check(format.Rem, One, 0, format.QuietNaN, FpFlags.Invalid);
        Check(format.Rem, Minus(One), Inf, Minus(One));
        Check(format.Rem, Minus(One), One, Minus(0));
    }

    [Test]
    public void Roots()
    {
        Binary root = (UInt128 a, UInt128 _, ref FpContext c) => format.Sqrt(a, ref c);
        Check(root, Inf, 0, Inf);
        Check(root, Minus(0), 0, Minus(0));
        Check(root, Minus(One), 0, format.QuietNaN, FpFlags.Invalid);
        Check(root, Minus(Inf), 0, format.QuietNaN, FpFlags.Invalid);
        Check(root, Minus(1), 0, format.QuietNaN, FpFlags.Invalid);
    }

    [Test]
    public void NaN_operands_give_the_canonical_NaN()
    {
        Binary[] operations = [format.Add, format.Sub, format.Mul, format.Div, format.Rem];
        foreach (Binary operation in operations)
        {
            Check(operation, One, Minus(format.QuietNaN | 5), format.QuietNaN);
            Check(operation, Minus(format.QuietNaN | 5), Inf, format.QuietNaN);
            Check(operation, One, format.SignalingNaN, format.QuietNaN, FpFlags.Invalid);
            Check(operation, Minus(format.SignalingNaN), format.QuietNaN, format.QuietNaN, FpFlags.Invalid);
        }

        for (int to = 0; to < Format.All.Length; to++)
        {
            Unary convert = format.To[to];
            Binary convertFirst = (UInt128 a, UInt128 _, ref FpContext c) => convert(a, ref c);
            if (Format.All[to] != format)
            {
                Check(convertFirst, Minus(format.QuietNaN | 5), 0, Format.All[to].QuietNaN);
                Check(convertFirst, format.SignalingNaN, 0, Format.All[to].QuietNaN, FpFlags.Invalid);
                Check(convertFirst, Minus(Inf), 0, Format.All[to].Infinity | Format.All[to].SignBit);
                Check(convertFirst, Minus(0), 0, Format.All[to].SignBit);
            }
        }
    }

    [Test]
    public void Fused()
    {
        // "even when the addend is a quiet NaN": RISC-V Unprivileged ISA, F
        CheckFused(Inf, 0, format.QuietNaN, format.QuietNaN, FpFlags.Invalid);
        CheckFused(Minus(0), Inf, One, format.QuietNaN, FpFlags.Invalid);
        CheckFused(Inf, One, Minus(Inf), format.QuietNaN, FpFlags.Invalid);
        CheckFused(Inf, One, Inf, Inf);
        CheckFused(One, One, Minus(Inf), Minus(Inf));
        CheckFused(One, format.QuietNaN, One, format.QuietNaN);
        CheckFused(One, One, format.SignalingNaN, format.QuietNaN, FpFlags.Invalid);
        CheckFused(0, Minus(One), 0, 0);
        CheckFused(0, Minus(One), 0, Minus(0), rounding: FpRounding.Down);
        CheckFused(0, Minus(One), Minus(0), Minus(0));
        CheckFused(One, One, Minus(One), 0);
        CheckFused(One, One, Minus(One), Minus(0), rounding: FpRounding.Down);
        CheckFused(0, Inf - 1, 1, 1);
    }

    [Test]
    public void Integral_values()
    {
        FpContext context = default;
        format.RoundToInt(Minus(Inf), FpRounding.Up, true, ref context).Should().Be(Minus(Inf));
        format.RoundToInt(Minus(0), FpRounding.Up, true, ref context).Should().Be(Minus(0));
        context.Flags.Should().Be(FpFlags.None);
        format.RoundToInt(Minus(1), FpRounding.Up, true, ref context).Should().Be(Minus(0));
        context.Flags.Should().Be(FpFlags.Inexact);
        format.RoundToInt(format.SignalingNaN, FpRounding.Up, true, ref context).Should().Be(format.QuietNaN);
        context.Flags.Should().Be(FpFlags.Inexact | FpFlags.Invalid);
    }

    [TestCase(FpRounding.NearestEven, false, false)]
    [TestCase(FpRounding.NearestAway, false, false)]
    [TestCase(FpRounding.TowardZero, true, true)]
    [TestCase(FpRounding.ToOdd, true, true)]
    [TestCase(FpRounding.Up, false, true)]
    [TestCase(FpRounding.Down, true, false)]
    public void Overflow_goes_to_infinity_or_the_largest_number(FpRounding rounding, bool positiveLargest, bool negativeLargest)
    {
        const FpFlags Flags = FpFlags.Overflow | FpFlags.Inexact;
        UInt128 largest = Inf - 1;
        Check(format.Add, largest, largest, positiveLargest ? largest : Inf, Flags, rounding);
        Check(format.Add, Minus(largest), Minus(largest), Minus(negativeLargest ? largest : Inf), Flags, rounding);
    }

    private static void Check(
        Binary operation, UInt128 a, UInt128 b, UInt128 expected, FpFlags flags = FpFlags.None, FpRounding rounding = FpRounding.NearestEven)
    {
        var context = new FpContext { Rounding = rounding };
        (operation(a, b, ref context), context.Flags).Should().Be((expected, flags), $"{a:X} {b:X}");
    }

    private void CheckFused(
        UInt128 a, UInt128 b, UInt128 c, UInt128 expected, FpFlags flags = FpFlags.None, FpRounding rounding = FpRounding.NearestEven)
    {
        var context = new FpContext { Rounding = rounding };
        (format.MulAdd(a, b, c, ref context), context.Flags).Should().Be((expected, flags), $"{a:X} * {b:X} + {c:X}");
    }
}
