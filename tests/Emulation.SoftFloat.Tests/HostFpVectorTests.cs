using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Emulation.SoftFloat.Tests;

/// <summary>Vectors give the very bits and flags of the integer versions of each lane, whatever the context.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HostFpVectorTests
{
    private const int Count = 150_000;
    private const int LongCount = 10_000_000;
    private static readonly string[] s_names = ["add", "sub", "mul", "div", "sqrt", "muladd", "negated muladd", "eq", "lt", "le"];

    public static IEnumerable<string> Names => s_names;

    [Test]
    public void Results_and_flags_are_those_of_the_lanes([ValueSource(nameof(Names))] string name, [Values] bool wide)
    {
        if (wide)
            Compare<double>(name, seed: 1, Count);
        else
            Compare<float>(name, seed: 1, Count);
    }

    [Test]
    [Explicit("minutes")]
    public void At_length([ValueSource(nameof(Names))] string name, [Values] bool wide)
    {
        if (wide)
            Compare<double>(name, seed: 2, LongCount);
        else
            Compare<float>(name, seed: 2, LongCount);
    }

    [Test]
    public void Inexact_lanes_raise_a_flag_and_exact_ones_do_not([Values] bool exact)
    {
        FpContext context = default;
        Vector128<double> a = Vector128.Create(1.5, exact ? 2 : 0.1), b = Vector128.Create(3.0, 0.25), zero = Vector128<double>.Zero;
        HostFpVector.SettleAdd(a, b, a + b, ref context).Should().Be(1);
        HostFpVector.SettleMul(a, b, a * b, ref context).Should().Be(1);
        HostFpVector.SettleMul(a, zero, a * zero, ref context).Should().Be(1);
        HostFpVector.SettleDiv(zero, Vector128.Create(double.PositiveInfinity), zero, ref context).Should().Be(1);
        context.Flags.Should().Be(exact ? FpFlags.None : FpFlags.Inexact);
    }

    private static void Compare<T>(string name, int seed, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool wide = typeof(T) == typeof(double);
        var random = new Random(seed);
        var source = new OperandSource(wide ? Format.Double : Format.Single, seed);
        for (int i = 0; i < count; i++)
        {
            // all lanes alike in most vectors, so that the host decides often enough
            int kind = random.Next(4);
            Vector128<T> a = Vector(), b = Vector(), c = Vector();
            if (random.Next(4) == 0)
                c = -(a * b);
            if (random.Next(16) == 0)
                b = -a;
            FpContext before = SomeContext(random), after = before, reference = before;
            Vector128<T> result = Host(name, a, b, c, ref after), expected = default;
            for (int lane = 0; lane < Vector128<T>.Count; lane++)
                expected = expected.WithElement(lane, Lane(name, a.GetElement(lane), b.GetElement(lane), c.GetElement(lane), ref reference));
            if (result.AsByte() != expected.AsByte() || !after.Equals(reference))
                Assert.Fail($"{name} {a.AsUInt64()} {b.AsUInt64()} {c.AsUInt64()} with {before.Rounding}, {before.Options}, {before.Flags}, {before.NanRule}: {result.AsUInt64()} {after.Flags}; {expected.AsUInt64()} {reference.Flags}");

            Vector128<T> Vector()
            {
                Vector128<T> vector = default;
                for (int lane = 0; lane < Vector128<T>.Count; lane++)
                    vector = vector.WithElement(lane, Number(kind == 3 ? random.Next(3) : kind));
                return vector;
            }
        }

        T Number(int kind) => kind switch
        {
            0 => T.ScaleB(T.CreateTruncating(random.Next(-5000, 5000)), random.Next(-8, 8) + (random.Next(8) == 0 ? random.Next(wide ? -1074 : -149, wide ? 1020 : 110) : 0)),
            1 => T.ScaleB(T.CreateTruncating(1 + random.NextDouble()), random.Next(24) switch { 0 => random.Next(wide ? -1074 : -149, wide ? 1024 : 128), 1 => random.Next(wide ? -970 : -104, wide ? -950 : -92), 2 => random.Next(wide ? -490 : -75, wide ? -470 : -55), _ => random.Next(-30, 30) }),
            _ => Of<T>((ulong)source.Next()),
        };
    }

    private static Vector128<T> Host<T>(string name, Vector128<T> a, Vector128<T> b, Vector128<T> c, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => name switch
        {
            "add" => HostFpVector.Add(a, b, ref context),
            "sub" => HostFpVector.Sub(a, b, ref context),
            "mul" => HostFpVector.Mul(a, b, ref context),
            "div" => HostFpVector.Div(a, b, ref context),
            "sqrt" => HostFpVector.Sqrt(a, ref context),
            "muladd" => HostFpVector.MulAdd(a, b, c, false, false, ref context),
            "negated muladd" => HostFpVector.MulAdd(a, b, c, true, true, ref context),
            "eq" => HostFpVector.Equal(a, b, ref context),
            "lt" => HostFpVector.Less(a, b, ref context),
            _ => HostFpVector.NotGreater(a, b, ref context),
        };

    private static T Lane<T>(string name, T a, T b, T c, ref FpContext context)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            (ulong x, ulong y, ulong z) = (Unsafe.BitCast<T, ulong>(a), Unsafe.BitCast<T, ulong>(b), Unsafe.BitCast<T, ulong>(c));
            return Of<T>(name switch
            {
                "add" => F64.Add(x, y, ref context),
                "sub" => F64.Sub(x, y, ref context),
                "mul" => F64.Mul(x, y, ref context),
                "div" => F64.Div(x, y, ref context),
                "sqrt" => F64.Sqrt(x, ref context),
                "muladd" => F64.MulAdd(x, y, z, ref context),
                "negated muladd" => F64.MulAdd(x, y, z, true, true, ref context),
                "eq" => F64.EqQuiet(x, y, ref context) ? ulong.MaxValue : 0,
                "lt" => F64.LtSignaling(x, y, ref context) ? ulong.MaxValue : 0,
                _ => F64.LeSignaling(x, y, ref context) ? ulong.MaxValue : 0,
            });
        }

        (uint u, uint v, uint w) = (Unsafe.BitCast<T, uint>(a), Unsafe.BitCast<T, uint>(b), Unsafe.BitCast<T, uint>(c));
        return Of<T>(name switch
        {
            "add" => F32.Add(u, v, ref context),
            "sub" => F32.Sub(u, v, ref context),
            "mul" => F32.Mul(u, v, ref context),
            "div" => F32.Div(u, v, ref context),
            "sqrt" => F32.Sqrt(u, ref context),
            "muladd" => F32.MulAdd(u, v, w, ref context),
            "negated muladd" => F32.MulAdd(u, v, w, true, true, ref context),
            "eq" => F32.EqQuiet(u, v, ref context) ? uint.MaxValue : 0,
            "lt" => F32.LtSignaling(u, v, ref context) ? uint.MaxValue : 0,
            _ => F32.LeSignaling(u, v, ref context) ? uint.MaxValue : 0,
        });
    }

    private static T Of<T>(ulong bits)
        where T : unmanaged
        => typeof(T) == typeof(double) ? Unsafe.BitCast<ulong, T>(bits) : Unsafe.BitCast<uint, T>((uint)bits);

    private static FpContext SomeContext(Random random) => random.Next(6) switch
    {
        0 or 1 => default,
        2 => new FpContext { Flags = FpFlags.Inexact },
        3 => new FpContext { Flags = (FpFlags)random.Next(64), NanRule = (FpNanRule)random.Next(6) },
        4 => new FpContext { Flags = (FpFlags)random.Next(64), Options = (FpOptions)(1 << random.Next(6)), NanRule = (FpNanRule)random.Next(6) },
        _ => new FpContext { Flags = (FpFlags)random.Next(64), Rounding = (FpRounding)random.Next(6) },
    };
}
