using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.A32;

/// <summary>Exclusive, acquiring and releasing accesses, SWP. Arm DDI 0487, F4.1.2 "Synchronization primitives and Load-Acquire/Store-Release".</summary>
[Extension("AArch32")]
internal static class Synchronization
{
    [Encoding("cond!=15 00010 b 00 rn rt 0000 1001 rm", "swp{b}{c}", Requires = "SWP")]
    public static void Swp(A32Emitter e, A32Word i)
        => e.SetR(i.Rt, e.Swap(e.R(i.Rn), e.R(i.Rm), i.Flag(22) ? 1 : 4));

    [Encoding("cond!=15 00011 00 1 rn rt 11 11 1001 1111", "ldrex{c}", Requires = "V6")]
    [Encoding("cond!=15 00011 01 1 rn rt 11 11 1001 1111", "ldrexd{c}", Requires = "V6K")]
    [Encoding("cond!=15 00011 10 1 rn rt 11 11 1001 1111", "ldrexb{c}", Requires = "V6K")]
    [Encoding("cond!=15 00011 11 1 rn rt 11 11 1001 1111", "ldrexh{c}", Requires = "V6K")]
    public static void Ldrex(A32Emitter e, A32Word i) => Load(e, i, false);

    [Encoding("cond!=15 00011 00 1 rn rt 11 10 1001 1111", "ldaex{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 01 1 rn rt 11 10 1001 1111", "ldaexd{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 10 1 rn rt 11 10 1001 1111", "ldaexb{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 11 1 rn rt 11 10 1001 1111", "ldaexh{c}", Requires = "V8")]
    public static void Ldaex(A32Emitter e, A32Word i) => Load(e, i, true);

    [Encoding("cond!=15 00011 00 0 rn rd 11 11 1001 rm", "strex{c}", Requires = "V6")]
    [Encoding("cond!=15 00011 01 0 rn rd 11 11 1001 rm", "strexd{c}", Requires = "V6K")]
    [Encoding("cond!=15 00011 10 0 rn rd 11 11 1001 rm", "strexb{c}", Requires = "V6K")]
    [Encoding("cond!=15 00011 11 0 rn rd 11 11 1001 rm", "strexh{c}", Requires = "V6K")]
    public static void Strex(A32Emitter e, A32Word i) => Store(e, i, false);

    [Encoding("cond!=15 00011 00 0 rn rd 11 10 1001 rm", "stlex{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 01 0 rn rd 11 10 1001 rm", "stlexd{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 10 0 rn rd 11 10 1001 rm", "stlexb{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 11 0 rn rd 11 10 1001 rm", "stlexh{c}", Requires = "V8")]
    public static void Stlex(A32Emitter e, A32Word i) => Store(e, i, true);

    [Encoding("cond!=15 00011 00 1 rn rt 11 00 1001 1111", "lda{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 10 1 rn rt 11 00 1001 1111", "ldab{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 11 1 rn rt 11 00 1001 1111", "ldah{c}", Requires = "V8")]
    public static void Lda(A32Emitter e, A32Word i) => e.LoadAcquire(i.Rt, i.Rn, Size(i));

    [Encoding("cond!=15 00011 00 0 rn 1111 11 00 1001 rm", "stl{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 10 0 rn 1111 11 00 1001 rm", "stlb{c}", Requires = "V8")]
    [Encoding("cond!=15 00011 11 0 rn 1111 11 00 1001 rm", "stlh{c}", Requires = "V8")]
    public static void Stl(A32Emitter e, A32Word i) => e.StoreRelease(i.Rm, i.Rn, Size(i));

    private static int Size(A32Word i) => i.Field(21, 2) switch { 0 => 4, 1 => 8, 2 => 1, _ => 2 };

    private static void Load(A32Emitter e, A32Word i, bool acquires)
    {
        if (Size(i) == 8 && ((i.Rt & 1) != 0 || i.Rt == 14))
            e.Undefined();
        else
            e.LoadExclusive(i.Rt, i.Rt + 1, e.R(i.Rn), Size(i), acquires);
    }

    private static void Store(A32Emitter e, A32Word i, bool releases)
    {
        if (Size(i) == 8 && ((i.Rm & 1) != 0 || i.Rm == 14))
            e.Undefined();
        else
            e.StoreExclusive(i.Rd, i.Rm, i.Rm + 1, e.R(i.Rn), Size(i), releases);
    }
}
