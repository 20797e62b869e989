using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>SHA-512. Arm DDI 0487, C7.2 "SHA512H" to "SHA512SU1".</summary>
[Extension("Crypto", Requires = "AdvSIMD SHA512")]
internal static class Sha512
{
    [Encoding("11001110 011 rm 1 0 00 00 rn rd", "sha512h")]
    public static void Sha512H(A64Emitter e, A64Word i) => Cryptography.Call(e, i, Sha512Helpers.Low);

    [Encoding("11001110 011 rm 1 0 00 01 rn rd", "sha512h2")]
    public static void Sha512H2(A64Emitter e, A64Word i) => Cryptography.Call(e, i, Sha512Helpers.High);

    [Encoding("11001110 110 00000 1000 00 rn rd", "sha512su0")]
    public static void Sha512Su0(A64Emitter e, A64Word i) => Cryptography.Call(e, i, Sha512Helpers.Schedule0);

    [Encoding("11001110 011 rm 1 0 00 10 rn rd", "sha512su1")]
    public static void Sha512Su1(A64Emitter e, A64Word i) => Cryptography.Call(e, i, Sha512Helpers.Schedule1);
}
