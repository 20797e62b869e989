using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Loads and stores of one register. Arm DDI 0487, F3.1.15.</summary>
[Extension("V6T2")]
internal static class WideLoadStore
{
    [Encoding("11111000 1000 rn!=15 rt imm12", "strb")]
    [Encoding("11111000 0000 rn!=15 rt 000000 imm2 rm", "strb")]
    [Encoding("11111000 0000 rn!=15 rt 1100 imm8", "strb")]
    [Encoding("11111000 0000 rn!=15 rt 1 p u 1 imm8", "strb")]
    [Encoding("11111000 0000 rn!=15 rt 1110 imm8", "strbt")]
    public static void StoreByte(A32Emitter e, T32Word i) => e.Store(i.Rt, Form(e, i), 1);

    [Encoding("11111000 1010 rn!=15 rt imm12", "strh")]
    [Encoding("11111000 0010 rn!=15 rt 000000 imm2 rm", "strh")]
    [Encoding("11111000 0010 rn!=15 rt 1100 imm8", "strh")]
    [Encoding("11111000 0010 rn!=15 rt 1 p u 1 imm8", "strh")]
    [Encoding("11111000 0010 rn!=15 rt 1110 imm8", "strht")]
    public static void StoreHalf(A32Emitter e, T32Word i) => e.Store(i.Rt, Form(e, i), 2);

    [Encoding("11111000 1100 rn!=15 rt imm12", "str")]
    [Encoding("11111000 0100 rn!=15 rt 000000 imm2 rm", "str")]
    [Encoding("11111000 0100 rn!=15 rt 1100 imm8", "str")]
    [Encoding("11111000 0100 rn!=15 rt 1 p u 1 imm8", "str")]
    [Encoding("11111000 0100 rn!=15 rt 1110 imm8", "strt")]
    public static void StoreWord(A32Emitter e, T32Word i) => e.Store(i.Rt, Form(e, i), 4);

    [Encoding("11111000 1001 rn!=15 rt!=15 imm12", "ldrb")]
    [Encoding("11111000 0001 rn!=15 rt!=15 000000 imm2 rm", "ldrb")]
    [Encoding("11111000 0001 rn!=15 rt!=15 1100 imm8", "ldrb")]
    [Encoding("11111000 0001 rn!=15 rt 1 p u 1 imm8", "ldrb")]
    [Encoding("11111000 0001 rn!=15 rt 1110 imm8", "ldrbt")]
    [Encoding("11111000 u 001 1111 rt!=15 imm12", "ldrb")]
    public static void LoadByte(A32Emitter e, T32Word i) => e.Load(i.Rt, Form(e, i), 1);

    [Encoding("11111000 1011 rn!=15 rt!=15 imm12", "ldrh")]
    [Encoding("11111000 0011 rn!=15 rt!=15 000000 imm2 rm", "ldrh")]
    [Encoding("11111000 0011 rn!=15 rt!=15 1100 imm8", "ldrh")]
    [Encoding("11111000 0011 rn!=15 rt 1 p u 1 imm8", "ldrh")]
    [Encoding("11111000 0011 rn!=15 rt 1110 imm8", "ldrht")]
    [Encoding("11111000 u 011 1111 rt!=15 imm12", "ldrh")]
    public static void LoadHalf(A32Emitter e, T32Word i) => e.Load(i.Rt, Form(e, i), 2);

    [Encoding("11111000 1101 rn!=15 rt imm12", "ldr")]
    [Encoding("11111000 0101 rn!=15 rt 000000 imm2 rm", "ldr")]
    [Encoding("11111000 0101 rn!=15 rt 1100 imm8", "ldr")]
    [Encoding("11111000 0101 rn!=15 rt 1 p u 1 imm8", "ldr")]
    [Encoding("11111000 0101 rn!=15 rt 1110 imm8", "ldrt")]
    [Encoding("11111000 u 101 1111 rt imm12", "ldr")]
    public static void LoadWord(A32Emitter e, T32Word i) => e.Load(i.Rt, Form(e, i), 4);

