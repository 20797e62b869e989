using System.Diagnostics;

namespace Emulation.IR;

// Vectors. Operations on 256 bits do to each half what they do to 128; what moves lanes and bits between vectors and scalars is composed of halves here.
public sealed partial class IrBuilder
{
    /// <summary>A constant vector.</summary>
    /// <param name="low">Bits 0-63.</param>
    /// <param name="high">Bits 64-127.</param>
    public IrValue VectorConst(ulong low, ulong high)
        => Emit(IrOp.Const, IrType.V128, imm: Block.VectorIndex(new UInt128(high, low)));

    /// <summary>An operation on one vector.</summary>
    /// <param name="op">Shape <see cref="IrShape.VectorUnary"/>; not IEEE.</param>
    /// <param name="shape">Lanes, as <see cref="IrOpInfo.Lanes"/> allows.</param>
    /// <param name="a">The operand.</param>
    public IrValue Vector(IrOp op, LaneShape shape, IrValue a) => EmitLanes(op, a.Type, new LaneOp(shape), a.Id);

    /// <summary>An operation on two vectors.</summary>
    /// <param name="op">Shape <see cref="IrShape.VectorBinary"/>; not IEEE arithmetic.</param>
    /// <param name="shape">Lanes, as <see cref="IrOpInfo.Lanes"/> allows.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public IrValue Vector(IrOp op, LaneShape shape, IrValue a, IrValue b) => EmitLanes(op, a.Type, new LaneOp(shape), a.Id, b.Id);

    /// <summary>An operation on all bits or bytes of two vectors.</summary>
    /// <param name="op">An operation whose only lanes are <see cref="LaneSet.I8x16"/>.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public IrValue Vector(IrOp op, IrValue a, IrValue b) => Vector(op, LaneShape.I8x16, a, b);

    /// <summary>All bits inverted.</summary>
    /// <param name="a">The operand.</param>
    public IrValue VectorNot(IrValue a) => Vector(IrOp.VXor, a, SameHalves(VectorConst(ulong.MaxValue, ulong.MaxValue), a.Type));

    /// <summary>Two's complement of each lane.</summary>
    /// <param name="shape">Integer lanes.</param>
    /// <param name="a">The operand.</param>
    public IrValue VectorNeg(LaneShape shape, IrValue a) => Vector(IrOp.VSub, shape, SameHalves(VectorConst(0, 0), a.Type), a);

    /// <summary>Bits of a where the mask has ones, of b where it has zeros.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="a">Taken where it has ones.</param>
    /// <param name="b">Taken where it has zeros.</param>
    public IrValue VectorSelect(IrValue mask, IrValue a, IrValue b) => EmitLanes(IrOp.VSelect, mask.Type, default, mask.Id, a.Id, b.Id);

    /// <summary>All lanes shifted by one amount.</summary>
    /// <param name="op"><see cref="IrOp.VShl"/>, <see cref="IrOp.VShrU"/> or <see cref="IrOp.VShrS"/>.</param>
    /// <param name="shape">Integer lanes.</param>
    /// <param name="a">The operand.</param>
    /// <param name="amount">A 32-bit unsigned integer; the lane's width and more shift everything out.</param>
    public IrValue VectorShift(IrOp op, LaneShape shape, IrValue a, IrValue amount)
        => IsConst(amount, out ulong n) && n == 0 ? a : EmitLanes(op, a.Type, new LaneOp(shape), a.Id, amount.Id);

    /// <summary>All lanes shifted by a constant amount.</summary>
    /// <param name="op"><see cref="IrOp.VShl"/>, <see cref="IrOp.VShrU"/> or <see cref="IrOp.VShrS"/>.</param>
    /// <param name="shape">Integer lanes.</param>
    /// <param name="a">The operand.</param>
    /// <param name="amount">Bits; the lane's width and more shift everything out.</param>
    public IrValue VectorShift(IrOp op, LaneShape shape, IrValue a, int amount)
        => VectorShift(op, shape, a, Const((uint)amount, IrType.I32));

    /// <summary>The top bits of the lanes, as a 32-bit number; lane 0 in bit 0.</summary>
    /// <param name="shape">Integer lanes.</param>
    /// <param name="a">The operand.</param>
    public IrValue VectorMask(LaneShape shape, IrValue a)
        => a.Type == IrType.V256
            ? Or(VectorMask(shape, VectorLow(a)), Shl(VectorMask(shape, VectorHigh(a)), shape.LaneCount()))
            : Emit(IrOp.VMask, IrType.I32, a.Id, aux: new LaneOp(shape).Pack());

    /// <summary>One lane as a scalar of the lane's type.</summary>
    /// <param name="shape">Any lanes.</param>
    /// <param name="a">The vector.</param>
    /// <param name="lane">Which one, lowest 0.</param>
    public IrValue VectorExtract(LaneShape shape, IrValue a, int lane)
        => a.Type == IrType.V256
            ? VectorExtract(shape, HalfOf(shape, a, lane), lane % shape.LaneCount())
            : Emit(IrOp.VExtract, shape.LaneType(), a.Id, aux: new LaneOp(shape).Pack(), imm: lane);

