using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Data processing of registers. Arm DDI 0487, F3.1.16.</summary>
[Extension("V6T2")]
internal static class WideRegister
{
    [Encoding("11111010 0 type s rn 1111 rd 0000 rm", "{shift}{s}")]
    public static void Shift(A32Emitter e, T32Word i) => e.Alu(AluOp.Mov, i.S, i.Rd, 0, e.Shift(i.Rn, i.Field(21, 2), e.R(i.Rm), i.S));

    [Encoding("11111010 0 000 1111 1111 rd 10 rot rm", "sxth")]
    [Encoding("11111010 0 001 1111 1111 rd 10 rot rm", "uxth")]
    [Encoding("11111010 0 100 1111 1111 rd 10 rot rm", "sxtb")]
    [Encoding("11111010 0 101 1111 1111 rd 10 rot rm", "uxtb")]
    public static void Extend(A32Emitter e, T32Word i) => e.Extend(i.Rd, null, i.Rm, i.Field(4, 2), i.Flag(22) ? 8 : 16, !i.Flag(20));

    [Encoding("11111010 0 000 rn!=15 1111 rd 10 rot rm", "sxtah", Requires = "DSP")]
    [Encoding("11111010 0 001 rn!=15 1111 rd 10 rot rm", "uxtah", Requires = "DSP")]
    [Encoding("11111010 0 100 rn!=15 1111 rd 10 rot rm", "sxtab", Requires = "DSP")]
    [Encoding("11111010 0 101 rn!=15 1111 rd 10 rot rm", "uxtab", Requires = "DSP")]
    public static void ExtendAdd(A32Emitter e, T32Word i) => e.Extend(i.Rd, i.Rn, i.Rm, i.Field(4, 2), i.Flag(22) ? 8 : 16, !i.Flag(20));

    [Encoding("11111010 0 010 1111 1111 rd 10 rot rm", "sxtb16", Requires = "DSP")]
    [Encoding("11111010 0 011 1111 1111 rd 10 rot rm", "uxtb16", Requires = "DSP")]
    public static void ExtendBytes(A32Emitter e, T32Word i) => e.ExtendBytes(i.Rd, null, i.Rm, i.Field(4, 2), !i.Flag(20));

    [Encoding("11111010 0 010 rn!=15 1111 rd 10 rot rm", "sxtab16", Requires = "DSP")]
    [Encoding("11111010 0 011 rn!=15 1111 rd 10 rot rm", "uxtab16", Requires = "DSP")]
    public static void ExtendAddBytes(A32Emitter e, T32Word i) => e.ExtendBytes(i.Rd, i.Rn, i.Rm, i.Field(4, 2), !i.Flag(20));

    [Encoding("11111010 1 op3!=3,7 rn 1111 rd 0000 rm", "s{parallel}", Requires = "DSP")]
    [Encoding("11111010 1 op3!=3,7 rn 1111 rd 0001 rm", "q{parallel}", Requires = "DSP")]
    [Encoding("11111010 1 op3!=3,7 rn 1111 rd 0010 rm", "sh{parallel}", Requires = "DSP")]
    [Encoding("11111010 1 op3!=3,7 rn 1111 rd 0100 rm", "u{parallel}", Requires = "DSP")]
    [Encoding("11111010 1 op3!=3,7 rn 1111 rd 0101 rm", "uq{parallel}", Requires = "DSP")]
    [Encoding("11111010 1 op3!=3,7 rn 1111 rd 0110 rm", "uh{parallel}", Requires = "DSP")]
    public static void Parallel(A32Emitter e, T32Word i)
    {
        ParallelOp op = i.Field(20, 3) switch
        {
            0 => ParallelOp.Add8,
            1 => ParallelOp.Add16,
            2 => ParallelOp.AddSubtractExchange,
            4 => ParallelOp.Subtract8,
            5 => ParallelOp.Subtract16,
            _ => ParallelOp.SubtractAddExchange,
        };
        e.Parallel(i.Rd, i.Rn, i.Rm, op, (ParallelKind)(i.Field(4, 3) + 1));
    }

    [Encoding("11111010 1000 rn 1111 rd 1000 rm", "qadd", Requires = "DSP")]
    [Encoding("11111010 1000 rn 1111 rd 1001 rm", "qdadd", Requires = "DSP")]
    [Encoding("11111010 1000 rn 1111 rd 1010 rm", "qsub", Requires = "DSP")]
    [Encoding("11111010 1000 rn 1111 rd 1011 rm", "qdsub", Requires = "DSP")]
    public static void Saturating(A32Emitter e, T32Word i) => e.Saturating(i.Rd, i.Rm, i.Rn, i.Flag(4), i.Flag(5));

    [Encoding("11111010 1001 rn 1111 rd 1000 rm", "rev")]
    public static void Rev(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Ir.Unary(IrOp.ByteSwap, e.R(i.Rm)));

    [Encoding("11111010 1001 rn 1111 rd 1001 rm", "rev16")]
    public static void Rev16(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.SwapNeighbours(e.R(i.Rm), 8, 0x00ff00ff));

    [Encoding("11111010 1001 rn 1111 rd 1010 rm", "rbit")]
    public static void Rbit(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.ReverseBits(e.R(i.Rm)));

    [Encoding("11111010 1001 rn 1111 rd 1011 rm", "revsh")]
    public static void Revsh(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.ReverseSignedHalf(i.Rm));

    [Encoding("11111010 1010 rn 1111 rd 1000 rm", "sel", Requires = "DSP")]
    public static void Sel(A32Emitter e, T32Word i) => e.SelectBytes(i.Rd, i.Rn, i.Rm);

    [Encoding("11111010 1011 rn 1111 rd 1000 rm", "clz")]
    public static void Clz(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Ir.Unary(IrOp.Clz, e.R(i.Rm)));

    [Encoding("11111010 1100 rn 1111 rd 10 sz!=3 rm", "crc32{crc}", Requires = "CRC32")]
    public static void Crc32(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Ir.Call(IntegerHelpers.Crc32, e.R(i.Rn), e.R(i.Rm), e.Word(1 << i.Field(4, 2))));

    [Encoding("11111010 1101 rn 1111 rd 10 sz!=3 rm", "crc32c{crc}", Requires = "CRC32")]
    public static void Crc32C(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Ir.Call(IntegerHelpers.Crc32C, e.R(i.Rn), e.R(i.Rm), e.Word(1 << i.Field(4, 2))));
}
