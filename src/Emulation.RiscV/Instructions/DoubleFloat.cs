using Emulation.Cpu.Decode;
using Emulation.IR;
using Emulation.RiscV.Float;

namespace Emulation.RiscV.Instructions;

/// <summary>"D": double-precision floating point. RISC-V Unprivileged ISA, "D".</summary>
[Extension("D")]
internal static class DoubleFloat
{
    private static readonly IrHelper s_singleToDouble
        = IrHelper.Create(typeof(FpConvertHelpers), nameof(FpConvertHelpers.SToD), IrType.F64, IrEffects.FloatEnvironment);

    private static readonly IrHelper s_doubleToSingle
        = IrHelper.Create(typeof(FpConvertHelpers), nameof(FpConvertHelpers.DToS), IrType.F32, IrEffects.FloatEnvironment);

    [Encoding("imm:12 rs1 011 rd 0000111", "fld {fd}, {immi}({rs1})")]
    public static void Fld(RvEmitter e, RvWord i) => FloatOps.Load(e, i, RvFloat.Double, 8, IrType.F64);

    [Encoding("imm:7 rs2 rs1 011 imm:5 0100111", "fsd {fs2}, {imms}({rs1})")]
    public static void Fsd(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.Store(i.Rs1, i.ImmS, e.D(i.Rs2), 8);
    }

