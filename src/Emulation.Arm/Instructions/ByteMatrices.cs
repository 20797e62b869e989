using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Products of matrices of bytes, dot products of mixed signs. Arm DDI 0487, C7.2 "SMMLA", "SUDOT", "UMMLA", "USDOT", "USMMLA".</summary>
[Extension("AdvSIMD", Requires = "AdvSIMD I8MM")]
internal static class ByteMatrices
{
    [Encoding("0 1 0 01110 10 0 rm 1 0100 1 rn rd", "smmla")]
    public static void Smmla(A64Emitter e, A64Word i) => Matrix(e, i, true, true);

    [Encoding("0 1 1 01110 10 0 rm 1 0100 1 rn rd", "ummla")]
    public static void Ummla(A64Emitter e, A64Word i) => Matrix(e, i, false, false);

    [Encoding("0 1 0 01110 10 0 rm 1 0101 1 rn rd", "usmmla")]
    public static void Usmmla(A64Emitter e, A64Word i) => Matrix(e, i, false, true);

    [Encoding("0 q 0 01110 10 0 rm 1 0011 1 rn rd", "usdot")]
    public static void Usdot(A64Emitter e, A64Word i) => Dot(e, i, false, i.Rm, -1);

    [Encoding("0 q 0 01111 10 l rm 1111 h 0 rn rd", "usdot")]
    public static void UsdotElement(A64Emitter e, A64Word i) => DotElement(e, i, false);

    [Encoding("0 q 0 01111 00 l rm 1111 h 0 rn rd", "sudot")]
    public static void SudotElement(A64Emitter e, A64Word i) => DotElement(e, i, true);

    private static void DotElement(A64Emitter e, A64Word i, bool signed)
    {
        (int rm, int index) = A64Emitter.Element(i, 2);
        Dot(e, i, signed, rm, index);
    }

    private static void Dot(A64Emitter e, A64Word i, bool signed, int rm, int index)
        => e.CallLanes(MatrixHelpers.MixedDot, i, new VectorKind(0, 2, A64Emitter.Count(i, 2), Index: index, Signed: signed), rm);

    private static void Matrix(A64Emitter e, A64Word i, bool firstSigned, bool secondSigned)
        => e.CallLanes(MatrixHelpers.MulAdd, i, new VectorKind(secondSigned ? 1 : 0, 2, 4, Signed: firstSigned));
}
