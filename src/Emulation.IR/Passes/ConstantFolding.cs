namespace Emulation.IR.Passes;

/// <summary>Computes operations on constants, and lets users of an operation that only repeats a value use the value.</summary>
internal static class ConstantFolding
{
    /// <summary>Rewrites a block in place.</summary>
    /// <param name="block">A verified block.</param>
    /// <returns>Operations that were simplified.</returns>
    public static int Run(IrBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Span<IrInst> insts = block.Insts;
        var same = new int[insts.Length];
        int count = 0;
        for (int i = 0; i < insts.Length; i++)
        {
            same[i] = i;
            ref IrInst inst = ref insts[i];
            Follow(ref inst.A, same);
            Follow(ref inst.B, same);
            Follow(ref inst.C, same);
            if (Constant(insts, inst) is { } constant)
            {
                inst = new IrInst { Op = IrOp.Const, Type = inst.Type, Imm = (long)(constant & inst.Type.Mask()), A = -1, B = -1, C = -1 };
                count++;
            }
            else if (Repeated(insts, inst) is >= 0 and int value)
            {
                same[i] = value;
                count++;
            }
            else if (Decide(block, ref inst))
            {
                count++;
            }
        }

        return count;
    }

    private static void Follow(ref int operand, int[] same)
    {
        if (operand >= 0)
            operand = same[operand];
    }

    private static bool IsConst(Span<IrInst> insts, int value, out ulong constant)
    {
        constant = value < 0 ? 0 : (ulong)insts[value].Imm;
        return value >= 0 && insts[value].Op == IrOp.Const;
    }

    private static ulong? Constant(Span<IrInst> insts, in IrInst inst)
    {
        if (!IsConst(insts, inst.A, out ulong a))
            return null;
        IrType type = insts[inst.A].Type;
        switch (IrOpcodes.Info(inst.Op).Shape)
        {
            case IrShape.Binary or IrShape.Compare:
                return IsConst(insts, inst.B, out ulong b) ? IrFold.Binary(inst.Op, type, a, b) : null;
            case IrShape.Unary:
                return IrFold.Unary(inst.Op, type, a);
            case IrShape.Convert:
                return IrFold.Convert(inst.Op, type, a);
            case IrShape.Select:
                return IsConst(insts, a != 0 ? inst.B : inst.C, out ulong taken) ? taken : null;
            default:
                return null;
        }
    }

    // The operand that the result equals, or -1.
    private static int Repeated(Span<IrInst> insts, in IrInst inst)
    {
        bool constant = IsConst(insts, inst.B, out ulong b);
        switch (inst.Op)
        {
            case IrOp.Add or IrOp.Sub or IrOp.Or or IrOp.Xor when constant && b == 0:
            case IrOp.Shl or IrOp.ShrU or IrOp.ShrS or IrOp.RotL or IrOp.RotR when constant && (b & (ulong)(inst.Type.Bits() - 1)) == 0:
            case IrOp.Mul or IrOp.DivU or IrOp.DivS when constant && b == 1:
            case IrOp.And when constant && b == inst.Type.Mask():
            case IrOp.And or IrOp.Or when inst.A == inst.B:
                return inst.A;
            case IrOp.Select:
                return IsConst(insts, inst.A, out ulong c) ? (c != 0 ? inst.B : inst.C) : inst.B == inst.C ? inst.B : -1;
            case IrOp.Trunc when insts[inst.A].Op is IrOp.ZExt or IrOp.SExt && insts[insts[inst.A].A].Type == inst.Type:
            case IrOp.Bitcast when insts[inst.A].Op == IrOp.Bitcast && insts[insts[inst.A].A].Type == inst.Type:
                return insts[inst.A].A;
            case IrOp.Bitcast when insts[inst.A].Type == inst.Type:
                return inst.A;
            default:
                return -1;
        }
    }

    // Branches whose condition is known.
    private static bool Decide(IrBlock block, ref IrInst inst)
    {
        if (inst.Op is not (IrOp.BrIf or IrOp.Branch) || !IsConst(block.Insts, inst.A, out ulong condition))
            return false;
        inst.A = -1;
        if (inst.Op == IrOp.Branch)
            (inst.Op, inst.Imm) = (IrOp.Jump, condition != 0 ? inst.Imm : (long)block.NextPc);
        else
            (inst.Op, inst.Imm) = condition != 0 ? (IrOp.Br, inst.Imm) : (IrOp.Nop, 0);
        return true;
    }
}
