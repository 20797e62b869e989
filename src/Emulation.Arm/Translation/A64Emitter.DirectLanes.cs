using Emulation.IR;

namespace Emulation.Arm;

// Integer lanes by operations of the IR, for what compilers and libraries make much use of; null where a helper must do it.
internal sealed partial class A64Emitter
{
    private const byte NoByte = 0x80;

    /// <summary>An operation on two vectors of the same lanes.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="size">log2 of the bytes of a lane.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="d">Gives what the destination holds, for those that accumulate.</param>
    private IrValue? Direct(VecOp op, int size, IrValue a, IrValue b, Func<IrValue> d)
    {
        LaneShape shape = Shape(size);
        return op switch
        {
            VecOp.Add => On(IrOp.VAdd, a, b),
            VecOp.Sub => On(IrOp.VSub, a, b),
            VecOp.Mul => On(IrOp.VMul, a, b),
            VecOp.Mla => On(IrOp.VAdd, d(), On(IrOp.VMul, a, b)),
            VecOp.Mls => On(IrOp.VSub, d(), On(IrOp.VMul, a, b)),
            VecOp.CmGt => On(IrOp.VGtS, a, b),
            VecOp.CmGe => On(IrOp.VGeS, a, b),
            VecOp.CmHi => On(IrOp.VGtU, a, b),
            VecOp.CmHs => On(IrOp.VGeU, a, b),
            VecOp.CmEq => On(IrOp.VEq, a, b),
            VecOp.CmLt => On(IrOp.VGtS, b, a),
            VecOp.CmLe => On(IrOp.VGeS, b, a),
            VecOp.CmTst => Ir.VectorNot(On(IrOp.VEq, Ir.Vector(IrOp.VAnd, a, b), Zeros)),
            VecOp.MaxS => On(IrOp.VMaxS, a, b),
            VecOp.MaxU => On(IrOp.VMaxU, a, b),
            VecOp.MinS => On(IrOp.VMinS, a, b),
            VecOp.MinU => On(IrOp.VMinU, a, b),
            VecOp.AbdS or VecOp.AbdLong => On(IrOp.VSub, On(IrOp.VMaxS, a, b), On(IrOp.VMinS, a, b)),
            VecOp.AbdU => On(IrOp.VSub, On(IrOp.VMaxU, a, b), On(IrOp.VMinU, a, b)),
            VecOp.AbaS or VecOp.AbaLong => On(IrOp.VAdd, d(), On(IrOp.VSub, On(IrOp.VMaxS, a, b), On(IrOp.VMinS, a, b))),
            VecOp.AbaU => On(IrOp.VAdd, d(), On(IrOp.VSub, On(IrOp.VMaxU, a, b), On(IrOp.VMinU, a, b))),
            // (a + b) / 2 = common bits + half of the others, rounded down; or all bits - half of the others, rounded up
            VecOp.HaddS => On(IrOp.VAdd, Ir.Vector(IrOp.VAnd, a, b), HalfOfOthers(IrOp.VShrS)),
            VecOp.HaddU => On(IrOp.VAdd, Ir.Vector(IrOp.VAnd, a, b), HalfOfOthers(IrOp.VShrU)),
            VecOp.RhaddS => On(IrOp.VSub, Ir.Vector(IrOp.VOr, a, b), HalfOfOthers(IrOp.VShrS)),
            VecOp.RhaddU => On(IrOp.VSub, Ir.Vector(IrOp.VOr, a, b), HalfOfOthers(IrOp.VShrU)),
            VecOp.ShlU => ShiftBoth(IrOp.VShrUV),
            VecOp.ShlS => ShiftBoth(IrOp.VShrSV),
            _ => null,
        };

        IrValue On(IrOp ir, IrValue x, IrValue y) => Ir.Vector(ir, shape, x, y);
        IrValue HalfOfOthers(IrOp shift) => Ir.VectorShift(shift, shape, Ir.Vector(IrOp.VXor, a, b), 1);

        // the low byte of each lane, signed, says how far: to the left, or where negative to the right
        IrValue ShiftBoth(IrOp right)
        {
            int rest = (8 << size) - 8;
            IrValue amount = Ir.VectorShift(IrOp.VShrS, shape, Ir.VectorShift(IrOp.VShl, shape, b, rest), rest);
            IrValue left = On(IrOp.VShlV, a, amount), back = On(right, a, Ir.VectorNeg(shape, amount));
            return Ir.VectorSelect(On(IrOp.VGtS, Zeros, amount), back, left);
        }
    }

    /// <summary>An operation on one vector.</summary>
    private IrValue? DirectOfOne(VecOp op, int size, IrValue a) => op switch
    {
        VecOp.Abs => Ir.Vector(IrOp.VAbs, Shape(size), a),
        VecOp.Neg => Ir.VectorNeg(Shape(size), a),
        VecOp.Cnt => Ir.Vector(IrOp.VPopCount, Shape(size), a),
        VecOp.CmGt or VecOp.CmGe or VecOp.CmEq or VecOp.CmLt or VecOp.CmLe => Direct(op, size, a, Zeros, () => a),
        _ => null,
    };

