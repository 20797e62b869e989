using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Products of halves added to singles. Arm DDI 0487, C7.2 "FMLAL, FMLAL2", "FMLSL, FMLSL2".</summary>
[Extension("AdvSIMD", Requires = "AdvSIMD FHM")]
internal static class HalfProducts
{
    [Encoding("0 q 0 01110 00 1 rm 11101 1 rn rd", "fmlal")]
    public static void Fmlal(A64Emitter e, A64Word i) => Call(e, i, false, false);

    [Encoding("0 q 1 01110 00 1 rm 11001 1 rn rd", "fmlal2")]
    public static void Fmlal2(A64Emitter e, A64Word i) => Call(e, i, true, false);

    [Encoding("0 q 0 01110 10 1 rm 11101 1 rn rd", "fmlsl")]
    public static void Fmlsl(A64Emitter e, A64Word i) => Call(e, i, false, true);

    [Encoding("0 q 1 01110 10 1 rm 11001 1 rn rd", "fmlsl2")]
    public static void Fmlsl2(A64Emitter e, A64Word i) => Call(e, i, true, true);

    [Encoding("0 q 0 01111 10 l m rm:4 0000 h 0 rn rd", "fmlal")]
    public static void FmlalElement(A64Emitter e, A64Word i) => CallElement(e, i, false, false);

    [Encoding("0 q 1 01111 10 l m rm:4 1000 h 0 rn rd", "fmlal2")]
    public static void Fmlal2Element(A64Emitter e, A64Word i) => CallElement(e, i, true, false);

    [Encoding("0 q 0 01111 10 l m rm:4 0100 h 0 rn rd", "fmlsl")]
    public static void FmlslElement(A64Emitter e, A64Word i) => CallElement(e, i, false, true);

    [Encoding("0 q 1 01111 10 l m rm:4 1100 h 0 rn rd", "fmlsl2")]
    public static void Fmlsl2Element(A64Emitter e, A64Word i) => CallElement(e, i, true, true);

    private static void Call(A64Emitter e, A64Word i, bool high, bool subtracts, int? rm = null, int index = -1)
        => e.CallLanes(WideningHelpers.HalfMulAdd, i, new VectorKind(subtracts ? 1 : 0, 2, A64Emitter.Count(i, 2), high, index), rm);

    private static void CallElement(A64Emitter e, A64Word i, bool high, bool subtracts)
    {
        (int rm, int index) = A64Emitter.Element(i, 1);
        Call(e, i, high, subtracts, rm, index);
    }
}
