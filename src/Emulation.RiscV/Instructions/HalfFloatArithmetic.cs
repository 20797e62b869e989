using Emulation.Cpu.Decode;
using Emulation.IR;
using Emulation.RiscV.Float;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zfh": half-precision arithmetic. RISC-V Unprivileged ISA, "Zfh and Zfhmin".</summary>
[Extension("Zfh")]
internal static class HalfFloatArithmetic
{
    [Encoding("rs3 10 rs2 rs1 rm rd 1000011", "fmadd.h {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FmaddH(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Half, false, false);

    [Encoding("rs3 10 rs2 rs1 rm rd 1000111", "fmsub.h {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FmsubH(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Half, false, true);

    [Encoding("rs3 10 rs2 rs1 rm rd 1001011", "fnmsub.h {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FnmsubH(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Half, true, false);

    [Encoding("rs3 10 rs2 rs1 rm rd 1001111", "fnmadd.h {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FnmaddH(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Half, true, true);

    [Encoding("00000 10 rs2 rs1 rm rd 1010011", "fadd.h {fd}, {fs1}, {fs2}{,rm}")]
    public static void FaddH(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Half, IrOp.FAdd);

    [Encoding("00001 10 rs2 rs1 rm rd 1010011", "fsub.h {fd}, {fs1}, {fs2}{,rm}")]
    public static void FsubH(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Half, IrOp.FSub);

    [Encoding("00010 10 rs2 rs1 rm rd 1010011", "fmul.h {fd}, {fs1}, {fs2}{,rm}")]
    public static void FmulH(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Half, IrOp.FMul);

    [Encoding("00011 10 rs2 rs1 rm rd 1010011", "fdiv.h {fd}, {fs1}, {fs2}{,rm}")]
    public static void FdivH(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Half, IrOp.FDiv);

    [Encoding("01011 10 00000 rs1 rm rd 1010011", "fsqrt.h {fd}, {fs1}{,rm}")]
    public static void FsqrtH(RvEmitter e, RvWord i) => FloatOps.Sqrt(e, i, RvFloat.Half);

    [Encoding("00100 10 rs2 rs1 000 rd 1010011", "fsgnj.h {fd}, {fs1}, {fs2}")]
    public static void FsgnjH(RvEmitter e, RvWord i) => FloatOps.CopySign(e, i, RvFloat.Half);

    [Encoding("00100 10 rs2 rs1 001 rd 1010011", "fsgnjn.h {fd}, {fs1}, {fs2}")]
    public static void FsgnjnH(RvEmitter e, RvWord i) => FloatOps.CopySignNegated(e, i, RvFloat.Half);

    [Encoding("00100 10 rs2 rs1 010 rd 1010011", "fsgnjx.h {fd}, {fs1}, {fs2}")]
    public static void FsgnjxH(RvEmitter e, RvWord i) => FloatOps.XorSign(e, i, RvFloat.Half);

    [Encoding("00101 10 rs2 rs1 000 rd 1010011", "fmin.h {fd}, {fs1}, {fs2}")]
    public static void FminH(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Half, RvFloat.Half.Min);

    [Encoding("00101 10 rs2 rs1 001 rd 1010011", "fmax.h {fd}, {fs1}, {fs2}")]
    public static void FmaxH(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Half, RvFloat.Half.Max);

    [Encoding("10100 10 rs2 rs1 010 rd 1010011", "feq.h {rd}, {fs1}, {fs2}")]
    public static void FeqH(RvEmitter e, RvWord i) => FloatOps.Compare(e, i, RvFloat.Half, IrOp.FEq);

    [Encoding("10100 10 rs2 rs1 001 rd 1010011", "flt.h {rd}, {fs1}, {fs2}")]
    public static void FltH(RvEmitter e, RvWord i) => FloatOps.Compare(e, i, RvFloat.Half, IrOp.FLt);

    [Encoding("10100 10 rs2 rs1 000 rd 1010011", "fle.h {rd}, {fs1}, {fs2}")]
    public static void FleH(RvEmitter e, RvWord i) => FloatOps.Compare(e, i, RvFloat.Half, IrOp.FLe);

    [Encoding("11100 10 00000 rs1 001 rd 1010011", "fclass.h {rd}, {fs1}")]
    public static void FclassH(RvEmitter e, RvWord i) => FloatOps.Class(e, i, RvFloat.Half);

    [Encoding("11000 10 00000 rs1 rm rd 1010011", "fcvt.w.h {rd}, {fs1}{,rm}")]
    public static void FcvtWH(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Half, RvFloat.Half.ToW);

    [Encoding("11000 10 00001 rs1 rm rd 1010011", "fcvt.wu.h {rd}, {fs1}{,rm}")]
    public static void FcvtWuH(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Half, RvFloat.Half.ToWu);

    [Encoding("11000 10 00010 rs1 rm rd 1010011", "fcvt.l.h {rd}, {fs1}{,rm}", Requires = "RV64")]
    public static void FcvtLH(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Half, RvFloat.Half.ToL);

    [Encoding("11000 10 00011 rs1 rm rd 1010011", "fcvt.lu.h {rd}, {fs1}{,rm}", Requires = "RV64")]
    public static void FcvtLuH(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Half, RvFloat.Half.ToLu);

    [Encoding("11010 10 00000 rs1 rm rd 1010011", "fcvt.h.w {fd}, {rs1}{,rm}")]
    public static void FcvtHW(RvEmitter e, RvWord i) => FloatOps.FromWord(e, i, RvFloat.Half, RvFloat.Half.FromW);

    [Encoding("11010 10 00001 rs1 rm rd 1010011", "fcvt.h.wu {fd}, {rs1}{,rm}")]
    public static void FcvtHWu(RvEmitter e, RvWord i) => FloatOps.FromWord(e, i, RvFloat.Half, RvFloat.Half.FromWu);

    [Encoding("11010 10 00010 rs1 rm rd 1010011", "fcvt.h.l {fd}, {rs1}{,rm}", Requires = "RV64")]
    public static void FcvtHL(RvEmitter e, RvWord i) => FloatOps.FromLong(e, i, RvFloat.Half, RvFloat.Half.FromL);

    [Encoding("11010 10 00011 rs1 rm rd 1010011", "fcvt.h.lu {fd}, {rs1}{,rm}", Requires = "RV64")]
    public static void FcvtHLu(RvEmitter e, RvWord i) => FloatOps.FromLong(e, i, RvFloat.Half, RvFloat.Half.FromLu);
}
