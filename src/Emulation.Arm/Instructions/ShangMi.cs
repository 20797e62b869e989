using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>SM3 and SM4. Arm DDI 0487, C7.2 "SM3PARTW1" to "SM4EKEY".</summary>
[Extension("Crypto", Requires = "AdvSIMD")]
internal static class ShangMi
{
    [Encoding("11001110 011 rm 1 1 00 00 rn rd", "sm3partw1", Requires = "SM3")]
    public static void Sm3Partw1(A64Emitter e, A64Word i) => Cryptography.Call(e, i, ShangMiHelpers.Part1);

    [Encoding("11001110 011 rm 1 1 00 01 rn rd", "sm3partw2", Requires = "SM3")]
    public static void Sm3Partw2(A64Emitter e, A64Word i) => Cryptography.Call(e, i, ShangMiHelpers.Part2);

    [Encoding("11001110 010 rm 0 ra rn rd", "sm3ss1", Requires = "SM3")]
    public static void Sm3Ss1(A64Emitter e, A64Word i)
        => e.Ir.Call(ShangMiHelpers.Sum, e.Word(i.Rd | (i.Rn << 5) | (i.Rm << 10) | (i.Ra << 15)));

    [Encoding("11001110 010 rm 10 imm2:2 00 rn rd", "sm3tt1a", Requires = "SM3")]
    [Encoding("11001110 010 rm 10 imm2:2 01 rn rd", "sm3tt1b", Requires = "SM3")]
    [Encoding("11001110 010 rm 10 imm2:2 10 rn rd", "sm3tt2a", Requires = "SM3")]
    [Encoding("11001110 010 rm 10 imm2:2 11 rn rd", "sm3tt2b", Requires = "SM3")]
    public static void Sm3Tt(A64Emitter e, A64Word i)
        => e.Ir.Call(ShangMiHelpers.Compress, e.Word(i.Rd | (i.Rn << 5) | (i.Rm << 10) | (i.Field(12, 2) << 15) | (i.Field(10, 2) << 20)));

    [Encoding("11001110 110 00000 1000 01 rn rd", "sm4e", Requires = "SM4")]
    public static void Sm4E(A64Emitter e, A64Word i) => Cryptography.Call(e, i, ShangMiHelpers.Encrypt);

    [Encoding("11001110 011 rm 1 1 00 10 rn rd", "sm4ekey", Requires = "SM4")]
    public static void Sm4Ekey(A64Emitter e, A64Word i) => Cryptography.Call(e, i, ShangMiHelpers.ExpandKey);
}
