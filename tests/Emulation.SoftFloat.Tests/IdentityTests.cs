namespace Emulation.SoftFloat.Tests;

/// <summary>What must hold between roundings, signs and formats, whatever the operands.</summary>
[TestFixtureSource(typeof(Format), nameof(Format.All))]
[Parallelizable(ParallelScope.All)]
internal sealed class IdentityTests(Format format)
{
    private const int Count = 1_500;

    [Test]
    public void Down_and_up_enclose_and_adjoin()
        => ForEach((a, b, operation) =>
        {
            UInt128 down = Run(operation, a, b, FpRounding.Down, out FpFlags flags);
            UInt128 up = Run(operation, a, b, FpRounding.Up, out _);
            bool inexact = (flags & FpFlags.Inexact) != 0;
            Assert.That(Key(up) - Key(down), Is.EqualTo(inexact ? Int128.One : Int128.Zero), $"{a:X} {b:X}");
            foreach (FpRounding other in Enum.GetValues<FpRounding>())
            {
                Assert.That(Run(operation, a, b, other, out _), Is.EqualTo(down).Or.EqualTo(up), $"{a:X} {b:X} {other}");
            }
        });

    [Test]
    public void Toward_zero_is_the_smaller_magnitude()
        => ForEach((a, b, operation) =>
        {
            UInt128 down = Run(operation, a, b, FpRounding.Down, out _);
            UInt128 up = Run(operation, a, b, FpRounding.Up, out _);
            UInt128 smaller = (down & ~format.SignBit) < (up & ~format.SignBit) ? down : up;
            UInt128 actual = Run(operation, a, b, FpRounding.TowardZero, out _);
            Assert.That(actual & ~format.SignBit, Is.EqualTo(smaller & ~format.SignBit), $"{a:X} {b:X}");
        });

    [Test]
    public void Negated_operands_swap_up_and_down()
        => ForEach((a, b, operation) =>
        {
            bool product = operation == format.Mul || operation == format.Div;
            UInt128 down = Run(operation, a, b, FpRounding.Down, out FpFlags flags);
            UInt128 up = Run(operation, a ^ format.SignBit, product ? b : b ^ format.SignBit, FpRounding.Up, out FpFlags otherFlags);
            Assert.That((up ^ format.SignBit, otherFlags), Is.EqualTo((down, flags)), $"{a:X} {b:X}");
        });

    [Test]
    public void Odd_rounding_in_a_wider_format_makes_double_rounding_harmless()
    {
        int index = Array.IndexOf(Format.All, format);
        if (index == Format.All.Length - 1)
        {
            Assert.Pass("There is no wider format.");
        }

        Format wide = Format.All[index + 1];
        ForEach((a, b, operation) =>
        {
            var odd = new FpContext { Rounding = FpRounding.ToOdd };
            Binary wideOperation = operation == format.Add ? wide.Add : operation == format.Sub ? wide.Sub : operation == format.Mul ? wide.Mul : wide.Div;
            UInt128 twice = wideOperation(format.To[index + 1](a, ref odd), format.To[index + 1](b, ref odd), ref odd);
            foreach (FpRounding rounding in Enum.GetValues<FpRounding>())
            {
                var context = new FpContext { Rounding = rounding };
                UInt128 narrowed = wide.To[index](twice, ref context);
                UInt128 direct = Run(operation, a, b, rounding, out FpFlags flags);

                // an exact zero sum has lost what the direct operation knows: its sign for rounding down
                bool zero = (direct & ~format.SignBit) == 0;
                Assert.That(zero ? narrowed & ~format.SignBit : narrowed, Is.EqualTo(zero ? direct & ~format.SignBit : direct), $"{a:X} {b:X} {rounding}");
                Assert.That(context.Flags, Is.EqualTo(flags), $"{a:X} {b:X} {rounding}");
            }
        });
    }

    [Test]
    public void Fused_with_one_is_the_plain_sum()
        => ForEach((a, b, operation) =>
        {
            if (operation == format.Add)
            {
                FpContext context = default;
                UInt128 fused = format.MulAdd(a, format.One, b, ref context);
                Assert.That((fused, context.Flags), Is.EqualTo((Run(operation, a, b, FpRounding.NearestEven, out FpFlags flags), flags)), $"{a:X} {b:X}");
            }
        });

    private static UInt128 Run(Binary operation, UInt128 a, UInt128 b, FpRounding rounding, out FpFlags flags)
    {
        var context = new FpContext { Rounding = rounding };
        UInt128 result = operation(a, b, ref context);
        flags = context.Flags;
        return result;
    }

    /// <summary>Consecutive numbers have consecutive keys; both zeros have key 0.</summary>
    private Int128 Key(UInt128 bits)
    {
        var magnitude = (Int128)(bits & ~format.SignBit);
        return (bits & format.SignBit) != 0 ? -magnitude : magnitude;
    }

    private void ForEach(Action<UInt128, UInt128, Binary> check)
    {
        Binary[] operations = [format.Add, format.Sub, format.Mul, format.Div];
        var source = new OperandSource(format, 21);
        for (int i = 0; i < Count; i++)
        {
            UInt128 a = source.NextFinite(), b = source.NextFinite();
            if ((b & ~format.SignBit) != 0)
            {
                check(a, b, operations[i % operations.Length]);
            }
        }
    }
}
