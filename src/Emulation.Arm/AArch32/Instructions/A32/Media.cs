using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.A32;

/// <summary>Media instructions and bit fields. Arm DDI 0487, F4.1.4.</summary>
[Extension("AArch32")]
internal static class Media
{
    [Encoding("cond!=15 01100 001 rn rd 1111 op2!=5,6 1 rm", "s{parallel}{c}", Requires = "V6")]
    [Encoding("cond!=15 01100 010 rn rd 1111 op2!=5,6 1 rm", "q{parallel}{c}", Requires = "V6")]
    [Encoding("cond!=15 01100 011 rn rd 1111 op2!=5,6 1 rm", "sh{parallel}{c}", Requires = "V6")]
    [Encoding("cond!=15 01100 101 rn rd 1111 op2!=5,6 1 rm", "u{parallel}{c}", Requires = "V6")]
    [Encoding("cond!=15 01100 110 rn rd 1111 op2!=5,6 1 rm", "uq{parallel}{c}", Requires = "V6")]
    [Encoding("cond!=15 01100 111 rn rd 1111 op2!=5,6 1 rm", "uh{parallel}{c}", Requires = "V6")]
    public static void Parallel(A32Emitter e, A32Word i) => e.Parallel(i.Rd, i.Rn, i.Rm, (ParallelOp)i.Field(5, 3), (ParallelKind)i.Field(20, 3));

    [Encoding("cond!=15 01101000 rn rd imm5 0 01 rm", "pkhbt{c}", Requires = "V6")]
    public static void Pkhbt(A32Emitter e, A32Word i)
        => e.SetR(i.Rd, e.Pack(e.R(i.Rn), e.Ir.ShrU(e.Shift(i.Rm, 0, i.Imm5, false).Value, 16)));

    [Encoding("cond!=15 01101000 rn rd imm5 1 01 rm", "pkhtb{c}", Requires = "V6")]
    public static void Pkhtb(A32Emitter e, A32Word i)
        => e.SetR(i.Rd, e.Pack(e.Shift(i.Rm, 2, i.Imm5, false).Value, e.Ir.ShrU(e.R(i.Rn), 16)));

    [Encoding("cond!=15 0110101 imm5h rd imm5 sh 01 rn0", "ssat{c}", Requires = "V6")]
    public static void Ssat(A32Emitter e, A32Word i)
        => e.Saturate(i.Rd, e.Shift(i.Rm, i.Flag(6) ? 2 : 0, i.Imm5, false).Value, i.Field(16, 5) + 1, true);

    [Encoding("cond!=15 0110111 imm5h rd imm5 sh 01 rn0", "usat{c}", Requires = "V6")]
    public static void Usat(A32Emitter e, A32Word i)
        => e.Saturate(i.Rd, e.Shift(i.Rm, i.Flag(6) ? 2 : 0, i.Imm5, false).Value, i.Field(16, 5), false);

    [Encoding("cond!=15 01101010 imm4 rd 1111 0011 rn0", "ssat16{c}", Requires = "V6")]
    public static void Ssat16(A32Emitter e, A32Word i) => e.SaturateHalves(i.Rd, i.Rm, i.Field(16, 4) + 1, true);

    [Encoding("cond!=15 01101110 imm4 rd 1111 0011 rn0", "usat16{c}", Requires = "V6")]
    public static void Usat16(A32Emitter e, A32Word i) => e.SaturateHalves(i.Rd, i.Rm, i.Field(16, 4), false);

    [Encoding("cond!=15 01101 000 1111 rd rot 00 0111 rm", "sxtb16{c}", Requires = "V6")]
    [Encoding("cond!=15 01101 100 1111 rd rot 00 0111 rm", "uxtb16{c}", Requires = "V6")]
    public static void ExtendBytes(A32Emitter e, A32Word i) => e.ExtendBytes(i.Rd, null, i.Rm, i.Field(10, 2), !i.Flag(22));

    [Encoding("cond!=15 01101 000 rn!=15 rd rot 00 0111 rm", "sxtab16{c}", Requires = "V6")]
    [Encoding("cond!=15 01101 100 rn!=15 rd rot 00 0111 rm", "uxtab16{c}", Requires = "V6")]
    public static void ExtendAddBytes(A32Emitter e, A32Word i) => e.ExtendBytes(i.Rd, i.Rn, i.Rm, i.Field(10, 2), !i.Flag(22));

    [Encoding("cond!=15 01101 010 1111 rd rot 00 0111 rm", "sxtb{c}", Requires = "V6")]
    [Encoding("cond!=15 01101 011 1111 rd rot 00 0111 rm", "sxth{c}", Requires = "V6")]
    [Encoding("cond!=15 01101 110 1111 rd rot 00 0111 rm", "uxtb{c}", Requires = "V6")]
    [Encoding("cond!=15 01101 111 1111 rd rot 00 0111 rm", "uxth{c}", Requires = "V6")]
    public static void Extend(A32Emitter e, A32Word i) => e.Extend(i.Rd, null, i.Rm, i.Field(10, 2), i.Flag(20) ? 16 : 8, !i.Flag(22));

