using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>BFloat16: conversions, dot products, products of matrices. Arm DDI 0487, C7.2 "BFCVT" to "BFMMLA".</summary>
[Extension("AdvSIMD", Requires = "AdvSIMD BF16")]
internal static class BrainFloat
{
    [Encoding("00011110 01 1 0001 10 10000 rn rd", "bfcvt")]
    public static void Bfcvt(A64Emitter e, A64Word i)
        => e.SetVectorPart(i.Rd, e.Ir.Trunc(e.Ir.Call(BrainFloatHelpers.Convert, e.Part(i.Rn, IrType.I32)), IrType.I16));

    [Encoding("0 q 0 01110 10 10000 10110 10 rn rd", "bfcvtn{2}")]
    public static void Bfcvtn(A64Emitter e, A64Word i) => e.CallLanes(BrainFloatHelpers.Narrow, i, new VectorKind(0, 1, 4, i.Q));

    [Encoding("0 q 1 01110 01 0 rm 1 1111 1 rn rd", "bfdot")]
    public static void Bfdot(A64Emitter e, A64Word i) => Dot(e, i, i.Rm, -1);

    [Encoding("0 q 0 01111 01 l rm 1111 h 0 rn rd", "bfdot")]
    public static void BfdotElement(A64Emitter e, A64Word i)
    {
        (int rm, int index) = A64Emitter.Element(i, 2);
        Dot(e, i, rm, index);
    }

    [Encoding("0 1 1 01110 01 0 rm 1 1101 1 rn rd", "bfmmla")]
    public static void Bfmmla(A64Emitter e, A64Word i) => e.CallLanes(BrainFloatHelpers.MatrixMulAdd, i, new VectorKind(0, 2, 4));

    [Encoding("0 q 1 01110 11 0 rm 1 1111 1 rn rd", "bfmlal{bt}")]
    public static void Bfmlal(A64Emitter e, A64Word i) => e.CallLanes(WideningHelpers.BrainMulAdd, i, new VectorKind(0, 2, 4, i.Q));

    [Encoding("0 q 0 01111 11 l m rm:4 1111 h 0 rn rd", "bfmlal{bt}")]
    public static void BfmlalElement(A64Emitter e, A64Word i)
    {
        (int rm, int index) = A64Emitter.Element(i, 1);
        e.CallLanes(WideningHelpers.BrainMulAdd, i, new VectorKind(0, 2, 4, i.Q, index), rm);
    }

    private static void Dot(A64Emitter e, A64Word i, int rm, int index)
        => e.CallLanes(BrainFloatHelpers.Dot, i, new VectorKind(0, 2, A64Emitter.Count(i, 2), Index: index), rm);
}
