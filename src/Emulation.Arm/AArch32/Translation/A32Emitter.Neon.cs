using System.Numerics;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Arm;

// Advanced SIMD: by the IR where it has the operation, else by the helpers that A64 has too. Registers are numbered by doubles. Arm DDI 0487, E1.3.
internal partial class A32Emitter
{
    /// <summary>D:Vd.</summary>
    public static int Dd(A32Word i) => (i.Field(22, 1) << 4) | i.Field(12, 4);

    /// <summary>N:Vn.</summary>
    public static int Dn(A32Word i) => (i.Field(7, 1) << 4) | i.Field(16, 4);

    /// <summary>M:Vm.</summary>
    public static int Dm(A32Word i) => (i.Field(5, 1) << 4) | i.Field(0, 4);

    /// <summary>Whether registers exist: quads have even numbers; undefined when not.</summary>
    /// <param name="quads">Numbers of quad registers, or'ed.</param>
    /// <param name="doubles">Numbers of double registers, or'ed.</param>
    public bool HasRegisters(int quads, int doubles)
    {
        if ((quads & 1) == 0 && (((quads | doubles) & 16) == 0 || Isa.Has(ArmFeature.D32)))
            return true;
        Undefined();
        return false;
    }

    /// <summary>Whether the registers of an instruction whose Q bit is bit 6 exist.</summary>
    public bool HasRegisters(A32Word i)
    {
        int all = Dd(i) | Dn(i) | Dm(i);
        return i.Flag(6) ? HasRegisters(all, 0) : HasRegisters(0, all);
    }

    /// <summary>The same for instructions without a first operand.</summary>
    public bool HasTwoRegisters(A32Word i)
    {
        int all = Dd(i) | Dm(i);
        return i.Flag(6) ? HasRegisters(all, 0) : HasRegisters(0, all);
    }

    /// <summary>Reads a quad register, or a double one into the lower half.</summary>
    public IrValue Vector(int r, bool quad)
        => quad || (r & 1) == 0 ? Ir.Get(Registers.Vector[r / 2]) : Ir.VectorScalar(DBits(r));

    /// <summary>Writes a quad register, or a double one from the lower half.</summary>
    public void SetVector(int r, bool quad, IrValue value)
    {
        if (quad)
            Ir.Set(Registers.Vector[r / 2], value);
        else
            Ir.Set(Registers.A32.D[r], Ir.VectorExtract(LaneShape.I64x2, value, 0));
    }

    /// <summary>Lanes of a register.</summary>
    public static int Count(bool quad, int size) => (quad ? 16 : 8) >> size;

    /// <summary>Calls a helper on three registers.</summary>
    public void CallLanes(IrHelper helper, int d, int n, int m, VectorKind kind, bool half, bool standard = false)
        => Ir.Call(helper, Word(VectorRegisters.Doubles(d, n, m, half, standard)), Word(kind.Pack()));

    /// <summary>Integers: three registers of the same lanes.</summary>
    /// <param name="i">The word; bit 6 is Q.</param>
    /// <param name="op">The operation.</param>
    /// <param name="size">log2 of the bytes of a lane.</param>
    /// <param name="swaps">Whether Vm is the first operand: shifts.</param>
    public void Lanes(A32Word i, VecOp op, int size, bool swaps = false)
    {
        if (!HasRegisters(i))
            return;
        bool quad = i.Flag(6);
        int d = Dd(i), n = swaps ? Dm(i) : Dn(i), m = swaps ? Dn(i) : Dm(i);
        if (DirectOp(op) is not { } direct)
        {
            CallLanes(VectorHelpers.Lanes, d, n, m, new VectorKind((int)op, size, Count(quad, size)), !quad);
            return;
        }

        var shape = (LaneShape)size;
        IrValue value = Ir.Vector(direct, shape, Vector(n, quad), Vector(m, quad));
        if (op is VecOp.Mla or VecOp.Mls)
            value = Ir.Vector(op == VecOp.Mla ? IrOp.VAdd : IrOp.VSub, shape, Vector(d, quad), value);
        SetVector(d, quad, value);
    }

    /// <summary>Integers: one register; a second operand is 0.</summary>
    public void LanesOfOne(A32Word i, VecOp op, int size)
    {
        if (HasTwoRegisters(i))
            CallLanes(VectorHelpers.Lanes, Dd(i), Dm(i), Dm(i), new VectorKind((int)op, size, Count(i.Flag(6), size), HasImmediate: true), !i.Flag(6));
    }

    /// <summary>Integers or floating point: neighbours of both registers.</summary>
    public void Pairs(A32Word i, int op, int size, bool isFloat)
    {
        if (HasRegisters(0, Dd(i) | Dn(i) | Dm(i)))
            CallLanes(isFloat ? VectorFloatHelpers.Pairs : VectorHelpers.Pairs, Dd(i), Dn(i), Dm(i), new VectorKind(op, size, 8 >> size), true, isFloat);
    }

