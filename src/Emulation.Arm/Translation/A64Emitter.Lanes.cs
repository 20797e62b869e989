using System.Numerics;
using Emulation.IR;

namespace Emulation.Arm;

// Integer lanes: by the IR where it has the operation, else by helpers that work on the registers in place.
internal sealed partial class A64Emitter
{
    /// <summary>Whether the instruction is a scalar form of a vector instruction.</summary>
    public static bool IsScalar(A64Word i) => i.Flag(28);

    /// <summary>Lane shape of integers.</summary>
    public static LaneShape Shape(int size) => (LaneShape)size;

    /// <summary>Writes a vector register; without Q, and for scalars, only its low half, zeros above.</summary>
    public void SetLanes(A64Word i, IrValue value) => SetV(i.Rd, i.Q && !IsScalar(i) ? value : LowHalf(value));

    /// <summary>Bits 0 to 63, zeros above.</summary>
    public IrValue LowHalf(IrValue value) => Ir.Vector(IrOp.VAnd, value, Ir.VectorConst(ulong.MaxValue, 0));

    /// <summary>Calls a vector helper.</summary>
    public void CallLanes(IrHelper helper, A64Word i, VectorKind kind, int? rm = null)
        => Ir.Call(helper, Word(i.Rd | (i.Rn << 5) | ((rm ?? i.Rm) << 10)), Word(kind.Pack()));

    /// <summary>Three registers of the same lanes.</summary>
    public void Lanes(A64Word i, VecOp op)
    {
        if (!HasLanes(i, i.Lane))
            return;
        bool whole = !IsScalar(i) || i.Lane == 3;
        if (whole && Direct(op, i.Lane, V(i.Rn), V(i.Rm), () => V(i.Rd)) is { } value)
            SetLanes(i, value);
        else
            CallLanes(VectorHelpers.Lanes, i, new VectorKind((int)op, i.Lane, Count(i, i.Lane)));
    }

    /// <summary>One register; where the operation has two operands, the other is 0.</summary>
    public void LanesOfOne(A64Word i, VecOp op, int? size = null)
    {
        int lane = size ?? i.Lane;
        if (!HasLanes(i, lane))
            return;
        if ((!IsScalar(i) || lane == 3) && DirectOfOne(op, lane, V(i.Rn)) is { } value)
            SetLanes(i, value);
        else
            CallLanes(VectorHelpers.Lanes, i, new VectorKind((int)op, lane, Count(i, lane), HasImmediate: true));
    }

    /// <summary>Neighbouring lanes of both registers.</summary>
    public void Pairs(A64Word i, VecOp op)
    {
        if (!HasLanes(i, i.Lane))
            return;
        if (Direct(op, i.Lane, Neighbours(false), Neighbours(true), () => V(i.Rd)) is { } value)
            SetLanes(i, value);
        else
            CallLanes(VectorHelpers.Pairs, i, new VectorKind((int)op, i.Lane, Count(i, i.Lane)));

        IrValue Neighbours(bool odd) => Alternate(V(i.Rn), V(i.Rm), i.Lane, i.Q ? 16 : 8, odd);
    }

    /// <summary>Neighbouring lanes of one register, to lanes twice as wide.</summary>
    public void LongPairs(A64Word i, VecOp op, bool signed)
    {
        IrValue sums = SumsOfPairs(V(i.Rn), i.Lane, signed);
        SetLanes(i, op == VecOp.AddLongPair ? sums : Ir.Vector(IrOp.VAdd, Shape(i.Lane + 1), V(i.Rd), sums));
    }

    /// <summary>Lanes of half a register, to lanes twice as wide.</summary>
    public void Widen(A64Word i, VecOp op, bool signed, int? immediate = null)
    {
        if (!IsScalar(i) && i.Lane < 3)
        {
            IrValue a = Widened(V(i.Rn), i.Lane, signed, High(i));
            IrValue? value = op == VecOp.ShlLong
                ? Ir.VectorShift(IrOp.VShl, Shape(i.Lane + 1), a, immediate ?? 0)
                : Direct(op, i.Lane + 1, a, Widened(V(i.Rm), i.Lane, signed, High(i)), () => V(i.Rd));
            if (value is { } direct)
            {
                SetV(i.Rd, direct);
                return;
            }
        }

        int count = IsScalar(i) ? 1 : i.Lane == 3 ? 1 : 8 >> i.Lane;
        CallLanes(
            VectorHelpers.Widen, i, new VectorKind((int)op, i.Lane, count, High(i), -1, immediate ?? 0, signed, immediate is not null));
    }

    /// <summary>Wide lanes and lanes of half a register.</summary>
    public void Wide(A64Word i, VecOp op, bool signed)
        => SetV(i.Rd, Ir.Vector(op == VecOp.Add ? IrOp.VAdd : IrOp.VSub, Shape(i.Lane + 1), V(i.Rn), Widened(V(i.Rm), i.Lane, signed, High(i))));

