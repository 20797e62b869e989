using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zknh": SHA-2. RISC-V Unprivileged ISA, "Scalar Cryptography"; FIPS 180-4.</summary>
[Extension("Zknh")]
internal static class Zknh
{
    [Encoding("0001000 00000 rs1 001 rd 0010011", "sha256sum0 {rd}, {rs1}")]
    public static void Sha256sum0(RvEmitter e, RvWord i) => Sha256(e, i, 2, 13, 22, false);

    [Encoding("0001000 00001 rs1 001 rd 0010011", "sha256sum1 {rd}, {rs1}")]
    public static void Sha256sum1(RvEmitter e, RvWord i) => Sha256(e, i, 6, 11, 25, false);

    [Encoding("0001000 00010 rs1 001 rd 0010011", "sha256sig0 {rd}, {rs1}")]
    public static void Sha256sig0(RvEmitter e, RvWord i) => Sha256(e, i, 7, 18, 3, true);

    [Encoding("0001000 00011 rs1 001 rd 0010011", "sha256sig1 {rd}, {rs1}")]
    public static void Sha256sig1(RvEmitter e, RvWord i) => Sha256(e, i, 17, 19, 10, true);

    [Encoding("0001000 00100 rs1 001 rd 0010011", "sha512sum0 {rd}, {rs1}", Requires = "RV64")]
    public static void Sha512sum0(RvEmitter e, RvWord i) => Sha512(e, i, 28, 34, 39, false);

    [Encoding("0001000 00101 rs1 001 rd 0010011", "sha512sum1 {rd}, {rs1}", Requires = "RV64")]
    public static void Sha512sum1(RvEmitter e, RvWord i) => Sha512(e, i, 14, 18, 41, false);

    [Encoding("0001000 00110 rs1 001 rd 0010011", "sha512sig0 {rd}, {rs1}", Requires = "RV64")]
    public static void Sha512sig0(RvEmitter e, RvWord i) => Sha512(e, i, 1, 8, 7, true);

    [Encoding("0001000 00111 rs1 001 rd 0010011", "sha512sig1 {rd}, {rs1}", Requires = "RV64")]
    public static void Sha512sig1(RvEmitter e, RvWord i) => Sha512(e, i, 19, 61, 6, true);

    [Encoding("0101000 rs2 rs1 000 rd 0110011", "sha512sum0r {rd}, {rs1}, {rs2}", Requires = "RV32")]
    public static void Sha512sum0r(RvEmitter e, RvWord i) => Sha512Half(e, i, 28, 34, 39, 0, true);

    [Encoding("0101001 rs2 rs1 000 rd 0110011", "sha512sum1r {rd}, {rs1}, {rs2}", Requires = "RV32")]
    public static void Sha512sum1r(RvEmitter e, RvWord i) => Sha512Half(e, i, 14, 18, 41, 0, true);

    [Encoding("0101010 rs2 rs1 000 rd 0110011", "sha512sig0l {rd}, {rs1}, {rs2}", Requires = "RV32")]
    public static void Sha512sig0l(RvEmitter e, RvWord i) => Sha512Half(e, i, 1, 8, 0, 7, true);

    [Encoding("0101110 rs2 rs1 000 rd 0110011", "sha512sig0h {rd}, {rs1}, {rs2}", Requires = "RV32")]
    public static void Sha512sig0h(RvEmitter e, RvWord i) => Sha512Half(e, i, 1, 8, 0, 7, false);

    [Encoding("0101011 rs2 rs1 000 rd 0110011", "sha512sig1l {rd}, {rs1}, {rs2}", Requires = "RV32")]
    public static void Sha512sig1l(RvEmitter e, RvWord i) => Sha512Half(e, i, 19, 61, 0, 6, true);

    [Encoding("0101111 rs2 rs1 000 rd 0110011", "sha512sig1h {rd}, {rs1}, {rs2}", Requires = "RV32")]
    public static void Sha512sig1h(RvEmitter e, RvWord i) => Sha512Half(e, i, 19, 61, 0, 6, false);

    private static void Sha256(RvEmitter e, RvWord i, int a, int b, int c, bool shiftLast)
        => e.SetX(i.Rd, Mix(e, e.W(i.Rs1), a, b, c, shiftLast));

    private static void Sha512(RvEmitter e, RvWord i, int a, int b, int c, bool shiftLast)
        => e.SetX(i.Rd, Mix(e, e.X(i.Rs1), a, b, c, shiftLast));

    private static IrValue Mix(RvEmitter e, IrValue x, int a, int b, int c, bool shiftLast)
    {
        IrValue last = shiftLast ? e.Ir.ShrU(x, c) : Rotate(e, x, c);
        return e.Ir.Xor(e.Ir.Xor(Rotate(e, x, a), Rotate(e, x, b)), last);
    }

    // One half of a 64-bit function. The "r" and "l" forms take the low half of the word in rs1 and the high half in rs2 and give
    // the low half of the result, or with the operands the other way round the high half. The "h" forms give the high half of the
    // "sig" functions: the shifted term takes no bits from the other half there.
    private static void Sha512Half(RvEmitter e, RvWord i, int a, int b, int c, int shift, bool crossing)
    {
        IrValue own = e.X(i.Rs1), other = e.X(i.Rs2);
        IrValue x = e.Ir.Xor(RotateHalf(e, own, other, a), RotateHalf(e, own, other, b));
        if (c != 0)
            x = e.Ir.Xor(x, RotateHalf(e, own, other, c));
        if (shift != 0)
            x = e.Ir.Xor(x, crossing ? RotateHalf(e, own, other, shift) : e.Ir.ShrU(own, shift));
        e.SetX(i.Rd, x);
    }

    // 32 bits of the 64-bit value other:own rotated right
    private static IrValue RotateHalf(RvEmitter e, IrValue own, IrValue other, int amount)
    {
        if (amount >= 32)
            (own, other, amount) = (other, own, amount - 32);
        return e.Ir.Or(e.Ir.ShrU(own, amount), e.Ir.Shl(other, 32 - amount));
    }

    private static IrValue Rotate(RvEmitter e, IrValue x, int amount) => e.Ir.Binary(IrOp.RotR, x, e.Ir.Const((ulong)amount, x.Type));
}