    /// <summary>Integers: neighbours of one register, to lanes twice as wide.</summary>
    public void LongPairs(A32Word i, VecOp op, int size, bool signed)
    {
        if (HasTwoRegisters(i))
            CallLanes(VectorHelpers.LongPairs, Dd(i), Dm(i), Dm(i), new VectorKind((int)op, size, Count(i.Flag(6), size) / 2, Signed: signed), !i.Flag(6));
    }

    /// <summary>Integers: two double registers to lanes twice as wide.</summary>
    public void Widen(A32Word i, VecOp op, int size, bool signed)
    {
        if (HasRegisters(Dd(i), Dn(i) | Dm(i)))
            CallLanes(VectorHelpers.Widen, Dd(i), Dn(i), Dm(i), new VectorKind((int)op, size, size == 3 ? 1 : 8 >> size, Signed: signed), false);
    }

    /// <summary>Integers: wide lanes and narrow ones.</summary>
    public void Wide(A32Word i, VecOp op, int size, bool signed)
    {
        if (HasRegisters(Dd(i) | Dn(i), Dm(i)))
            CallLanes(VectorHelpers.Wide, Dd(i), Dn(i), Dm(i), new VectorKind((int)op, size, 8 >> size, Signed: signed), false);
    }

    /// <summary>Integers: wide lanes of two registers to narrow ones.</summary>
    public void NarrowTwo(A32Word i, VecOp op, int size)
    {
        if (HasRegisters(Dn(i) | Dm(i), Dd(i)))
            CallLanes(VectorHelpers.Narrow, Dd(i), Dn(i), Dm(i), new VectorKind((int)op, size, 8 >> size), true);
    }

    /// <summary>Integers: wide lanes, shifted right, to narrow ones.</summary>
    public void Narrow(A32Word i, VecOp op, int size, int amount)
    {
        if (HasRegisters(Dm(i), Dd(i)))
            CallLanes(VectorHelpers.Narrow, Dd(i), Dm(i), Dm(i), new VectorKind((int)op, size, 8 >> size, Immediate: amount, HasImmediate: true), true);
    }

    /// <summary>Integers: narrow lanes, widened, shifted left.</summary>
    public void ShiftLong(A32Word i, int size, int amount, bool signed)
    {
        if (!HasRegisters(Dd(i), Dm(i)))
            return;
        IrValue wide = Ir.Vector(signed ? IrOp.VWidenLowS : IrOp.VWidenLowU, (LaneShape)size, Vector(Dm(i), false));
        SetVector(Dd(i), true, Ir.VectorShift(IrOp.VShl, (LaneShape)(size + 1), wide, amount));
    }

    /// <summary>Integers: shifted by a constant.</summary>
    public void ShiftLanes(A32Word i, VecOp op, int size, int amount)
    {
        if (!HasTwoRegisters(i))
            return;
        bool quad = i.Flag(6);
        IrOp? direct = op switch
        {
            VecOp.ShrS or VecOp.SraS => IrOp.VShrS,
            VecOp.ShrU or VecOp.SraU => IrOp.VShrU,
            VecOp.ShlImmediate => IrOp.VShl,
            _ => null,
        };
        if (direct is not { } ir)
        {
            var kind = new VectorKind((int)op, size, Count(quad, size), Immediate: amount, HasImmediate: true);
            CallLanes(VectorHelpers.Lanes, Dd(i), Dm(i), Dm(i), kind, !quad);
            return;
        }

        IrValue value = Ir.VectorShift(ir, (LaneShape)size, Vector(Dm(i), quad), amount);
        if (op is VecOp.SraS or VecOp.SraU)
            value = Ir.Vector(IrOp.VAdd, (LaneShape)size, value, Vector(Dd(i), quad));
        SetVector(Dd(i), quad, value);
    }

    /// <summary>Integers: with one lane of the second register; Q is bit 24.</summary>
    public void LanesByElement(A32Word i, VecOp op) => ByElement(i, VectorHelpers.Lanes, (int)op, i.Field(20, 2), false);

    /// <summary>Floating point: with one lane of the second register; Q is bit 24.</summary>
    public void FloatByElement(A32Word i, FpOp op)
    {
        if (HasLanes(i.Field(20, 2)))
            ByElement(i, VectorFloatHelpers.Lanes, (int)op, i.Field(20, 2), true);
    }

    /// <summary>Integers: with one lane of the second register, to lanes twice as wide.</summary>
    public void WidenByElement(A32Word i, VecOp op, bool signed)
    {
        int size = i.Field(20, 2);
        (int m, int index) = Element(i, size);
        if (HasRegisters(Dd(i), Dn(i) | m))
            CallLanes(VectorHelpers.Widen, Dd(i), Dn(i), m, new VectorKind((int)op, size, 8 >> size, Index: index, Signed: signed), false);
    }

