using Emulation.Cpu.Decode;
using Emulation.IR;
using Emulation.RiscV.Float;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zfa": additional floating-point instructions. RISC-V Unprivileged ISA, "Zfa".</summary>
[Extension("Zfa")]
internal static class Zfa
{
    private static readonly IrHelper s_modular
        = IrHelper.Create(typeof(FpConvertHelpers), nameof(FpConvertHelpers.DToWModular), IrType.I32, IrEffects.FloatEnvironment);

    [Encoding("11110 00 00001 rs1 000 rd 1010011", "fli.s {fd}, {fli}")]
    public static void FliS(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            RvFloat.Single.Set(e, i.Rd, e.Ir.Const(FloatImmediate.Single(i.Rs1), IrType.I32));
    }

    [Encoding("00101 00 rs2 rs1 010 rd 1010011", "fminm.s {fd}, {fs1}, {fs2}")]
    public static void FminmS(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Single, RvFloat.Single.MinM);

    [Encoding("00101 00 rs2 rs1 011 rd 1010011", "fmaxm.s {fd}, {fs1}, {fs2}")]
    public static void FmaxmS(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Single, RvFloat.Single.MaxM);

    [Encoding("01000 00 00100 rs1 rm rd 1010011", "fround.s {fd}, {fs1}{,rm}")]
    public static void FroundS(RvEmitter e, RvWord i) => FloatOps.Round(e, i, RvFloat.Single, RvFloat.Single.Round);

    [Encoding("01000 00 00101 rs1 rm rd 1010011", "froundnx.s {fd}, {fs1}{,rm}")]
    public static void FroundnxS(RvEmitter e, RvWord i) => FloatOps.Round(e, i, RvFloat.Single, RvFloat.Single.RoundNx);

    [Encoding("10100 00 rs2 rs1 100 rd 1010011", "fleq.s {rd}, {fs1}, {fs2}")]
    public static void FleqS(RvEmitter e, RvWord i) => FloatOps.CompareQuiet(e, i, RvFloat.Single, RvFloat.Single.LeQ);

    [Encoding("10100 00 rs2 rs1 101 rd 1010011", "fltq.s {rd}, {fs1}, {fs2}")]
    public static void FltqS(RvEmitter e, RvWord i) => FloatOps.CompareQuiet(e, i, RvFloat.Single, RvFloat.Single.LtQ);

    [Encoding("11110 01 00001 rs1 000 rd 1010011", "fli.d {fd}, {fli}", Requires = "D")]
    public static void FliD(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            RvFloat.Double.Set(e, i.Rd, e.Ir.Const(FloatImmediate.Double(i.Rs1), IrType.I64));
    }

    [Encoding("00101 01 rs2 rs1 010 rd 1010011", "fminm.d {fd}, {fs1}, {fs2}", Requires = "D")]
    public static void FminmD(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Double, RvFloat.Double.MinM);

    [Encoding("00101 01 rs2 rs1 011 rd 1010011", "fmaxm.d {fd}, {fs1}, {fs2}", Requires = "D")]
    public static void FmaxmD(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Double, RvFloat.Double.MaxM);

    [Encoding("01000 01 00100 rs1 rm rd 1010011", "fround.d {fd}, {fs1}{,rm}", Requires = "D")]
    public static void FroundD(RvEmitter e, RvWord i) => FloatOps.Round(e, i, RvFloat.Double, RvFloat.Double.Round);

    [Encoding("01000 01 00101 rs1 rm rd 1010011", "froundnx.d {fd}, {fs1}{,rm}", Requires = "D")]
    public static void FroundnxD(RvEmitter e, RvWord i) => FloatOps.Round(e, i, RvFloat.Double, RvFloat.Double.RoundNx);

    [Encoding("10100 01 rs2 rs1 100 rd 1010011", "fleq.d {rd}, {fs1}, {fs2}", Requires = "D")]
    public static void FleqD(RvEmitter e, RvWord i) => FloatOps.CompareQuiet(e, i, RvFloat.Double, RvFloat.Double.LeQ);

