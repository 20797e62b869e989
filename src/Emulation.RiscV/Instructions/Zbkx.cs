using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zbkx": crossbar permutations. RISC-V Unprivileged ISA, "Scalar Cryptography".</summary>
[Extension("Zbkx")]
internal static class Zbkx
{
    [Encoding("0010100 rs2 rs1 010 rd 0110011", "xperm4 {rd}, {rs1}, {rs2}")]
    public static void Xperm4(RvEmitter e, RvWord i) => Call(e, i, e.Is32 ? PermuteHelpers.Nibbles32 : PermuteHelpers.Nibbles64);

    [Encoding("0010100 rs2 rs1 100 rd 0110011", "xperm8 {rd}, {rs1}, {rs2}")]
    public static void Xperm8(RvEmitter e, RvWord i) => Call(e, i, e.Is32 ? PermuteHelpers.Bytes32 : PermuteHelpers.Bytes64);

    private static void Call(RvEmitter e, RvWord i, IrHelper helper) => e.SetX(i.Rd, e.Ir.Call(helper, e.X(i.Rs1), e.X(i.Rs2)));
}
