using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.TestHarness;

// Vector instructions. Bits 0-2 of the immediate choose the lanes, those above lane, amount or rounding.
public sealed partial class ToyFrontend
{
    /// <summary>The shape that an immediate chooses among those an operation has.</summary>
    public static LaneShape ShapeOf(IrOp op, int imm)
    {
        LaneShape[] shapes = [.. Enum.GetValues<LaneShape>().Where(s => ((int)IrOpcodes.Info(op).Lanes >> (int)s & 1) != 0)];
        return shapes[(imm & 7) % shapes.Length];
    }

    private static RegisterSlot LaneOf(RegisterSlot vector, LaneShape shape, int lane)
        => new($"{vector.Name}.{lane}", vector.Offset + (lane * shape.LaneBytes()), shape.LaneType(), vector.Cached);

    // 8 to 11 are halves of wide ones.
    private RegisterSlot V(int number) => (number >> 2) switch
    {
        3 => _r.VSys[number & 1],
        2 => HalfOf(_r.Y[number >> 1 & 1], number & 1),
        _ => _r.V[number & 3],
    };

    private IrValue V(IrBuilder ir, int number) => ir.Get(V(number));

    private void EmitVector(IrBuilder ir, IrOp op, Word w)
    {
        LaneShape shape = ShapeOf(op, w.Imm);
        int lane = (w.Imm >> 3 & 15) % shape.LaneCount();
        RegisterSlot target = V(w.Rd);
        switch (IrOpcodes.Info(op).Shape)
        {
            case IrShape.VectorUnary:
                ir.Set(target, ir.Vector(op, shape, V(ir, w.Ra)));
                break;
            case IrShape.VectorTernary:
                ir.Set(target, ir.VectorSelect(V(ir, w.Ra), V(ir, w.Rb), ir.Get(target)));
                break;
            case IrShape.VectorShift when w.Flag(11):
                ir.Set(target, ir.VectorShift(op, shape, V(ir, w.Ra), w.Imm >> 3 & 127));
                break;
            case IrShape.VectorShift:
                ir.Set(target, ir.VectorShift(op, shape, V(ir, w.Ra), ir.Get(_r.R[w.Rb], IrType.I32)));
                break;
            case IrShape.VectorMask:
                ir.Set(_r.R[w.Rd], ir.ZExt(ir.VectorMask(shape, V(ir, w.Ra)), IrType.I64));
                break;
            case IrShape.VectorInsert when w.Flag(11):
                ir.Set(LaneOf(target, shape, lane), Scalar(ir, shape.LaneType(), w.Rb));
                break;
            case IrShape.VectorInsert when w.Flag(10):
                ir.Set(target, ir.VectorInsert(shape, V(ir, w.Ra), lane, ir.VectorExtract(shape, ir.Get(target), w.Rb % shape.LaneCount())));
                break;
            case IrShape.VectorInsert:
                ir.Set(target, ir.VectorInsert(shape, V(ir, w.Ra), lane, Scalar(ir, shape.LaneType(), w.Rb)));
                break;
            case IrShape.VectorSplat:
                IrValue value = Scalar(ir, shape.LaneType(), w.Ra);
                ir.Set(target, op == IrOp.VSplat ? ir.VectorSplat(value) : ir.VectorScalar(value));
                break;
            case IrShape.VectorHalf:
                ir.Set(target, op == IrOp.VLow ? ir.VectorLow(Wide(ir, w.Ra)) : ir.VectorHigh(Wide(ir, w.Ra)));
                break;
            case IrShape.VectorJoin:
                SetWide(ir, w.Rd, ir.VectorJoin(V(ir, w.Ra), V(ir, w.Rb)));
                break;
            case IrShape.VectorExtract:
                SetScalar(ir, w.Rd, w.Flag(11) ? ir.Get(LaneOf(V(w.Ra), shape, lane)) : ir.VectorExtract(shape, V(ir, w.Ra), lane));
                break;
            default:
                // two operations in one instruction: the first result has two uses, the second a constant operand
                IrValue result = ir.Vector(op, shape, V(ir, w.Ra), V(ir, w.Rb));
                if (w.Flag(11))
                    result = ir.Vector(IrOp.VSub, LaneShape.I16x8, ir.Vector(op, shape, result, ir.VectorConst(0x0123456789abcdef, (ulong)w.Imm)), result);
                ir.Set(target, result);
                break;
        }
    }

