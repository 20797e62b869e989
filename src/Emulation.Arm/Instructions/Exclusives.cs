using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Exclusive, acquiring and releasing accesses. Arm DDI 0487, C4.1.94 "Load/store exclusive", "Load/store ordered".</summary>
[Extension("Base")]
internal static class Exclusives
{
    [Encoding("size 001000 0 0 0 rs 0 ..... rn rt", "stxr{bh}")]
    public static void Stxr(A64Emitter e, A64Word i) => Store(e, i);

    [Encoding("size 001000 0 0 0 rs 1 ..... rn rt", "stlxr{bh}")]
    public static void Stlxr(A64Emitter e, A64Word i)
    {
        e.Ir.Fence(IrFence.Release);
        Store(e, i);
    }

    [Encoding("size 001000 0 1 0 ..... 0 ..... rn rt", "ldxr{bh}")]
    public static void Ldxr(A64Emitter e, A64Word i) => Load(e, i, false);

    [Encoding("size 001000 0 1 0 ..... 1 ..... rn rt", "ldaxr{bh}")]
    public static void Ldaxr(A64Emitter e, A64Word i) => Load(e, i, true);

    [Encoding("10 001000 0 0 1 rs 0 rt2 rn rt", "stxp")]
    [Encoding("10 001000 0 0 1 rs 1 rt2 rn rt", "stlxp")]
    public static void StxpW(A64Emitter e, A64Word i)
    {
        e.Ir.Fence(IrFence.Release);
        (int low, int high) = e.IsBigEndian ? (i.Rt2, i.Rt) : (i.Rt, i.Rt2);
        IrValue both = e.Ir.Or(e.Ir.ZExt(e.W(low), IrType.I64), e.Ir.Shl(e.X(high), 32));
        e.SetX(i.Rs, Failed(e, e.Ir.StoreConditional(e.Base(i.Rn), both, e.Atomic(8))));
    }

    [Encoding("11 001000 0 0 1 rs 0 rt2 rn rt", "stxp")]
    [Encoding("11 001000 0 0 1 rs 1 rt2 rn rt", "stlxp")]
    public static void StxpX(A64Emitter e, A64Word i)
    {
        e.Ir.Fence(IrFence.Release);
        e.SetX(i.Rs, e.Ir.Call(PairHelpers.StoreExclusive, e.Base(i.Rn), e.X(i.Rt), e.X(i.Rt2)));
    }

    [Encoding("10 001000 0 1 1 ..... 0 rt2 rn rt", "ldxp")]
    [Encoding("10 001000 0 1 1 ..... 1 rt2 rn rt", "ldaxp")]
    public static void LdxpW(A64Emitter e, A64Word i)
    {
        IrValue both = e.Ir.LoadReserved(e.Base(i.Rn), e.Atomic(8), IrType.I64);
        e.Ir.Fence(IrFence.Acquire);
        (int low, int high) = e.IsBigEndian ? (i.Rt2, i.Rt) : (i.Rt, i.Rt2);
        e.SetX(low, e.Ir.Trunc(both, IrType.I32));
        e.SetX(high, e.Ir.ShrU(both, 32));
    }

    [Encoding("11 001000 0 1 1 ..... 0 rt2 rn rt", "ldxp")]
    [Encoding("11 001000 0 1 1 ..... 1 rt2 rn rt", "ldaxp")]
    public static void LdxpX(A64Emitter e, A64Word i)
    {
        e.Ir.Call(PairHelpers.LoadExclusive, e.Base(i.Rn));
        IrValue low = e.Ir.Call(PairHelpers.OldLow), high = e.Ir.Call(PairHelpers.OldHigh);
        e.SetX(i.Rt, low);
        e.SetX(i.Rt2, high);
    }

    [Encoding("size 001000 1 0 0 ..... 0 ..... rn rt", "stllr{bh}", Requires = "LOR")]
    [Encoding("size 001000 1 0 0 ..... 1 ..... rn rt", "stlr{bh}")]
    public static void Stlr(A64Emitter e, A64Word i) => Release(e, i, 0);

    [Encoding("size 001000 1 1 0 ..... 0 ..... rn rt", "ldlar{bh}", Requires = "LOR")]
    [Encoding("size 001000 1 1 0 ..... 1 ..... rn rt", "ldar{bh}")]
    public static void Ldar(A64Emitter e, A64Word i) => Acquire(e, i, 0, false, i.Size == 3);

    [Encoding("size 111 0 00 1 0 1 11111 1 100 00 rn rt", "ldapr{bh}", Requires = "LRCPC")]
    public static void Ldapr(A64Emitter e, A64Word i) => Acquire(e, i, 0, false, i.Size == 3);

    [Encoding("size 011001 00 0 imm9 00 rn rt", "stlur{bh}", Requires = "LRCPC2")]
    public static void Stlur(A64Emitter e, A64Word i) => Release(e, i, i.Imm9);

    [Encoding("size 011001 01 0 imm9 00 rn rt", "ldapur{bh}", Requires = "LRCPC2")]
    public static void Ldapur(A64Emitter e, A64Word i) => Acquire(e, i, i.Imm9, false, i.Size == 3);

    [Encoding("size!=3 011001 10 0 imm9 00 rn rt", "ldapurs{bhw}", Requires = "LRCPC2")]
    public static void LdapursX(A64Emitter e, A64Word i) => Acquire(e, i, i.Imm9, true, true);

    [Encoding("0 size:1 011001 11 0 imm9 00 rn rt", "ldapurs{bhw}", Requires = "LRCPC2")]
    public static void LdapursW(A64Emitter e, A64Word i) => Acquire(e, i, i.Imm9, true, false);

    private static void Acquire(A64Emitter e, A64Word i, int displacement, bool signed, bool wide)
        => e.SetX(i.Rt, e.LoadAcquire(e.Base(i.Rn), displacement, 1 << i.Size, signed, wide ? IrType.I64 : IrType.I32));

    private static void Release(A64Emitter e, A64Word i, int displacement)
        => e.StoreRelease(e.Base(i.Rn), displacement, 1 << i.Size, e.R(i.Size == 3, i.Rt));

    private static void Load(A64Emitter e, A64Word i, bool acquires)
    {
        IrValue value = e.Ir.LoadReserved(e.Base(i.Rn), e.Atomic(1 << i.Size), i.Size == 3 ? IrType.I64 : IrType.I32);
        if (acquires)
            e.Ir.Fence(IrFence.Acquire);
        e.SetX(i.Rt, value);
    }

    private static void Store(A64Emitter e, A64Word i)
        => e.SetX(i.Rs, Failed(e, e.Ir.StoreConditional(e.Base(i.Rn), e.R(i.Size == 3, i.Rt), e.Atomic(1 << i.Size))));

    private static IrValue Failed(A64Emitter e, IrValue result) => result.Type == IrType.I64 ? result : e.Ir.ZExt(result, IrType.I64);
}
