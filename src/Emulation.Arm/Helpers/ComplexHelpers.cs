using Emulation.IR;
using Emulation.SoftFloat;
using static Emulation.Arm.VectorHelpers;

namespace Emulation.Arm;

/// <summary>Complex numbers. The operation is the rotation in steps of 90 degrees (FCADD: 0 is 90, 1 is 270). Operands as in <see cref="VectorHelpers"/>.</summary>
internal static unsafe class ComplexHelpers
{
    public static readonly IrHelper Add = Create(nameof(DoAdd));
    public static readonly IrHelper MulAdd = Create(nameof(DoMulAdd));

    public static void DoAdd(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int size = v.Kind.Size, format = VectorFloatHelpers.Format(size);
        ulong sign = FpFormat.SignBit(format), negatesReal = v.Kind.Op == 0 ? sign : 0, negatesImaginary = sign ^ negatesReal;
        FpContext context = FloatHelpers.Begin(s, format, v.IsStandard);
        for (int i = 0; i < v.Kind.Count; i += 2)
        {
            ulong real = VectorFloatHelpers.Lane(v.M, i + 1, size) ^ negatesReal, imaginary = VectorFloatHelpers.Lane(v.M, i, size) ^ negatesImaginary;
            v.Write(i, size, FpFormat.Add(format, VectorFloatHelpers.Lane(v.N, i, size), real, ref context));
            v.Write(i + 1, size, FpFormat.Add(format, VectorFloatHelpers.Lane(v.N, i + 1, size), imaginary, ref context));
        }

        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    public static void DoMulAdd(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int size = v.Kind.Size, format = VectorFloatHelpers.Format(size), rotation = v.Kind.Op, odd = rotation & 1;
        ulong sign = FpFormat.SignBit(format);
        ulong negatesReal = rotation is 1 or 2 ? sign : 0, negatesImaginary = rotation >= 2 ? sign : 0;
        FpContext context = FloatHelpers.Begin(s, format, v.IsStandard);
        for (int i = 0; i < v.Kind.Count; i += 2)
        {
            int from = v.Kind.Index >= 0 ? 2 * v.Kind.Index : i;
            ulong a = VectorFloatHelpers.Lane(v.N, i + odd, size);
            ulong real = VectorFloatHelpers.Lane(v.M, from + odd, size) ^ negatesReal;
            ulong imaginary = VectorFloatHelpers.Lane(v.M, from + 1 - odd, size) ^ negatesImaginary;
            v.Write(i, size, FpFormat.MulAdd(format, a, real, VectorFloatHelpers.Lane(v.D, i, size), ref context));
            v.Write(i + 1, size, FpFormat.MulAdd(format, a, imaginary, VectorFloatHelpers.Lane(v.D, i + 1, size), ref context));
        }

        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    private static IrHelper Create(string method)
        => IrHelper.Create(typeof(ComplexHelpers), method, IrType.None, IrEffects.ReadsState | IrEffects.WritesState | IrEffects.FloatEnvironment);
}
