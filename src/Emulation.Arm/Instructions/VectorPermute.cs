using System.Numerics;
using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Vector permutations, table lookup and copies. Arm DDI 0487, C4.1.96 "Advanced SIMD permute", "extract", "table lookup", "copy".</summary>
[Extension("AdvSIMD")]
internal static class VectorPermute
{
    private const byte Nothing = 0x80;

    [Encoding("0 q 001110 size 0 rm 0 001 10 rn rd", "uzp1")]
    [Encoding("0 q 001110 size 0 rm 0 101 10 rn rd", "uzp2")]
    public static void Uzp(A64Emitter e, A64Word i)
    {
        int odd = i.Field(14, 1);
        Permute(e, i, (lane, count) => (2 * lane) + odd);
    }

    [Encoding("0 q 001110 size 0 rm 0 010 10 rn rd", "trn1")]
    [Encoding("0 q 001110 size 0 rm 0 110 10 rn rd", "trn2")]
    public static void Trn(A64Emitter e, A64Word i)
    {
        int odd = i.Field(14, 1);
        Permute(e, i, (lane, count) => ((lane & 1) * count) + (lane & ~1) + odd);
    }

    [Encoding("0 q 001110 size 0 rm 0 011 10 rn rd", "zip1")]
    [Encoding("0 q 001110 size 0 rm 0 111 10 rn rd", "zip2")]
    public static void Zip(A64Emitter e, A64Word i)
    {
        int high = i.Field(14, 1);
        Permute(e, i, (lane, count) => ((lane & 1) * count) + (lane / 2) + (high * count / 2));
    }

    [Encoding("0 q 101110 00 0 rm 0 imm4 0 rn rd", "ext")]
    public static void Ext(A64Emitter e, A64Word i)
    {
        if (!i.Q && i.Imm4 > 7)
            e.Undefined();
        else
            Select(e, i, at => at + i.Imm4);
    }

    [Encoding("0 q 001110 00 0 rm 0 len:2 0 00 rn rd", "tbl")]
    public static void Tbl(A64Emitter e, A64Word i) => e.SetLanes(i, Look(e, i, e.V(i.Rm)));

    [Encoding("0 q 001110 00 0 rm 0 len:2 1 00 rn rd", "tbx")]
    public static void Tbx(A64Emitter e, A64Word i)
    {
        IrValue index = e.V(i.Rm), found = Look(e, i, index);
        ulong last = 0x0101_0101_0101_0101UL * (uint)((16 * (i.Field(13, 2) + 1)) - 1);
        IrValue outside = e.Ir.Vector(IrOp.VGtU, LaneShape.I8x16, index, e.Ir.VectorConst(last, last));
        e.SetLanes(i, e.Ir.VectorSelect(outside, e.V(i.Rd), found));
    }

    [Encoding("0 q 0 01110000 imm5 0 0000 1 rn rd", "dup")]
    public static void DupElement(A64Emitter e, A64Word i)
    {
        if (TryElement(e, i, out int size, out int index) && e.HasLanes(i, size))
            e.SetLanes(i, e.Ir.VectorSplat(e.Ir.VectorExtract(A64Emitter.Shape(size), e.V(i.Rn), index)));
    }

    [Encoding("01 0 11110000 imm5 0 0000 1 rn rd", "dup")]
    public static void DupScalar(A64Emitter e, A64Word i)
    {
        if (TryElement(e, i, out int size, out int index))
            e.SetVectorPart(i.Rd, e.Ir.VectorExtract(A64Emitter.Shape(size), e.V(i.Rn), index));
    }

    [Encoding("0 q 0 01110000 imm5 0 0001 1 rn rd", "dup")]
    public static void DupGeneral(A64Emitter e, A64Word i)
    {
        if (TryElement(e, i, out int size, out _) && e.HasLanes(i, size))
            e.SetLanes(i, e.Ir.VectorSplat(General(e, i.Rn, size)));
    }

