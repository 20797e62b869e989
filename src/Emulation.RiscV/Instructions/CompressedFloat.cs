using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zcf", "Zcd": compressed floating-point loads and stores. RISC-V Unprivileged ISA, "Zc*".</summary>
[Extension("Zcf, Zcd", Requires = "")]
internal static class CompressedFloat
{
    private const int Sp = 2;

    [Encoding("001 imm:3 rs1s imm:2 rs2s 00", "c.fld {fs2s}, {immd}({rs1s})", Requires = "Zcd")]
    public static void CFld(RvEmitter e, RvWord i) => DoubleFloat.Fld(e, RvWord.I(i.CRs2Short, i.CRs1Short, i.CImmD));

    [Encoding("101 imm:3 rs1s imm:2 rs2s 00", "c.fsd {fs2s}, {immd}({rs1s})", Requires = "Zcd")]
    public static void CFsd(RvEmitter e, RvWord i) => DoubleFloat.Fsd(e, RvWord.S(i.CRs1Short, i.CRs2Short, i.CImmD));

    [Encoding("001 imm:1 rd imm:5 10", "c.fldsp {fd}, {immldsp}(sp)", Requires = "Zcd")]
    public static void CFldsp(RvEmitter e, RvWord i) => DoubleFloat.Fld(e, RvWord.I(i.CRd, Sp, i.CImmLdsp));

    [Encoding("101 imm:6 rs2 10", "c.fsdsp {fs2}, {immsdsp}(sp)", Requires = "Zcd")]
    public static void CFsdsp(RvEmitter e, RvWord i) => DoubleFloat.Fsd(e, RvWord.S(Sp, i.CRs2, i.CImmSdsp));

    [Encoding("011 imm:3 rs1s imm:2 rs2s 00", "c.flw {fs2s}, {immw}({rs1s})", Requires = "Zcf RV32")]
    public static void CFlw(RvEmitter e, RvWord i) => SingleFloat.Flw(e, RvWord.I(i.CRs2Short, i.CRs1Short, i.CImmW));

    [Encoding("111 imm:3 rs1s imm:2 rs2s 00", "c.fsw {fs2s}, {immw}({rs1s})", Requires = "Zcf RV32")]
    public static void CFsw(RvEmitter e, RvWord i) => SingleFloat.Fsw(e, RvWord.S(i.CRs1Short, i.CRs2Short, i.CImmW));

    [Encoding("011 imm:1 rd imm:5 10", "c.flwsp {fd}, {immlwsp}(sp)", Requires = "Zcf RV32")]
    public static void CFlwsp(RvEmitter e, RvWord i) => SingleFloat.Flw(e, RvWord.I(i.CRd, Sp, i.CImmLwsp));

    [Encoding("111 imm:6 rs2 10", "c.fswsp {fs2}, {immswsp}(sp)", Requires = "Zcf RV32")]
    public static void CFswsp(RvEmitter e, RvWord i) => SingleFloat.Fsw(e, RvWord.S(Sp, i.CRs2, i.CImmSwsp));
}
