using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Multiplication and division. Arm DDI 0487, F3.1.17, F3.1.18.</summary>
[Extension("V6T2")]
internal static class WideMultiply
{
    [Encoding("11111011 0000 rn 1111 rd 0000 rm", "mul")]
    public static void Mul(A32Emitter e, T32Word i) => e.Multiply(i.Rd, i.Rn, i.Rm, null, false);

    [Encoding("11111011 0000 rn ra!=15 rd 0000 rm", "mla")]
    public static void Mla(A32Emitter e, T32Word i) => e.Multiply(i.Rd, i.Rn, i.Rm, i.Ra, false);

    [Encoding("11111011 0000 rn ra rd 0001 rm", "mls")]
    public static void Mls(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Ir.Sub(e.R(i.Ra), e.Ir.Mul(e.R(i.Rn), e.R(i.Rm))));

    [Encoding("11111011 0001 rn 1111 rd 00 n m rm", "smul{n}{m}", Requires = "DSP")]
    public static void SmulXY(A32Emitter e, T32Word i) => e.MultiplyHalves(i.Rd, i.Rn, i.Flag(5), i.Rm, i.Flag(4), null);

    [Encoding("11111011 0001 rn ra!=15 rd 00 n m rm", "smla{n}{m}", Requires = "DSP")]
    public static void SmlaXY(A32Emitter e, T32Word i) => e.MultiplyHalves(i.Rd, i.Rn, i.Flag(5), i.Rm, i.Flag(4), i.Ra);

    [Encoding("11111011 0010 rn 1111 rd 000 x rm", "smuad{x}", Requires = "DSP")]
    public static void Smuad(A32Emitter e, T32Word i) => e.MultiplyDual(i.Rd, i.Rn, i.Rm, i.Flag(4), false, null);

    [Encoding("11111011 0010 rn ra!=15 rd 000 x rm", "smlad{x}", Requires = "DSP")]
    public static void Smlad(A32Emitter e, T32Word i) => e.MultiplyDual(i.Rd, i.Rn, i.Rm, i.Flag(4), false, i.Ra);

    [Encoding("11111011 0011 rn 1111 rd 000 m rm", "smulw{m}", Requires = "DSP")]
    public static void SmulwY(A32Emitter e, T32Word i) => e.MultiplyWordHalf(i.Rd, i.Rn, i.Rm, i.Flag(4), null);

    [Encoding("11111011 0011 rn ra!=15 rd 000 m rm", "smlaw{m}", Requires = "DSP")]
    public static void SmlawY(A32Emitter e, T32Word i) => e.MultiplyWordHalf(i.Rd, i.Rn, i.Rm, i.Flag(4), i.Ra);

    [Encoding("11111011 0100 rn 1111 rd 000 x rm", "smusd{x}", Requires = "DSP")]
    public static void Smusd(A32Emitter e, T32Word i) => e.MultiplyDual(i.Rd, i.Rn, i.Rm, i.Flag(4), true, null);

    [Encoding("11111011 0100 rn ra!=15 rd 000 x rm", "smlsd{x}", Requires = "DSP")]
    public static void Smlsd(A32Emitter e, T32Word i) => e.MultiplyDual(i.Rd, i.Rn, i.Rm, i.Flag(4), true, i.Ra);

    [Encoding("11111011 0101 rn 1111 rd 000 r rm", "smmul{r}", Requires = "DSP")]
    public static void Smmul(A32Emitter e, T32Word i) => e.MultiplyHigh(i.Rd, i.Rn, i.Rm, i.Flag(4), false, null);

    [Encoding("11111011 0101 rn ra!=15 rd 000 r rm", "smmla{r}", Requires = "DSP")]
    public static void Smmla(A32Emitter e, T32Word i) => e.MultiplyHigh(i.Rd, i.Rn, i.Rm, i.Flag(4), false, i.Ra);

    [Encoding("11111011 0110 rn ra rd 000 r rm", "smmls{r}", Requires = "DSP")]
    public static void Smmls(A32Emitter e, T32Word i) => e.MultiplyHigh(i.Rd, i.Rn, i.Rm, i.Flag(4), true, i.Ra);

    [Encoding("11111011 0111 rn 1111 rd 0000 rm", "usad8", Requires = "DSP")]
    public static void Usad8(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Ir.Call(MediaHelpers.SumOfDifferences, e.R(i.Rn), e.R(i.Rm)));

    [Encoding("11111011 0111 rn ra!=15 rd 0000 rm", "usada8", Requires = "DSP")]
    public static void Usada8(A32Emitter e, T32Word i)
        => e.SetR(i.Rd, e.Ir.Add(e.R(i.Ra), e.Ir.Call(MediaHelpers.SumOfDifferences, e.R(i.Rn), e.R(i.Rm))));

    [Encoding("11111011 1000 rn rdlo rdhi 0000 rm", "smull")]
    [Encoding("11111011 1010 rn rdlo rdhi 0000 rm", "umull")]
    [Encoding("11111011 1100 rn rdlo rdhi 0000 rm", "smlal")]
    [Encoding("11111011 1110 rn rdlo rdhi 0000 rm", "umlal")]
    public static void Long(A32Emitter e, T32Word i) => e.MultiplyLong(i.Rt, i.Rd, i.Rn, i.Rm, !i.Flag(21), i.Flag(22), false);

    [Encoding("11111011 1001 rn 1111 rd 1111 rm", "sdiv", Requires = "IDIV")]
    public static void Sdiv(A32Emitter e, T32Word i) => e.Divide(i.Rd, i.Rn, i.Rm, true);

    [Encoding("11111011 1011 rn 1111 rd 1111 rm", "udiv", Requires = "IDIV")]
    public static void Udiv(A32Emitter e, T32Word i) => e.Divide(i.Rd, i.Rn, i.Rm, false);

    [Encoding("11111011 1100 rn rdlo rdhi 10 n m rm", "smlal{n}{m}", Requires = "DSP")]
    public static void SmlalXY(A32Emitter e, T32Word i) => e.MultiplyHalvesLong(i.Rt, i.Rd, i.Rn, i.Flag(5), i.Rm, i.Flag(4));

    [Encoding("11111011 1100 rn rdlo rdhi 110 x rm", "smlald{x}", Requires = "DSP")]
    [Encoding("11111011 1101 rn rdlo rdhi 110 x rm", "smlsld{x}", Requires = "DSP")]
    public static void Smlald(A32Emitter e, T32Word i) => e.MultiplyDualLong(i.Rt, i.Rd, i.Rn, i.Rm, i.Flag(4), i.Flag(20));

    [Encoding("11111011 1110 rn rdlo rdhi 0110 rm", "umaal", Requires = "DSP")]
    public static void Umaal(A32Emitter e, T32Word i) => e.MultiplyAddAdd(i.Rt, i.Rd, i.Rn, i.Rm);
}
