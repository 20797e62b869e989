using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>More acquiring and releasing accesses: pairs, write-back, vectors. Arm DDI 0487, "FEAT_LRCPC3".</summary>
[Extension("Base", Requires = "LRCPC3")]
internal static class OrderedAccesses
{
    [Encoding("1 size:1 011001 00 0 rt2 0000 10 rn rt", "stilp")]
    [Encoding("1 size:1 011001 00 0 rt2 0001 10 rn rt", "stilp")]
    public static void Stilp(A64Emitter e, A64Word i)
    {
        int size = 1 << i.Size, second = i.Field(16, 5);
        bool writes = !i.Flag(12);
        IrValue start = e.Base(i.Rn), address = writes ? e.Ir.Add(start, -2 * size) : start;
        IrValue both = size == 8
            ? e.Ir.VectorInsert(LaneShape.I64x2, e.Ir.VectorScalar(e.X(i.Rt)), 1, e.X(second))
            : e.Ir.Or(e.Ir.ZExt(e.W(i.Rt), IrType.I64), e.Ir.Shl(e.X(second), 32));
        e.StoreRelease(address, 0, 2 * size, both);
        if (writes)
            e.SetXSp(i.Rn, address);
    }

    [Encoding("1 size:1 011001 01 0 rt2 0000 10 rn rt", "ldiapp")]
    [Encoding("1 size:1 011001 01 0 rt2 0001 10 rn rt", "ldiapp")]
    public static void Ldiapp(A64Emitter e, A64Word i)
    {
        int size = 1 << i.Size, second = i.Field(16, 5);
        IrValue address = e.Base(i.Rn);
        IrValue both = e.LoadAcquire(address, 0, 2 * size, false, size == 8 ? IrType.V128 : IrType.I64);
        IrValue low = size == 8 ? e.Ir.VectorExtract(LaneShape.I64x2, both, 0) : e.Ir.Trunc(both, IrType.I32);
        IrValue high = size == 8 ? e.Ir.VectorExtract(LaneShape.I64x2, both, 1) : e.Ir.ShrU(both, 32);
        if (!i.Flag(12))
            e.SetXSp(i.Rn, e.Ir.Add(address, 2 * size));
        e.SetX(i.Rt, low);
        e.SetX(second, high);
    }

    [Encoding("1 size:1 011001 10 0 00000 0000 10 rn rt", "stlr")]
    public static void StlrBefore(A64Emitter e, A64Word i)
    {
        int size = 1 << i.Size;
        IrValue address = e.Ir.Add(e.Base(i.Rn), -size);
        e.StoreRelease(address, 0, size, e.R(size == 8, i.Rt));
        e.SetXSp(i.Rn, address);
    }

    [Encoding("1 size:1 011001 11 0 00000 0000 10 rn rt", "ldapr")]
    public static void LdaprAfter(A64Emitter e, A64Word i)
    {
        int size = 1 << i.Size;
        IrValue address = e.Base(i.Rn), value = e.LoadAcquire(address, 0, size, false, size == 8 ? IrType.I64 : IrType.I32);
        e.SetXSp(i.Rn, e.Ir.Add(address, size));
        e.SetX(i.Rt, value);
    }

    [Encoding("size 011101 00 0 imm9 10 rn rt", "stlur", Requires = "FP")]
    [Encoding("00 011101 10 0 imm9 10 rn rt", "stlur", Requires = "FP")]
    public static void StlurVector(A64Emitter e, A64Word i)
    {
        int size = Bytes(i);
        e.StoreRelease(e.Base(i.Rn), i.Imm9, size, e.Part(i.Rt, A64Emitter.PartType(size)));
    }

    [Encoding("size 011101 01 0 imm9 10 rn rt", "ldapur", Requires = "FP")]
    [Encoding("00 011101 11 0 imm9 10 rn rt", "ldapur", Requires = "FP")]
    public static void LdapurVector(A64Emitter e, A64Word i)
    {
        int size = Bytes(i);
        e.SetVectorPart(i.Rt, e.LoadAcquire(e.Base(i.Rn), i.Imm9, size, false, A64Emitter.PartType(size)));
    }

    [Encoding("0 q 0011010 0 0 00001 100001 rn rt", "stl1", Requires = "AdvSIMD")]
    public static void Stl1(A64Emitter e, A64Word i)
        => e.StoreRelease(e.Base(i.Rn), 0, 8, e.Ir.VectorExtract(LaneShape.I64x2, e.V(i.Rt), i.Q ? 1 : 0));

    [Encoding("0 q 0011010 1 0 00001 100001 rn rt", "ldap1", Requires = "AdvSIMD")]
    public static void Ldap1(A64Emitter e, A64Word i)
    {
        IrValue value = e.LoadAcquire(e.Base(i.Rn), 0, 8, false, IrType.I64);
        e.SetV(i.Rt, e.Ir.VectorInsert(LaneShape.I64x2, e.V(i.Rt), i.Q ? 1 : 0, value));
    }

    private static int Bytes(A64Word i) => i.Flag(23) ? 16 : 1 << i.Size;
}
