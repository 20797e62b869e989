using Emulation.IR;

namespace Emulation.TestHarness;

// Vectors of 256 bits.
public sealed partial class ToyFrontend
{
    /// <summary>The operations that <see cref="Toy.WideVector"/> has.</summary>
    public static IrOp[] WideOps { get; } =
    [
        .. IrOpcodes.All.ToArray().Where(static i => i.Lanes != LaneSet.None && i.Shape is not (IrShape.VectorHalf or IrShape.VectorJoin)).Select(static i => i.Op),
        IrOp.Select,
    ];

    /// <summary>Encodes an operation on 256 bits.</summary>
    public static uint EncodeWide(IrOp op, int rd, int ra, int rb, int shape, int form = 0, int rounding = 0)
        => TestHarness.Toy.Encode(TestHarness.Toy.WideVector, rd, ra, rb, (shape & 7) | (Array.IndexOf(WideOps, op) << 3) | (form << 9) | (rounding << 10));

    private static RegisterSlot HalfOf(RegisterSlot wide, int half) => new($"{wide.Name}.{half}", wide.Offset + (16 * half), IrType.V128, wide.Cached);

    // 0 and 1 are cached, 2 is not, 3 is made of two narrow ones.
    private IrValue Wide(IrBuilder ir, int number) => (number & 3) switch
    {
        0 or 1 => ir.Get(_r.Y[number & 1]),
        2 => ir.Get(_r.YSys[number >> 2 & 1]),
        _ => ir.VectorJoin(V(ir, number >> 2), V(ir, (number >> 2) ^ 1)),
    };

    private void SetWide(IrBuilder ir, int number, IrValue value)
    {
        switch (number & 3)
        {
            case 0 or 1:
                ir.Set(_r.Y[number & 1], value);
                break;
            case 2:
                ir.Set(_r.YSys[number >> 2 & 1], value);
                break;
            default:
                ir.Set(V(number >> 2), ir.VectorLow(value));
                ir.Set(V((number >> 2) ^ 1), ir.VectorHigh(value));
                break;
        }
    }

    private void EmitWideMemory(IrBuilder ir, Word w)
    {
        (IrValue address, int displacement, MemOp how) = VectorPlace(ir, w, 32, R(ir, w.Ra));
        if (w.Op == TestHarness.Toy.WideStore)
            ir.Store(address, displacement, Wide(ir, w.Rd), how);
        else
            SetWide(ir, w.Rd, ir.Load(address, displacement, how, IrType.V256));
    }

    private void EmitWide(IrBuilder ir, Word w)
    {
        IrOp op = WideOps[(w.Imm >> 3 & 63) % WideOps.Length];
        if (op == IrOp.Select)
        {
            SetWide(ir, w.Rd, ir.Select(ir.Compare(IrOp.LtS, R(ir, w.Ra), R(ir, w.Rb)), Wide(ir, w.Ra), Wide(ir, w.Rb)));
            return;
        }

        LaneShape shape = ShapeOf(op, w.Imm);
        bool form = w.Flag(9);
        IrRounding rounding = (w.Imm >> 10 & 3) switch { 0 => IrRounding.NearestEven, 1 => IrRounding.Down, 2 => IrRounding.ToOdd, _ => IrRounding.Dynamic };
        int lane = (w.Rb + (form ? 16 : 0)) % (2 * shape.LaneCount());
        IrOpInfo info = IrOpcodes.Info(op);
        switch (info.Shape)
        {
            case IrShape.VectorUnary:
                SetWide(ir, w.Rd, op == IrOp.VFSqrt ? ir.VectorSqrt(shape, Wide(ir, w.Ra), rounding) : ir.Vector(op, shape, Wide(ir, w.Ra)));
                break;
            case IrShape.VectorTernary when op == IrOp.VFMulAdd:
                SetWide(ir, w.Rd, ir.VectorMulAdd(shape, Wide(ir, w.Ra), Wide(ir, w.Rb), Wide(ir, w.Rd), form, form, rounding));
                break;
            case IrShape.VectorTernary:
                SetWide(ir, w.Rd, ir.VectorSelect(Wide(ir, w.Ra), Wide(ir, w.Rb), Wide(ir, w.Rd)));
                break;
            case IrShape.VectorShift when form:
                SetWide(ir, w.Rd, ir.VectorShift(op, shape, Wide(ir, w.Ra), w.Rb * 5));
                break;
            case IrShape.VectorShift:
                // by the lowest lane of a register that may be the result's
                SetWide(ir, w.Rd, ir.VectorShift(op, shape, Wide(ir, w.Ra), ir.VectorExtract(LaneShape.I32x4, Wide(ir, w.Rb), 0)));
                break;
            case IrShape.VectorMask:
                ir.Set(_r.R[w.Rd], ir.ZExt(ir.VectorMask(shape, Wide(ir, w.Ra)), IrType.I64));
                break;
            case IrShape.VectorInsert:
                SetWide(ir, w.Rd, ir.VectorInsert(shape, Wide(ir, w.Ra), lane, ir.VectorExtract(shape, Wide(ir, w.Rd), lane ^ 1)));
                break;
            case IrShape.VectorSplat:
                IrValue value = form ? ir.VectorExtract(shape, Wide(ir, w.Rd), lane % shape.LaneCount()) : Scalar(ir, shape.LaneType(), w.Ra);
                SetWide(ir, w.Rd, op == IrOp.VSplat ? ir.VectorSplat(value, IrType.V256) : ir.VectorScalar(value, IrType.V256));
                break;
            case IrShape.VectorExtract:
                SetScalar(ir, w.Rd, ir.VectorExtract(shape, Wide(ir, w.Ra), lane));
                break;
            default:
                bool ieee = (info.Effects & IrEffects.FloatEnvironment) != 0;
                SetWide(ir, w.Rd, ieee ? ir.VectorFloat(op, shape, Wide(ir, w.Ra), Wide(ir, w.Rb), rounding) : ir.Vector(op, shape, Wide(ir, w.Ra), Wide(ir, w.Rb)));
                break;
        }
    }
}