    private void EmitVectorFloat(IrBuilder ir, IrOp op, Word w)
    {
        LaneShape shape = ShapeOf(op, w.Imm);
        IrRounding rounding = (w.Imm >> 3 & 7) switch { 0 => IrRounding.NearestEven, 1 => IrRounding.TowardZero, 2 => IrRounding.Down, 3 => IrRounding.Up, 4 => IrRounding.NearestAway, 5 => IrRounding.ToOdd, _ => IrRounding.Dynamic };
        IrValue a = V(ir, w.Ra);
        IrValue result = op switch
        {
            IrOp.VFSqrt => ir.VectorSqrt(shape, a, rounding),
            IrOp.VFMulAdd => ir.VectorMulAdd(shape, a, V(ir, w.Rb), V(ir, w.Rd), w.Flag(6), w.Flag(7), rounding),
            _ => ir.VectorFloat(op, shape, a, V(ir, w.Rb), rounding),
        };
        ir.Set(V(w.Rd), result);
        if (w.Flag(11))
            ir.Set(V(w.Ra), ir.VectorFloat(IrOp.VFAdd, shape, result, a));     // no longer at the start of the instruction
    }

    private IrValue Scalar(IrBuilder ir, IrType type, int register) => type switch
    {
        IrType.F32 => ir.Get(_r.S[register & 3]),
        IrType.F64 => ir.Get(_r.D[register & 3]),
        _ => ir.Trunc(R(ir, register), type),
    };

    private void SetScalar(IrBuilder ir, int register, IrValue value)
    {
        if (value.Type == IrType.F32)
            ir.Set(_r.S[register & 3], value);
        else if (value.Type == IrType.F64)
            ir.Set(_r.D[register & 3], value);
        else
            ir.Set(_r.R[register], ir.ZExt(value, IrType.I64));
    }

    private void EmitVectorMemory(IrBuilder ir, Word w)
    {
        (IrValue address, int displacement, MemOp how) = VectorPlace(ir, w, 16, R(ir, w.Ra));
        if (w.Op == TestHarness.Toy.VectorStore)
            ir.Store(address, displacement, V(ir, w.Rd), how);
        else
            ir.Set(V(w.Rd), ir.Load(address, displacement, how, IrType.V128));
    }

    private static (IrValue Address, int Displacement, MemOp How) VectorPlace(IrBuilder ir, Word w, int size, IrValue register)
    {
        bool extended = w.Imm < 0;
        var how = new MemOp(size, false, extended && w.Flag(9) ? 0 : 1, extended && w.Flag(7), extended && w.Flag(8));
        return (Address(ir, register, raw: extended && w.Flag(6)), extended ? (w.Imm & 63) : w.Imm * 8, how);
    }

    private void EmitVectorMove(IrBuilder ir, Word w)
    {
        switch (w.Imm & 3)
        {
            case 0:
                ir.Set(V(w.Rd), ir.VectorConst((ulong)w.Imm * 0x0101010101010101, (ulong)w.Imm * 0x123456789));
                break;
            case 1:
                ir.Set(V(w.Rd), ir.Select(ir.Compare(IrOp.LtS, R(ir, w.Ra), R(ir, w.Rb)), V(ir, w.Ra), ir.VectorConst(7, 9)));
                break;
            case 2:
                IrValue a = V(ir, w.Ra), d = V(ir, w.Rd);
                ir.Set(V(w.Rd), a);
                ir.Set(V(w.Ra), d);
                break;
            default:
                int skip = ir.NewLabel();
                ir.BrIf(ir.Compare(IrOp.Ne, ir.And(R(ir, w.Rb), ir.Const(1)), ir.Const(0)), skip);
                ir.Set(V(w.Rd), V(ir, w.Ra));
                ir.Label(skip);
                break;
        }
    }
}
