using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Dot products of four bytes. Arm DDI 0487, "FEAT_DotProd".</summary>
[Extension("AdvSIMD", Requires = "DotProd")]
internal static class DotProduct
{
    [Encoding("0 q 0 01110 10 0 rm 1 0010 1 rn rd", "sdot")]
    public static void Sdot(A64Emitter e, A64Word i) => e.Dot(i, true, byElement: false);

    [Encoding("0 q 1 01110 10 0 rm 1 0010 1 rn rd", "udot")]
    public static void Udot(A64Emitter e, A64Word i) => e.Dot(i, false, byElement: false);

    [Encoding("0 q 0 01111 10 l rm 1110 h 0 rn rd", "sdot")]
    public static void SdotElement(A64Emitter e, A64Word i) => e.Dot(i, true, byElement: true);

    [Encoding("0 q 1 01111 10 l rm 1110 h 0 rn rd", "udot")]
    public static void UdotElement(A64Emitter e, A64Word i) => e.Dot(i, false, byElement: true);
}
