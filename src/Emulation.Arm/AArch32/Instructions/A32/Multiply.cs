using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.A32;

/// <summary>Multiplication and saturating arithmetic. Arm DDI 0487, F4.1.2 "Multiply and Accumulate", "Halfword Multiply and Accumulate", "Integer Saturating Arithmetic".</summary>
[Extension("AArch32")]
internal static class Multiply
{
    [Encoding("cond!=15 0000000 s rd4 0000 rs 1001 rm", "mul{s}{c}")]
    public static void Mul(A32Emitter e, A32Word i) => e.Multiply(i.Rn, i.Rm, i.Rs, null, i.S);

    [Encoding("cond!=15 0000001 s rd4 ra rs 1001 rm", "mla{s}{c}")]
    public static void Mla(A32Emitter e, A32Word i) => e.Multiply(i.Rn, i.Rm, i.Rs, i.Rd, i.S);

    [Encoding("cond!=15 00000110 rd4 ra rs 1001 rm", "mls{c}", Requires = "V6T2")]
    public static void Mls(A32Emitter e, A32Word i) => e.SetR(i.Rn, e.Ir.Sub(e.R(i.Rd), e.Ir.Mul(e.R(i.Rm), e.R(i.Rs))));

    [Encoding("cond!=15 00000100 rdhi rdlo rs 1001 rm", "umaal{c}", Requires = "V6")]
    public static void Umaal(A32Emitter e, A32Word i) => e.MultiplyAddAdd(i.Rd, i.Rn, i.Rm, i.Rs);

    [Encoding("cond!=15 0000100 s rdhi rdlo rs 1001 rm", "umull{s}{c}")]
    [Encoding("cond!=15 0000101 s rdhi rdlo rs 1001 rm", "umlal{s}{c}")]
    [Encoding("cond!=15 0000110 s rdhi rdlo rs 1001 rm", "smull{s}{c}")]
    [Encoding("cond!=15 0000111 s rdhi rdlo rs 1001 rm", "smlal{s}{c}")]
    public static void Long(A32Emitter e, A32Word i) => e.MultiplyLong(i.Rd, i.Rn, i.Rm, i.Rs, i.Flag(22), i.Flag(21), i.S);

    [Encoding("cond!=15 00010 00 0 rn rd 0000 0101 rm", "qadd{c}", Requires = "V5TE")]
    [Encoding("cond!=15 00010 01 0 rn rd 0000 0101 rm", "qsub{c}", Requires = "V5TE")]
    [Encoding("cond!=15 00010 10 0 rn rd 0000 0101 rm", "qdadd{c}", Requires = "V5TE")]
    [Encoding("cond!=15 00010 11 0 rn rd 0000 0101 rm", "qdsub{c}", Requires = "V5TE")]
    public static void Saturating(A32Emitter e, A32Word i) => e.Saturating(i.Rd, i.Rm, i.Rn, i.Flag(22), i.Flag(21));

    [Encoding("cond!=15 00010000 rd4 ra rs 1 m n 0 rm", "smla{n}{m}{c}", Requires = "V5TE")]
    public static void SmlaXY(A32Emitter e, A32Word i) => e.MultiplyHalves(i.Rn, i.Rm, i.Flag(5), i.Rs, i.Flag(6), i.Rd);

    [Encoding("cond!=15 00010010 rd4 ra rs 1 m 0 0 rm", "smlaw{m}{c}", Requires = "V5TE")]
    public static void SmlawY(A32Emitter e, A32Word i) => e.MultiplyWordHalf(i.Rn, i.Rm, i.Rs, i.Flag(6), i.Rd);

    [Encoding("cond!=15 00010010 rd4 0000 rs 1 m 1 0 rm", "smulw{m}{c}", Requires = "V5TE")]
    public static void SmulwY(A32Emitter e, A32Word i) => e.MultiplyWordHalf(i.Rn, i.Rm, i.Rs, i.Flag(6), null);

