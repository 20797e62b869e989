using Emulation.IR;
using static Emulation.Arm.VectorHelpers;

namespace Emulation.Arm;

/// <summary>Sums of products of bytes. Operands as in <see cref="VectorHelpers"/>; Signed is about the first operand.</summary>
internal static unsafe class MatrixHelpers
{
    /// <summary>Dot products of which the second operand has the other signedness.</summary>
    public static readonly IrHelper MixedDot = Create(nameof(DoMixedDot));

    /// <summary>A 2x8 matrix times the transpose of another; operation 1: the second is signed.</summary>
    public static readonly IrHelper MulAdd = Create(nameof(DoMulAdd));

    public static void DoMixedDot(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        for (int i = 0; i < v.Kind.Count; i++)
        {
            int from = v.Kind.Index >= 0 ? v.Kind.Index : i;
            v.Write(i, 2, Read(v.D, i, 2, false) + Sum(v, 4 * i, 4 * from, 4, !v.Kind.Signed));
        }

        v.Finish(s);
    }

    public static void DoMulAdd(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        for (int i = 0; i < 4; i++)
            v.Write(i, 2, Read(v.D, i, 2, false) + Sum(v, 8 * (i >> 1), 8 * (i & 1), 8, v.Kind.Op != 0));
        v.Finish(s);
    }

    private static long Sum(in Operands v, int n, int m, int count, bool secondSigned)
    {
        long sum = 0;
        for (int k = 0; k < count; k++)
            sum += (long)Read(v.N, n + k, 0, v.Kind.Signed) * (long)Read(v.M, m + k, 0, secondSigned);
        return sum;
    }

    private static IrHelper Create(string method)
        => IrHelper.Create(typeof(MatrixHelpers), method, IrType.None, IrEffects.ReadsState | IrEffects.WritesState);
}