    [Encoding("rs3 01 rs2 rs1 rm rd 1000011", "fmadd.d {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FmaddD(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Double, false, false);

    [Encoding("rs3 01 rs2 rs1 rm rd 1000111", "fmsub.d {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FmsubD(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Double, false, true);

    [Encoding("rs3 01 rs2 rs1 rm rd 1001011", "fnmsub.d {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FnmsubD(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Double, true, false);

    [Encoding("rs3 01 rs2 rs1 rm rd 1001111", "fnmadd.d {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FnmaddD(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Double, true, true);

    [Encoding("00000 01 rs2 rs1 rm rd 1010011", "fadd.d {fd}, {fs1}, {fs2}{,rm}")]
    public static void FaddD(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Double, IrOp.FAdd);

    [Encoding("00001 01 rs2 rs1 rm rd 1010011", "fsub.d {fd}, {fs1}, {fs2}{,rm}")]
    public static void FsubD(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Double, IrOp.FSub);

    [Encoding("00010 01 rs2 rs1 rm rd 1010011", "fmul.d {fd}, {fs1}, {fs2}{,rm}")]
    public static void FmulD(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Double, IrOp.FMul);

    [Encoding("00011 01 rs2 rs1 rm rd 1010011", "fdiv.d {fd}, {fs1}, {fs2}{,rm}")]
    public static void FdivD(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Double, IrOp.FDiv);

    [Encoding("01011 01 00000 rs1 rm rd 1010011", "fsqrt.d {fd}, {fs1}{,rm}")]
    public static void FsqrtD(RvEmitter e, RvWord i) => FloatOps.Sqrt(e, i, RvFloat.Double);

    [Encoding("00100 01 rs2 rs1 000 rd 1010011", "fsgnj.d {fd}, {fs1}, {fs2}")]
    public static void FsgnjD(RvEmitter e, RvWord i) => FloatOps.CopySign(e, i, RvFloat.Double);

    [Encoding("00100 01 rs2 rs1 001 rd 1010011", "fsgnjn.d {fd}, {fs1}, {fs2}")]
    public static void FsgnjnD(RvEmitter e, RvWord i) => FloatOps.CopySignNegated(e, i, RvFloat.Double);

    [Encoding("00100 01 rs2 rs1 010 rd 1010011", "fsgnjx.d {fd}, {fs1}, {fs2}")]
    public static void FsgnjxD(RvEmitter e, RvWord i) => FloatOps.XorSign(e, i, RvFloat.Double);

    [Encoding("00101 01 rs2 rs1 000 rd 1010011", "fmin.d {fd}, {fs1}, {fs2}")]
    public static void FminD(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Double, RvFloat.Double.Min);

    [Encoding("00101 01 rs2 rs1 001 rd 1010011", "fmax.d {fd}, {fs1}, {fs2}")]
    public static void FmaxD(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Double, RvFloat.Double.Max);

    [Encoding("10100 01 rs2 rs1 010 rd 1010011", "feq.d {rd}, {fs1}, {fs2}")]
    public static void FeqD(RvEmitter e, RvWord i) => FloatOps.Compare(e, i, RvFloat.Double, IrOp.FEq);

    [Encoding("10100 01 rs2 rs1 001 rd 1010011", "flt.d {rd}, {fs1}, {fs2}")]
    public static void FltD(RvEmitter e, RvWord i) => FloatOps.Compare(e, i, RvFloat.Double, IrOp.FLt);

    [Encoding("10100 01 rs2 rs1 000 rd 1010011", "fle.d {rd}, {fs1}, {fs2}")]
    public static void FleD(RvEmitter e, RvWord i) => FloatOps.Compare(e, i, RvFloat.Double, IrOp.FLe);

    [Encoding("11100 01 00000 rs1 001 rd 1010011", "fclass.d {rd}, {fs1}")]
    public static void FclassD(RvEmitter e, RvWord i) => FloatOps.Class(e, i, RvFloat.Double);

    [Encoding("11000 01 00000 rs1 rm rd 1010011", "fcvt.w.d {rd}, {fs1}{,rm}")]
    public static void FcvtWD(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Double, RvFloat.Double.ToW);

    [Encoding("11000 01 00001 rs1 rm rd 1010011", "fcvt.wu.d {rd}, {fs1}{,rm}")]
    public static void FcvtWuD(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Double, RvFloat.Double.ToWu);

    [Encoding("11000 01 00010 rs1 rm rd 1010011", "fcvt.l.d {rd}, {fs1}{,rm}", Requires = "RV64")]
    public static void FcvtLD(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Double, RvFloat.Double.ToL);

    [Encoding("11000 01 00011 rs1 rm rd 1010011", "fcvt.lu.d {rd}, {fs1}{,rm}", Requires = "RV64")]
    public static void FcvtLuD(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Double, RvFloat.Double.ToLu);

    [Encoding("11010 01 00000 rs1 rm rd 1010011", "fcvt.d.w {fd}, {rs1}{,rmexact}")]
    public static void FcvtDW(RvEmitter e, RvWord i) => FloatOps.FromWord(e, i, RvFloat.Double, RvFloat.Double.FromW);

    [Encoding("11010 01 00001 rs1 rm rd 1010011", "fcvt.d.wu {fd}, {rs1}{,rmexact}")]
    public static void FcvtDWu(RvEmitter e, RvWord i) => FloatOps.FromWord(e, i, RvFloat.Double, RvFloat.Double.FromWu);

    [Encoding("11010 01 00010 rs1 rm rd 1010011", "fcvt.d.l {fd}, {rs1}{,rm}", Requires = "RV64")]
    public static void FcvtDL(RvEmitter e, RvWord i) => FloatOps.FromLong(e, i, RvFloat.Double, RvFloat.Double.FromL);

    [Encoding("11010 01 00011 rs1 rm rd 1010011", "fcvt.d.lu {fd}, {rs1}{,rm}", Requires = "RV64")]
    public static void FcvtDLu(RvEmitter e, RvWord i) => FloatOps.FromLong(e, i, RvFloat.Double, RvFloat.Double.FromLu);

    [Encoding("1110001 00000 rs1 000 rd 1010011", "fmv.x.d {rd}, {fs1}", Requires = "RV64")]
    public static void FmvXD(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.SetX(i.Rd, e.DBits(i.Rs1));
    }

    [Encoding("1111001 00000 rs1 000 rd 1010011", "fmv.d.x {fd}, {rs1}", Requires = "RV64")]
    public static void FmvDX(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.SetD(i.Rd, e.X(i.Rs1));
    }

    [Encoding("0100000 00001 rs1 rm rd 1010011", "fcvt.s.d {fd}, {fs1}{,rm}")]
    public static void FcvtSD(RvEmitter e, RvWord i) => FloatOps.Convert(e, i, RvFloat.Single, RvFloat.Double, s_doubleToSingle);

    // exact, but a reserved rounding mode is still illegal
    [Encoding("0100001 00000 rs1 rm rd 1010011", "fcvt.d.s {fd}, {fs1}{,rmexact}")]
    public static void FcvtDS(RvEmitter e, RvWord i) => FloatOps.Convert(e, i, RvFloat.Double, RvFloat.Single, s_singleToDouble);
}