    [Encoding("cond!=15 01101 010 rn!=15 rd rot 00 0111 rm", "sxtab{c}", Requires = "V6")]
    [Encoding("cond!=15 01101 011 rn!=15 rd rot 00 0111 rm", "sxtah{c}", Requires = "V6")]
    [Encoding("cond!=15 01101 110 rn!=15 rd rot 00 0111 rm", "uxtab{c}", Requires = "V6")]
    [Encoding("cond!=15 01101 111 rn!=15 rd rot 00 0111 rm", "uxtah{c}", Requires = "V6")]
    public static void ExtendAdd(A32Emitter e, A32Word i) => e.Extend(i.Rd, i.Rn, i.Rm, i.Field(10, 2), i.Flag(20) ? 16 : 8, !i.Flag(22));

    [Encoding("cond!=15 01101000 rn rd 1111 1011 rm", "sel{c}", Requires = "V6")]
    public static void Sel(A32Emitter e, A32Word i) => e.SelectBytes(i.Rd, i.Rn, i.Rm);

    [Encoding("cond!=15 01101011 1111 rd 1111 0011 rm", "rev{c}", Requires = "V6")]
    public static void Rev(A32Emitter e, A32Word i) => e.SetR(i.Rd, e.Ir.Unary(IrOp.ByteSwap, e.R(i.Rm)));

    [Encoding("cond!=15 01101011 1111 rd 1111 1011 rm", "rev16{c}", Requires = "V6")]
    public static void Rev16(A32Emitter e, A32Word i) => e.SetR(i.Rd, e.SwapNeighbours(e.R(i.Rm), 8, 0x00ff00ff));

    [Encoding("cond!=15 01101111 1111 rd 1111 0011 rm", "rbit{c}", Requires = "V6T2")]
    public static void Rbit(A32Emitter e, A32Word i) => e.SetR(i.Rd, e.ReverseBits(e.R(i.Rm)));

    [Encoding("cond!=15 01101111 1111 rd 1111 1011 rm", "revsh{c}", Requires = "V6")]
    public static void Revsh(A32Emitter e, A32Word i) => e.SetR(i.Rd, e.ReverseSignedHalf(i.Rm));

    [Encoding("cond!=15 01111000 rd4 1111 rs 0001 rm", "usad8{c}", Requires = "V6")]
    public static void Usad8(A32Emitter e, A32Word i) => e.SetR(i.Rn, e.Ir.Call(MediaHelpers.SumOfDifferences, e.R(i.Rm), e.R(i.Rs)));

    [Encoding("cond!=15 01111000 rd4 ra!=15 rs 0001 rm", "usada8{c}", Requires = "V6")]
    public static void Usada8(A32Emitter e, A32Word i)
        => e.SetR(i.Rn, e.Ir.Add(e.R(i.Rd), e.Ir.Call(MediaHelpers.SumOfDifferences, e.R(i.Rm), e.R(i.Rs))));

    [Encoding("cond!=15 0111101 widthm1 rd lsb 101 rn0", "sbfx{c}", Requires = "V6T2")]
    [Encoding("cond!=15 0111111 widthm1 rd lsb 101 rn0", "ubfx{c}", Requires = "V6T2")]
    public static void ExtractField(A32Emitter e, A32Word i) => e.ExtractField(i.Rd, i.Rm, i.Imm5, i.Field(16, 5) + 1, !i.Flag(22));

    [Encoding("cond!=15 0111110 msb rd lsb 001 1111", "bfc{c}", Requires = "V6T2")]
    public static void Bfc(A32Emitter e, A32Word i) => e.InsertField(i.Rd, null, i.Imm5, i.Field(16, 5));

    [Encoding("cond!=15 0111110 msb rd lsb 001 rn0!=15", "bfi{c}", Requires = "V6T2")]
    public static void Bfi(A32Emitter e, A32Word i) => e.InsertField(i.Rd, i.Rm, i.Imm5, i.Field(16, 5));

    [Encoding("cond!=15 00010110 1111 rd 1111 0001 rm", "clz{c}", Requires = "V5TE")]
    public static void Clz(A32Emitter e, A32Word i) => e.SetR(i.Rd, e.Ir.Unary(IrOp.Clz, e.R(i.Rm)));

    [Encoding("cond!=15 00010 sz2!=3 0 rn rd 0000 0100 rm", "crc32{crc}{c}", Requires = "CRC32")]
    public static void Crc32(A32Emitter e, A32Word i) => e.SetR(i.Rd, e.Ir.Call(IntegerHelpers.Crc32, e.R(i.Rn), e.R(i.Rm), e.Word(1 << i.Field(21, 2))));

    [Encoding("cond!=15 00010 sz2!=3 0 rn rd 0010 0100 rm", "crc32c{crc}{c}", Requires = "CRC32")]
    public static void Crc32C(A32Emitter e, A32Word i) => e.SetR(i.Rd, e.Ir.Call(IntegerHelpers.Crc32C, e.R(i.Rn), e.R(i.Rm), e.Word(1 << i.Field(21, 2))));

    [Encoding("1110 01111111 imm12h 1111 imm4", "udf")]
    public static void Udf(A32Emitter e, A32Word i) => e.Undefined();
}