    /// <summary>Floating point: three registers.</summary>
    /// <param name="i">The word; bit 6 is Q, bit 20 chooses halves.</param>
    /// <param name="op">The operation.</param>
    public void FloatLanes(A32Word i, FpOp op)
    {
        int size = i.Flag(20) ? 1 : 2;
        if (HasLanes(size) && HasRegisters(i))
            CallLanes(VectorFloatHelpers.Lanes, Dd(i), Dn(i), Dm(i), new VectorKind((int)op, size, Count(i.Flag(6), size)), !i.Flag(6), true);
    }

    /// <summary>Floating point: one register, lanes by bits 19-18.</summary>
    public void FloatLanesOfOne(A32Word i, FpOp op, FpRounding rounding = default)
    {
        int size = i.Field(18, 2);
        if (!HasLanes(size) || !HasTwoRegisters(i))
            return;
        bool quad = i.Flag(6);
        if (op is FpOp.Abs or FpOp.Neg)
        {
            ulong sign = size == 1 ? 0x8000_8000_8000_8000 : 0x8000_0000_8000_0000;
            SetVector(Dd(i), quad, Ir.Vector(op == FpOp.Abs ? IrOp.VAndNot : IrOp.VXor, Vector(Dm(i), quad), Ir.VectorConst(sign, sign)));
            return;
        }

        var kind = new VectorKind((int)op, size, Count(quad, size), Immediate: (int)rounding, HasImmediate: op is not (FpOp.FromSigned or FpOp.FromUnsigned));
        CallLanes(VectorFloatHelpers.Lanes, Dd(i), Dm(i), Dm(i), kind, !quad, true);
    }

    /// <summary>Between integers with fraction bits and floating point.</summary>
    public void FixedPoint(A32Word i, VecOp op, int size)
    {
        if (HasLanes(size) && HasTwoRegisters(i))
            CallLanes(VectorFloatHelpers.FixedPoint, Dd(i), Dm(i), Dm(i), new VectorKind((int)op, size, Count(i.Flag(6), size), Immediate: 64 - i.Field(16, 6)), !i.Flag(6), true);
    }

    /// <summary>Elements in reverse order inside containers of so many bytes.</summary>
    public void ReverseLanes(A32Word i, int container)
    {
        if (!HasTwoRegisters(i))
            return;
        int element = 1 << i.Field(18, 2);
        if (element >= container)
        {
            Undefined();
            return;
        }

        Span<byte> order = stackalloc byte[16];
        for (int at = 0; at < 16; at++)
        {
            int inside = at % container;
            order[at] = (byte)(at - inside + container - element - (inside / element * element) + (inside % element));
        }

        SetVector(Dd(i), i.Flag(6), Ir.Vector(IrOp.VShuffle, Vector(Dm(i), i.Flag(6)), Bytes(order)));
    }

    /// <summary>All bits of three registers.</summary>
    public void Bits(A32Word i, Func<IrValue, IrValue, IrValue, IrValue> operation)
    {
        if (!HasRegisters(i))
            return;
        bool quad = i.Flag(6);
        SetVector(Dd(i), quad, operation(Vector(Dd(i), quad), Vector(Dn(i), quad), Vector(Dm(i), quad)));
    }

    /// <summary>log2 of the bytes of a lane, and the amount, of a shift by a constant: L:imm6.</summary>
    public static (int Size, int Value) ShiftImmediate(A32Word i)
    {
        int value = (i.Field(7, 1) << 6) | i.Field(16, 6);
        return (BitOperations.Log2((uint)value >> 3), value);
    }

    /// <summary>Register and lane of a scalar.</summary>
    public static (int Register, int Index) Element(A32Word i, int size)
        => size == 1 ? (i.Field(0, 3), (i.Field(5, 1) << 1) | i.Field(3, 1)) : (i.Field(0, 4), i.Field(5, 1));

    /// <summary>Whether there is floating point of a lane size; undefined when not.</summary>
    public bool HasLanes(int size)
    {
        if (size == 2 || (size == 1 && Isa.Has(ArmFeature.FP16)))
            return true;
        Undefined();
        return false;
    }

    private void ByElement(A32Word i, IrHelper helper, int op, int size, bool isFloat)
    {
        bool quad = i.Flag(24);
        (int m, int index) = Element(i, size);
        int registers = Dd(i) | Dn(i);
        if (quad ? HasRegisters(registers, m) : HasRegisters(0, registers | m))
            CallLanes(helper, Dd(i), Dn(i), m, new VectorKind(op, size, Count(quad, size), Index: index), !quad, isFloat);
    }
}
