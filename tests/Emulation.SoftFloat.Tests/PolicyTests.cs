namespace Emulation.SoftFloat.Tests;

/// <summary>What architectures choose for themselves: NaN results, flushing, tininess.</summary>
public sealed class PolicyTests
{
    private const uint One = 0x3f800000, Inf = 0x7f800000;
    private const uint Q1 = 0x7fc00001, Q2 = 0xffc00002, S1 = 0x7f800003, S2 = 0xff800004, Quiet = 0x00400000;

    [TestCase(FpNanRule.Canonical, 0x7fc00000u, 0x7fc00000u, 0x7fc00000u, 0x7fc00000u)]
    [TestCase(FpNanRule.SignalingAddendFirst, Q1, S1 | Quiet, S1 | Quiet, S1 | Quiet)]
    [TestCase(FpNanRule.SignalingAddendKept, Q1, S1 | Quiet, S1 | Quiet, S1 | Quiet)]
    [TestCase(FpNanRule.SignalingProductFirst, Q1, S1 | Quiet, S1 | Quiet, S1 | Quiet)]
    [TestCase(FpNanRule.FirstOperand, Q1, Q1, S1 | Quiet, S1 | Quiet)]
    [TestCase(FpNanRule.FirstOperandAddendSecond, Q1, Q1, S1 | Quiet, S1 | Quiet)]
    public void Two_operands(FpNanRule rule, uint quietQuiet, uint quietSignaling, uint signalingQuiet, uint signalingSignaling)
    {
        foreach ((uint a, uint b, uint expected) in ((uint, uint, uint)[])
            [(Q1, Q2, quietQuiet), (Q1, S1, quietSignaling), (S1, Q1, signalingQuiet), (S1, S2, signalingSignaling)])
        {
            var context = new FpContext { NanRule = rule };
            F32.Sub(a, b, ref context).Should().Be(expected);
            F32.Div(a, b, ref context).Should().Be(expected);
            context.Flags.Should().Be((a, b) == (Q1, Q2) ? FpFlags.None : FpFlags.Invalid);
        }

        var single = new FpContext { NanRule = rule };
        F32.Sub(One, Q2, ref single).Should().Be(rule == FpNanRule.Canonical ? 0x7fc00000 : Q2, "a subtraction keeps the sign of a NaN");
        F32.Sqrt(S2, ref single).Should().Be(rule == FpNanRule.Canonical ? 0x7fc00000 : S2 | Quiet);
    }

    // columns: three quiet NaNs, signalling third, infinity * 0 + quiet NaN and its invalid flag
    [TestCase(FpNanRule.Canonical, 0x7fc00000u, 0x7fc00000u, 0x7fc00000u, true)]
    [TestCase(FpNanRule.SignalingAddendFirst, 0x7fc00009u, S1 | Quiet, 0x7fc00000u, true)]
    [TestCase(FpNanRule.SignalingAddendKept, 0x7fc00009u, S1 | Quiet, 0x7fc00009u, true)]
    [TestCase(FpNanRule.SignalingProductFirst, Q1, S1 | Quiet, 0x7fc00000u, true)]
    [TestCase(FpNanRule.FirstOperand, Q1, Q1, 0x7fc00009u, false)]
    [TestCase(FpNanRule.FirstOperandAddendSecond, Q1, Q1, 0x7fc00009u, true)]
    public void Three_operands(FpNanRule rule, uint quiet, uint signaling, uint invalidProduct, bool raises)
    {
        const uint Third = 0x7fc00009;
        var context = new FpContext { NanRule = rule };
        F32.MulAdd(Q1, Q2, Third, ref context).Should().Be(quiet);
        F32.MulAdd(Q1, Q2, Third, negateProduct: true, negateAddend: true, ref context).Should().Be(quiet, "negation skips NaNs");
        context.Flags.Should().Be(FpFlags.None);
        F32.MulAdd(Inf, 0, Third, ref context).Should().Be(invalidProduct);
        context.Flags.Should().Be(raises ? FpFlags.Invalid : FpFlags.None);
        F32.MulAdd(Q1, Q2, S1, ref context).Should().Be(signaling);
        context.Flags.Should().Be(FpFlags.Invalid);
    }

    [Test]
    public void Second_and_third_of_three()
    {
        var powerPc = new FpContext { NanRule = FpNanRule.FirstOperandAddendSecond };
        F32.MulAdd(One, Q1, Q2, ref powerPc).Should().Be(Q2);
        var x86 = new FpContext { NanRule = FpNanRule.FirstOperand };
        F32.MulAdd(One, Q1, Q2, ref x86).Should().Be(Q1);
        F32.MulAdd(One, One, Q2, ref x86).Should().Be(Q2);
    }

    [Test]
    public void Conversions_keep_the_leading_payload()
    {
        var context = new FpContext { NanRule = FpNanRule.FirstOperand };
        F32.ToF64(0xffc12345, ref context).Should().Be(0xfff82468a0000000);
        F64.ToF32(0xfff82468a0000001, ref context).Should().Be(0xffc12345);
        F64.ToF16(0x7ffa000000000000, ref context).Should().Be(0x7e80);
        context.Flags.Should().Be(FpFlags.None);
        F64.ToF32(0x7ff0000000000001, ref context).Should().Be(0x7fc00000, "a payload lost still is a quiet NaN");
        context.Flags.Should().Be(FpFlags.Invalid);
    }

    [Test]
    public void Default_NaN_may_be_negative()
    {
        var context = new FpContext { NanRule = FpNanRule.FirstOperand, Options = FpOptions.DefaultNanNegative };
        F32.Mul(Inf, 0, ref context).Should().Be(0xffc00000);
        F64.Sqrt(0xbff0000000000000, ref context).Should().Be(0xfff8000000000000);
    }

