using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Loads and stores of two registers. Arm DDI 0487, C4.1.94. Each is one access of the IR: a pair faults as a whole.</summary>
[Extension("Base")]
internal static class LoadStorePair
{
    [Encoding("00 101 0 0 00 0 imm7 rt2 rn rt", "stnp")]
    [Encoding("00 101 0 0 01 0 imm7 rt2 rn rt", "stp")]
    [Encoding("00 101 0 0 10 0 imm7 rt2 rn rt", "stp")]
    [Encoding("00 101 0 0 11 0 imm7 rt2 rn rt", "stp")]
    public static void StpW(A64Emitter e, A64Word i) => Store(e, i, 4);

    [Encoding("00 101 0 0 00 1 imm7 rt2 rn rt", "ldnp")]
    [Encoding("00 101 0 0 01 1 imm7 rt2 rn rt", "ldp")]
    [Encoding("00 101 0 0 10 1 imm7 rt2 rn rt", "ldp")]
    [Encoding("00 101 0 0 11 1 imm7 rt2 rn rt", "ldp")]
    public static void LdpW(A64Emitter e, A64Word i) => Load(e, i, 4, false);

    [Encoding("01 101 0 0 01 1 imm7 rt2 rn rt", "ldpsw")]
    [Encoding("01 101 0 0 10 1 imm7 rt2 rn rt", "ldpsw")]
    [Encoding("01 101 0 0 11 1 imm7 rt2 rn rt", "ldpsw")]
    public static void Ldpsw(A64Emitter e, A64Word i) => Load(e, i, 4, true);

    [Encoding("10 101 0 0 00 0 imm7 rt2 rn rt", "stnp")]
    [Encoding("10 101 0 0 01 0 imm7 rt2 rn rt", "stp")]
    [Encoding("10 101 0 0 10 0 imm7 rt2 rn rt", "stp")]
    [Encoding("10 101 0 0 11 0 imm7 rt2 rn rt", "stp")]
    public static void StpX(A64Emitter e, A64Word i) => Store(e, i, 8);

    [Encoding("10 101 0 0 00 1 imm7 rt2 rn rt", "ldnp")]
    [Encoding("10 101 0 0 01 1 imm7 rt2 rn rt", "ldp")]
    [Encoding("10 101 0 0 10 1 imm7 rt2 rn rt", "ldp")]
    [Encoding("10 101 0 0 11 1 imm7 rt2 rn rt", "ldp")]
    public static void LdpX(A64Emitter e, A64Word i) => Load(e, i, 8, false);

    [Encoding("00 101 1 0 00 0 imm7 rt2 rn rt", "stnp", Requires = "FP")]
    [Encoding("00 101 1 0 01 0 imm7 rt2 rn rt", "stp", Requires = "FP")]
    [Encoding("00 101 1 0 10 0 imm7 rt2 rn rt", "stp", Requires = "FP")]
    [Encoding("00 101 1 0 11 0 imm7 rt2 rn rt", "stp", Requires = "FP")]
    public static void StpVS(A64Emitter e, A64Word i) => StoreVectors(e, i, 4);

    [Encoding("00 101 1 0 00 1 imm7 rt2 rn rt", "ldnp", Requires = "FP")]
    [Encoding("00 101 1 0 01 1 imm7 rt2 rn rt", "ldp", Requires = "FP")]
    [Encoding("00 101 1 0 10 1 imm7 rt2 rn rt", "ldp", Requires = "FP")]
    [Encoding("00 101 1 0 11 1 imm7 rt2 rn rt", "ldp", Requires = "FP")]
    public static void LdpVS(A64Emitter e, A64Word i) => LoadVectors(e, i, 4);

    [Encoding("01 101 1 0 00 0 imm7 rt2 rn rt", "stnp", Requires = "FP")]
    [Encoding("01 101 1 0 01 0 imm7 rt2 rn rt", "stp", Requires = "FP")]
    [Encoding("01 101 1 0 10 0 imm7 rt2 rn rt", "stp", Requires = "FP")]
    [Encoding("01 101 1 0 11 0 imm7 rt2 rn rt", "stp", Requires = "FP")]
    public static void StpVD(A64Emitter e, A64Word i) => StoreVectors(e, i, 8);

    [Encoding("01 101 1 0 00 1 imm7 rt2 rn rt", "ldnp", Requires = "FP")]
    [Encoding("01 101 1 0 01 1 imm7 rt2 rn rt", "ldp", Requires = "FP")]
    [Encoding("01 101 1 0 10 1 imm7 rt2 rn rt", "ldp", Requires = "FP")]
    [Encoding("01 101 1 0 11 1 imm7 rt2 rn rt", "ldp", Requires = "FP")]
    public static void LdpVD(A64Emitter e, A64Word i) => LoadVectors(e, i, 8);

    [Encoding("10 101 1 0 00 0 imm7 rt2 rn rt", "stnp", Requires = "FP")]
    [Encoding("10 101 1 0 01 0 imm7 rt2 rn rt", "stp", Requires = "FP")]
    [Encoding("10 101 1 0 10 0 imm7 rt2 rn rt", "stp", Requires = "FP")]
    [Encoding("10 101 1 0 11 0 imm7 rt2 rn rt", "stp", Requires = "FP")]
    public static void StpVQ(A64Emitter e, A64Word i) => StoreVectors(e, i, 16);

