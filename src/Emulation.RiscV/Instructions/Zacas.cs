using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zacas": atomic compare and swap. RISC-V Unprivileged ISA, "Zacas".</summary>
[Extension("Zacas")]
internal static class Zacas
{
    [Encoding("00101 aqrl rs2 rs1 010 rd 0101111", "amocas.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void AmocasW(RvEmitter e, RvWord i)
        => e.SetX(i.Rd, e.Ir.AtomicCas(e.Address(i.Rs1), e.W(i.Rd), e.W(i.Rs2), e.Atomic(4)));

    [Encoding("00101 aqrl rs2 rs1 011 rd 0101111", "amocas.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmocasD(RvEmitter e, RvWord i)
        => e.SetX(i.Rd, e.Ir.AtomicCas(e.Address(i.Rs1), e.X(i.Rd), e.X(i.Rs2), e.Atomic(8)));

    // register pairs are even; x0 stands for a pair of zeros, and swallows a result
    [Encoding("00101 aqrl rs2:4 0 rs1 011 rd:4 0 0101111", "amocas.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV32")]
    public static void AmocasPair32(RvEmitter e, RvWord i)
    {
        IrValue old = e.Ir.AtomicCas(e.Address(i.Rs1), Pair(e, i.Rd), Pair(e, i.Rs2), e.Atomic(8));
        if (i.Rd == 0)
            return;
        e.SetX(i.Rd, e.Ir.Trunc(old, IrType.I32));
        e.SetX(i.Rd + 1, e.Ir.Trunc(e.Ir.ShrU(old, 32), IrType.I32));
    }

    [Encoding("00101 aqrl rs2:4 0 rs1 100 rd:4 0 0101111", "amocas.q{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void AmocasQ(RvEmitter e, RvWord i)
    {
        IrValue address = e.AlignedAddress(i.Rs1, 16);
        e.Ir.Call(PairHelpers.SetExpected, e.X(i.Rd), High(e, i.Rd));
        IrValue addressAndMmu = e.Ir.Or(address, e.Ir.Const((ulong)RiscVMode.DataMmu(e.Mode)));
        e.Ir.Call(PairHelpers.CompareExchange, addressAndMmu, e.X(i.Rs2), High(e, i.Rs2));
        if (i.Rd == 0)
            return;
        e.SetX(i.Rd, e.Ir.Call(PairHelpers.OldLow));
        e.SetX(i.Rd + 1, e.Ir.Call(PairHelpers.OldHigh));
    }

    private static IrValue High(RvEmitter e, int r) => e.X(r == 0 ? 0 : r + 1);

    private static IrValue Pair(RvEmitter e, int r)
        => e.Ir.Or(e.Ir.ZExt(e.W(r), IrType.I64), e.Ir.Shl(e.Ir.ZExt(High(e, r), IrType.I64), 32));
}
