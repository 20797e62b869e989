using System.Numerics;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Arm;

// Floating-point lanes: by the IR where it has the operation, else by helpers.
internal sealed partial class A64Emitter
{
    /// <summary>Three registers.</summary>
    public void FloatLanes(A64Word i, FpOp op)
    {
        int size = i.Flag(21) ? 2 + i.Field(22, 1) : 1;
        if (!HasLanes(i, size))
            return;
        if (size > 1 && !IsScalar(i) && TryDirect(i, op, size, V(i.Rm), out IrValue value))
            SetLanes(i, value);
        else
            CallLanes(VectorFloatHelpers.Lanes, i, new VectorKind((int)op, size, Count(i, size)));
    }

    /// <summary>With one lane of the second register.</summary>
    public void FloatByElement(A64Word i, FpOp op)
    {
        int size = i.Flag(23) ? 2 + i.Field(22, 1) : 1;
        if (size == 3 && i.Flag(21))
        {
            Undefined();
            return;
        }

        if (!HasLanes(i, size))
            return;
        (int rm, int index) = Element(i, size);
        LaneShape shape = FloatShape(size);
        if (size > 1 && !IsScalar(i) && TryDirect(i, op, size, Ir.VectorSplat(Ir.VectorExtract(shape, V(rm), index)), out IrValue value))
            SetLanes(i, value);
        else
            CallLanes(VectorFloatHelpers.Lanes, i, new VectorKind((int)op, size, Count(i, size), Index: index), rm);
    }

    /// <summary>One register.</summary>
    public void FloatLanesOfOne(A64Word i, FpOp op, FpRounding rounding = default)
    {
        int size = i.Field(17, 5) == 0x1c ? 1 : 2 + i.Field(22, 1);
        if (!HasLanes(i, size))
            return;
        ulong sign = Repeat(FpFormat.SignBit(size == 1 ? FpFormat.Half : size - 2), size);
        switch (op)
        {
            case FpOp.Abs:
                SetLanes(i, Ir.Vector(IrOp.VAndNot, V(i.Rn), Ir.VectorConst(sign, sign)));
                break;
            case FpOp.Neg:
                SetLanes(i, Ir.Vector(IrOp.VXor, V(i.Rn), Ir.VectorConst(sign, sign)));
                break;
            case FpOp.Sqrt when size > 1:
                SetLanes(i, Ir.VectorSqrt(FloatShape(size), i.Q ? V(i.Rn) : LowHalf(V(i.Rn)), IrRounding.Dynamic));
                break;
            default:
                CallLanes(VectorFloatHelpers.Lanes, i, new VectorKind((int)op, size, Count(i, size), Immediate: (int)rounding, HasImmediate: true));
                break;
        }
    }

    /// <summary>Neighbouring lanes of both registers.</summary>
    public void FloatPairs(A64Word i, FpOp op)
    {
        int size = i.Flag(21) ? 2 + i.Field(22, 1) : 1;
        if (HasLanes(i, size))
            CallLanes(VectorFloatHelpers.Pairs, i, new VectorKind((int)op, size, Count(i, size)));
    }

    /// <summary>Two lanes of one register to a scalar.</summary>
    public void FloatPair(A64Word i, FpOp op)
    {
        int size = i.U ? 2 + i.Field(22, 1) : 1;
        CallLanes(VectorFloatHelpers.Pairs, i, new VectorKind((int)op, size, 1));
    }

    /// <summary>All lanes to a scalar.</summary>
    public void FloatAcross(A64Word i, FpOp op)
    {
        int size = i.U ? 2 : 1;
        CallLanes(VectorFloatHelpers.Across, i, new VectorKind((int)op, size, Count(i, size)));
    }

    /// <summary>FCVTL.</summary>
    public void FloatWiden(A64Word i)
    {
        int size = 1 + i.Field(22, 1);
        CallLanes(VectorFloatHelpers.Widen, i, new VectorKind(0, size, 8 >> size, i.Q));
    }

    /// <summary>FCVTN and FCVTXN.</summary>
    public void FloatNarrow(A64Word i, bool toOdd)
    {
        int size = 1 + i.Field(22, 1);
        CallLanes(VectorFloatHelpers.Narrow, i, new VectorKind(0, size, IsScalar(i) ? 1 : 8 >> size, High(i), Signed: toOdd));
    }

    /// <summary>Between integers with fraction bits and floating point.</summary>
    public void FixedPoint(A64Word i, VecOp op)
    {
        int size = BitOperations.Log2((uint)i.Field(19, 4));
        if (size == 0 || (size == 1 && !Isa.Has(ArmFeature.FP16)))
            Undefined();
        else if (HasLanes(i, size))
            CallLanes(VectorFloatHelpers.FixedPoint, i, new VectorKind((int)op, size, Count(i, size), Immediate: (16 << size) - i.ImmShift));
    }

    private static LaneShape FloatShape(int size) => size == 2 ? LaneShape.F32x4 : LaneShape.F64x2;

    private static ulong Repeat(ulong value, int size)
    {
        for (int bits = 8 << size; bits < 64; bits *= 2)
            value |= value << bits;
        return value;
    }

    // lanes that are not there hold zeros, or ones to divide by: they raise nothing
    private bool TryDirect(A64Word i, FpOp op, int size, IrValue b, out IrValue value)
    {
        LaneShape shape = FloatShape(size);
        IrValue a = V(i.Rn), d = V(i.Rd);
        if (!i.Q)
        {
            (a, b, d) = (LowHalf(a), LowHalf(b), LowHalf(d));
            if (op == FpOp.Div)
                b = Ir.Vector(IrOp.VOr, b, Ir.VectorConst(0, Repeat(FpFormat.One(FpFormat.Single), 2)));
        }

        ulong sign = Repeat(FpFormat.SignBit(size - 2), size);
        value = op switch
        {
            FpOp.Add => Ir.VectorFloat(IrOp.VFAdd, shape, a, b),
            FpOp.Sub => Ir.VectorFloat(IrOp.VFSub, shape, a, b),
            FpOp.Mul => Ir.VectorFloat(IrOp.VFMul, shape, a, b),
            FpOp.Div => Ir.VectorFloat(IrOp.VFDiv, shape, a, b),
            FpOp.Equal => Ir.VectorFloat(IrOp.VFEq, shape, a, b),
            FpOp.Greater => Ir.VectorFloat(IrOp.VFLt, shape, b, a),
            FpOp.GreaterEqual => Ir.VectorFloat(IrOp.VFLe, shape, b, a),
            FpOp.MulAdd => Ir.VectorMulAdd(shape, a, b, d, false, false, IrRounding.Dynamic),
            FpOp.MulSub => Ir.VectorMulAdd(shape, Ir.Vector(IrOp.VXor, a, Ir.VectorConst(sign, sign)), b, d, false, false, IrRounding.Dynamic),
            _ => default,
        };
        return value.Type != IrType.None;
    }
}
