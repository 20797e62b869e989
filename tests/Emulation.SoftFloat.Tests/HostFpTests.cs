namespace Emulation.SoftFloat.Tests;

/// <summary>Host fast paths give the very bits and flags of the integer versions, whatever the context.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HostFpTests
{
    private const int Count = 100_000;
    private const int LongCount = 20_000_000;

    private delegate ulong Function(ulong a, ulong b, ulong c, ref FpContext context);

    private static readonly Dictionary<string, (Function Host, Function Integer)> s_operations = new()
    {
        ["AddF64"] = (
            (ulong a, ulong b, ulong _, ref FpContext x) => HostFp.AddF64(a, b, ref x),
            (ulong a, ulong b, ulong _, ref FpContext x) => F64.Add(a, b, ref x)),
        ["SubF64"] = (
            (ulong a, ulong b, ulong _, ref FpContext x) => HostFp.SubF64(a, b, ref x),
            (ulong a, ulong b, ulong _, ref FpContext x) => F64.Sub(a, b, ref x)),
        ["MulF64"] = (
            (ulong a, ulong b, ulong _, ref FpContext x) => HostFp.MulF64(a, b, ref x),
            (ulong a, ulong b, ulong _, ref FpContext x) => F64.Mul(a, b, ref x)),
        ["DivF64"] = (
            (ulong a, ulong b, ulong _, ref FpContext x) => HostFp.DivF64(a, b, ref x),
            (ulong a, ulong b, ulong _, ref FpContext x) => F64.Div(a, b, ref x)),
        ["SqrtF64"] = (
            (ulong a, ulong _, ulong _, ref FpContext x) => HostFp.SqrtF64(a, ref x),
            (ulong a, ulong _, ulong _, ref FpContext x) => F64.Sqrt(a, ref x)),
        ["MulAddF64"] = (
            (ulong a, ulong b, ulong c, ref FpContext x) => HostFp.MulAddF64(a, b, c, ref x),
            (ulong a, ulong b, ulong c, ref FpContext x) => F64.MulAdd(a, b, c, ref x)),
        ["MulAddF64 negated"] = (
            (ulong a, ulong b, ulong c, ref FpContext x) => HostFp.MulAddF64(a, b, c, (b & 4) != 0, (c & 4) != 0, ref x),
            (ulong a, ulong b, ulong c, ref FpContext x) => F64.MulAdd(a, b, c, (b & 4) != 0, (c & 4) != 0, ref x)),
        ["AddF32"] = (
            (ulong a, ulong b, ulong _, ref FpContext x) => HostFp.AddF32((uint)a, (uint)b, ref x),
            (ulong a, ulong b, ulong _, ref FpContext x) => F32.Add((uint)a, (uint)b, ref x)),
        ["SubF32"] = (
            (ulong a, ulong b, ulong _, ref FpContext x) => HostFp.SubF32((uint)a, (uint)b, ref x),
            (ulong a, ulong b, ulong _, ref FpContext x) => F32.Sub((uint)a, (uint)b, ref x)),
        ["MulF32"] = (
            (ulong a, ulong b, ulong _, ref FpContext x) => HostFp.MulF32((uint)a, (uint)b, ref x),
            (ulong a, ulong b, ulong _, ref FpContext x) => F32.Mul((uint)a, (uint)b, ref x)),
        ["DivF32"] = (
            (ulong a, ulong b, ulong _, ref FpContext x) => HostFp.DivF32((uint)a, (uint)b, ref x),
            (ulong a, ulong b, ulong _, ref FpContext x) => F32.Div((uint)a, (uint)b, ref x)),
        ["SqrtF32"] = (
            (ulong a, ulong _, ulong _, ref FpContext x) => HostFp.SqrtF32((uint)a, ref x),
            (ulong a, ulong _, ulong _, ref FpContext x) => F32.Sqrt((uint)a, ref x)),
        ["MulAddF32"] = (
            (ulong a, ulong b, ulong c, ref FpContext x) => HostFp.MulAddF32((uint)a, (uint)b, (uint)c, ref x),
            (ulong a, ulong b, ulong c, ref FpContext x) => F32.MulAdd((uint)a, (uint)b, (uint)c, ref x)),
        ["MulAddF32 negated"] = (
            (ulong a, ulong b, ulong c, ref FpContext x) => HostFp.MulAddF32((uint)a, (uint)b, (uint)c, (b & 4) != 0, (c & 4) != 0, ref x),
            (ulong a, ulong b, ulong c, ref FpContext x) => F32.MulAdd((uint)a, (uint)b, (uint)c, (b & 4) != 0, (c & 4) != 0, ref x)),
    };

    public static IEnumerable<string> Names => s_operations.Keys;

    [TestCaseSource(nameof(Names))]
    public void Same_as_integer_version(string name) => Compare(name, seed: 1, Count);

    [TestCaseSource(nameof(Names))]
    [Explicit("minutes in a debug build")]
    public void Same_as_integer_version_at_length(string name) => Compare(name, seed: 2, LongCount);

    [Test]
    public void Numbers_and_encodings_are_the_same_thing()
    {
        FpContext context = default;
        HostFp.Add(0.1, 0.2, ref context).Should().Be(0.1 + 0.2);
        HostFp.Sub(0.1f, 0.2f, ref context).Should().Be(0.1f - 0.2f);
        HostFp.Mul(1e308, 10, ref context).Should().Be(double.PositiveInfinity);
        HostFp.Div(1f, 0f, ref context).Should().Be(float.PositiveInfinity);
        HostFp.Sqrt(2.0, ref context).Should().Be(Math.Sqrt(2));
        HostFp.MulAdd(2f, 3f, 4f, negateProduct: true, negateAddend: false, ref context).Should().Be(-2f);
        context.Flags.Should().Be(FpFlags.Inexact | FpFlags.Overflow | FpFlags.DivideByZero);
    }

    [Test]
    public void Rounding_up_to_the_smallest_normal_number_is_not_left_to_the_host()
    {
        // (1 - 2^-p) * least normal: tiny and inexact, so it underflows although the result is normal
        const FpFlags Both = FpFlags.Inexact | FpFlags.Underflow;
        var context = new FpContext { Flags = FpFlags.Inexact };
        HostFp.MulF64(0x3fefffffffffffff, 0x0010000000000000, ref context).Should().Be(0x0010000000000000);
        context.Flags.Should().Be(Both);
        context.Flags = FpFlags.Inexact;
        HostFp.MulAddF64(0x3fefffffffffffff, 0x0010000000000000, 0, ref context).Should().Be(0x0010000000000000);
        context.Flags.Should().Be(Both);
        context.Flags = FpFlags.Inexact;
        HostFp.DivF64(0x001fffffffffffff, 0x4000000000000000, ref context).Should().Be(0x0010000000000000);
        context.Flags.Should().Be(Both);
        context.Flags = FpFlags.Inexact;
        HostFp.MulF32(0x3f7fffff, 0x00800000, ref context).Should().Be(0x00800000);
        context.Flags.Should().Be(Both);
        context.Flags = FpFlags.Inexact;
        HostFp.MulAddF32(0x3f7fffff, 0x00800000, 0, ref context).Should().Be(0x00800000);
        context.Flags.Should().Be(Both);
    }

    private static void Compare(string name, int seed, int count)
    {
        (Function host, Function integer) = s_operations[name];
        Format format = name.Contains("F64", StringComparison.Ordinal) ? Format.Double : Format.Single;
        var source = new OperandSource(format, seed);
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            (ulong a, ulong b, ulong c) = ((ulong)source.Next(), (ulong)source.Next(), (ulong)source.Next());
            FpContext before = SomeContext(random);
            FpContext hostContext = before, integerContext = before;
            ulong actual = host(a, b, c, ref hostContext);
            ulong expected = integer(a, b, c, ref integerContext);
            if (actual != expected || hostContext.Flags != integerContext.Flags)
            {
                Assert.Fail($"{a:X} {b:X} {c:X} with {before.Rounding}, {before.Options}, {before.Flags}: "
                    + $"{actual:X} {hostContext.Flags}, expected {expected:X} {integerContext.Flags}");
            }
        }
    }

    private static FpContext SomeContext(Random random) => random.Next(4) switch
    {
        0 => default,
        1 => new FpContext { Flags = FpFlags.Inexact },
        2 => new FpContext { Flags = (FpFlags)random.Next(64), Options = (FpOptions)(1 << random.Next(6)), NanRule = (FpNanRule)random.Next(6) },
        _ => new FpContext { Flags = (FpFlags)random.Next(64), Rounding = (FpRounding)random.Next(6) },
    };
}
