using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zca": compressed integer instructions, each expanded to the one it stands for. RISC-V Unprivileged ISA, "C".</summary>
[Extension("Zca")]
[Reserved("000 00000000 ... 00")]                        // C.ADDI4SPN with a zero immediate; all zeros is illegal for ever
[Reserved("011 0 ..... 00000 01")]                       // C.LUI, C.ADDI16SP with a zero immediate
[Reserved("011 0 00010 00000 01")]
[Reserved("010 . 00000 ..... 10")]                       // C.LWSP to x0
[Reserved("011 . 00000 ..... 10", Requires = "RV64")]    // C.LDSP to x0
[Reserved("001 . 00000 ..... 01", Requires = "RV64")]    // C.ADDIW to x0
[Reserved("100 0 00000 00000 10")]                       // C.JR x0
internal static class Compressed
{
    private const int Ra = 1;
    private const int Sp = 2;

    [Encoding("000 imm:8 rs2s 00", "c.addi4spn {rs2s}, sp, {imm4spn}")]
    public static void CAddi4Spn(RvEmitter e, RvWord i) => BaseInteger.Addi(e, RvWord.I(i.CRs2Short, Sp, i.CImm4Spn));

    [Encoding("010 imm:3 rs1s imm:2 rs2s 00", "c.lw {rs2s}, {immw}({rs1s})")]
    public static void CLw(RvEmitter e, RvWord i) => LoadStore.Lw(e, RvWord.I(i.CRs2Short, i.CRs1Short, i.CImmW));

    [Encoding("011 imm:3 rs1s imm:2 rs2s 00", "c.ld {rs2s}, {immd}({rs1s})", Requires = "RV64")]
    public static void CLd(RvEmitter e, RvWord i) => LoadStore.Ld(e, RvWord.I(i.CRs2Short, i.CRs1Short, i.CImmD));

    [Encoding("110 imm:3 rs1s imm:2 rs2s 00", "c.sw {rs2s}, {immw}({rs1s})")]
    public static void CSw(RvEmitter e, RvWord i) => LoadStore.Sw(e, RvWord.S(i.CRs1Short, i.CRs2Short, i.CImmW));

    [Encoding("111 imm:3 rs1s imm:2 rs2s 00", "c.sd {rs2s}, {immd}({rs1s})", Requires = "RV64")]
    public static void CSd(RvEmitter e, RvWord i) => LoadStore.Sd(e, RvWord.S(i.CRs1Short, i.CRs2Short, i.CImmD));

    // hints included: zero immediate, or nonzero immediate to x0
    [Encoding("000 imm:1 rd imm:5 01", "c.addi {rd}, {imm}")]
    [Encoding("000 imm:1 00000 imm:5 01", "c.nop {imm}")]
    [Encoding("000 0 00000 00000 01", "c.nop")]
    public static void CAddi(RvEmitter e, RvWord i) => BaseInteger.Addi(e, RvWord.I(i.CRd, i.CRd, i.CImm));

    [Encoding("001 imm:11 01", "c.jal {jump}", Requires = "RV32")]
    public static void CJal(RvEmitter e, RvWord i) => BaseInteger.Jal(e, RvWord.J(Ra, i.CImmJ));

    [Encoding("001 imm:1 rd imm:5 01", "c.addiw {rd}, {imm}", Requires = "RV64")]
    public static void CAddiw(RvEmitter e, RvWord i) => BaseWord.Addiw(e, RvWord.I(i.CRd, i.CRd, i.CImm));

    [Encoding("010 imm:1 rd imm:5 01", "c.li {rd}, {imm}")]
    public static void CLi(RvEmitter e, RvWord i) => BaseInteger.Addi(e, RvWord.I(i.CRd, 0, i.CImm));

    [Encoding("011 imm:1 00010 imm:5 01", "c.addi16sp sp, {imm16sp}")]
    public static void CAddi16Sp(RvEmitter e, RvWord i) => BaseInteger.Addi(e, RvWord.I(Sp, Sp, i.CImm16Sp));

    [Encoding("011 imm:1 rd imm:5 01", "c.lui {rd}, {immlui}")]
    public static void CLui(RvEmitter e, RvWord i) => BaseInteger.Lui(e, RvWord.U(i.CRd, i.CImmLui));

    [Encoding("100 imm:1 00 rs1s imm:5 01", "c.srli {rs1s}, {shamt}", Requires = "RV64")]
    [Encoding("100 0 00 rs1s imm:5 01", "c.srli {rs1s}, {shamt}", Requires = "RV32")]
    public static void CSrli(RvEmitter e, RvWord i) => BaseInteger.Srli(e, RvWord.I(i.CRs1Short, i.CRs1Short, i.CShamt));

    [Encoding("100 imm:1 01 rs1s imm:5 01", "c.srai {rs1s}, {shamt}", Requires = "RV64")]
    [Encoding("100 0 01 rs1s imm:5 01", "c.srai {rs1s}, {shamt}", Requires = "RV32")]
    public static void CSrai(RvEmitter e, RvWord i) => BaseInteger.Srai(e, RvWord.I(i.CRs1Short, i.CRs1Short, i.CShamt));

