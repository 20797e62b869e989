using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zimop": may-be-operations, which write zero until an extension gives them a meaning. RISC-V Unprivileged ISA, "Zimop".</summary>
[Extension("Zimop")]
internal static class Zimop
{
    [Encoding("1 n:1 00 n:2 0111 n:2 rs1 100 rd 1110011", "mop.r.{mop.r} {rd}, {rs1}")]
    [Encoding("1 n:1 00 n:2 1 rs2 rs1 100 rd 1110011", "mop.rr.{mop.rr} {rd}, {rs1}, {rs2}")]
    public static void Mop(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Const(0));
}
