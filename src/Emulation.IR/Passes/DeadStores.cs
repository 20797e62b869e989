namespace Emulation.IR.Passes;

/// <summary>Removes writes of registers that are written again before anything can see them: condition codes, mostly.</summary>
/// <remarks>
/// Registers are seen by operations that may fault or call helpers, at the end of an instruction that has one (the run may end there),
/// where control joins or leaves, and by reads.
/// </remarks>
internal static class DeadStores
{
    private const IrEffects Seeing = IrEffects.MayFault | IrEffects.ReadsState | IrEffects.WritesState | IrEffects.ReadsTime | IrEffects.Terminal;

    /// <summary>Rewrites a block in place.</summary>
    /// <param name="block">A verified block.</param>
    /// <returns>Writes that were removed.</returns>
    public static int Run(IrBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Span<IrInst> insts = block.Insts;
        var dead = new List<(int Offset, int Bytes)>();       // written later, before anything sees it
        bool exact = EndsExact(block, insts.Length);
        int count = 0;
        for (int i = insts.Length - 1; i >= 0; i--)
        {
            ref IrInst inst = ref insts[i];
            int offset = (int)inst.Imm, bytes = inst.Type.Bytes();
            if (inst.Op == IrOp.Set)
            {
                if (!exact && IsCovered(dead, offset, bytes))
                {
                    inst = new IrInst { Op = IrOp.Nop, A = -1, B = -1, C = -1 };
                    count++;
                }
                else
                {
                    dead.Add((offset, bytes));
                }
            }
            else if (inst.Op == IrOp.Get)
            {
                dead.RemoveAll(d => d.Offset < offset + bytes && offset < d.Offset + d.Bytes);
            }
            else if (inst.Op == IrOp.Insn)
            {
                exact = EndsExact(block, i);
                if (exact)
                    dead.Clear();
            }
            else if (inst.Op is IrOp.Call or IrOp.Label or IrOp.Br or IrOp.BrIf || (block.Effects(inst) & Seeing) != 0)
            {
                dead.Clear();
            }
        }

        return count;
    }

    // Whether the instruction that ends before `end` has an operation behind which the run may end.
    private static bool EndsExact(IrBlock block, int end)
    {
        for (int i = end - 1; i >= 0 && block.Insts[i].Op != IrOp.Insn; i--)
        {
            if (block.Insts[i].Op == IrOp.Call || (block.Effects(block.Insts[i]) & (IrEffects.MayFault | IrEffects.ReadsTime)) != 0)
                return true;
        }

        return false;
    }

    private static bool IsCovered(List<(int Offset, int Bytes)> dead, int offset, int bytes)
        => dead.Exists(d => d.Offset <= offset && offset + bytes <= d.Offset + d.Bytes);
}
