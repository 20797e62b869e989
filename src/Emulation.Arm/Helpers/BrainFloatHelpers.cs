using Emulation.IR;
using Emulation.SoftFloat;
using static Emulation.Arm.VectorHelpers;

namespace Emulation.Arm;

/// <summary>BFloat16. Arm DDI 0487, J1.3 BFAdd, BFMul, BFMatMulAdd, FPConvertBF.</summary>
internal static unsafe class BrainFloatHelpers
{
    private const IrEffects Effects = IrEffects.ReadsState | IrEffects.WritesState;

    /// <summary><c>I32 (a)</c>: a single as BFloat16.</summary>
    public static readonly IrHelper Convert = IrHelper.Create(typeof(BrainFloatHelpers), nameof(DoConvert), IrType.I32, IrEffects.FloatEnvironment);
    public static readonly IrHelper Narrow = Create(nameof(DoNarrow), Effects | IrEffects.FloatEnvironment);

    // dot products have an environment of their own, and raise nothing
    public static readonly IrHelper Dot = Create(nameof(DoDot), Effects);
    public static readonly IrHelper MatrixMulAdd = Create(nameof(DoMatrixMulAdd), Effects);

    public static ulong DoConvert(byte* s, ulong a) => Round((uint)a, ref FloatHelpers.Context(s));

    public static void DoNarrow(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int first = v.Kind.High ? 4 : 0;
        if (v.Kind.High)
            v.Keep();
        FpContext context = FloatHelpers.Environment(s, v.IsStandard);
        for (int i = 0; i < v.Kind.Count; i++)
            v.Write(first + i, 1, Round((uint)VectorFloatHelpers.Lane(v.N, i, 2), ref context));
        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    public static void DoDot(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        for (int i = 0; i < v.Kind.Count; i++)
        {
            uint b = (uint)VectorFloatHelpers.Lane(v.M, v.Kind.Index >= 0 ? v.Kind.Index : i, 2);
            v.Write(i, 2, AddProducts((uint)VectorFloatHelpers.Lane(v.D, i, 2), (uint)VectorFloatHelpers.Lane(v.N, i, 2), b));
        }

        v.Finish(s);
    }

    public static void DoMatrixMulAdd(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        for (int i = 0; i < 4; i++)
        {
            int row = i & 2, column = 2 * (i & 1);
            uint sum = (uint)VectorFloatHelpers.Lane(v.D, i, 2);
            for (int k = 0; k < 2; k++)
                sum = AddProducts(sum, (uint)VectorFloatHelpers.Lane(v.N, row + k, 2), (uint)VectorFloatHelpers.Lane(v.M, column + k, 2));
            v.Write(i, 2, sum);
        }

        v.Finish(s);
    }

    // the sum of both products of pairs, then that of the accumulator
    private static uint AddProducts(uint sum, uint a, uint b)
    {
        uint products = ToOdd(Multiply(a << 16, b << 16), Multiply(a & 0xffff0000, b & 0xffff0000), false);
        return ToOdd(sum, products, false);
    }

    private static uint Multiply(uint a, uint b) => ToOdd(a, b, true);

    // to odd, but beyond the largest number to infinity; subnormals count as zero
    private static uint ToOdd(uint a, uint b, bool multiplies)
    {
        var context = new FpContext
        {
            Rounding = FpRounding.ToOdd,
            NanRule = FpNanRule.Canonical,
            Options = FpOptions.FlushInputs | FpOptions.FlushOutputs | FpOptions.TininessBeforeRounding,
        };
        uint result = multiplies ? F32.Mul(a, b, ref context) : F32.Add(a, b, ref context);
        return (context.Flags & FpFlags.Overflow) != 0 ? result + 1 : result;
    }

    // A single is a BFloat16 with 16 more bits, the exponents are the same: the bits that go decide as they would anywhere.
    private static ulong Round(uint a, ref FpContext c)
    {
        const uint Infinity = 0x7f800000, Least = 0x00800000;
        uint sign = a & 0x80000000, magnitude = a ^ sign;
        if (magnitude > Infinity)
        {
            if (F32.IsSignalingNaN(a))
                c.Raise(FpFlags.Invalid);
            return c.NanRule == FpNanRule.Canonical ? 0x7fc0 : (a >> 16) | 0x40;
        }

        if (magnitude - 1 < Least - 1 && (c.Options & FpOptions.FlushInputs) != 0)
        {
            c.Raise(FpFlags.InputDenormal);
            magnitude = 0;
        }

        uint rest = magnitude & 0xffff, kept = magnitude >> 16;
        if (rest != 0 && magnitude != Infinity)
        {
            bool up = c.Rounding switch
            {
                FpRounding.NearestEven => rest > 0x8000 || (rest == 0x8000 && (kept & 1) != 0),
                FpRounding.Up => sign == 0,
                FpRounding.Down => sign != 0,
                _ => false,
            };
            kept += up ? 1u : 0;
            c.Raise(FpFlags.Inexact);
            if (magnitude < Least)
                c.Raise(FpFlags.Underflow);
            if (kept == Infinity >> 16)
                c.Raise(FpFlags.Overflow);
        }

        return (sign >> 16) | kept;
    }

    private static IrHelper Create(string method, IrEffects effects) => IrHelper.Create(typeof(BrainFloatHelpers), method, IrType.None, effects);
}