    /// <summary>Wide lanes to half a register.</summary>
    public void Narrow(A64Word i, VecOp op)
    {
        if (DirectNarrow(op, i.Lane, i, 0) is { } value)
            SetNarrow(i, value);
        else
            CallLanes(VectorHelpers.Narrow, i, new VectorKind((int)op, i.Lane, IsScalar(i) ? 1 : 8 >> i.Lane, High(i), HasImmediate: op < VecOp.AddHigh));
    }

    /// <summary>All lanes to one.</summary>
    public void Across(A64Word i, VecOp op, bool signed)
    {
        if (i.Lane == 2 && !i.Q)
        {
            Undefined();
            return;
        }

        int bytes = i.Q ? 16 : 8;
        (IrOp ir, int size, IrValue lanes) = op switch
        {
            VecOp.AddLong => (IrOp.VAdd, i.Lane + 1, SumsOfPairs(V(i.Rn), i.Lane, signed)),
            VecOp.Add => (IrOp.VAdd, i.Lane, V(i.Rn)),
            VecOp.MaxS => (IrOp.VMaxS, i.Lane, V(i.Rn)),
            VecOp.MaxU => (IrOp.VMaxU, i.Lane, V(i.Rn)),
            VecOp.MinS => (IrOp.VMinS, i.Lane, V(i.Rn)),
            _ => (IrOp.VMinU, i.Lane, V(i.Rn)),
        };
        SetVectorPart(i.Rd, Ir.VectorExtract(Shape(size), Reduce(ir, size, lanes, bytes), 0));
    }

    /// <summary>The sum of both 64-bit lanes.</summary>
    public void AddPair(A64Word i)
    {
        IrValue value = V(i.Rn);
        SetVectorPart(i.Rd, Ir.Add(Ir.VectorExtract(LaneShape.I64x2, value, 0), Ir.VectorExtract(LaneShape.I64x2, value, 1)));
    }

    /// <summary>With one lane of the second register.</summary>
    public void LanesByElement(A64Word i, VecOp op)
    {
        (int rm, int index) = Element(i, i.Lane);
        if (!IsScalar(i) && Direct(op, i.Lane, V(i.Rn), Splat(rm, i.Lane, index), () => V(i.Rd)) is { } value)
            SetLanes(i, value);
        else
            CallLanes(VectorHelpers.Lanes, i, new VectorKind((int)op, i.Lane, Count(i, i.Lane), Index: index), rm);
    }

    /// <summary>With one lane of the second register, to lanes twice as wide.</summary>
    public void WidenByElement(A64Word i, VecOp op, bool signed)
    {
        (int rm, int index) = Element(i, i.Lane);
        if (!IsScalar(i))
        {
            IrValue a = Widened(V(i.Rn), i.Lane, signed, High(i)), b = Widened(Splat(rm, i.Lane, index), i.Lane, signed, false);
            if (Direct(op, i.Lane + 1, a, b, () => V(i.Rd)) is { } value)
            {
                SetV(i.Rd, value);
                return;
            }
        }

        int count = IsScalar(i) ? 1 : 8 >> i.Lane;
        CallLanes(VectorHelpers.Widen, i, new VectorKind((int)op, i.Lane, count, High(i), index, 0, signed), rm);
    }

    /// <summary>Sums of four products of bytes, added to 32-bit lanes.</summary>
    public void Dot(A64Word i, bool signed, bool byElement)
    {
        (int rm, int index) = byElement ? Element(i, 2) : (i.Rm, -1);
        IrValue sums = SumsOfProducts(V(i.Rn), byElement ? Splat(rm, 2, index) : V(i.Rm), signed);
        SetLanes(i, Ir.Vector(IrOp.VAdd, LaneShape.I32x4, V(i.Rd), sums));
    }

    /// <summary>Shifts right by a constant.</summary>
    public void ShiftRight(A64Word i, VecOp op)
    {
        int size = BitOperations.Log2((uint)i.Field(19, 4)), amount = (16 << size) - i.ImmShift;
        if (!HasLanes(i, size))
            return;
        bool signed = op is VecOp.ShrS or VecOp.SraS or VecOp.RshrS or VecOp.RsraS;
        IrValue value = Ir.VectorShift(signed ? IrOp.VShrS : IrOp.VShrU, Shape(size), V(i.Rn), amount);
        if (op is VecOp.RshrS or VecOp.RshrU or VecOp.RsraS or VecOp.RsraU)
        {
            // the last bit that is shifted out rounds
            ulong ones = Repeat(1, size);
            IrValue last = Ir.Vector(IrOp.VAnd, Ir.VectorShift(IrOp.VShrU, Shape(size), V(i.Rn), amount - 1), Ir.VectorConst(ones, ones));
            value = Ir.Vector(IrOp.VAdd, Shape(size), value, last);
        }

        if (op is VecOp.SraS or VecOp.SraU or VecOp.RsraS or VecOp.RsraU)
            value = Ir.Vector(IrOp.VAdd, Shape(size), value, V(i.Rd));
        else if (op == VecOp.Sri)
            value = Ir.Vector(IrOp.VOr, value, Kept(i.Rd, size, amount == 8 << size ? ulong.MaxValue : ulong.MaxValue << ((8 << size) - amount)));
        SetLanes(i, value);
    }