    [Encoding("10 101 1 0 00 1 imm7 rt2 rn rt", "ldnp", Requires = "FP")]
    [Encoding("10 101 1 0 01 1 imm7 rt2 rn rt", "ldp", Requires = "FP")]
    [Encoding("10 101 1 0 10 1 imm7 rt2 rn rt", "ldp", Requires = "FP")]
    [Encoding("10 101 1 0 11 1 imm7 rt2 rn rt", "ldp", Requires = "FP")]
    public static void LdpVQ(A64Emitter e, A64Word i) => LoadVectors(e, i, 16);

    private static void Load(A64Emitter e, A64Word i, int size, bool signed)
    {
        MemoryOperand address = e.PairAddress(i, size);
        IrValue first, second;
        if (size == 8)
        {
            IrValue both = e.Ir.Load(address.Base, address.Displacement, Pair(e, address, size, false), IrType.V128);
            first = e.Ir.VectorExtract(LaneShape.I64x2, both, 0);
            second = e.Ir.VectorExtract(LaneShape.I64x2, both, 1);
            if (e.IsBigEndian)
                (first, second) = (second, first);
        }
        else
        {
            IrValue both = e.Ir.Load(address.Base, address.Displacement, Pair(e, address, size, false), IrType.I64);
            first = e.Ir.Trunc(both, IrType.I32);
            second = signed ? e.Ir.ShrS(both, 32) : e.Ir.ShrU(both, 32);
            if (e.IsBigEndian)
                (first, second) = (e.Ir.Trunc(second, IrType.I32), e.Ir.ZExt(first, IrType.I64));
            if (signed)
                (first, second) = (e.Ir.SExt(first, IrType.I64), e.Ir.SExt(e.Ir.Trunc(second, IrType.I32), IrType.I64));
        }

        e.WriteBack(i, address);
        e.SetX(i.Rt, first);
        e.SetX(i.Rt2, second);
    }

    private static void Store(A64Emitter e, A64Word i, int size)
    {
        MemoryOperand address = e.PairAddress(i, size);
        (int low, int high) = e.IsBigEndian ? (i.Rt2, i.Rt) : (i.Rt, i.Rt2);
        if (size == 8)
        {
            IrValue both = e.Ir.VectorInsert(LaneShape.I64x2, e.Ir.VectorScalar(e.X(low)), 1, e.X(high));
            e.Ir.Store(address.Base, address.Displacement, both, Pair(e, address, size, true));
        }
        else
        {
            IrValue both = e.Ir.Or(e.Ir.ZExt(e.W(low), IrType.I64), e.Ir.Shl(e.X(high), 32));
            e.Ir.Store(address.Base, address.Displacement, both, Pair(e, address, size, true));
        }

        e.WriteBack(i, address);
    }

    private static void LoadVectors(A64Emitter e, A64Word i, int size)
    {
        MemoryOperand address = e.PairAddress(i, size);
        IrValue first, second;
        if (size == 4)
        {
            IrValue both = e.Ir.Load(address.Base, address.Displacement, Pair(e, address, size, false), IrType.I64);
            first = e.Ir.Trunc(both, IrType.I32);
            second = e.Ir.Trunc(e.Ir.ShrU(both, 32), IrType.I32);
        }
        else if (size == 8)
        {
            IrValue both = e.Ir.Load(address.Base, address.Displacement, Pair(e, address, size, false), IrType.V128);
            first = e.Ir.VectorExtract(LaneShape.F64x2, both, 0);
            second = e.Ir.VectorExtract(LaneShape.F64x2, both, 1);
        }
        else
        {
            IrValue both = e.Ir.Load(address.Base, address.Displacement, Pair(e, address, size, false), IrType.V256);
            first = e.Ir.VectorLow(both);
            second = e.Ir.VectorHigh(both);
        }

        if (e.IsBigEndian)
            (first, second) = (second, first);           // all bytes are in reverse
        e.WriteBack(i, address);
        e.SetVectorPart(i.Rt, first);
        e.SetVectorPart(i.Rt2, second);
    }

    private static void StoreVectors(A64Emitter e, A64Word i, int size)
    {
        MemoryOperand address = e.PairAddress(i, size);
        (int low, int high) = e.IsBigEndian ? (i.Rt2, i.Rt) : (i.Rt, i.Rt2);
        IrValue both = size switch
        {
            4 => e.Ir.Or(e.Ir.ZExt(e.Part(low, IrType.I32), IrType.I64), e.Ir.Shl(e.Ir.ZExt(e.Part(high, IrType.I32), IrType.I64), 32)),
            8 => e.Ir.VectorInsert(LaneShape.I64x2, e.V(low), 1, e.Part(high, IrType.I64)),
            _ => e.Ir.VectorJoin(e.V(low), e.V(high)),
        };
        e.Ir.Store(address.Base, address.Displacement, both, Pair(e, address, size, true));
        e.WriteBack(i, address);
    }

    private static MemOp Pair(A64Emitter e, in MemoryOperand address, int size, bool write)
        => e.Elements(address.Base, address.Displacement, 2 * size, size, write);
}
