using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Data processing with a plain constant. Arm DDI 0487, F3.1.11 "Data-processing (plain binary immediate)".</summary>
[Extension("V6T2")]
internal static class WideImmediate
{
    [Encoding("11110 i 10 0000 rn!=15 0 imm3 rd imm8", "addw")]
    [Encoding("11110 i 10 0000 1111 0 imm3 rd imm8", "addw")]
    public static void Addw(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Ir.Add(e.Base(i.Rn), i.Imm12));

    [Encoding("11110 i 10 1010 rn!=15 0 imm3 rd imm8", "subw")]
    [Encoding("11110 i 10 1010 1111 0 imm3 rd imm8", "subw")]
    public static void Subw(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Ir.Add(e.Base(i.Rn), -i.Imm12));

    [Encoding("11110 i 10 0100 imm4 0 imm3 rd imm8", "movw")]
    public static void Movw(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Word(i.Imm16));

    [Encoding("11110 i 10 1100 imm4 0 imm3 rd imm8", "movt")]
    public static void Movt(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.Ir.Or(e.Ir.And(e.R(i.Rd), e.Word(0xffff)), e.Word(i.Imm16 << 16)));

    [Encoding("11110 0 11 00 sh 0 rn 0 imm3 rd imm2 0 imm5", "ssat")]
    public static void Ssat(A32Emitter e, T32Word i) => Saturate(e, i, i.Field(0, 5) + 1, true);

    [Encoding("11110 0 11 10 sh 0 rn 0 imm3 rd imm2 0 imm5", "usat")]
    public static void Usat(A32Emitter e, T32Word i) => Saturate(e, i, i.Field(0, 5), false);

    [Encoding("11110 0 11 001 0 rn 0000 rd 0000 imm4", "ssat16", Requires = "DSP")]
    public static void Ssat16(A32Emitter e, T32Word i) => e.SaturateHalves(i.Rd, i.Rn, i.Field(0, 4) + 1, true);

    [Encoding("11110 0 11 101 0 rn 0000 rd 0000 imm4", "usat16", Requires = "DSP")]
    public static void Usat16(A32Emitter e, T32Word i) => e.SaturateHalves(i.Rd, i.Rn, i.Field(0, 4), false);

    [Encoding("11110 0 11 010 0 rn 0 imm3 rd imm2 0 widthm1", "sbfx")]
    [Encoding("11110 0 11 110 0 rn 0 imm3 rd imm2 0 widthm1", "ubfx")]
    public static void ExtractField(A32Emitter e, T32Word i) => e.ExtractField(i.Rd, i.Rn, i.ShiftAmount, i.Field(0, 5) + 1, !i.Flag(23));

    [Encoding("11110 0 11 011 0 rn!=15 0 imm3 rd imm2 0 imm5", "bfi")]
    [Encoding("11110 0 11 011 0 1111 0 imm3 rd imm2 0 imm5", "bfc")]
    public static void InsertField(A32Emitter e, T32Word i) => e.InsertField(i.Rd, i.Rn == 15 ? null : i.Rn, i.ShiftAmount, i.Field(0, 5));

    // an arithmetic shift by 0 is SSAT16 or USAT16, whose limits have four bits: others are UNPREDICTABLE, here undefined
    private static void Saturate(A32Emitter e, T32Word i, int bits, bool signed)
    {
        if (i.Flag(21) && i.ShiftAmount == 0)
            e.Undefined();
        else
            e.Saturate(i.Rd, e.Shift(i.Rn, i.Flag(21) ? 2 : 0, i.ShiftAmount, false).Value, bits, signed);
    }
}