    /// <summary>Shifts left by a constant.</summary>
    public void ShiftLeft(A64Word i, VecOp op)
    {
        int size = BitOperations.Log2((uint)i.Field(19, 4)), amount = i.ImmShift - (8 << size);
        if (!HasLanes(i, size))
            return;
        if (op == VecOp.ShlImmediate)
            SetLanes(i, Ir.VectorShift(IrOp.VShl, Shape(size), V(i.Rn), amount));
        else if (op == VecOp.Sli)
            SetLanes(i, Ir.Vector(IrOp.VOr, Ir.VectorShift(IrOp.VShl, Shape(size), V(i.Rn), amount), Kept(i.Rd, size, (1UL << amount) - 1)));
        else
            CallLanes(VectorHelpers.Lanes, i, new VectorKind((int)op, size, Count(i, size), Immediate: amount, HasImmediate: true));
    }

    /// <summary>Shifts wide lanes right, to half a register.</summary>
    public void ShiftNarrow(A64Word i, VecOp op)
    {
        int size = BitOperations.Log2((uint)i.Field(19, 4));
        if (size == 3)
        {
            Undefined();
            return;
        }

        int amount = (16 << size) - i.ImmShift;
        if (!IsScalar(i) && DirectNarrow(op, size, i, amount) is { } value)
        {
            SetNarrow(i, value);
            return;
        }

        CallLanes(
            VectorHelpers.Narrow, i, new VectorKind((int)op, size, IsScalar(i) ? 1 : 8 >> size, High(i), Immediate: amount, HasImmediate: true));
    }

    /// <summary>Shifts widened lanes left.</summary>
    public void ShiftLong(A64Word i, bool signed)
    {
        int size = BitOperations.Log2((uint)i.Field(19, 4));
        if (size == 3)
        {
            Undefined();
            return;
        }

        SetV(i.Rd, Ir.VectorShift(IrOp.VShl, Shape(size + 1), Widened(V(i.Rn), size, signed, i.Q), i.ImmShift - (8 << size)));
    }

    /// <summary>Elements in reverse order inside containers of so many bytes.</summary>
    public void Reverse(A64Word i, int container)
    {
        int element = 1 << i.Lane;
        Span<byte> order = stackalloc byte[16];
        for (int at = 0; at < 16; at++)
        {
            int inside = at % container;
            order[at] = (byte)(at - inside + container - element - (inside / element * element) + (inside % element));
        }

        SetLanes(i, Ir.Vector(IrOp.VShuffle, V(i.Rn), Bytes(order)));
    }

    /// <summary>Lanes of the operands.</summary>
    public static int Count(A64Word i, int size) => IsScalar(i) ? 1 : (i.Q ? 16 : 8) >> size;

    /// <summary>Register and lane of the second operand of instructions by element.</summary>
    public static (int Register, int Index) Element(A64Word i, int size)
    {
        int h = i.Field(11, 1), l = i.Field(21, 1), m = i.Field(20, 1);
        return size switch
        {
            1 => (i.Field(16, 4), (h << 2) | (l << 1) | m),
            2 => (i.Field(16, 5), (h << 1) | l),
            _ => (i.Field(16, 5), h),
        };
    }

    /// <summary>Whether lanes fit: one of 64 bits alone is no vector; undefined when not.</summary>
    public bool HasLanes(A64Word i, int size)
    {
        if (size < 3 || i.Q || IsScalar(i))
            return true;
        Undefined();
        return false;
    }

    private static bool High(A64Word i) => i.Q && !IsScalar(i);

    // half a register: the low one, zeros above, or the high one beside what is there
    private void SetNarrow(A64Word i, IrValue both)
        => SetV(i.Rd, High(i) ? Ir.Vector(IrOp.VZipLow, LaneShape.I64x2, V(i.Rd), both) : LowHalf(both));

    private IrValue Splat(int register, int size, int index) => Ir.VectorSplat(Ir.VectorExtract(Shape(size), V(register), index));

    // bits of each lane of the destination
    private IrValue Kept(int register, int size, ulong bits)
    {
        ulong mask = Repeat(size == 3 ? bits : bits & ((1UL << (8 << size)) - 1), size);
        return Ir.Vector(IrOp.VAnd, V(register), Ir.VectorConst(mask, mask));
    }
}
