namespace Emulation.IR.Passes;

/// <summary>Removes operations that nobody uses and that do nothing else.</summary>
internal static class DeadCode
{
    /// <summary>Rewrites a block in place.</summary>
    /// <param name="block">A verified block.</param>
    /// <returns>Operations that were removed.</returns>
    public static int Run(IrBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Span<IrInst> insts = block.Insts;
        var used = new bool[insts.Length];
        int count = 0;
        for (int i = insts.Length - 1; i >= 0; i--)
        {
            ref IrInst inst = ref insts[i];
            if (inst.Op == IrOp.Nop)
                continue;
            IrEffects keeps = IrEffects.Observable | IrEffects.ReadsMemory | IrEffects.ReadsTime;
            if (!used[i] && (block.Effects(inst) & keeps) == 0 && inst.Op != IrOp.Call)
            {
                inst = new IrInst { Op = IrOp.Nop, A = -1, B = -1, C = -1 };
                count++;
                continue;
            }

            Use(inst.A, used);
            Use(inst.B, used);
            Use(inst.C, used);
        }

        return count;
    }

    private static void Use(int value, bool[] used)
    {
        if (value >= 0)
            used[value] = true;
    }
}