    [Encoding("10100 01 rs2 rs1 101 rd 1010011", "fltq.d {rd}, {fs1}, {fs2}", Requires = "D")]
    public static void FltqD(RvEmitter e, RvWord i) => FloatOps.CompareQuiet(e, i, RvFloat.Double, RvFloat.Double.LtQ);

    [Encoding("11110 10 00001 rs1 000 rd 1010011", "fli.h {fd}, {fli}", Requires = "Zfh")]
    public static void FliH(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            RvFloat.Half.Set(e, i.Rd, e.Ir.Const(FloatImmediate.Half(i.Rs1), IrType.I32));
    }

    [Encoding("00101 10 rs2 rs1 010 rd 1010011", "fminm.h {fd}, {fs1}, {fs2}", Requires = "Zfh")]
    public static void FminmH(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Half, RvFloat.Half.MinM);

    [Encoding("00101 10 rs2 rs1 011 rd 1010011", "fmaxm.h {fd}, {fs1}, {fs2}", Requires = "Zfh")]
    public static void FmaxmH(RvEmitter e, RvWord i) => FloatOps.Call(e, i, RvFloat.Half, RvFloat.Half.MaxM);

    [Encoding("01000 10 00100 rs1 rm rd 1010011", "fround.h {fd}, {fs1}{,rm}", Requires = "Zfh")]
    public static void FroundH(RvEmitter e, RvWord i) => FloatOps.Round(e, i, RvFloat.Half, RvFloat.Half.Round);

    [Encoding("01000 10 00101 rs1 rm rd 1010011", "froundnx.h {fd}, {fs1}{,rm}", Requires = "Zfh")]
    public static void FroundnxH(RvEmitter e, RvWord i) => FloatOps.Round(e, i, RvFloat.Half, RvFloat.Half.RoundNx);

    [Encoding("10100 10 rs2 rs1 100 rd 1010011", "fleq.h {rd}, {fs1}, {fs2}", Requires = "Zfh")]
    public static void FleqH(RvEmitter e, RvWord i) => FloatOps.CompareQuiet(e, i, RvFloat.Half, RvFloat.Half.LeQ);

    [Encoding("10100 10 rs2 rs1 101 rd 1010011", "fltq.h {rd}, {fs1}, {fs2}", Requires = "Zfh")]
    public static void FltqH(RvEmitter e, RvWord i) => FloatOps.CompareQuiet(e, i, RvFloat.Half, RvFloat.Half.LtQ);

    // rtz is the only legal rounding mode
    [Encoding("1100001 01000 rs1 001 rd 1010011", "fcvtmod.w.d {rd}, {fs1},rtz", Requires = "D")]
    public static void FcvtmodWD(RvEmitter e, RvWord i)
    {
        if (!e.BeginFp())
            return;
        e.SetX(i.Rd, e.Ir.Call(s_modular, e.D(i.Rs1)));
        e.DirtyFp();
    }

    [Encoding("1110001 00001 rs1 000 rd 1010011", "fmvh.x.d {rd}, {fs1}", Requires = "D RV32")]
    public static void FmvhXD(RvEmitter e, RvWord i)
    {
        if (e.BeginFp())
            e.SetX(i.Rd, e.Ir.Trunc(e.Ir.ShrU(e.DBits(i.Rs1), 32), IrType.I32));
    }

    [Encoding("1011001 rs2 rs1 000 rd 1010011", "fmvp.d.x {fd}, {rs1}, {rs2}", Requires = "D RV32")]
    public static void FmvpDX(RvEmitter e, RvWord i)
    {
        if (!e.BeginFp())
            return;
        IrValue low = e.Ir.ZExt(e.W(i.Rs1), IrType.I64), high = e.Ir.ZExt(e.W(i.Rs2), IrType.I64);
        e.SetD(i.Rd, e.Ir.Or(low, e.Ir.Shl(high, 32)));
    }
}
