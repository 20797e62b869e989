using Emulation.IR;
using Emulation.SoftFloat;
using static Emulation.Arm.VectorHelpers;

namespace Emulation.Arm;

/// <summary>Products of 16-bit numbers added to singles, with one rounding. Operands as in <see cref="VectorHelpers"/>.</summary>
internal static unsafe class WideningHelpers
{
    /// <summary>Products of halves of one half of the registers; operation 1 subtracts them. An immediate is the first lane of the second operand, where that is another.</summary>
    public static readonly IrHelper HalfMulAdd = Create(nameof(DoHalfMulAdd));

    /// <summary>Products of BFloat16 numbers in even lanes, or odd ones.</summary>
    public static readonly IrHelper BrainMulAdd = Create(nameof(DoBrainMulAdd));

    // halves flush by FZ16, without a report
    public static void DoHalfMulAdd(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        bool flush = (FloatHelpers.Fpcr(s) & ArmCpu.FlushHalf) != 0;
        int first = v.Kind.High ? v.Kind.Count : 0, second = v.Kind.HasImmediate ? v.Kind.Immediate : first;
        ulong sign = v.Kind.Op != 0 ? FpFormat.SignBit(FpFormat.Half) : 0;
        FpContext context = FloatHelpers.Environment(s, v.IsStandard);
        for (int i = 0; i < v.Kind.Count; i++)
        {
            uint a = Widen(VectorFloatHelpers.Lane(v.N, first + i, 1) ^ sign, flush);
            uint b = Widen(VectorFloatHelpers.Lane(v.M, v.Kind.Index >= 0 ? v.Kind.Index : second + i, 1), flush);
            v.Write(i, 2, F32.MulAdd(a, b, (uint)VectorFloatHelpers.Lane(v.D, i, 2), ref context));
        }

        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    public static void DoBrainMulAdd(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int odd = v.Kind.High ? 1 : 0;
        FpContext context = FloatHelpers.Environment(s, v.IsStandard);
        for (int i = 0; i < v.Kind.Count; i++)
        {
            ulong a = VectorFloatHelpers.Lane(v.N, (2 * i) + odd, 1) << 16;
            ulong b = VectorFloatHelpers.Lane(v.M, v.Kind.Index >= 0 ? v.Kind.Index : (2 * i) + odd, 1) << 16;
            v.Write(i, 2, F32.MulAdd((uint)a, (uint)b, (uint)VectorFloatHelpers.Lane(v.D, i, 2), ref context));
        }

        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    // exact, and NaNs stay as they are: the operation is what looks at them
    private static uint Widen(ulong half, bool flush)
    {
        const int Bias = 127 - 15;
        uint sign = (uint)(half & 0x8000) << 16, exponent = (uint)(half >> 10) & 31, fraction = (uint)half & 0x3ff;
        if (exponent == 31)
            return sign | (0xffu << 23) | (fraction << 13);
        if (exponent != 0)
            return sign | ((exponent + Bias) << 23) | (fraction << 13);
        if (fraction == 0 || flush)
            return sign;
        int shift = System.Numerics.BitOperations.LeadingZeroCount(fraction) - 21;
        return sign | ((uint)(Bias + 1 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
    }

    private static IrHelper Create(string method)
        => IrHelper.Create(typeof(WideningHelpers), method, IrType.None, IrEffects.ReadsState | IrEffects.WritesState | IrEffects.FloatEnvironment);
}
