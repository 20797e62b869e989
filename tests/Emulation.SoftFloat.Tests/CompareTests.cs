namespace Emulation.SoftFloat.Tests;

/// <summary>Comparisons, extrema and classes: RISC-V Unprivileged ISA, F, D and Zfa; IEEE 754-2008, 5.3.1.</summary>
public sealed class CompareTests
{
    private const uint One = 0x3f800000, MinusOne = 0xbf800000, MinusZero = 0x80000000;
    private const uint Quiet = 0x7fc12345, Signaling = 0x7f812345, Canonical = 0x7fc00000;

    private delegate bool Predicate(uint a, uint b, ref FpContext context);

    private delegate uint Extremum(uint a, uint b, ref FpContext context);

    [TestCase(One, One, true, false, true)]
    [TestCase(MinusOne, One, false, true, true)]
    [TestCase(One, MinusOne, false, false, false)]
    [TestCase(MinusZero, 0u, true, false, true)]
    [TestCase(0u, MinusZero, true, false, true)]
    [TestCase(MinusOne, MinusZero, false, true, true)]
    [TestCase(0x7f800000u, 0x7f800000u, true, false, true)]
    [TestCase(0xff800000u, 0x7f800000u, false, true, true)]
    [TestCase(0x80000001u, 1u, false, true, true)]
    [TestCase(0x80000002u, 0x80000001u, false, true, true)]
    public void Numbers(uint a, uint b, bool equal, bool less, bool lessOrEqual)
    {
        FpContext context = default;
        F32.EqQuiet(a, b, ref context).Should().Be(equal);
        F32.EqSignaling(a, b, ref context).Should().Be(equal);
        F32.LtQuiet(a, b, ref context).Should().Be(less);
        F32.LtSignaling(a, b, ref context).Should().Be(less);
        F32.LeQuiet(a, b, ref context).Should().Be(lessOrEqual);
        F32.LeSignaling(a, b, ref context).Should().Be(lessOrEqual);
        context.Flags.Should().Be(FpFlags.None);
    }

    [Test]
    public void NaNs_are_unordered()
    {
        Predicate[] quiet = [F32.EqQuiet, F32.LtQuiet, F32.LeQuiet];
        Predicate[] signaling = [F32.EqSignaling, F32.LtSignaling, F32.LeSignaling];
        foreach ((uint a, uint b) in ((uint, uint)[])[(Quiet, One), (One, Quiet), (Quiet, Quiet), (Signaling, One), (One, Signaling), (Quiet, Signaling)])
        {
            bool hasSignaling = a == Signaling || b == Signaling;
            foreach (Predicate predicate in quiet)
            {
                FpContext context = default;
                predicate(a, b, ref context).Should().BeFalse();
                context.Flags.Should().Be(hasSignaling ? FpFlags.Invalid : FpFlags.None);
            }

            foreach (Predicate predicate in signaling)
            {
                FpContext context = default;
                predicate(a, b, ref context).Should().BeFalse();
                context.Flags.Should().Be(FpFlags.Invalid);
            }
        }
    }

    // columns: minimumNumber, minimum, minNum
    [TestCase(One, MinusOne, MinusOne, MinusOne, MinusOne)]
    [TestCase(0u, MinusZero, MinusZero, MinusZero, MinusZero)]
    [TestCase(MinusZero, 0u, MinusZero, MinusZero, MinusZero)]
    [TestCase(Quiet, One, One, Canonical, One)]
    [TestCase(One, Quiet, One, Canonical, One)]
    [TestCase(Signaling, One, One, Canonical, Canonical)]
    [TestCase(One, Signaling, One, Canonical, Canonical)]
    [TestCase(Quiet, Quiet, Canonical, Canonical, Canonical)]
    [TestCase(Quiet, Signaling, Canonical, Canonical, Canonical)]
    public void Minima(uint a, uint b, uint minimumNumber, uint minimum, uint minNum)
    {
        FpFlags flags = a == Signaling || b == Signaling ? FpFlags.Invalid : FpFlags.None;
        Check(F32.MinimumNumber, minimumNumber);
        Check(F32.Minimum, minimum);
        Check(F32.MinNum, minNum);

        void Check(Extremum operation, uint expected)
        {
            FpContext context = default;
            (operation(a, b, ref context), context.Flags).Should().Be((expected, flags), operation.Method.Name);
        }
    }

    [TestCase(One, MinusOne, One, One, One)]
    [TestCase(0u, MinusZero, 0u, 0u, 0u)]
    [TestCase(MinusZero, 0u, 0u, 0u, 0u)]
    [TestCase(0xff800000u, 0xff7fffffu, 0xff7fffffu, 0xff7fffffu, 0xff7fffffu)]
    [TestCase(Quiet, MinusOne, MinusOne, Canonical, MinusOne)]
    [TestCase(MinusOne, Quiet, MinusOne, Canonical, MinusOne)]
    [TestCase(Signaling, MinusOne, MinusOne, Canonical, Canonical)]
    [TestCase(MinusOne, Signaling, MinusOne, Canonical, Canonical)]
    [TestCase(Signaling, Signaling, Canonical, Canonical, Canonical)]
    public void Maxima(uint a, uint b, uint maximumNumber, uint maximum, uint maxNum)
    {
        FpFlags flags = a == Signaling || b == Signaling ? FpFlags.Invalid : FpFlags.None;
        Check(F32.MaximumNumber, maximumNumber);
        Check(F32.Maximum, maximum);
        Check(F32.MaxNum, maxNum);

        void Check(Extremum operation, uint expected)
        {
            FpContext context = default;
            (operation(a, b, ref context), context.Flags).Should().Be((expected, flags), operation.Method.Name);
        }
    }

    [TestCase(0xff800000u, 0)]
    [TestCase(0xff7fffffu, 1)]
    [TestCase(0x80800000u, 1)]
    [TestCase(0x807fffffu, 2)]
    [TestCase(0x80000001u, 2)]
    [TestCase(0x80000000u, 3)]
    [TestCase(0x00000000u, 4)]
    [TestCase(0x00000001u, 5)]
    [TestCase(0x007fffffu, 5)]
    [TestCase(0x00800000u, 6)]
    [TestCase(0x7f7fffffu, 6)]
    [TestCase(0x7f800000u, 7)]
    [TestCase(0x7f800001u, 8)]
    [TestCase(0xffbfffffu, 8)]
    [TestCase(0x7fc00000u, 9)]
    [TestCase(0xffffffffu, 9)]
    public void Classes_are_bit_numbers_of_fclass(uint a, int bit)
    {
        F32.Classify(a).Should().Be((FpClass)bit);
        F32.IsNaN(a).Should().Be(bit >= 8);
        F32.IsSignalingNaN(a).Should().Be(bit == 8);
    }

    [Test]
    public void Classes_of_the_other_formats()
    {
        F16.Classify(0xfc00).Should().Be(FpClass.NegativeInfinity);
        F16.Classify(0x83ff).Should().Be(FpClass.NegativeSubnormal);
        F16.Classify(0x7dff).Should().Be(FpClass.SignalingNaN);
        F64.Classify(0x8010000000000000).Should().Be(FpClass.NegativeNormal);
        F64.Classify(0xfff8000000000000).Should().Be(FpClass.QuietNaN);
        F128.Classify(UInt128.One << 127).Should().Be(FpClass.NegativeZero);
        F128.Classify(new UInt128(0x0000ffffffffffff, 0)).Should().Be(FpClass.PositiveSubnormal);
        F128.Classify(new UInt128(0x7fff000000000000, 1)).Should().Be(FpClass.SignalingNaN);
    }
}
