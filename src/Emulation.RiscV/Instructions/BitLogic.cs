using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>What "Zbb" and "Zbkb" share: logic with negation, rotation, byte reversal. RISC-V Unprivileged ISA, "B" and "Scalar Cryptography".</summary>
[Extension("Zbb, Zbkb", Requires = "Zbb|Zbkb")]
internal static class BitLogic
{
    [Encoding("0100000 rs2 rs1 111 rd 0110011", "andn {rd}, {rs1}, {rs2}")]
    public static void Andn(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.And(e.X(i.Rs1), e.Ir.Not(e.X(i.Rs2))));

    [Encoding("0100000 rs2 rs1 110 rd 0110011", "orn {rd}, {rs1}, {rs2}")]
    public static void Orn(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Or(e.X(i.Rs1), e.Ir.Not(e.X(i.Rs2))));

    [Encoding("0100000 rs2 rs1 100 rd 0110011", "xnor {rd}, {rs1}, {rs2}")]
    public static void Xnor(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Not(e.Ir.Xor(e.X(i.Rs1), e.X(i.Rs2))));

    [Encoding("0110000 rs2 rs1 001 rd 0110011", "rol {rd}, {rs1}, {rs2}")]
    public static void Rol(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Binary(IrOp.RotL, e.X(i.Rs1), e.X(i.Rs2)));

    [Encoding("0110000 rs2 rs1 101 rd 0110011", "ror {rd}, {rs1}, {rs2}")]
    public static void Ror(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Binary(IrOp.RotR, e.X(i.Rs1), e.X(i.Rs2)));

    [Encoding("011000 shamt:6 rs1 101 rd 0010011", "rori {rd}, {rs1}, {shamt}", Requires = "RV64")]
    [Encoding("0110000 shamt:5 rs1 101 rd 0010011", "rori {rd}, {rs1}, {shamt}", Requires = "RV32")]
    public static void Rori(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Binary(IrOp.RotR, e.X(i.Rs1), e.Const(i.Shamt)));

    [Encoding("0110000 rs2 rs1 001 rd 0111011", "rolw {rd}, {rs1}, {rs2}", Requires = "RV64")]
    public static void Rolw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Binary(IrOp.RotL, e.W(i.Rs1), e.W(i.Rs2)));

    [Encoding("0110000 rs2 rs1 101 rd 0111011", "rorw {rd}, {rs1}, {rs2}", Requires = "RV64")]
    public static void Rorw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Binary(IrOp.RotR, e.W(i.Rs1), e.W(i.Rs2)));

    [Encoding("0110000 shamt:5 rs1 101 rd 0011011", "roriw {rd}, {rs1}, {shamt5}", Requires = "RV64")]
    public static void Roriw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Binary(IrOp.RotR, e.W(i.Rs1), e.Ir.Const((ulong)i.Shamt5, IrType.I32)));

    [Encoding("011010111000 rs1 101 rd 0010011", "rev8 {rd}, {rs1}", Requires = "RV64")]
    [Encoding("011010011000 rs1 101 rd 0010011", "rev8 {rd}, {rs1}", Requires = "RV32")]
    public static void Rev8(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.ByteSwap, e.X(i.Rs1)));
}
