using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Arithmetic of complex numbers: pairs of lanes, the real part first. Arm DDI 0487, C7.2 "FCADD", "FCMLA".</summary>
[Extension("AdvSIMD", Requires = "AdvSIMD FCMA")]
internal static class ComplexNumbers
{
    [Encoding("0 q 1 01110 size!=0 0 rm 11 1 rot:1 01 rn rd", "fcadd")]
    public static void Fcadd(A64Emitter e, A64Word i)
    {
        if (HasFormat(e, i))
            e.CallLanes(ComplexHelpers.Add, i, new VectorKind(i.Field(12, 1), i.Lane, A64Emitter.Count(i, i.Lane)));
    }

    [Encoding("0 q 1 01110 size!=0 0 rm 110 rot:2 1 rn rd", "fcmla")]
    public static void Fcmla(A64Emitter e, A64Word i)
    {
        if (HasFormat(e, i))
            e.CallLanes(ComplexHelpers.MulAdd, i, new VectorKind(i.Field(11, 2), i.Lane, A64Emitter.Count(i, i.Lane)));
    }

    // the index numbers pairs
    [Encoding("0 q 1 01111 01 l rm 0 rot:2 1 h 0 rn rd", "fcmla", Requires = "FP16")]
    [Encoding("0 1 1 01111 10 0 rm 0 rot:2 1 h 0 rn rd", "fcmla")]
    public static void FcmlaElement(A64Emitter e, A64Word i)
    {
        int h = i.Field(11, 1), index = i.Lane == 1 ? (h << 1) | i.Field(21, 1) : h;
        if (h != 0 && !i.Q)
            e.Undefined();
        else
            e.CallLanes(ComplexHelpers.MulAdd, i, new VectorKind(i.Field(13, 2), i.Lane, A64Emitter.Count(i, i.Lane), Index: index));
    }

    private static bool HasFormat(A64Emitter e, A64Word i)
        => e.HasLanes(i, i.Lane) && e.HasFormat(i.Lane == 1 ? FpFormat.Half : i.Lane - 2);
}
