using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zcb": more compressed instructions. RISC-V Unprivileged ISA, "Zc*".</summary>
[Extension("Zcb")]
internal static class Zcb
{
    [Encoding("100000 rs1s imm:2 rs2s 00", "c.lbu {rs2s}, {immbyte}({rs1s})")]
    public static void CLbu(RvEmitter e, RvWord i) => LoadStore.Lbu(e, RvWord.I(i.CRs2Short, i.CRs1Short, i.CImmByte));

    [Encoding("100001 rs1s 0 imm:1 rs2s 00", "c.lhu {rs2s}, {immhalf}({rs1s})")]
    public static void CLhu(RvEmitter e, RvWord i) => LoadStore.Lhu(e, RvWord.I(i.CRs2Short, i.CRs1Short, i.CImmHalf));

    [Encoding("100001 rs1s 1 imm:1 rs2s 00", "c.lh {rs2s}, {immhalf}({rs1s})")]
    public static void CLh(RvEmitter e, RvWord i) => LoadStore.Lh(e, RvWord.I(i.CRs2Short, i.CRs1Short, i.CImmHalf));

    [Encoding("100010 rs1s imm:2 rs2s 00", "c.sb {rs2s}, {immbyte}({rs1s})")]
    public static void CSb(RvEmitter e, RvWord i) => LoadStore.Sb(e, RvWord.S(i.CRs1Short, i.CRs2Short, i.CImmByte));

    [Encoding("100011 rs1s 0 imm:1 rs2s 00", "c.sh {rs2s}, {immhalf}({rs1s})")]
    public static void CSh(RvEmitter e, RvWord i) => LoadStore.Sh(e, RvWord.S(i.CRs1Short, i.CRs2Short, i.CImmHalf));

    [Encoding("100111 rs1s 11000 01", "c.zext.b {rs1s}")]
    public static void CZextB(RvEmitter e, RvWord i) => BaseInteger.Andi(e, RvWord.I(i.CRs1Short, i.CRs1Short, 0xff));

    [Encoding("100111 rs1s 11001 01", "c.sext.b {rs1s}", Requires = "Zbb")]
    public static void CSextB(RvEmitter e, RvWord i) => Zbb.SextB(e, RvWord.I(i.CRs1Short, i.CRs1Short, 0));

    [Encoding("100111 rs1s 11010 01", "c.zext.h {rs1s}", Requires = "Zbb")]
    public static void CZextH(RvEmitter e, RvWord i) => Zbb.ZextH(e, RvWord.I(i.CRs1Short, i.CRs1Short, 0));

    [Encoding("100111 rs1s 11011 01", "c.sext.h {rs1s}", Requires = "Zbb")]
    public static void CSextH(RvEmitter e, RvWord i) => Zbb.SextH(e, RvWord.I(i.CRs1Short, i.CRs1Short, 0));

    [Encoding("100111 rs1s 11100 01", "c.zext.w {rs1s}", Requires = "Zba RV64")]
    public static void CZextW(RvEmitter e, RvWord i) => Zba.AddUw(e, RvWord.R(i.CRs1Short, i.CRs1Short, 0));

    [Encoding("100111 rs1s 11101 01", "c.not {rs1s}")]
    public static void CNot(RvEmitter e, RvWord i) => BaseInteger.Xori(e, RvWord.I(i.CRs1Short, i.CRs1Short, -1));

    [Encoding("100111 rs1s 10 rs2s 01", "c.mul {rs1s}, {rs2s}", Requires = "Zmmul")]
    public static void CMul(RvEmitter e, RvWord i) => MultiplyDivide.Mul(e, RvWord.R(i.CRs1Short, i.CRs1Short, i.CRs2Short));
}