    [Encoding("100 imm:1 10 rs1s imm:5 01", "c.andi {rs1s}, {imm}")]
    public static void CAndi(RvEmitter e, RvWord i) => BaseInteger.Andi(e, RvWord.I(i.CRs1Short, i.CRs1Short, i.CImm));

    [Encoding("100 0 11 rs1s 00 rs2s 01", "c.sub {rs1s}, {rs2s}")]
    public static void CSub(RvEmitter e, RvWord i) => BaseInteger.Sub(e, RegisterRegister(i));

    [Encoding("100 0 11 rs1s 01 rs2s 01", "c.xor {rs1s}, {rs2s}")]
    public static void CXor(RvEmitter e, RvWord i) => BaseInteger.Xor(e, RegisterRegister(i));

    [Encoding("100 0 11 rs1s 10 rs2s 01", "c.or {rs1s}, {rs2s}")]
    public static void COr(RvEmitter e, RvWord i) => BaseInteger.Or(e, RegisterRegister(i));

    [Encoding("100 0 11 rs1s 11 rs2s 01", "c.and {rs1s}, {rs2s}")]
    public static void CAnd(RvEmitter e, RvWord i) => BaseInteger.And(e, RegisterRegister(i));

    [Encoding("100 1 11 rs1s 00 rs2s 01", "c.subw {rs1s}, {rs2s}", Requires = "RV64")]
    public static void CSubw(RvEmitter e, RvWord i) => BaseWord.Subw(e, RegisterRegister(i));

    [Encoding("100 1 11 rs1s 01 rs2s 01", "c.addw {rs1s}, {rs2s}", Requires = "RV64")]
    public static void CAddw(RvEmitter e, RvWord i) => BaseWord.Addw(e, RegisterRegister(i));

    [Encoding("101 imm:11 01", "c.j {jump}")]
    public static void CJ(RvEmitter e, RvWord i) => BaseInteger.Jal(e, RvWord.J(0, i.CImmJ));

    [Encoding("110 imm:3 rs1s imm:5 01", "c.beqz {rs1s}, {branch}")]
    public static void CBeqz(RvEmitter e, RvWord i) => BaseInteger.Beq(e, RvWord.B(i.CRs1Short, 0, i.CImmB));

    [Encoding("111 imm:3 rs1s imm:5 01", "c.bnez {rs1s}, {branch}")]
    public static void CBnez(RvEmitter e, RvWord i) => BaseInteger.Bne(e, RvWord.B(i.CRs1Short, 0, i.CImmB));

    [Encoding("000 imm:1 rd imm:5 10", "c.slli {rd}, {shamt}", Requires = "RV64")]
    [Encoding("000 0 rd imm:5 10", "c.slli {rd}, {shamt}", Requires = "RV32")]
    public static void CSlli(RvEmitter e, RvWord i) => BaseInteger.Slli(e, RvWord.I(i.CRd, i.CRd, i.CShamt));

    [Encoding("010 imm:1 rd imm:5 10", "c.lwsp {rd}, {immlwsp}(sp)")]
    public static void CLwsp(RvEmitter e, RvWord i) => LoadStore.Lw(e, RvWord.I(i.CRd, Sp, i.CImmLwsp));

    [Encoding("011 imm:1 rd imm:5 10", "c.ldsp {rd}, {immldsp}(sp)", Requires = "RV64")]
    public static void CLdsp(RvEmitter e, RvWord i) => LoadStore.Ld(e, RvWord.I(i.CRd, Sp, i.CImmLdsp));

    [Encoding("100 0 rd rs2 10", "c.mv {rd}, {rs2}")]
    public static void CMv(RvEmitter e, RvWord i) => BaseInteger.Add(e, RvWord.R(i.CRd, 0, i.CRs2));

    [Encoding("100 0 rd 00000 10", "c.jr {rd}")]
    public static void CJr(RvEmitter e, RvWord i) => BaseInteger.Jalr(e, RvWord.I(0, i.CRd, 0));

    [Encoding("100 1 rd rs2 10", "c.add {rd}, {rs2}")]
    public static void CAdd(RvEmitter e, RvWord i) => BaseInteger.Add(e, RvWord.R(i.CRd, i.CRd, i.CRs2));

    [Encoding("100 1 rd 00000 10", "c.jalr {rd}")]
    public static void CJalr(RvEmitter e, RvWord i) => BaseInteger.Jalr(e, RvWord.I(Ra, i.CRd, 0));

    [Encoding("100 1 00000 00000 10", "c.ebreak")]
    public static void CEbreak(RvEmitter e, RvWord i) => BaseInteger.Ebreak(e, i);

    [Encoding("110 imm:6 rs2 10", "c.swsp {rs2}, {immswsp}(sp)")]
    public static void CSwsp(RvEmitter e, RvWord i) => LoadStore.Sw(e, RvWord.S(Sp, i.CRs2, i.CImmSwsp));

    [Encoding("111 imm:6 rs2 10", "c.sdsp {rs2}, {immsdsp}(sp)", Requires = "RV64")]
    public static void CSdsp(RvEmitter e, RvWord i) => LoadStore.Sd(e, RvWord.S(Sp, i.CRs2, i.CImmSdsp));

    private static RvWord RegisterRegister(RvWord i) => RvWord.R(i.CRs1Short, i.CRs1Short, i.CRs2Short);
}
