using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Cryptography. Arm DDI 0487, C4.1.96 "Cryptographic AES", "three-register SHA", "two-register SHA", "three-register, SHA512", "four-register".</summary>
[Extension("Crypto", Requires = "AdvSIMD")]
internal static class Cryptography
{
    [Encoding("01001110 00 10100 00100 10 rn rd", "aese", Requires = "AES")]
    public static void Aese(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.AesEncrypt);

    [Encoding("01001110 00 10100 00101 10 rn rd", "aesd", Requires = "AES")]
    public static void Aesd(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.AesDecrypt);

    [Encoding("01001110 00 10100 00110 10 rn rd", "aesmc", Requires = "AES")]
    public static void Aesmc(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.AesMix);

    [Encoding("01001110 00 10100 00111 10 rn rd", "aesimc", Requires = "AES")]
    public static void Aesimc(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.AesInverseMix);

    [Encoding("01011110 000 rm 0 000 00 rn rd", "sha1c", Requires = "SHA1")]
    public static void Sha1C(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha1Choose);

    [Encoding("01011110 000 rm 0 001 00 rn rd", "sha1p", Requires = "SHA1")]
    public static void Sha1P(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha1Parity);

    [Encoding("01011110 000 rm 0 010 00 rn rd", "sha1m", Requires = "SHA1")]
    public static void Sha1M(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha1Majority);

    [Encoding("01011110 000 rm 0 011 00 rn rd", "sha1su0", Requires = "SHA1")]
    public static void Sha1Su0(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha1Schedule0);

    [Encoding("01011110 000 rm 0 100 00 rn rd", "sha256h", Requires = "SHA256")]
    public static void Sha256H(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha256Low);

    [Encoding("01011110 000 rm 0 101 00 rn rd", "sha256h2", Requires = "SHA256")]
    public static void Sha256H2(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha256High);

    [Encoding("01011110 000 rm 0 110 00 rn rd", "sha256su1", Requires = "SHA256")]
    public static void Sha256Su1(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha256Schedule1);

    [Encoding("01011110 00 10100 00000 10 rn rd", "sha1h", Requires = "SHA1")]
    public static void Sha1H(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha1Rotate);

    [Encoding("01011110 00 10100 00001 10 rn rd", "sha1su1", Requires = "SHA1")]
    public static void Sha1Su1(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha1Schedule1);

    [Encoding("01011110 00 10100 00010 10 rn rd", "sha256su0", Requires = "SHA256")]
    public static void Sha256Su0(A64Emitter e, A64Word i) => Call(e, i, CryptoHelpers.Sha256Schedule0);

    [Encoding("11001110 000 rm 0 ra rn rd", "eor3", Requires = "SHA3")]
    public static void Eor3(A64Emitter e, A64Word i)
        => e.SetV(i.Rd, e.Ir.Vector(IrOp.VXor, e.V(i.Rn), e.Ir.Vector(IrOp.VXor, e.V(i.Rm), e.V(i.Ra))));

    [Encoding("11001110 001 rm 0 ra rn rd", "bcax", Requires = "SHA3")]
    public static void Bcax(A64Emitter e, A64Word i)
        => e.SetV(i.Rd, e.Ir.Vector(IrOp.VXor, e.V(i.Rn), e.Ir.Vector(IrOp.VAndNot, e.V(i.Rm), e.V(i.Ra))));

    [Encoding("11001110 011 rm 1 0 00 11 rn rd", "rax1", Requires = "SHA3")]
    public static void Rax1(A64Emitter e, A64Word i) => e.SetV(i.Rd, e.Ir.Vector(IrOp.VXor, e.V(i.Rn), Rotated(e, e.V(i.Rm), 63)));

    [Encoding("11001110 100 rm imm6 rn rd", "xar", Requires = "SHA3")]
    public static void Xar(A64Emitter e, A64Word i)
        => e.SetV(i.Rd, Rotated(e, e.Ir.Vector(IrOp.VXor, e.V(i.Rn), e.V(i.Rm)), i.Imm6));

    private static IrValue Rotated(A64Emitter e, IrValue value, int right)
        => right == 0 ? value : e.Ir.Vector(
            IrOp.VOr,
            e.Ir.VectorShift(IrOp.VShrU, LaneShape.I64x2, value, right),
            e.Ir.VectorShift(IrOp.VShl, LaneShape.I64x2, value, 64 - right));

    public static void Call(A64Emitter e, A64Word i, IrHelper helper) => e.Ir.Call(helper, e.Word(i.Rd | (i.Rn << 5) | (i.Rm << 10)));
}
