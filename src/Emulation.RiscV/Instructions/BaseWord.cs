using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"RV64I": operations on the low 32 bits, sign-extended. RISC-V Unprivileged ISA, "RV64I".</summary>
[Extension("I (words)", Requires = "I RV64")]
internal static class BaseWord
{
    [Encoding("imm:12 rs1 000 rd 0011011", "addiw {rd}, {rs1}, {immi}")]
    public static void Addiw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Add(e.W(i.Rs1), i.ImmI));

    [Encoding("0000000 shamt:5 rs1 001 rd 0011011", "slliw {rd}, {rs1}, {shamt}")]
    public static void Slliw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Shl(e.W(i.Rs1), i.Shamt5));

    [Encoding("0000000 shamt:5 rs1 101 rd 0011011", "srliw {rd}, {rs1}, {shamt}")]
    public static void Srliw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.ShrU(e.W(i.Rs1), i.Shamt5));

    [Encoding("0100000 shamt:5 rs1 101 rd 0011011", "sraiw {rd}, {rs1}, {shamt}")]
    public static void Sraiw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.ShrS(e.W(i.Rs1), i.Shamt5));

    [Encoding("0000000 rs2 rs1 000 rd 0111011", "addw {rd}, {rs1}, {rs2}")]
    public static void Addw(RvEmitter e, RvWord i) => Binary(e, i, IrOp.Add);

    [Encoding("0100000 rs2 rs1 000 rd 0111011", "subw {rd}, {rs1}, {rs2}")]
    public static void Subw(RvEmitter e, RvWord i) => Binary(e, i, IrOp.Sub);

    [Encoding("0000000 rs2 rs1 001 rd 0111011", "sllw {rd}, {rs1}, {rs2}")]
    public static void Sllw(RvEmitter e, RvWord i) => Binary(e, i, IrOp.Shl);

    [Encoding("0000000 rs2 rs1 101 rd 0111011", "srlw {rd}, {rs1}, {rs2}")]
    public static void Srlw(RvEmitter e, RvWord i) => Binary(e, i, IrOp.ShrU);

    [Encoding("0100000 rs2 rs1 101 rd 0111011", "sraw {rd}, {rs1}, {rs2}")]
    public static void Sraw(RvEmitter e, RvWord i) => Binary(e, i, IrOp.ShrS);

    private static void Binary(RvEmitter e, RvWord i, IrOp op) => e.SetX(i.Rd, e.Ir.Binary(op, e.W(i.Rs1), e.W(i.Rs2)));
}
