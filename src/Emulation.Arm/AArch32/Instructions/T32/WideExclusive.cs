using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Exclusive, acquiring and releasing accesses, table branches. Arm DDI 0487, F3.1.10 "Load/store exclusive, load-acquire/store-release, table branch".</summary>
[Extension("V6T2")]
internal static class WideExclusive
{
    [Encoding("11101000 0101 rn rt 1111 imm8", "ldrex")]
    public static void Ldrex(A32Emitter e, T32Word i) => e.LoadExclusive(i.Rt, 0, e.Ir.Add(e.R(i.Rn), i.Imm8 << 2), 4, false);

    [Encoding("11101000 0100 rn rt rd imm8", "strex")]
    public static void Strex(A32Emitter e, T32Word i) => e.StoreExclusive(i.Rd, i.Rt, 0, e.Ir.Add(e.R(i.Rn), i.Imm8 << 2), 4, false);

    [Encoding("11101000 1101 rn rt 1111 0100 1111", "ldrexb")]
    [Encoding("11101000 1101 rn rt 1111 0101 1111", "ldrexh")]
    [Encoding("11101000 1101 rn rt rt2 0111 1111", "ldrexd", Requires = "AProfile")]
    [Encoding("11101000 1101 rn rt 1111 1100 1111", "ldaexb", Requires = "V8")]
    [Encoding("11101000 1101 rn rt 1111 1101 1111", "ldaexh", Requires = "V8")]
    [Encoding("11101000 1101 rn rt 1111 1110 1111", "ldaex", Requires = "V8")]
    [Encoding("11101000 1101 rn rt rt2 1111 1111", "ldaexd", Requires = "V8 AProfile")]
    public static void LdrexSized(A32Emitter e, T32Word i) => e.LoadExclusive(i.Rt, i.Rt2, e.R(i.Rn), 1 << i.Field(4, 2), i.Flag(7));

    [Encoding("11101000 1100 rn rt 1111 0100 rm", "strexb")]
    [Encoding("11101000 1100 rn rt 1111 0101 rm", "strexh")]
    [Encoding("11101000 1100 rn rt rt2 0111 rm", "strexd", Requires = "AProfile")]
    [Encoding("11101000 1100 rn rt 1111 1100 rm", "stlexb", Requires = "V8")]
    [Encoding("11101000 1100 rn rt 1111 1101 rm", "stlexh", Requires = "V8")]
    [Encoding("11101000 1100 rn rt 1111 1110 rm", "stlex", Requires = "V8")]
    [Encoding("11101000 1100 rn rt rt2 1111 rm", "stlexd", Requires = "V8 AProfile")]
    public static void StrexSized(A32Emitter e, T32Word i) => e.StoreExclusive(i.Rm, i.Rt, i.Rt2, e.R(i.Rn), 1 << i.Field(4, 2), i.Flag(7));

    [Encoding("11101000 1101 rn rt 1111 1000 1111", "ldab", Requires = "V8")]
    [Encoding("11101000 1101 rn rt 1111 1001 1111", "ldah", Requires = "V8")]
    [Encoding("11101000 1101 rn rt 1111 1010 1111", "lda", Requires = "V8")]
    public static void Lda(A32Emitter e, T32Word i) => e.LoadAcquire(i.Rt, i.Rn, 1 << i.Field(4, 2));

    [Encoding("11101000 1100 rn rt 1111 1000 1111", "stlb", Requires = "V8")]
    [Encoding("11101000 1100 rn rt 1111 1001 1111", "stlh", Requires = "V8")]
    [Encoding("11101000 1100 rn rt 1111 1010 1111", "stl", Requires = "V8")]
    public static void Stl(A32Emitter e, T32Word i) => e.StoreRelease(i.Rt, i.Rn, 1 << i.Field(4, 2));

    [Encoding("11101000 1101 rn 1111 0000 0000 rm", "tbb")]
    public static void Tbb(A32Emitter e, T32Word i) => Table(e, e.LoadValue(e.Ir.Add(e.R(i.Rn), e.R(i.Rm)), 1));

    [Encoding("11101000 1101 rn 1111 0000 0001 rm", "tbh")]
    public static void Tbh(A32Emitter e, T32Word i) => Table(e, e.LoadValue(e.Ir.Add(e.R(i.Rn), e.Ir.Shl(e.R(i.Rm), 1)), 2));

    private static void Table(A32Emitter e, IrValue halfwords) => e.BranchTo(e.Ir.Add(e.Ir.Shl(halfwords, 1), e.Ir.Const(e.PcValue, IrType.I32)));
}
