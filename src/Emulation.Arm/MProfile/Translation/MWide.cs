using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>Instructions of 32 bits that only the M profile has. DDI 0403E, B5.2; DDI 0553, C2.4.</summary>
[Extension("MProfile")]
internal static class MWide
{
    [Encoding("11110011 1000 rn 1000 imm2 00 imm8", "msr")]
    public static void Msr(MEmitter e, T32Word i) => e.WriteSpecial(i.Imm8, i.Field(10, 2), e.R(i.Rn));

    [Encoding("11110011 1110 1111 1000 rd imm8", "mrs")]
    public static void Mrs(MEmitter e, T32Word i) => e.ReadSpecial(i.Rd, i.Imm8);

    [Encoding("11101001 0111 1111 1110 1001 0111 1111", "sg", Requires = "V8M")]
    public static void Sg(MEmitter e, T32Word i) => e.SecureGateway();

    [Encoding("11101000 0100 rn!=15 1111 rd m n 000000", "tt", Requires = "V8M")]
    public static void Tt(MEmitter e, T32Word i) => e.TestTarget(i.Rd, i.Rn, i.Flag(7), i.Flag(6));
}