    [Test]
    public void Flushed_inputs_are_zeros()
    {
        var context = new FpContext { Options = FpOptions.FlushInputs };
        F32.Add(0x80000001, 0x80000000, ref context).Should().Be(0x80000000);
        F32.Mul(0x007fffff, 0x7f7fffff, ref context).Should().Be(0);
        F32.Sqrt(0x80000001, ref context).Should().Be(0x80000000);
        F32.EqQuiet(0x00000001, 0x80000001, ref context).Should().BeTrue();
        F32.MulAdd(One, One, 0x00000001, ref context).Should().Be(One);
        F32.ToF64(0x80000001, ref context).Should().Be(0x8000000000000000);
        F32.ToInt32(0x00000001, FpRounding.Up, FpIntegerRule.Saturate, ref context).Should().Be(0);
        F32.RoundToInt(0x00000001, FpRounding.Up, raiseInexact: true, ref context).Should().Be(0);
        context.Flags.Should().Be(FpFlags.None);
        F32.Div(One, 0x00000001, ref context).Should().Be(Inf);
        context.Flags.Should().Be(FpFlags.DivideByZero);
        F32.MulAdd(Inf, 0x00000001, One, ref context).Should().Be(0x7fc00000);
        context.Flags.Should().Be(FpFlags.DivideByZero | FpFlags.Invalid);
    }

    [TestCase(FpOptions.ReportInputDenormals)]
    [TestCase(FpOptions.ReportInputDenormals | FpOptions.FlushInputs)]
    public void Subnormal_operands_can_be_reported(FpOptions options)
    {
        var context = new FpContext { Options = options };
        F32.Add(One, Q1, ref context);
        F32.Add(One, 0x00800000, ref context);
        (context.Flags & FpFlags.InputDenormal).Should().Be(FpFlags.None);
        F32.LtQuiet(One, 0x00000001, ref context);
        context.Flags.Should().Be(FpFlags.InputDenormal | FpFlags.Inexact);
    }

    /// <summary>Arm flushes operands, and says so, before it looks at NaNs; x86 reports none beside a NaN.</summary>
    [TestCase(FpOptions.ReportInputDenormals, FpFlags.None)]
    [TestCase(FpOptions.FlushInputs, FpFlags.None)]
    [TestCase(FpOptions.ReportInputDenormals | FpOptions.FlushInputs, FpFlags.InputDenormal)]
    public void Subnormal_operands_beside_a_NaN(FpOptions options, FpFlags expected)
    {
        const uint Tiny = 0x80000001;
        Check(static (ref FpContext c) => F32.Add(Q1, Tiny, ref c));
        Check(static (ref FpContext c) => F32.Sub(Tiny, Q1, ref c));
        Check(static (ref FpContext c) => F32.Mul(Tiny, Q1, ref c));
        Check(static (ref FpContext c) => F32.Div(Q1, Tiny, ref c));
        Check(static (ref FpContext c) => F32.Rem(Q1, Tiny, ref c));
        Check(static (ref FpContext c) => F32.MulAdd(Q1, Tiny, One, ref c));
        Check(static (ref FpContext c) => F32.MulAdd(Tiny, One, Q1, ref c));
        Check(static (ref FpContext c) => F32.MulAdd(One, Q1, Tiny, ref c));
        Check(static (ref FpContext c) => F32.Maximum(Q1, Tiny, ref c));
        Check(static (ref FpContext c) => F32.MinNum(S1, Tiny, ref c), FpFlags.Invalid);
        Check(static (ref FpContext c) => F32.EqQuiet(Tiny, Q1, ref c) ? 1u : 0);
        Check(static (ref FpContext c) => F32.LtQuiet(Q1, Tiny, ref c) ? 1u : 0);
        Check(static (ref FpContext c) => F32.LeSignaling(Q1, Tiny, ref c) ? 1u : 0, FpFlags.Invalid);

        void Check(Operation operation, FpFlags besides = FpFlags.None)
        {
            var context = new FpContext { Options = options };
            operation(ref context);
            context.Flags.Should().Be(expected | besides);
        }
    }

    private delegate uint Operation(ref FpContext context);

    [Test]
    public void Flushed_outputs_raise_underflow_and_on_x86_inexact()
    {
        var arm = new FpContext { Options = FpOptions.FlushOutputs | FpOptions.TininessBeforeRounding };
        F32.Mul(0x80800000, 0x3f000000, ref arm).Should().Be(0x80000000);
        arm.Flags.Should().Be(FpFlags.Underflow);
        F32.Sub(0x00800001, 0x00800000, ref arm).Should().Be(0);
        var x86 = new FpContext { Options = FpOptions.FlushOutputs | FpOptions.FlushRaisesInexact };
        F32.Mul(0x80800000, 0x3f000000, ref x86).Should().Be(0x80000000);
        x86.Flags.Should().Be(FpFlags.Underflow | FpFlags.Inexact);
    }

    [Test]
    public void Tininess_is_judged_before_or_after_rounding()
    {
        // (1 + 2^-23) * (1 - 2^-23) * 2^-126 = (1 - 2^-46) * 2^-126, which 24 bits with any exponent round to 2^-126.
        const uint A = 0x1f800001, B = 0x207ffffe, LeastNormal = 0x00800000;
        FpContext after = default;
        F32.Mul(A, B, ref after).Should().Be(LeastNormal);
        after.Flags.Should().Be(FpFlags.Inexact);
        var before = new FpContext { Options = FpOptions.TininessBeforeRounding };
        F32.Mul(A, B, ref before).Should().Be(LeastNormal);
        before.Flags.Should().Be(FpFlags.Inexact | FpFlags.Underflow);
    }
}