    [Encoding("0 q 0 01110000 imm5 0 0101 1 rn rd", "smov")]
    public static void Smov(A64Emitter e, A64Word i)
    {
        if (!TryElement(e, i, out int size, out int index))
            return;
        if (size == 3 || (size == 2 && !i.Q))
            e.Undefined();
        else
            e.SetX(i.Rd, e.Ir.SExt(e.Ir.VectorExtract(A64Emitter.Shape(size), e.V(i.Rn), index), i.Q ? IrType.I64 : IrType.I32));
    }

    [Encoding("0 q 0 01110000 imm5 0 0111 1 rn rd", "umov")]
    public static void Umov(A64Emitter e, A64Word i)
    {
        if (!TryElement(e, i, out int size, out int index))
            return;
        if (i.Q != (size == 3))
            e.Undefined();
        else
            e.SetX(i.Rd, e.Ir.ZExt(e.Ir.VectorExtract(A64Emitter.Shape(size), e.V(i.Rn), index), IrType.I64));
    }

    [Encoding("0 1 0 01110000 imm5 0 0011 1 rn rd", "ins")]
    public static void InsGeneral(A64Emitter e, A64Word i)
    {
        if (TryElement(e, i, out int size, out int index))
            e.SetV(i.Rd, e.Ir.VectorInsert(A64Emitter.Shape(size), e.V(i.Rd), index, General(e, i.Rn, size)));
    }

    [Encoding("0 1 1 01110000 imm5 0 imm4 1 rn rd", "ins")]
    public static void InsElement(A64Emitter e, A64Word i)
    {
        if (!TryElement(e, i, out int size, out int index))
            return;
        IrValue value = e.Ir.VectorExtract(A64Emitter.Shape(size), e.V(i.Rn), i.Imm4 >> size);
        e.SetV(i.Rd, e.Ir.VectorInsert(A64Emitter.Shape(size), e.V(i.Rd), index, value));
    }

    private static IrValue General(A64Emitter e, int register, int size) => size switch
    {
        3 => e.X(register),
        2 => e.W(register),
        1 => e.Ir.Trunc(e.W(register), IrType.I16),
        _ => e.Ir.Trunc(e.W(register), IrType.I8),
    };

    private static bool TryElement(A64Emitter e, A64Word i, out int size, out int index)
    {
        size = BitOperations.TrailingZeroCount(i.Imm5);
        index = i.Imm5 >> (size + 1);
        if (size <= 3)
            return true;
        e.Undefined();
        return false;
    }

    private static IrValue Look(A64Emitter e, A64Word i, IrValue index)
    {
        IrValue result = e.Ir.Vector(IrOp.VShuffle, e.V(i.Rn), index);
        for (int k = 1; k <= i.Field(13, 2); k++)
        {
            ulong start = 0x1010_1010_1010_1010UL * (uint)k;
            IrValue shifted = e.Ir.Vector(IrOp.VSub, LaneShape.I8x16, index, e.Ir.VectorConst(start, start));
            result = e.Ir.Vector(IrOp.VOr, result, e.Ir.Vector(IrOp.VShuffle, e.V((i.Rn + k) & 31), shifted));
        }

        return result;
    }

    // lanes of n, then of m, by number
    private static void Permute(A64Emitter e, A64Word i, Func<int, int, int> source)
    {
        if (!e.HasLanes(i, i.Lane))
            return;
        int size = i.Lane, count = (i.Q ? 16 : 8) >> size;
        Select(e, i, at => (source(at >> size, count) << size) + (at & ((1 << size) - 1)));
    }

    // bytes of n, then of m, by number
    private static void Select(A64Emitter e, A64Word i, Func<int, int> source)
    {
        int bytes = i.Q ? 16 : 8;
        Span<byte> first = stackalloc byte[16], second = stackalloc byte[16];
        first.Fill(Nothing);
        second.Fill(Nothing);
        for (int at = 0; at < bytes; at++)
        {
            int from = source(at);
            (from < bytes ? first : second)[at] = (byte)(from % bytes);
        }

        e.SetV(i.Rd, e.Ir.Vector(
            IrOp.VOr, e.Ir.Vector(IrOp.VShuffle, e.V(i.Rn), e.Bytes(first)), e.Ir.Vector(IrOp.VShuffle, e.V(i.Rm), e.Bytes(second))));
    }
}
