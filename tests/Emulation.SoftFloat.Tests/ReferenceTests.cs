using System.Numerics;
using Exact = Emulation.SoftFloat.Tests.Reference.Exact;

namespace Emulation.SoftFloat.Tests;

/// <summary>Random finite operands in every format and rounding against exact big-number arithmetic.</summary>
[TestFixtureSource(nameof(Cases))]
[Parallelizable(ParallelScope.All)]
internal sealed class ReferenceTests(Format format, FpRounding rounding)
{
    private const int Count = 1500;
    private readonly Reference _reference = format.Reference;

    public static IEnumerable<object[]> Cases
        => from format in Format.All from rounding in Enum.GetValues<FpRounding>() select new object[] { format, rounding };

    [Test]
    public void Add() => Compare(format.Add, (a, b) => Reference.Sum(a, b, rounding));

    [Test]
    public void Sub() => Compare(format.Sub, (a, b) => Reference.Sum(a, b with { Negative = !b.Negative }, rounding));

    [Test]
    public void Mul() => Compare(format.Mul, Reference.Product);

    [Test]
    public void Div() => Compare(format.Div, _reference.Quotient, nonZeroDivisor: true);

    [Test]
    public void Rem() => Compare(format.Rem, Reference.Remainder, nonZeroDivisor: true, count: Count / 4);

    [Test]
    public void Sqrt()
    {
        OperandSource source = Operands(1);
        for (int i = 0; i < Count / 4; i++)
        {
            UInt128 a = source.NextFinite() & ~format.SignBit;
            Check((ref FpContext c) => format.Sqrt(a, ref c), _reference.Root(_reference.Decode(a)), _reference, $"{a:X}");
        }
    }

    [Test]
    public void MulAdd()
    {
        OperandSource source = Operands(2);
        for (int i = 0; i < Count; i++)
        {
            UInt128 a = source.NextFinite(), b = source.NextFinite(), z = source.NextFinite();
            if (i % 4 == 0)
            {
                // an addend that nearly cancels the product
                var context = new FpContext { Rounding = FpRounding.TowardZero };
                UInt128 near = (format.Mul(a, b, ref context) ^ format.SignBit) + (uint)(i % 3);
                z = _reference.IsFinite(near) ? near : z;
            }

            Exact product = Reference.Product(_reference.Decode(a), _reference.Decode(b));
            Exact expected = Reference.Sum(product, _reference.Decode(z), rounding);
            Check((ref FpContext c) => format.MulAdd(a, b, z, ref c), expected, _reference, $"{a:X} * {b:X} + {z:X}");
        }
    }

    [Test]
    public void Conversions_between_formats()
    {
        OperandSource source = Operands(3);
        for (int i = 0; i < Count; i++)
        {
            int to = i % Format.All.Length;
            UInt128 a = source.NextFinite();
            if (Format.All[to] != format)
            {
                Check((ref FpContext c) => format.To[to](a, ref c), _reference.Decode(a), Format.All[to].Reference, $"{a:X} to {Format.All[to]}");
            }
        }
    }

    [Test]
    public void RoundToInt()
    {
        OperandSource source = Operands(4);
        for (int i = 0; i < Count; i++)
        {
            UInt128 a = source.NextFinite();
            Exact exact = _reference.Decode(a);
            (BigInteger whole, bool inexact) = exact.Exponent >= 0 ? (exact.Magnitude << exact.Exponent, false) : Reference.RoundTo(exact, 0, rounding);
            FpContext context = default;
            UInt128 result = format.RoundToInt(a, rounding, i % 2 == 0, ref context);
            (UInt128 expected, _) = _reference.Round(new Exact(exact.Negative, whole, 0), rounding);
            FpFlags flags = inexact && i % 2 == 0 ? FpFlags.Inexact : FpFlags.None;
            Assert.That((result, context.Flags), Is.EqualTo((expected, flags)), $"{a:X}");
        }
    }

    [Test]
    public void Comparisons()
    {
        OperandSource source = Operands(5);
        for (int i = 0; i < Count; i++)
        {
            UInt128 a = source.NextFinite(), b = source.NextFinite();
            Exact difference = Reference.Sum(_reference.Decode(a), _reference.Decode(b ^ format.SignBit), FpRounding.NearestEven);
            bool less = !difference.Magnitude.IsZero && difference.Negative;
            FpContext context = default;
            (bool, bool, bool) actual = (format.Eq(a, b, ref context), format.Lt(a, b, ref context), format.Le(a, b, ref context));
            Assert.That(actual, Is.EqualTo((difference.Magnitude.IsZero, less, less || difference.Magnitude.IsZero)), $"{a:X} {b:X}");
            Assert.That(context.Flags, Is.EqualTo(FpFlags.None));
        }
    }

    private delegate UInt128 Operation(ref FpContext context);

    private OperandSource Operands(int seed) => new(format, (seed * 100) + (int)rounding);

    private void Compare(Binary operation, Func<Exact, Exact, Exact> exact, bool nonZeroDivisor = false, int count = Count)
    {
        OperandSource source = Operands(0);
        for (int i = 0; i < count; i++)
        {
            UInt128 a = source.NextFinite(), b = source.NextFinite();
            if (nonZeroDivisor && (b & ~format.SignBit) == 0)
            {
                continue;
            }

            Exact expected = exact(_reference.Decode(a), _reference.Decode(b));
            Check((ref FpContext c) => operation(a, b, ref c), expected, _reference, $"{a:X} {b:X}");
        }
    }

    private void Check(Operation operation, Exact exact, Reference target, string operands)
    {
        foreach (bool before in (bool[])[false, true])
        {
            var context = new FpContext { Rounding = rounding, Options = before ? FpOptions.TininessBeforeRounding : FpOptions.None };
            UInt128 actual = operation(ref context);
            (UInt128 bits, FpFlags flags) = target.Round(exact, rounding, before);
            if (actual != bits || context.Flags != flags)
            {
                Assert.Fail($"{operands}: got {actual:X} {context.Flags}, expected {bits:X} {flags} (tiny before rounding: {before})");
            }
        }
    }
}
