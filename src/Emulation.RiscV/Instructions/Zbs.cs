using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zbs": single bits. RISC-V Unprivileged ISA, "B". Bit numbers are modulo XLEN, as the IR's shifts are.</summary>
[Extension("Zbs")]
internal static class Zbs
{
    [Encoding("0100100 rs2 rs1 001 rd 0110011", "bclr {rd}, {rs1}, {rs2}")]
    public static void Bclr(RvEmitter e, RvWord i) => Clear(e, i, e.X(i.Rs2));

    [Encoding("010010 shamt:6 rs1 001 rd 0010011", "bclri {rd}, {rs1}, {shamt}", Requires = "RV64")]
    [Encoding("0100100 shamt:5 rs1 001 rd 0010011", "bclri {rd}, {rs1}, {shamt}", Requires = "RV32")]
    public static void Bclri(RvEmitter e, RvWord i) => Clear(e, i, e.Const(i.Shamt));

    [Encoding("0100100 rs2 rs1 101 rd 0110011", "bext {rd}, {rs1}, {rs2}")]
    public static void Bext(RvEmitter e, RvWord i) => Extract(e, i, e.X(i.Rs2));

    [Encoding("010010 shamt:6 rs1 101 rd 0010011", "bexti {rd}, {rs1}, {shamt}", Requires = "RV64")]
    [Encoding("0100100 shamt:5 rs1 101 rd 0010011", "bexti {rd}, {rs1}, {shamt}", Requires = "RV32")]
    public static void Bexti(RvEmitter e, RvWord i) => Extract(e, i, e.Const(i.Shamt));

    [Encoding("0110100 rs2 rs1 001 rd 0110011", "binv {rd}, {rs1}, {rs2}")]
    public static void Binv(RvEmitter e, RvWord i) => Invert(e, i, e.X(i.Rs2));

    [Encoding("011010 shamt:6 rs1 001 rd 0010011", "binvi {rd}, {rs1}, {shamt}", Requires = "RV64")]
    [Encoding("0110100 shamt:5 rs1 001 rd 0010011", "binvi {rd}, {rs1}, {shamt}", Requires = "RV32")]
    public static void Binvi(RvEmitter e, RvWord i) => Invert(e, i, e.Const(i.Shamt));

    [Encoding("0010100 rs2 rs1 001 rd 0110011", "bset {rd}, {rs1}, {rs2}")]
    public static void Bset(RvEmitter e, RvWord i) => Set(e, i, e.X(i.Rs2));

    [Encoding("001010 shamt:6 rs1 001 rd 0010011", "bseti {rd}, {rs1}, {shamt}", Requires = "RV64")]
    [Encoding("0010100 shamt:5 rs1 001 rd 0010011", "bseti {rd}, {rs1}, {shamt}", Requires = "RV32")]
    public static void Bseti(RvEmitter e, RvWord i) => Set(e, i, e.Const(i.Shamt));

    private static void Clear(RvEmitter e, RvWord i, IrValue bit) => e.SetX(i.Rd, e.Ir.And(e.X(i.Rs1), e.Ir.Not(Mask(e, bit))));

    private static void Extract(RvEmitter e, RvWord i, IrValue bit) => e.SetX(i.Rd, e.Ir.And(e.Ir.ShrU(e.X(i.Rs1), bit), e.Const(1)));

    private static void Invert(RvEmitter e, RvWord i, IrValue bit) => e.SetX(i.Rd, e.Ir.Xor(e.X(i.Rs1), Mask(e, bit)));

    private static void Set(RvEmitter e, RvWord i, IrValue bit) => e.SetX(i.Rd, e.Ir.Or(e.X(i.Rs1), Mask(e, bit)));

    private static IrValue Mask(RvEmitter e, IrValue bit) => e.Ir.Shl(e.Const(1), bit);
}
