using Emulation.Cpu.Decode;
using Emulation.IR;
using Emulation.RiscV.Float;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zfhmin": half-precision loads, stores, moves and conversions. RISC-V Unprivileged ISA, "Zfh and Zfhmin".</summary>
[Extension("Zfhmin")]
internal static class HalfFloatTransfers
{
    private static readonly IrHelper s_halfToSingle = Create(nameof(FpConvertHelpers.HToS), IrType.F32);
    private static readonly IrHelper s_halfToDouble = Create(nameof(FpConvertHelpers.HToD), IrType.F64);
    private static readonly IrHelper s_singleToHalf = Create(nameof(FpConvertHelpers.SToH), IrType.I32);
    private static readonly IrHelper s_doubleToHalf = Create(nameof(FpConvertHelpers.DToH), IrType.I32);

    [Encoding("imm:12 rs1 001 rd 0000111", "flh {fd}, {immi}({rs1})")]
    public static void Flh(RvEmitter e, RvWord i) => FloatOps.Load(e, i, RvFloat.Half, 2, IrType.I32);

    [Encoding("imm:7 rs2 rs1 001 imm:5 0100111", "fsh {fs2}, {imms}({rs1})")]
    public static void Fsh(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.Store(i.Rs1, i.ImmS, e.RawSingle(i.Rs2), 2);
    }

    [Encoding("1110010 00000 rs1 000 rd 1010011", "fmv.x.h {rd}, {fs1}")]
    public static void FmvXH(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.SetX(i.Rd, e.Ir.SExt(e.Ir.Trunc(e.RawSingle(i.Rs1), IrType.I16), e.XType));
    }

    [Encoding("1111010 00000 rs1 000 rd 1010011", "fmv.h.x {fd}, {rs1}")]
    public static void FmvHX(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.SetH(i.Rd, e.Ir.And(e.W(i.Rs1), e.Ir.Const(0xffff, IrType.I32)));
    }

    [Encoding("0100000 00010 rs1 rm rd 1010011", "fcvt.s.h {fd}, {fs1}{,rmexact}")]
    public static void FcvtSH(RvEmitter e, RvWord i) => FloatOps.Convert(e, i, RvFloat.Single, RvFloat.Half, s_halfToSingle);

    [Encoding("0100010 00000 rs1 rm rd 1010011", "fcvt.h.s {fd}, {fs1}{,rm}")]
    public static void FcvtHS(RvEmitter e, RvWord i) => FloatOps.Convert(e, i, RvFloat.Half, RvFloat.Single, s_singleToHalf);

    [Encoding("0100001 00010 rs1 rm rd 1010011", "fcvt.d.h {fd}, {fs1}{,rmexact}", Requires = "D")]
    public static void FcvtDH(RvEmitter e, RvWord i) => FloatOps.Convert(e, i, RvFloat.Double, RvFloat.Half, s_halfToDouble);

    [Encoding("0100010 00001 rs1 rm rd 1010011", "fcvt.h.d {fd}, {fs1}{,rm}", Requires = "D")]
    public static void FcvtHD(RvEmitter e, RvWord i) => FloatOps.Convert(e, i, RvFloat.Half, RvFloat.Double, s_doubleToHalf);

    private static IrHelper Create(string method, IrType result)
        => IrHelper.Create(typeof(FpConvertHelpers), method, result, IrEffects.FloatEnvironment);
}
