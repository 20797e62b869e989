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
        if (whole && TryDirect(op, i.Lane, i, out IrValue value))
            SetLanes(i, value);
        else
            CallLanes(VectorHelpers.Lanes, i, new VectorKind((int)op, i.Lane, Count(i, i.Lane)));
    }

    /// <summary>One register; where the operation has two operands, the other is 0.</summary>
    public void LanesOfOne(A64Word i, VecOp op, int? size = null)
    {
        int lane = size ?? i.Lane;
        if (HasLanes(i, lane))
            CallLanes(VectorHelpers.Lanes, i, new VectorKind((int)op, lane, Count(i, lane), HasImmediate: true));
    }

    /// <summary>Neighbouring lanes of both registers.</summary>
    public void Pairs(A64Word i, VecOp op)
    {
        if (HasLanes(i, i.Lane))
            CallLanes(VectorHelpers.Pairs, i, new VectorKind((int)op, i.Lane, Count(i, i.Lane)));
    }

    /// <summary>Neighbouring lanes of one register, to lanes twice as wide.</summary>
    public void LongPairs(A64Word i, VecOp op, bool signed)
        => CallLanes(VectorHelpers.LongPairs, i, new VectorKind((int)op, i.Lane, Count(i, i.Lane) / 2, Signed: signed));

    /// <summary>Lanes of half a register, to lanes twice as wide.</summary>
    public void Widen(A64Word i, VecOp op, bool signed, int? immediate = null)
    {
        int count = IsScalar(i) ? 1 : i.Lane == 3 ? 1 : 8 >> i.Lane;
        CallLanes(
            VectorHelpers.Widen, i, new VectorKind((int)op, i.Lane, count, High(i), -1, immediate ?? 0, signed, immediate is not null));
    }

    /// <summary>Wide lanes and lanes of half a register.</summary>
    public void Wide(A64Word i, VecOp op, bool signed)
        => CallLanes(VectorHelpers.Wide, i, new VectorKind((int)op, i.Lane, 8 >> i.Lane, High(i), Signed: signed));

    /// <summary>Wide lanes to half a register.</summary>
    public void Narrow(A64Word i, VecOp op)
        => CallLanes(VectorHelpers.Narrow, i, new VectorKind((int)op, i.Lane, IsScalar(i) ? 1 : 8 >> i.Lane, High(i), HasImmediate: op < VecOp.AddHigh));

    /// <summary>All lanes to one.</summary>
    public void Across(A64Word i, VecOp op, bool signed)
    {
        if (i.Lane == 2 && !i.Q)
            Undefined();
        else
            CallLanes(VectorHelpers.Across, i, new VectorKind((int)op, i.Lane, Count(i, i.Lane), Signed: signed));
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
        CallLanes(VectorHelpers.Lanes, i, new VectorKind((int)op, i.Lane, Count(i, i.Lane), Index: index), rm);
    }

    /// <summary>With one lane of the second register, to lanes twice as wide.</summary>
    public void WidenByElement(A64Word i, VecOp op, bool signed)
    {
        (int rm, int index) = Element(i, i.Lane);
        int count = IsScalar(i) ? 1 : 8 >> i.Lane;
        CallLanes(VectorHelpers.Widen, i, new VectorKind((int)op, i.Lane, count, High(i), index, 0, signed), rm);
    }

    /// <summary>Sums of four products of bytes, added to 32-bit lanes.</summary>
    public void Dot(A64Word i, bool signed, bool byElement)
    {
        (int rm, int index) = byElement ? Element(i, 2) : (i.Rm, -1);
        CallLanes(VectorHelpers.Dot, i, new VectorKind(0, 2, Count(i, 2), Index: index, Signed: signed), rm);
    }

    /// <summary>Shifts right by a constant.</summary>
    public void ShiftRight(A64Word i, VecOp op)
    {
        int size = BitOperations.Log2((uint)i.Field(19, 4)), amount = (16 << size) - i.ImmShift;
        if (!HasLanes(i, size))
            return;
        IrOp? direct = op switch { VecOp.ShrS or VecOp.SraS => IrOp.VShrS, VecOp.ShrU or VecOp.SraU => IrOp.VShrU, _ => null };
        if (direct is not { } ir)
        {
            CallLanes(VectorHelpers.Lanes, i, new VectorKind((int)op, size, Count(i, size), Immediate: amount, HasImmediate: true));
            return;
        }

        IrValue value = Ir.VectorShift(ir, Shape(size), V(i.Rn), amount);
        SetLanes(i, op is VecOp.ShrS or VecOp.ShrU ? value : Ir.Vector(IrOp.VAdd, Shape(size), value, V(i.Rd)));
    }

    /// <summary>Shifts left by a constant.</summary>
    public void ShiftLeft(A64Word i, VecOp op)
    {
        int size = BitOperations.Log2((uint)i.Field(19, 4)), amount = i.ImmShift - (8 << size);
        if (!HasLanes(i, size))
            return;
        if (op == VecOp.ShlImmediate)
            SetLanes(i, Ir.VectorShift(IrOp.VShl, Shape(size), V(i.Rn), amount));
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

        IrOp widen = (signed, i.Q) switch
        {
            (true, false) => IrOp.VWidenLowS,
            (true, true) => IrOp.VWidenHighS,
            (false, false) => IrOp.VWidenLowU,
            _ => IrOp.VWidenHighU,
        };
        SetV(i.Rd, Ir.VectorShift(IrOp.VShl, Shape(size + 1), Ir.Vector(widen, Shape(size), V(i.Rn)), i.ImmShift - (8 << size)));
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

    private bool TryDirect(VecOp op, int size, A64Word i, out IrValue value)
    {
        IrOp? direct = DirectOp(op);
        if (direct is not { } ir)
        {
            value = default;
            return false;
        }

        value = Ir.Vector(ir, Shape(size), V(i.Rn), V(i.Rm));
        if (op == VecOp.Mla)
            value = Ir.Vector(IrOp.VAdd, Shape(size), V(i.Rd), value);
        else if (op == VecOp.Mls)
            value = Ir.Vector(IrOp.VSub, Shape(size), V(i.Rd), value);
        return true;
    }
}
