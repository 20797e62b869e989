namespace Emulation.SoftFloat.Tests;

/// <summary>What the host computed is taken only where SoftFloat computes the same and raises the same; where it is not taken, nothing was raised.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SettleTests
{
    private const int Count = 300_000;
    private const int LongCount = 20_000_000;

    private delegate double Arithmetic64(double a, double b, double c);

    private delegate float Arithmetic32(float a, float b, float c);

    private delegate int Settle64(double a, double b, double c, double result, ref FpContext context);

    private delegate int Settle32(float a, float b, float c, float result, ref FpContext context);

    private delegate ulong Integer64(ulong a, ulong b, ulong c, ref FpContext context);

    private delegate uint Integer32(uint a, uint b, uint c, ref FpContext context);

    private static readonly Dictionary<string, (Arithmetic64 Host, Settle64 Settle, Integer64 Integer)> s_double = new()
    {
        ["add"] = ((a, b, _) => a + b, (double a, double b, double _, double r, ref FpContext x) => HostFp.SettleAdd(a, b, r, ref x), (ulong a, ulong b, ulong _, ref FpContext x) => F64.Add(a, b, ref x)),
        ["sub"] = ((a, b, _) => a + -b, (double a, double b, double _, double r, ref FpContext x) => HostFp.SettleAdd(a, -b, r, ref x), (ulong a, ulong b, ulong _, ref FpContext x) => F64.Sub(a, b, ref x)),
        ["mul"] = ((a, b, _) => a * b, (double a, double b, double _, double r, ref FpContext x) => HostFp.SettleMul(a, b, r, ref x), (ulong a, ulong b, ulong _, ref FpContext x) => F64.Mul(a, b, ref x)),
        ["div"] = ((a, b, _) => a / b, (double a, double b, double _, double r, ref FpContext x) => HostFp.SettleDiv(a, b, r, ref x), (ulong a, ulong b, ulong _, ref FpContext x) => F64.Div(a, b, ref x)),
        ["sqrt"] = ((a, _, _) => Math.Sqrt(a), (double a, double _, double _, double r, ref FpContext x) => HostFp.SettleSqrt(a, r, ref x), (ulong a, ulong _, ulong _, ref FpContext x) => F64.Sqrt(a, ref x)),
        ["muladd"] = (Math.FusedMultiplyAdd, HostFp.SettleMulAdd, F64.MulAdd),
    };

    private static readonly Dictionary<string, (Arithmetic32 Host, Settle32 Settle, Integer32 Integer)> s_single = new()
    {
        ["add"] = ((a, b, _) => a + b, (float a, float b, float _, float r, ref FpContext x) => HostFp.SettleAdd(a, b, r, ref x), (uint a, uint b, uint _, ref FpContext x) => F32.Add(a, b, ref x)),
        ["sub"] = ((a, b, _) => a + -b, (float a, float b, float _, float r, ref FpContext x) => HostFp.SettleAdd(a, -b, r, ref x), (uint a, uint b, uint _, ref FpContext x) => F32.Sub(a, b, ref x)),
        ["mul"] = ((a, b, _) => a * b, (float a, float b, float _, float r, ref FpContext x) => HostFp.SettleMul(a, b, r, ref x), (uint a, uint b, uint _, ref FpContext x) => F32.Mul(a, b, ref x)),
        ["div"] = ((a, b, _) => a / b, (float a, float b, float _, float r, ref FpContext x) => HostFp.SettleDiv(a, b, r, ref x), (uint a, uint b, uint _, ref FpContext x) => F32.Div(a, b, ref x)),
        ["sqrt"] = ((a, _, _) => MathF.Sqrt(a), (float a, float _, float _, float r, ref FpContext x) => HostFp.SettleSqrt(a, r, ref x), (uint a, uint _, uint _, ref FpContext x) => F32.Sqrt(a, ref x)),
        ["muladd"] = (MathF.FusedMultiplyAdd, HostFp.SettleMulAdd, F32.MulAdd),
    };

    public static IEnumerable<string> Names => s_double.Keys;

    [TestCaseSource(nameof(Names))]
    public void Double_results_and_flags_are_those_of_the_integer_version(string name) => Compare64(name, seed: 1, Count);

    [TestCaseSource(nameof(Names))]
    public void Single_results_and_flags_are_those_of_the_integer_version(string name) => Compare32(name, seed: 1, Count);

    [TestCaseSource(nameof(Names))]
    [Explicit("minutes")]
    public void At_length(string name)
    {
        Compare64(name, seed: 2, LongCount);
        Compare32(name, seed: 2, LongCount);
    }

    [Test]
    public void Ordinary_results_are_settled_exact_ones_without_a_flag([ValueSource(nameof(Names))] string name, [Values] bool exact, [Values] bool already)
    {
        // 9 and 4 are exact in every operation, 0.1 and 0.7 in none.
        (double a, double b, double c) = exact ? (9, 4, 2) : (0.1, 0.7, 0.3);
        var context = new FpContext { Flags = already ? FpFlags.Inexact : 0 };
        s_double[name].Settle(a, b, c, s_double[name].Host(a, b, c), ref context).Should().Be(HostFp.HasFused || already || name is "add" or "sub" ? 1 : 0);
        if (HostFp.HasFused || already || name is "add" or "sub")
            context.Flags.Should().Be(exact && !already ? 0 : FpFlags.Inexact);
        context.Flags = already ? FpFlags.Inexact : 0;
        (float x, float y, float z) = ((float)a, (float)b, (float)c);
        s_single[name].Settle(x, y, z, s_single[name].Host(x, y, z), ref context).Should().Be(1);
        context.Flags.Should().Be(exact && !already ? 0 : FpFlags.Inexact);
    }

    [Test]
    public void Other_rounding_and_flushing_settle_nothing([ValueSource(nameof(Names))] string name)
    {
        foreach (FpContext context in new FpContext[]
        {
            new() { Rounding = FpRounding.TowardZero }, new() { Rounding = FpRounding.Up, Flags = FpFlags.Inexact },
            new() { Options = FpOptions.FlushInputs }, new() { Options = FpOptions.FlushOutputs, Flags = FpFlags.Inexact },
        })
        {
            FpContext changed = context;
            s_double[name].Settle(9, 4, 2, s_double[name].Host(9, 4, 2), ref changed).Should().Be(0);
            s_single[name].Settle(9, 4, 2, s_single[name].Host(9, 4, 2), ref changed).Should().Be(0);
            changed.Should().Be(context);
            HostFp.Decides(ref changed).Should().Be(0);
        }
    }

    private static void Compare64(string name, int seed, int count)
    {
        (Arithmetic64 host, Settle64 settle, Integer64 integer) = s_double[name];
        var source = new OperandSource(Format.Double, seed);
        var random = new Random(seed);
        bool sum = name is "add" or "sub";
        int settled = 0;
        for (int i = 0; i < count; i++)
        {
            double a = Number(), b = Number(), c = Number();
            if (random.Next(4) == 0)
                c = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(-(a * b)) + (ulong)random.Next(-2, 3)); // cancels
            if (random.Next(16) == 0)
                b = -a;
            double result = host(a, b, c);
            FpContext before = SomeContext(random), after = before, reference = before;
            ulong expected = integer(Bits(a), Bits(b), Bits(c), ref reference);
            bool right = Bits(result) == expected;
            if (HostFp.Decides(ref after) != 0 && (sum ? HostFp.IsFinite(result) : HostFp.IsPlain(result)) != 0)
                Check(right && reference.Equals(before), "is not right at once");
            int taken = settle(a, b, c, result, ref after);
            Check(taken != 0 ? right && after.Equals(reference) : after.Equals(before), $"settled {taken}, {after.Flags}");
            settled += taken;

            void Check(bool holds, string what)
            {
                if (!holds)
                    Assert.Fail($"{name} {Bits(a):x} {Bits(b):x} {Bits(c):x} with {before.Rounding}, {before.Options}, {before.Flags}: {Bits(result):x} {what}; {expected:x} {reference.Flags}");
            }
        }

        settled.Should().BeGreaterThan(count / 20);

        double Number() => random.Next(3) switch
        {
            0 => Math.ScaleB(random.Next(-5000, 5000), random.Next(-8, 8) + (random.Next(3) == 0 ? random.Next(-1074, 1020) : 0)),
            1 => Math.ScaleB(1 + random.NextDouble(), random.Next(8) switch { 0 => random.Next(-1074, 1024), 1 => random.Next(-970, -950), 2 => random.Next(-490, -470), _ => random.Next(-60, 60) }),
            _ => BitConverter.UInt64BitsToDouble((ulong)source.Next()),
        };

        static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
    }

    private static void Compare32(string name, int seed, int count)
    {
        (Arithmetic32 host, Settle32 settle, Integer32 integer) = s_single[name];
        var source = new OperandSource(Format.Single, seed);
        var random = new Random(seed);
        bool sum = name is "add" or "sub";
        int settled = 0;
        for (int i = 0; i < count; i++)
        {
            float a = Number(), b = Number(), c = Number();
            if (random.Next(4) == 0)
                c = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(-(a * b)) + (uint)random.Next(-2, 3));
            if (random.Next(16) == 0)
                b = -a;
            float result = host(a, b, c);
            FpContext before = SomeContext(random), after = before, reference = before;
            uint expected = integer(Bits(a), Bits(b), Bits(c), ref reference);
            bool right = Bits(result) == expected;
            if (HostFp.Decides(ref after) != 0 && (sum ? HostFp.IsFinite(result) : HostFp.IsPlain(result)) != 0)
                Check(right && reference.Equals(before), "is not right at once");
            int taken = settle(a, b, c, result, ref after);
            Check(taken != 0 ? right && after.Equals(reference) : after.Equals(before), $"settled {taken}, {after.Flags}");
            settled += taken;

            void Check(bool holds, string what)
            {
                if (!holds)
                    Assert.Fail($"{name} {Bits(a):x} {Bits(b):x} {Bits(c):x} with {before.Rounding}, {before.Options}, {before.Flags}: {Bits(result):x} {what}; {expected:x} {reference.Flags}");
            }
        }

        settled.Should().BeGreaterThan(count / 20);

        float Number() => random.Next(3) switch
        {
            0 => MathF.ScaleB(random.Next(-5000, 5000), random.Next(-8, 8) + (random.Next(3) == 0 ? random.Next(-149, 110) : 0)),
            1 => MathF.ScaleB(1 + random.NextSingle(), random.Next(8) switch { 0 => random.Next(-149, 128), 1 => random.Next(-75, -55), _ => random.Next(-30, 30) }),
            _ => BitConverter.UInt32BitsToSingle((uint)source.Next()),
        };

        static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);
    }

    private static FpContext SomeContext(Random random) => random.Next(6) switch
    {
        0 or 1 => default,
        2 => new FpContext { Flags = FpFlags.Inexact },
        3 => new FpContext { Flags = (FpFlags)random.Next(64), NanRule = (FpNanRule)random.Next(6) },
        4 => new FpContext { Flags = (FpFlags)random.Next(64), Options = (FpOptions)(1 << random.Next(6)), NanRule = (FpNanRule)random.Next(6) },
        _ => new FpContext { Flags = (FpFlags)random.Next(64), Rounding = (FpRounding)random.Next(6) },
    };
}
