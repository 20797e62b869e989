using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"A", the Zaamo part: atomic memory operations. RISC-V Unprivileged ISA, "A". All are sequentially consistent, whatever aq and rl say.</summary>
[Extension("Zaamo")]
internal static class Atomics
{
    [Encoding("00001 aqrl rs2 rs1 010 rd 0101111", "amoswap.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmoswapW(RvEmitter e, RvWord i) => Word(e, i, AtomicOp.Swap);

    [Encoding("00000 aqrl rs2 rs1 010 rd 0101111", "amoadd.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmoaddW(RvEmitter e, RvWord i) => Word(e, i, AtomicOp.Add);

    [Encoding("00100 aqrl rs2 rs1 010 rd 0101111", "amoxor.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmoxorW(RvEmitter e, RvWord i) => Word(e, i, AtomicOp.Xor);

    [Encoding("01100 aqrl rs2 rs1 010 rd 0101111", "amoand.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmoandW(RvEmitter e, RvWord i) => Word(e, i, AtomicOp.And);

    [Encoding("01000 aqrl rs2 rs1 010 rd 0101111", "amoor.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmoorW(RvEmitter e, RvWord i) => Word(e, i, AtomicOp.Or);

    [Encoding("10000 aqrl rs2 rs1 010 rd 0101111", "amomin.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmominW(RvEmitter e, RvWord i) => Word(e, i, AtomicOp.MinS);

    [Encoding("10100 aqrl rs2 rs1 010 rd 0101111", "amomax.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmomaxW(RvEmitter e, RvWord i) => Word(e, i, AtomicOp.MaxS);

    [Encoding("11000 aqrl rs2 rs1 010 rd 0101111", "amominu.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmominuW(RvEmitter e, RvWord i) => Word(e, i, AtomicOp.MinU);

    [Encoding("11100 aqrl rs2 rs1 010 rd 0101111", "amomaxu.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmomaxuW(RvEmitter e, RvWord i) => Word(e, i, AtomicOp.MaxU);

    [Encoding("00001 aqrl rs2 rs1 011 rd 0101111", "amoswap.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmoswapD(RvEmitter e, RvWord i) => Double(e, i, AtomicOp.Swap);

    [Encoding("00000 aqrl rs2 rs1 011 rd 0101111", "amoadd.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmoaddD(RvEmitter e, RvWord i) => Double(e, i, AtomicOp.Add);

    [Encoding("00100 aqrl rs2 rs1 011 rd 0101111", "amoxor.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmoxorD(RvEmitter e, RvWord i) => Double(e, i, AtomicOp.Xor);

    [Encoding("01100 aqrl rs2 rs1 011 rd 0101111", "amoand.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmoandD(RvEmitter e, RvWord i) => Double(e, i, AtomicOp.And);

    [Encoding("01000 aqrl rs2 rs1 011 rd 0101111", "amoor.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmoorD(RvEmitter e, RvWord i) => Double(e, i, AtomicOp.Or);

    [Encoding("10000 aqrl rs2 rs1 011 rd 0101111", "amomin.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmominD(RvEmitter e, RvWord i) => Double(e, i, AtomicOp.MinS);

    [Encoding("10100 aqrl rs2 rs1 011 rd 0101111", "amomax.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmomaxD(RvEmitter e, RvWord i) => Double(e, i, AtomicOp.MaxS);

    [Encoding("11000 aqrl rs2 rs1 011 rd 0101111", "amominu.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmominuD(RvEmitter e, RvWord i) => Double(e, i, AtomicOp.MinU);

    [Encoding("11100 aqrl rs2 rs1 011 rd 0101111", "amomaxu.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmomaxuD(RvEmitter e, RvWord i) => Double(e, i, AtomicOp.MaxU);

    private static void Word(RvEmitter e, RvWord i, AtomicOp op)
        => e.SetX(i.Rd, e.Ir.AtomicRmw(op, e.Address(i.Rs1), e.W(i.Rs2), e.Atomic(4)));

    private static void Double(RvEmitter e, RvWord i, AtomicOp op)
        => e.SetX(i.Rd, e.Ir.AtomicRmw(op, e.Address(i.Rs1), e.X(i.Rs2), e.Atomic(8)));
}