    [Encoding("11111001 1001 rn!=15 rt!=15 imm12", "ldrsb")]
    [Encoding("11111001 0001 rn!=15 rt!=15 000000 imm2 rm", "ldrsb")]
    [Encoding("11111001 0001 rn!=15 rt!=15 1100 imm8", "ldrsb")]
    [Encoding("11111001 0001 rn!=15 rt 1 p u 1 imm8", "ldrsb")]
    [Encoding("11111001 0001 rn!=15 rt 1110 imm8", "ldrsbt")]
    [Encoding("11111001 u 001 1111 rt!=15 imm12", "ldrsb")]
    public static void LoadSignedByte(A32Emitter e, T32Word i) => e.Load(i.Rt, Form(e, i), 1, true);

    [Encoding("11111001 1011 rn!=15 rt!=15 imm12", "ldrsh")]
    [Encoding("11111001 0011 rn!=15 rt!=15 000000 imm2 rm", "ldrsh")]
    [Encoding("11111001 0011 rn!=15 rt!=15 1100 imm8", "ldrsh")]
    [Encoding("11111001 0011 rn!=15 rt 1 p u 1 imm8", "ldrsh")]
    [Encoding("11111001 0011 rn!=15 rt 1110 imm8", "ldrsht")]
    [Encoding("11111001 u 011 1111 rt!=15 imm12", "ldrsh")]
    public static void LoadSignedHalf(A32Emitter e, T32Word i) => e.Load(i.Rt, Form(e, i), 2, true);

    [Encoding("11111000 1001 rn!=15 1111 imm12", "pld")]
    [Encoding("11111000 0001 rn!=15 1111 000000 imm2 rm", "pld")]
    [Encoding("11111000 0001 rn!=15 1111 1100 imm8", "pld")]
    [Encoding("11111000 u 001 1111 1111 imm12", "pld")]
    [Encoding("11111000 1011 rn!=15 1111 imm12", "pldw", Requires = "MultiProcessing")]
    [Encoding("11111000 0011 rn!=15 1111 000000 imm2 rm", "pldw", Requires = "MultiProcessing")]
    [Encoding("11111000 0011 rn!=15 1111 1100 imm8", "pldw", Requires = "MultiProcessing")]
    [Encoding("11111001 1001 rn!=15 1111 imm12", "pli", Requires = "V7")]
    [Encoding("11111001 0001 rn!=15 1111 000000 imm2 rm", "pli", Requires = "V7")]
    [Encoding("11111001 0001 rn!=15 1111 1100 imm8", "pli", Requires = "V7")]
    [Encoding("11111001 u 001 1111 1111 imm12", "pli", Requires = "V7")]
    [Encoding("11111000 u 011 1111 1111 imm12", "nop")]
    [Encoding("11111001 1011 rn!=15 1111 imm12", "nop")]
    [Encoding("11111001 0011 rn!=15 1111 000000 imm2 rm", "nop")]
    [Encoding("11111001 0011 rn!=15 1111 1100 imm8", "nop")]
    [Encoding("11111001 u 011 1111 1111 imm12", "nop")]
    public static void Preload(A32Emitter e, T32Word i)
    {
    }

    private static A32Address Form(A32Emitter e, T32Word i)
    {
        if (i.Rn == A32Emitter.PcNumber)
            return new A32Address(i.Rn, e.Word(i.Field(0, 12)), i.Flag(23));
        if (i.Flag(23))
            return new A32Address(i.Rn, e.Word(i.Field(0, 12)));
        if (!i.Flag(11))
            return new A32Address(i.Rn, e.Shift(i.Rm, 0, i.Field(4, 2), false).Value);
        return new A32Address(i.Rn, e.Word(i.Field(0, 8)), i.Flag(9), i.Flag(10), i.Flag(8), i.Field(8, 4) == 0b1110);
    }
}
