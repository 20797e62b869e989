using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>Loads and stores of integers. RISC-V Unprivileged ISA, "RV32I", "Load and Store Instructions".</summary>
[Extension("I (memory)", Requires = "I")]
internal static class LoadStore
{
    [Encoding("imm:12 rs1 000 rd 0000011", "lb {rd}, {immi}({rs1})")]
    public static void Lb(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Load(i.Rs1, i.ImmI, 1, true));

    [Encoding("imm:12 rs1 001 rd 0000011", "lh {rd}, {immi}({rs1})")]
    public static void Lh(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Load(i.Rs1, i.ImmI, 2, true));

    [Encoding("imm:12 rs1 010 rd 0000011", "lw {rd}, {immi}({rs1})")]
    public static void Lw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Load(i.Rs1, i.ImmI, 4, true));

    [Encoding("imm:12 rs1 011 rd 0000011", "ld {rd}, {immi}({rs1})", Requires = "RV64")]
    public static void Ld(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Load(i.Rs1, i.ImmI, 8, false));

    [Encoding("imm:12 rs1 100 rd 0000011", "lbu {rd}, {immi}({rs1})")]
    public static void Lbu(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Load(i.Rs1, i.ImmI, 1, false));

    [Encoding("imm:12 rs1 101 rd 0000011", "lhu {rd}, {immi}({rs1})")]
    public static void Lhu(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Load(i.Rs1, i.ImmI, 2, false));

    [Encoding("imm:12 rs1 110 rd 0000011", "lwu {rd}, {immi}({rs1})", Requires = "RV64")]
    public static void Lwu(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Load(i.Rs1, i.ImmI, 4, false));

    [Encoding("imm:7 rs2 rs1 000 imm:5 0100011", "sb {rs2}, {imms}({rs1})")]
    public static void Sb(RvEmitter e, RvWord i) => e.Store(i.Rs1, i.ImmS, e.X(i.Rs2), 1);

    [Encoding("imm:7 rs2 rs1 001 imm:5 0100011", "sh {rs2}, {imms}({rs1})")]
    public static void Sh(RvEmitter e, RvWord i) => e.Store(i.Rs1, i.ImmS, e.X(i.Rs2), 2);

    [Encoding("imm:7 rs2 rs1 010 imm:5 0100011", "sw {rs2}, {imms}({rs1})")]
    public static void Sw(RvEmitter e, RvWord i) => e.Store(i.Rs1, i.ImmS, e.X(i.Rs2), 4);

    [Encoding("imm:7 rs2 rs1 011 imm:5 0100011", "sd {rs2}, {imms}({rs1})", Requires = "RV64")]
    public static void Sd(RvEmitter e, RvWord i) => e.Store(i.Rs1, i.ImmS, e.X(i.Rs2), 8);
}
