using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zkne", "Zknd": AES encryption and decryption. RISC-V Unprivileged ISA, "Scalar Cryptography"; FIPS 197.</summary>
[Extension("Zkne, Zknd", Requires = "")]
internal static class Aes
{
    [Encoding("bs:2 10001 rs2 rs1 000 rd 0110011", "aes32esi {rd}, {rs1}, {rs2}, {bs}", Requires = "RV32 Zkne")]
    public static void Aes32esi(RvEmitter e, RvWord i) => Byte(e, i, AesHelpers.Encrypt32);

    [Encoding("bs:2 10011 rs2 rs1 000 rd 0110011", "aes32esmi {rd}, {rs1}, {rs2}, {bs}", Requires = "RV32 Zkne")]
    public static void Aes32esmi(RvEmitter e, RvWord i) => Byte(e, i, AesHelpers.EncryptMix32);

    [Encoding("bs:2 10101 rs2 rs1 000 rd 0110011", "aes32dsi {rd}, {rs1}, {rs2}, {bs}", Requires = "RV32 Zknd")]
    public static void Aes32dsi(RvEmitter e, RvWord i) => Byte(e, i, AesHelpers.Decrypt32);

    [Encoding("bs:2 10111 rs2 rs1 000 rd 0110011", "aes32dsmi {rd}, {rs1}, {rs2}, {bs}", Requires = "RV32 Zknd")]
    public static void Aes32dsmi(RvEmitter e, RvWord i) => Byte(e, i, AesHelpers.DecryptMix32);

    [Encoding("0011001 rs2 rs1 000 rd 0110011", "aes64es {rd}, {rs1}, {rs2}", Requires = "RV64 Zkne")]
    public static void Aes64es(RvEmitter e, RvWord i) => Call(e, i, AesHelpers.Encrypt64);

    [Encoding("0011011 rs2 rs1 000 rd 0110011", "aes64esm {rd}, {rs1}, {rs2}", Requires = "RV64 Zkne")]
    public static void Aes64esm(RvEmitter e, RvWord i) => Call(e, i, AesHelpers.EncryptMix64);

    [Encoding("0011101 rs2 rs1 000 rd 0110011", "aes64ds {rd}, {rs1}, {rs2}", Requires = "RV64 Zknd")]
    public static void Aes64ds(RvEmitter e, RvWord i) => Call(e, i, AesHelpers.Decrypt64);

    [Encoding("0011111 rs2 rs1 000 rd 0110011", "aes64dsm {rd}, {rs1}, {rs2}", Requires = "RV64 Zknd")]
    public static void Aes64dsm(RvEmitter e, RvWord i) => Call(e, i, AesHelpers.DecryptMix64);

    [Encoding("001100000000 rs1 001 rd 0010011", "aes64im {rd}, {rs1}", Requires = "RV64 Zknd")]
    public static void Aes64im(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Call(AesHelpers.InverseMix64, e.X(i.Rs1)));

    [Encoding("00110001 rnum:4!=11,12,13,14,15 rs1 001 rd 0010011", "aes64ks1i {rd}, {rs1}, {rnum}", Requires = "RV64 Zkne | RV64 Zknd")]
    public static void Aes64ks1i(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Call(AesHelpers.KeySchedule1, e.X(i.Rs1), e.Ir.Const((ulong)i.Rs2 & 15)));

    [Encoding("0111111 rs2 rs1 000 rd 0110011", "aes64ks2 {rd}, {rs1}, {rs2}", Requires = "RV64 Zkne | RV64 Zknd")]
    public static void Aes64ks2(RvEmitter e, RvWord i)
    {
        IrValue low = e.Ir.Xor(e.Ir.ShrU(e.X(i.Rs1), 32), e.Ir.And(e.X(i.Rs2), e.Const(0xffffffff)));
        IrValue high = e.Ir.Xor(low, e.Ir.ShrU(e.X(i.Rs2), 32));
        e.SetX(i.Rd, e.Ir.Or(low, e.Ir.Shl(high, 32)));
    }

    private static void Byte(RvEmitter e, RvWord i, IrHelper helper)
        => e.SetX(i.Rd, e.Ir.Call(helper, e.X(i.Rs1), e.X(i.Rs2), e.Ir.Const(i.Bits >> 30)));

    private static void Call(RvEmitter e, RvWord i, IrHelper helper) => e.SetX(i.Rd, e.Ir.Call(helper, e.X(i.Rs1), e.X(i.Rs2)));
}