    /// <summary>Lanes widened, from the low or the high half.</summary>
    private IrValue Widened(IrValue a, int size, bool signed, bool high)
        => Ir.Vector((signed, high) switch
        {
            (true, false) => IrOp.VWidenLowS,
            (true, true) => IrOp.VWidenHighS,
            (false, false) => IrOp.VWidenLowU,
            _ => IrOp.VWidenHighU,
        }, Shape(size), a);

    /// <summary>Wide lanes to their low halves; of those that narrow without saturation.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="size">log2 of the bytes of a narrow lane.</param>
    /// <param name="i">The instruction.</param>
    /// <param name="amount">Of a shift.</param>
    private IrValue? DirectNarrow(VecOp op, int size, A64Word i, int amount)
    {
        LaneShape wide = Shape(size + 1);
        int half = 8 << size;
        IrValue? value = op switch
        {
            VecOp.ShrNarrow => V(i.Rn),
            VecOp.RshrNarrow => Rounded(V(i.Rn), amount),
            VecOp.AddHigh => Ir.Vector(IrOp.VAdd, wide, V(i.Rn), V(i.Rm)),
            VecOp.SubHigh => Ir.Vector(IrOp.VSub, wide, V(i.Rn), V(i.Rm)),
            VecOp.RaddHigh => Rounded(Ir.Vector(IrOp.VAdd, wide, V(i.Rn), V(i.Rm)), half),
            VecOp.RsubHigh => Rounded(Ir.Vector(IrOp.VSub, wide, V(i.Rn), V(i.Rm)), half),
            _ => null,
        };
        if (value is not { } all)
            return null;
        int shift = op is VecOp.ShrNarrow or VecOp.RshrNarrow ? amount : half;
        IrValue shifted = Ir.VectorShift(IrOp.VShrU, wide, all, shift);
        return Ir.Vector(IrOp.VNarrow, Shape(size), shifted, shifted);

        // a carry out of the lane is above what is kept
        IrValue Rounded(IrValue a, int by)
        {
            ulong unit = Repeat(1UL << (by - 1), size + 1);
            return Ir.Vector(IrOp.VAdd, wide, a, Ir.VectorConst(unit, unit));
        }
    }

    /// <summary>Even lanes of a and then of b, or odd ones.</summary>
    /// <param name="a">First vector.</param>
    /// <param name="b">Second vector.</param>
    /// <param name="size">log2 of the bytes of a lane.</param>
    /// <param name="bytes">8 or 16: how much of each there is.</param>
    /// <param name="odd">Which.</param>
    private IrValue Alternate(IrValue a, IrValue b, int size, int bytes, bool odd)
    {
        Span<byte> first = stackalloc byte[16], second = stackalloc byte[16];
        first.Fill(NoByte);
        second.Fill(NoByte);
        for (int at = 0; at < bytes; at++)
        {
            int from = (((2 * (at >> size)) + (odd ? 1 : 0)) << size) + (at & ((1 << size) - 1));
            (from < bytes ? first : second)[at] = (byte)(from % bytes);
        }

        return Ir.Vector(IrOp.VOr, Ir.Vector(IrOp.VShuffle, a, Bytes(first)), Ir.Vector(IrOp.VShuffle, b, Bytes(second)));
    }

    /// <summary>Sums of four products of bytes, as 32-bit lanes.</summary>
    private IrValue SumsOfProducts(IrValue a, IrValue b, bool signed)
    {
        IrValue low = Half(false), high = Half(true);
        return Ir.Vector(IrOp.VAdd, LaneShape.I32x4, Alternate(low, high, 2, 16, odd: false), Alternate(low, high, 2, 16, odd: true));

        IrValue Half(bool upper)
            => SumsOfPairs(Ir.Vector(IrOp.VMul, LaneShape.I16x8, Widened(a, 0, signed, upper), Widened(b, 0, signed, upper)), 1, signed);
    }

    /// <summary>Sums of neighbouring lanes, twice as wide.</summary>
    private IrValue SumsOfPairs(IrValue a, int size, bool signed)
    {
        LaneShape wide = Shape(size + 1);
        int half = 8 << size;
        IrOp right = signed ? IrOp.VShrS : IrOp.VShrU;
        IrValue even = Ir.VectorShift(right, wide, Ir.VectorShift(IrOp.VShl, wide, a, half), half);
        return Ir.Vector(IrOp.VAdd, wide, even, Ir.VectorShift(right, wide, a, half));
    }

    /// <summary>All lanes to lane 0; the other lanes are of no use then.</summary>
    /// <param name="op">Of two lanes.</param>
    /// <param name="size">log2 of the bytes of a lane.</param>
    /// <param name="a">The lanes.</param>
    /// <param name="bytes">8 or 16.</param>
    private IrValue Reduce(IrOp op, int size, IrValue a, int bytes)
    {
        Span<byte> order = stackalloc byte[16];
        for (int distance = bytes / 2; distance >= 1 << size; distance /= 2)
        {
            for (int at = 0; at < 16; at++)
                order[at] = (byte)(at < distance ? at + distance : NoByte);
            a = Ir.Vector(op, Shape(size), a, Ir.Vector(IrOp.VShuffle, a, Bytes(order)));
        }

        return a;
    }

    private IrValue Zeros => Ir.VectorConst(0, 0);
}
