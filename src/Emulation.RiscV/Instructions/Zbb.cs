using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zbb": basic bit manipulation, but for what is in <see cref="BitLogic"/>. RISC-V Unprivileged ISA, "B".</summary>
[Extension("Zbb")]
internal static class Zbb
{
    [Encoding("0110000 00000 rs1 001 rd 0010011", "clz {rd}, {rs1}")]
    public static void Clz(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.Clz, e.X(i.Rs1)));

    [Encoding("0110000 00000 rs1 001 rd 0011011", "clzw {rd}, {rs1}", Requires = "RV64")]
    public static void Clzw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.Clz, e.W(i.Rs1)));

    [Encoding("0110000 00001 rs1 001 rd 0010011", "ctz {rd}, {rs1}")]
    public static void Ctz(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.Ctz, e.X(i.Rs1)));

    [Encoding("0110000 00001 rs1 001 rd 0011011", "ctzw {rd}, {rs1}", Requires = "RV64")]
    public static void Ctzw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.Ctz, e.W(i.Rs1)));

    [Encoding("0110000 00010 rs1 001 rd 0010011", "cpop {rd}, {rs1}")]
    public static void Cpop(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.PopCount, e.X(i.Rs1)));

    [Encoding("0110000 00010 rs1 001 rd 0011011", "cpopw {rd}, {rs1}", Requires = "RV64")]
    public static void Cpopw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.PopCount, e.W(i.Rs1)));

    [Encoding("0110000 00100 rs1 001 rd 0010011", "sext.b {rd}, {rs1}")]
    public static void SextB(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.SExt(e.Ir.Trunc(e.W(i.Rs1), IrType.I8), e.XType));

    [Encoding("0110000 00101 rs1 001 rd 0010011", "sext.h {rd}, {rs1}")]
    public static void SextH(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.SExt(e.Ir.Trunc(e.W(i.Rs1), IrType.I16), e.XType));

    [Encoding("0000100 00000 rs1 100 rd 0111011", "zext.h {rd}, {rs1}", Requires = "RV64")]
    [Encoding("0000100 00000 rs1 100 rd 0110011", "zext.h {rd}, {rs1}", Requires = "RV32")]
    public static void ZextH(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.ZExt(e.Ir.Trunc(e.W(i.Rs1), IrType.I16), e.XType));

    [Encoding("0000101 rs2 rs1 110 rd 0110011", "max {rd}, {rs1}, {rs2}")]
    public static void Max(RvEmitter e, RvWord i) => Maximum(e, i, IrOp.LtS);

    [Encoding("0000101 rs2 rs1 111 rd 0110011", "maxu {rd}, {rs1}, {rs2}")]
    public static void Maxu(RvEmitter e, RvWord i) => Maximum(e, i, IrOp.LtU);

    [Encoding("0000101 rs2 rs1 100 rd 0110011", "min {rd}, {rs1}, {rs2}")]
    public static void Min(RvEmitter e, RvWord i) => Minimum(e, i, IrOp.LtS);

    [Encoding("0000101 rs2 rs1 101 rd 0110011", "minu {rd}, {rs1}, {rs2}")]
    public static void Minu(RvEmitter e, RvWord i) => Minimum(e, i, IrOp.LtU);

    [Encoding("001010000111 rs1 101 rd 0010011", "orc.b {rd}, {rs1}")]
    public static void OrcB(RvEmitter e, RvWord i)
    {
        // a byte's top bit becomes set when any bit is; then the top bit is spread over the byte
        IrValue low = e.Ir.Const(0x7f7f7f7f_7f7f7f7f, e.XType), x = e.X(i.Rs1);
        IrValue top = e.Ir.And(e.Ir.Or(e.Ir.Add(e.Ir.And(x, low), low), x), e.Ir.Not(low));
        e.SetX(i.Rd, e.Ir.Mul(e.Ir.ShrU(top, 7), e.Const(0xff)));
    }

    private static void Minimum(RvEmitter e, RvWord i, IrOp less)
    {
        IrValue a = e.X(i.Rs1), b = e.X(i.Rs2);
        e.SetX(i.Rd, e.Ir.Select(e.Ir.Compare(less, a, b), a, b));
    }

    private static void Maximum(RvEmitter e, RvWord i, IrOp less)
    {
        IrValue a = e.X(i.Rs1), b = e.X(i.Rs2);
        e.SetX(i.Rd, e.Ir.Select(e.Ir.Compare(less, a, b), b, a));
    }
}
