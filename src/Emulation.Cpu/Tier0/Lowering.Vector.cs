using Emulation.IR;

namespace Emulation.Cpu;

// Vector operations: the lane shape is the form. Those on 256 bits are two on 128.
internal sealed partial class Lowering
{
    private const int Half = 16;

    private void EmitVector(int i, in IrInst inst)
    {
        bool observable = (_block.Effects(inst) & IrEffects.Observable) != 0;
        if (_uses[i] == 0 && !observable)
            return;
        switch (inst.Op)
        {
            case IrOp.VExtract:
                _location[i] = Location(inst.A) + ((int)inst.Imm * LaneOp.Unpack(inst.Aux).Shape.LaneBytes());
                break;
            case IrOp.VLow or IrOp.VHigh:
                _location[i] = Location(inst.A) + (inst.Op == IrOp.VHigh ? Half : 0);
                break;
            case IrOp.VJoin:
                EmitHalves(i, inst);
                break;
            default:
                if (inst.Type == IrType.V256)
                    EmitHalves(i, inst);
                else
                    EmitOnce(i, inst);
                break;
        }
    }

    private void EmitOnce(int i, in IrInst inst)
    {
        (int a, int b, int c) = Operands(inst);
        Operation(inst, Destination(i), a, b, c);
    }

    // A constant amount is part of the operation.
    private (int A, int B, int C) Operands(in IrInst inst)
    {
        bool shift = inst.Op is >= IrOp.VShl and <= IrOp.VShrS && IsConst(inst.B, out _);
        int a = Location(inst.A), b = inst.B < 0 || shift ? 0 : Location(inst.B), c = inst.C < 0 ? 0 : Location(inst.C);
        return (a, b, c);
    }

    // What the upper half reads must survive the lower half's result: where that lies on top of it, the result takes a detour.
    private void EmitHalves(int i, in IrInst inst)
    {
        if (_uses[i] == 0 && (_block.Effects(inst) & IrEffects.Observable) == 0)
            return;
        (int a, int b, int c) = Operands(inst);
        int to = Destination(i);
        bool detour = inst.Op == IrOp.VJoin ? IsHit(inst.B, b, to) : IsHitAbove(inst.A, a, to) || IsHitAbove(inst.B, b, to) || IsHitAbove(inst.C, c, to);
        int low = detour ? NewTemporary(IrType.V128) : to;
        if (inst.Op == IrOp.VJoin)
        {
            Move(IrType.V128, low, a);
            Move(IrType.V128, to + Half, b);
        }
        else
        {
            Operation(inst, low, a, b, c);
            Operation(inst, to + Half, Above(inst.A, a), Above(inst.B, b), Above(inst.C, c));
        }

        if (detour)
            Move(IrType.V128, to, low);
    }

    private int Above(int value, int location) => value >= 0 && _block.Insts[value].Type == IrType.V256 ? location + Half : location;

    private bool IsHitAbove(int value, int location, int to) => value >= 0 && IsHit(value, Above(value, location), to);

    private bool IsHit(int value, int location, int to)
        => location < to + Half && to < location + (_block.Insts[value].Type.IsVector() ? Half : 8);

    private void Operation(in IrInst inst, int to, int a, int b, int c)
    {
        if (inst.Op == IrOp.Select)
        {
            Add(Micro.Select, Op.Select128, to, a, b, c);
            return;
        }

        LaneOp how = LaneOp.Unpack(inst.Aux);
        int form = (int)how.Shape;
        var family = (Micro)((int)Micro.VFAdd + (inst.Op - IrOp.VFAdd));
        if (inst.Op is >= IrOp.VShl and <= IrOp.VShrS && IsConst(inst.B, out long amount))
        {
            Add(family, form + Op.ConstantAmount, to, a, 0, (int)amount);
            return;
        }

        long imm = inst.Op switch
        {
            IrOp.VFMulAdd => (uint)((int)how.Rounding | (int)(inst.Imm << 4)) | ((long)c << 32),
            IrOp.VInsert => inst.Imm * how.Shape.LaneBytes(),
            IrOp.VSelect => c,
            _ => (int)how.Rounding,
        };
        Add(family, form, to, a, b, imm);
    }

    // The higher half first where it would be overwritten.
    private void Move(IrType type, int to, int from)
    {
        if (type != IrType.V256)
        {
            Add(Micro.Mov, Width(type), to, from, 0, 0);
            return;
        }

        int first = from < to ? Half : 0;
        Add(Micro.Mov, Op.W128, to + first, from + first, 0, 0);
        Add(Micro.Mov, Op.W128, to + Half - first, from + Half - first, 0, 0);
    }
}
