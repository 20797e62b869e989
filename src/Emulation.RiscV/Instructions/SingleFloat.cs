using Emulation.Cpu.Decode;
using Emulation.IR;
using Emulation.RiscV.Float;

namespace Emulation.RiscV.Instructions;

/// <summary>"F": single-precision floating point. RISC-V Unprivileged ISA, "F".</summary>
[Extension("F")]
internal static class SingleFloat
{
    [Encoding("imm:12 rs1 010 rd 0000111", "flw {fd}, {immi}({rs1})")]
    public static void Flw(RvEmitter e, RvWord i) => FloatOps.Load(e, i, RvFloat.Single, 4, IrType.I32);

    [Encoding("imm:7 rs2 rs1 010 imm:5 0100111", "fsw {fs2}, {imms}({rs1})")]
    public static void Fsw(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.Store(i.Rs1, i.ImmS, e.RawSingle(i.Rs2), 4);
    }

    [Encoding("rs3 00 rs2 rs1 rm rd 1000011", "fmadd.s {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FmaddS(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Single, false, false);

    [Encoding("rs3 00 rs2 rs1 rm rd 1000111", "fmsub.s {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FmsubS(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Single, false, true);

    [Encoding("rs3 00 rs2 rs1 rm rd 1001011", "fnmsub.s {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FnmsubS(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Single, true, false);

    [Encoding("rs3 00 rs2 rs1 rm rd 1001111", "fnmadd.s {fd}, {fs1}, {fs2}, {fs3}{,rm}")]
    public static void FnmaddS(RvEmitter e, RvWord i) => FloatOps.MulAdd(e, i, RvFloat.Single, true, true);

    [Encoding("00000 00 rs2 rs1 rm rd 1010011", "fadd.s {fd}, {fs1}, {fs2}{,rm}")]
    public static void FaddS(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Single, IrOp.FAdd);

    [Encoding("00001 00 rs2 rs1 rm rd 1010011", "fsub.s {fd}, {fs1}, {fs2}{,rm}")]
    public static void FsubS(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Single, IrOp.FSub);

    [Encoding("00010 00 rs2 rs1 rm rd 1010011", "fmul.s {fd}, {fs1}, {fs2}{,rm}")]
    public static void FmulS(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Single, IrOp.FMul);

    [Encoding("00011 00 rs2 rs1 rm rd 1010011", "fdiv.s {fd}, {fs1}, {fs2}{,rm}")]
    public static void FdivS(RvEmitter e, RvWord i) => FloatOps.Binary(e, i, RvFloat.Single, IrOp.FDiv);

    [Encoding("01011 00 00000 rs1 rm rd 1010011", "fsqrt.s {fd}, {fs1}{,rm}")]
    public static void FsqrtS(RvEmitter e, RvWord i) => FloatOps.Sqrt(e, i, RvFloat.Single);

    [Encoding("00100 00 rs2 rs1 000 rd 1010011", "fsgnj.s {fd}, {fs1}, {fs2}")]
    public static void FsgnjS(RvEmitter e, RvWord i) => FloatOps.CopySign(e, i, RvFloat.Single);

    [Encoding("00100 00 rs2 rs1 001 rd 1010011", "fsgnjn.s {fd}, {fs1}, {fs2}")]
    public static void FsgnjnS(RvEmitter e, RvWord i) => FloatOps.CopySignNegated(e, i, RvFloat.Single);

    [Encoding("00100 00 rs2 rs1 010 rd 1010011", "fsgnjx.s {fd}, {fs1}, {fs2}")]
    public static void FsgnjxS(RvEmitter e, RvWord i) => FloatOps.XorSign(e, i, RvFloat.Single);

    [Encoding("00101 00 rs2 rs1 000 rd 1010011", "fmin.s {fd}, {fs1}, {fs2}")]
    public static void FminS(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Single, RvFloat.Single.Min);

    [Encoding("00101 00 rs2 rs1 001 rd 1010011", "fmax.s {fd}, {fs1}, {fs2}")]
    public static void FmaxS(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Single, RvFloat.Single.Max);

    [Encoding("10100 00 rs2 rs1 010 rd 1010011", "feq.s {rd}, {fs1}, {fs2}")]
    public static void FeqS(RvEmitter e, RvWord i) => FloatOps.Compare(e, i, RvFloat.Single, IrOp.FEq);

    [Encoding("10100 00 rs2 rs1 001 rd 1010011", "flt.s {rd}, {fs1}, {fs2}")]
    public static void FltS(RvEmitter e, RvWord i) => FloatOps.Compare(e, i, RvFloat.Single, IrOp.FLt);

    [Encoding("10100 00 rs2 rs1 000 rd 1010011", "fle.s {rd}, {fs1}, {fs2}")]
    public static void FleS(RvEmitter e, RvWord i) => FloatOps.Compare(e, i, RvFloat.Single, IrOp.FLe);

    [Encoding("11100 00 00000 rs1 001 rd 1010011", "fclass.s {rd}, {fs1}")]
    public static void FclassS(RvEmitter e, RvWord i) => FloatOps.Class(e, i, RvFloat.Single);

    [Encoding("11000 00 00000 rs1 rm rd 1010011", "fcvt.w.s {rd}, {fs1}{,rm}")]
    public static void FcvtWS(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Single, RvFloat.Single.ToW);

    [Encoding("11000 00 00001 rs1 rm rd 1010011", "fcvt.wu.s {rd}, {fs1}{,rm}")]
    public static void FcvtWuS(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Single, RvFloat.Single.ToWu);

    [Encoding("11000 00 00010 rs1 rm rd 1010011", "fcvt.l.s {rd}, {fs1}{,rm}", Requires = "RV64")]
    public static void FcvtLS(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Single, RvFloat.Single.ToL);

    [Encoding("11000 00 00011 rs1 rm rd 1010011", "fcvt.lu.s {rd}, {fs1}{,rm}", Requires = "RV64")]
    public static void FcvtLuS(RvEmitter e, RvWord i) => FloatOps.ToInteger(e, i, RvFloat.Single, RvFloat.Single.ToLu);

    [Encoding("11010 00 00000 rs1 rm rd 1010011", "fcvt.s.w {fd}, {rs1}{,rm}")]
    public static void FcvtSW(RvEmitter e, RvWord i) => FloatOps.FromWord(e, i, RvFloat.Single, RvFloat.Single.FromW);

    [Encoding("11010 00 00001 rs1 rm rd 1010011", "fcvt.s.wu {fd}, {rs1}{,rm}")]
    public static void FcvtSWu(RvEmitter e, RvWord i) => FloatOps.FromWord(e, i, RvFloat.Single, RvFloat.Single.FromWu);

    [Encoding("11010 00 00010 rs1 rm rd 1010011", "fcvt.s.l {fd}, {rs1}{,rm}", Requires = "RV64")]
    public static void FcvtSL(RvEmitter e, RvWord i) => FloatOps.FromLong(e, i, RvFloat.Single, RvFloat.Single.FromL);

    [Encoding("11010 00 00011 rs1 rm rd 1010011", "fcvt.s.lu {fd}, {rs1}{,rm}", Requires = "RV64")]
    public static void FcvtSLu(RvEmitter e, RvWord i) => FloatOps.FromLong(e, i, RvFloat.Single, RvFloat.Single.FromLu);

    [Encoding("1110000 00000 rs1 000 rd 1010011", "fmv.x.w {rd}, {fs1}")]
    public static void FmvXW(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.SetX(i.Rd, e.RawSingle(i.Rs1));
    }

    [Encoding("1111000 00000 rs1 000 rd 1010011", "fmv.w.x {fd}, {rs1}")]
    public static void FmvWX(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.SetS(i.Rd, e.W(i.Rs1));
    }
}