    [Encoding("cond!=15 00010100 rdhi rdlo rs 1 m n 0 rm", "smlal{n}{m}{c}", Requires = "V5TE")]
    public static void SmlalXY(A32Emitter e, A32Word i) => e.MultiplyHalvesLong(i.Rd, i.Rn, i.Rm, i.Flag(5), i.Rs, i.Flag(6));

    [Encoding("cond!=15 00010110 rd4 0000 rs 1 m n 0 rm", "smul{n}{m}{c}", Requires = "V5TE")]
    public static void SmulXY(A32Emitter e, A32Word i) => e.MultiplyHalves(i.Rn, i.Rm, i.Flag(5), i.Rs, i.Flag(6), null);

    [Encoding("cond!=15 01110000 rd4 1111 rs 00 x 1 rm", "smuad{x}{c}", Requires = "V6")]
    public static void Smuad(A32Emitter e, A32Word i) => e.MultiplyDual(i.Rn, i.Rm, i.Rs, i.Flag(5), false, null);

    [Encoding("cond!=15 01110000 rd4 ra!=15 rs 00 x 1 rm", "smlad{x}{c}", Requires = "V6")]
    public static void Smlad(A32Emitter e, A32Word i) => e.MultiplyDual(i.Rn, i.Rm, i.Rs, i.Flag(5), false, i.Rd);

    [Encoding("cond!=15 01110000 rd4 1111 rs 01 x 1 rm", "smusd{x}{c}", Requires = "V6")]
    public static void Smusd(A32Emitter e, A32Word i) => e.MultiplyDual(i.Rn, i.Rm, i.Rs, i.Flag(5), true, null);

    [Encoding("cond!=15 01110000 rd4 ra!=15 rs 01 x 1 rm", "smlsd{x}{c}", Requires = "V6")]
    public static void Smlsd(A32Emitter e, A32Word i) => e.MultiplyDual(i.Rn, i.Rm, i.Rs, i.Flag(5), true, i.Rd);

    [Encoding("cond!=15 01110100 rdhi rdlo rs 00 x 1 rm", "smlald{x}{c}", Requires = "V6")]
    [Encoding("cond!=15 01110100 rdhi rdlo rs 01 x 1 rm", "smlsld{x}{c}", Requires = "V6")]
    public static void Smlald(A32Emitter e, A32Word i) => e.MultiplyDualLong(i.Rd, i.Rn, i.Rm, i.Rs, i.Flag(5), i.Flag(6));

    [Encoding("cond!=15 01110101 rd4 1111 rs 00 r 1 rm", "smmul{r}{c}", Requires = "V6")]
    public static void Smmul(A32Emitter e, A32Word i) => e.MultiplyHigh(i.Rn, i.Rm, i.Rs, i.Flag(5), false, null);

    [Encoding("cond!=15 01110101 rd4 ra!=15 rs 00 r 1 rm", "smmla{r}{c}", Requires = "V6")]
    public static void Smmla(A32Emitter e, A32Word i) => e.MultiplyHigh(i.Rn, i.Rm, i.Rs, i.Flag(5), false, i.Rd);

    [Encoding("cond!=15 01110101 rd4 ra rs 11 r 1 rm", "smmls{r}{c}", Requires = "V6")]
    public static void Smmls(A32Emitter e, A32Word i) => e.MultiplyHigh(i.Rn, i.Rm, i.Rs, i.Flag(5), true, i.Rd);

    [Encoding("cond!=15 01110001 rd4 1111 rs 0001 rm", "sdiv{c}", Requires = "IDIV")]
    public static void Sdiv(A32Emitter e, A32Word i) => e.Divide(i.Rn, i.Rm, i.Rs, true);

    [Encoding("cond!=15 01110011 rd4 1111 rs 0001 rm", "udiv{c}", Requires = "IDIV")]
    public static void Udiv(A32Emitter e, A32Word i) => e.Divide(i.Rn, i.Rm, i.Rs, false);
}