    /// <summary>A vector with one lane replaced.</summary>
    /// <param name="shape">Any lanes.</param>
    /// <param name="a">The vector.</param>
    /// <param name="lane">Which one, lowest 0.</param>
    /// <param name="value">A scalar of the lane's type.</param>
    public IrValue VectorInsert(LaneShape shape, IrValue a, int lane, IrValue value)
    {
        if (a.Type != IrType.V256)
            return EmitLanes(IrOp.VInsert, IrType.V128, new LaneOp(shape), a.Id, value.Id, imm: lane);
        IrValue half = VectorInsert(shape, HalfOf(shape, a, lane), lane % shape.LaneCount(), value);
        return lane < shape.LaneCount() ? VectorJoin(half, VectorHigh(a)) : VectorJoin(VectorLow(a), half);
    }

    /// <summary>A scalar in every lane.</summary>
    /// <param name="value">An integer or IEEE number; its type chooses the lanes.</param>
    /// <param name="type">Width of the vector.</param>
    public IrValue VectorSplat(IrValue value, IrType type = IrType.V128)
        => SameHalves(EmitLanes(IrOp.VSplat, IrType.V128, new LaneOp(ShapeOf(value.Type)), value.Id), type);

    /// <summary>A scalar in lane 0, zeros above.</summary>
    /// <param name="value">An integer or IEEE number; its type chooses the lanes.</param>
    /// <param name="type">Width of the vector.</param>
    public IrValue VectorScalar(IrValue value, IrType type = IrType.V128)
    {
        IrValue low = EmitLanes(IrOp.VScalar, IrType.V128, new LaneOp(ShapeOf(value.Type)), value.Id);
        return type == IrType.V256 ? VectorJoin(low, VectorConst(0, 0)) : low;
    }

    /// <summary>Bits 0-127 of a vector of 256.</summary>
    /// <param name="a">The vector.</param>
    public IrValue VectorLow(IrValue a) => EmitLanes(IrOp.VLow, IrType.V128, default, a.Id);

    /// <summary>Bits 128-255 of a vector of 256.</summary>
    /// <param name="a">The vector.</param>
    public IrValue VectorHigh(IrValue a) => EmitLanes(IrOp.VHigh, IrType.V128, default, a.Id);

    /// <summary>A vector of 256 bits.</summary>
    /// <param name="low">Bits 0-127.</param>
    /// <param name="high">Bits 128-255.</param>
    public IrValue VectorJoin(IrValue low, IrValue high) => EmitLanes(IrOp.VJoin, IrType.V256, default, low.Id, high.Id);

    /// <summary>An IEEE operation on the lanes of two vectors.</summary>
    /// <param name="op"><see cref="IrOp.VFAdd"/> to <see cref="IrOp.VFDiv"/>, or a comparison.</param>
    /// <param name="shape">IEEE lanes.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="rounding">Rounding; comparisons have none.</param>
    public IrValue VectorFloat(IrOp op, LaneShape shape, IrValue a, IrValue b, IrRounding rounding = IrRounding.Dynamic)
        => EmitLanes(op, a.Type, op >= IrOp.VFEq ? new LaneOp(shape) : new LaneOp(shape, rounding), a.Id, b.Id);

    /// <summary>IEEE square roots.</summary>
    /// <param name="shape">IEEE lanes.</param>
    /// <param name="a">The operand.</param>
    /// <param name="rounding">Rounding.</param>
    public IrValue VectorSqrt(LaneShape shape, IrValue a, IrRounding rounding)
        => EmitLanes(IrOp.VFSqrt, a.Type, new LaneOp(shape, rounding), a.Id);

    /// <summary>±(a * b) ± c with one rounding in each lane.</summary>
    /// <param name="shape">IEEE lanes.</param>
    /// <param name="a">First factors.</param>
    /// <param name="b">Second factors.</param>
    /// <param name="c">Addends.</param>
    /// <param name="negateProduct">Whether the products' signs are flipped.</param>
    /// <param name="negateAddend">Whether the addends' signs are flipped.</param>
    /// <param name="rounding">Rounding.</param>
    public IrValue VectorMulAdd(LaneShape shape, IrValue a, IrValue b, IrValue c, bool negateProduct, bool negateAddend, IrRounding rounding)
        => EmitLanes(IrOp.VFMulAdd, a.Type, new LaneOp(shape, rounding), a.Id, b.Id, c.Id, (negateProduct ? 1 : 0) | (negateAddend ? 2 : 0));

    private IrValue SameHalves(IrValue half, IrType type) => type == IrType.V256 ? VectorJoin(half, half) : half;

    private IrValue HalfOf(LaneShape shape, IrValue a, int lane) => lane < shape.LaneCount() ? VectorLow(a) : VectorHigh(a);

    private IrValue EmitLanes(IrOp op, IrType type, LaneOp how, int a, int b = -1, int c = -1, long imm = 0)
    {
        Debug.Assert(((int)IrOpcodes.Info(op).Lanes >> (int)how.Shape & 1) != 0, $"{op} of {how.Shape}");
        return Emit(op, type, a, b, c, how.Pack(), imm);
    }

    private static LaneShape ShapeOf(IrType lane) => lane switch
    {
        IrType.I8 => LaneShape.I8x16,
        IrType.I16 => LaneShape.I16x8,
        IrType.I32 => LaneShape.I32x4,
        IrType.I64 => LaneShape.I64x2,
        IrType.F32 => LaneShape.F32x4,
        IrType.F64 => LaneShape.F64x2,
        _ => throw new ArgumentOutOfRangeException(nameof(lane), lane, "no lane has this type"),
    };
}
