using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zicond": conditional zeroing. RISC-V Unprivileged ISA, "Zicond".</summary>
[Extension("Zicond")]
internal static class Zicond
{
    [Encoding("0000111 rs2 rs1 101 rd 0110011", "czero.eqz {rd}, {rs1}, {rs2}")]
    public static void CzeroEqz(RvEmitter e, RvWord i) => Zero(e, i, IrOp.Eq);

    [Encoding("0000111 rs2 rs1 111 rd 0110011", "czero.nez {rd}, {rs1}, {rs2}")]
    public static void CzeroNez(RvEmitter e, RvWord i) => Zero(e, i, IrOp.Ne);

    private static void Zero(RvEmitter e, RvWord i, IrOp condition)
        => e.SetX(i.Rd, e.Ir.Select(e.Ir.Compare(condition, e.X(i.Rs2), e.Const(0)), e.Const(0), e.X(i.Rs1)));
}
