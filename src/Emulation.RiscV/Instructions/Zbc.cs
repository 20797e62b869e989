using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zbc", "Zbkc": carry-less multiplication. RISC-V Unprivileged ISA, "B" and "Scalar Cryptography".</summary>
[Extension("Zbc, Zbkc", Requires = "")]
internal static class Zbc
{
    [Encoding("0000101 rs2 rs1 001 rd 0110011", "clmul {rd}, {rs1}, {rs2}", Requires = "Zbc|Zbkc")]
    public static void Clmul(RvEmitter e, RvWord i) => Call(e, i, e.Is32 ? CarrylessHelpers.Low32 : CarrylessHelpers.Low64);

    [Encoding("0000101 rs2 rs1 011 rd 0110011", "clmulh {rd}, {rs1}, {rs2}", Requires = "Zbc|Zbkc")]
    public static void Clmulh(RvEmitter e, RvWord i) => Call(e, i, e.Is32 ? CarrylessHelpers.High32 : CarrylessHelpers.High64);

    [Encoding("0000101 rs2 rs1 010 rd 0110011", "clmulr {rd}, {rs1}, {rs2}", Requires = "Zbc")]
    public static void Clmulr(RvEmitter e, RvWord i) => Call(e, i, e.Is32 ? CarrylessHelpers.Reversed32 : CarrylessHelpers.Reversed64);

    private static void Call(RvEmitter e, RvWord i, IrHelper helper) => e.SetX(i.Rd, e.Ir.Call(helper, e.X(i.Rs1), e.X(i.Rs2)));
}
