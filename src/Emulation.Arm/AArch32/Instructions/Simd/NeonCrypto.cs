using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>AES, SHA-1, SHA-256, dot products. Arm DDI 0487, F4.1.13, F4.1.9.</summary>
[Extension("Neon crypto", Requires = "Neon")]
internal static class NeonCrypto
{
    [Encoding("111100111 d 11 00 00 vd 0 0110 0 m 0 vm", "aese.8", Requires = "AES")]
    public static void Aese(A32Emitter e, A32Word i) => Two(e, i, CryptoHelpers.AesEncrypt);

    [Encoding("111100111 d 11 00 00 vd 0 0110 1 m 0 vm", "aesd.8", Requires = "AES")]
    public static void Aesd(A32Emitter e, A32Word i) => Two(e, i, CryptoHelpers.AesDecrypt);

    [Encoding("111100111 d 11 00 00 vd 0 0111 0 m 0 vm", "aesmc.8", Requires = "AES")]
    public static void Aesmc(A32Emitter e, A32Word i) => Two(e, i, CryptoHelpers.AesMix);

    [Encoding("111100111 d 11 00 00 vd 0 0111 1 m 0 vm", "aesimc.8", Requires = "AES")]
    public static void Aesimc(A32Emitter e, A32Word i) => Two(e, i, CryptoHelpers.AesInverseMix);

    [Encoding("111100111 d 11 10 01 vd 0 0101 1 m 0 vm", "sha1h.32", Requires = "SHA1")]
    public static void Sha1H(A32Emitter e, A32Word i) => Two(e, i, CryptoHelpers.Sha1Rotate);

    [Encoding("111100111 d 11 10 10 vd 0 0111 0 m 0 vm", "sha1su1.32", Requires = "SHA1")]
    public static void Sha1Su1(A32Emitter e, A32Word i) => Two(e, i, CryptoHelpers.Sha1Schedule1);

    [Encoding("111100111 d 11 10 10 vd 0 0111 1 m 0 vm", "sha256su0.32", Requires = "SHA256")]
    public static void Sha256Su0(A32Emitter e, A32Word i) => Two(e, i, CryptoHelpers.Sha256Schedule0);

    [Encoding("111100100 d 00 vn vd 1100 n1 1 m 0 vm", "sha1c.32", Requires = "SHA1")]
    public static void Sha1C(A32Emitter e, A32Word i) => Three(e, i, CryptoHelpers.Sha1Choose);

    [Encoding("111100100 d 01 vn vd 1100 n1 1 m 0 vm", "sha1p.32", Requires = "SHA1")]
    public static void Sha1P(A32Emitter e, A32Word i) => Three(e, i, CryptoHelpers.Sha1Parity);

    [Encoding("111100100 d 10 vn vd 1100 n1 1 m 0 vm", "sha1m.32", Requires = "SHA1")]
    public static void Sha1M(A32Emitter e, A32Word i) => Three(e, i, CryptoHelpers.Sha1Majority);

    [Encoding("111100100 d 11 vn vd 1100 n1 1 m 0 vm", "sha1su0.32", Requires = "SHA1")]
    public static void Sha1Su0(A32Emitter e, A32Word i) => Three(e, i, CryptoHelpers.Sha1Schedule0);

    [Encoding("111100110 d 00 vn vd 1100 n1 1 m 0 vm", "sha256h.32", Requires = "SHA256")]
    public static void Sha256H(A32Emitter e, A32Word i) => Three(e, i, CryptoHelpers.Sha256Low);

    [Encoding("111100110 d 01 vn vd 1100 n1 1 m 0 vm", "sha256h2.32", Requires = "SHA256")]
    public static void Sha256H2(A32Emitter e, A32Word i) => Three(e, i, CryptoHelpers.Sha256High);

    [Encoding("111100110 d 10 vn vd 1100 n1 1 m 0 vm", "sha256su1.32", Requires = "SHA256")]
    public static void Sha256Su1(A32Emitter e, A32Word i) => Three(e, i, CryptoHelpers.Sha256Schedule1);

    [Encoding("11111100 0 d 10 vn vd 1101 n1 q m u vm", "v{dot}dot.{dot}8", Requires = "DotProd")]
    public static void Vdot(A32Emitter e, A32Word i)
    {
        if (e.HasRegisters(i))
            e.CallLanes(VectorHelpers.Dot, A32Emitter.Dd(i), A32Emitter.Dn(i), A32Emitter.Dm(i), Kind(i, -1), !i.Flag(6));
    }

    [Encoding("11111110 0 d 10 vn vd 1101 n1 q m u vm", "v{dot}dot.{dot}8", Requires = "DotProd")]
    public static void VdotScalar(A32Emitter e, A32Word i)
    {
        int registers = A32Emitter.Dd(i) | A32Emitter.Dn(i);
        if (i.Flag(6) ? e.HasRegisters(registers, i.Rm) : e.HasRegisters(0, registers | i.Rm))
            e.CallLanes(VectorHelpers.Dot, A32Emitter.Dd(i), A32Emitter.Dn(i), i.Rm, Kind(i, i.Field(5, 1)), !i.Flag(6));
    }

    private static VectorKind Kind(A32Word i, int index) => new(0, 2, A32Emitter.Count(i.Flag(6), 2), Index: index, Signed: !i.Flag(4));

    private static void Two(A32Emitter e, A32Word i, IrHelper helper)
    {
        if (e.HasRegisters(A32Emitter.Dd(i) | A32Emitter.Dm(i), 0))
            e.Ir.Call(helper, e.Word(VectorRegisters.Doubles(A32Emitter.Dd(i), A32Emitter.Dm(i), A32Emitter.Dm(i), false)));
    }

    private static void Three(A32Emitter e, A32Word i, IrHelper helper)
    {
        if (e.HasRegisters(A32Emitter.Dd(i) | A32Emitter.Dn(i) | A32Emitter.Dm(i), 0))
            e.Ir.Call(helper, e.Word(VectorRegisters.Doubles(A32Emitter.Dd(i), A32Emitter.Dn(i), A32Emitter.Dm(i), false)));
    }
}
