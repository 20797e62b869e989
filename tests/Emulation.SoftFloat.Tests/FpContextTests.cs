using System.Runtime.CompilerServices;

namespace Emulation.SoftFloat.Tests;

public sealed class FpContextTests
{
    [Test]
    public void Is_eight_bytes_without_references()
    {
        Unsafe.SizeOf<FpContext>().Should().Be(8);
        RuntimeHelpers.IsReferenceOrContainsReferences<FpContext>().Should().BeFalse();
    }

    [Test]
    public unsafe void Works_in_unmanaged_memory()
    {
        byte* memory = stackalloc byte[8];
        Unsafe.InitBlock(memory, 0, 8);
        memory[0] = (byte)FpRounding.Up;
        ref FpContext context = ref *(FpContext*)memory;
        F64.Div(Bits(1), Bits(3), ref context).Should().Be(Bits(Math.BitIncrement(1.0 / 3)));
        memory[3].Should().Be((byte)FpFlags.Inexact);
        new Span<byte>(memory + 4, 4).ToArray().Should().AllBeEquivalentTo((byte)0);
    }

    [Test]
    public void Default_is_to_nearest_even_with_the_canonical_NaN()
    {
        FpContext context = default;
        (context.Rounding, context.NanRule, context.Options, context.Flags).Should()
            .Be((FpRounding.NearestEven, FpNanRule.Canonical, FpOptions.None, FpFlags.None));
        F32.Div(0, 0, ref context).Should().Be(0x7fc00000);
    }

    [Test]
    public void Flags_are_sticky()
    {
        FpContext context = default;
        F64.Div(Bits(1), 0, ref context);
        F64.Add(Bits(1), Bits(1), ref context);
        F64.Div(Bits(1), Bits(3), ref context);
        context.Flags.Should().Be(FpFlags.DivideByZero | FpFlags.Inexact);
    }

    [Test]
    public void Operations_do_not_allocate()
    {
        FpContext context = default;
        Everything(ref context);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Everything(ref context);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static void Everything(ref FpContext context)
    {
        foreach (ulong a in (ReadOnlySpan<ulong>)[Bits(1.5), Bits(double.NaN), Bits(double.Epsilon), Bits(-1e300)])
        {
            UInt128 wide = F64.ToF128(a, ref context);
            F128.MulAdd(wide, wide, wide, ref context);
            F128.Sqrt(F128.Div(wide, wide, ref context), ref context);
            F64.Rem(a, F64.Mul(a, a, ref context), ref context);
            F64.MinimumNumber(a, HostFp.AddF64(a, a, ref context), ref context);
            F64.ToInt64(a, FpRounding.Up, FpIntegerRule.Saturate, ref context);
            F16.Sqrt(F64.ToF16(a, ref context), ref context);
        }
    }

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
}
