using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"M": integer multiplication and division. RISC-V Unprivileged ISA, "M". Division never traps: the IR's is total in the same way.</summary>
[Extension("M", Requires = "Zmmul")]
internal static class MultiplyDivide
{
    [Encoding("0000001 rs2 rs1 000 rd 0110011", "mul {rd}, {rs1}, {rs2}")]
    public static void Mul(RvEmitter e, RvWord i) => Binary(e, i, IrOp.Mul);

    [Encoding("0000001 rs2 rs1 001 rd 0110011", "mulh {rd}, {rs1}, {rs2}")]
    public static void Mulh(RvEmitter e, RvWord i) => Binary(e, i, IrOp.MulHighS);

    [Encoding("0000001 rs2 rs1 010 rd 0110011", "mulhsu {rd}, {rs1}, {rs2}")]
    public static void Mulhsu(RvEmitter e, RvWord i) => Binary(e, i, IrOp.MulHighSU);

    [Encoding("0000001 rs2 rs1 011 rd 0110011", "mulhu {rd}, {rs1}, {rs2}")]
    public static void Mulhu(RvEmitter e, RvWord i) => Binary(e, i, IrOp.MulHighU);

    [Encoding("0000001 rs2 rs1 100 rd 0110011", "div {rd}, {rs1}, {rs2}", Requires = "M")]
    public static void Div(RvEmitter e, RvWord i) => Binary(e, i, IrOp.DivS);

    [Encoding("0000001 rs2 rs1 101 rd 0110011", "divu {rd}, {rs1}, {rs2}", Requires = "M")]
    public static void Divu(RvEmitter e, RvWord i) => Binary(e, i, IrOp.DivU);

    [Encoding("0000001 rs2 rs1 110 rd 0110011", "rem {rd}, {rs1}, {rs2}", Requires = "M")]
    public static void Rem(RvEmitter e, RvWord i) => Binary(e, i, IrOp.RemS);

    [Encoding("0000001 rs2 rs1 111 rd 0110011", "remu {rd}, {rs1}, {rs2}", Requires = "M")]
    public static void Remu(RvEmitter e, RvWord i) => Binary(e, i, IrOp.RemU);

    [Encoding("0000001 rs2 rs1 000 rd 0111011", "mulw {rd}, {rs1}, {rs2}", Requires = "RV64")]
    public static void Mulw(RvEmitter e, RvWord i) => BinaryWord(e, i, IrOp.Mul);

    [Encoding("0000001 rs2 rs1 100 rd 0111011", "divw {rd}, {rs1}, {rs2}", Requires = "M RV64")]
    public static void Divw(RvEmitter e, RvWord i) => BinaryWord(e, i, IrOp.DivS);

    [Encoding("0000001 rs2 rs1 101 rd 0111011", "divuw {rd}, {rs1}, {rs2}", Requires = "M RV64")]
    public static void Divuw(RvEmitter e, RvWord i) => BinaryWord(e, i, IrOp.DivU);

    [Encoding("0000001 rs2 rs1 110 rd 0111011", "remw {rd}, {rs1}, {rs2}", Requires = "M RV64")]
    public static void Remw(RvEmitter e, RvWord i) => BinaryWord(e, i, IrOp.RemS);

    [Encoding("0000001 rs2 rs1 111 rd 0111011", "remuw {rd}, {rs1}, {rs2}", Requires = "M RV64")]
    public static void Remuw(RvEmitter e, RvWord i) => BinaryWord(e, i, IrOp.RemU);

    private static void Binary(RvEmitter e, RvWord i, IrOp op) => e.SetX(i.Rd, e.Ir.Binary(op, e.X(i.Rs1), e.X(i.Rs2)));

    private static void BinaryWord(RvEmitter e, RvWord i, IrOp op) => e.SetX(i.Rd, e.Ir.Binary(op, e.W(i.Rs1), e.W(i.Rs2)));
}
