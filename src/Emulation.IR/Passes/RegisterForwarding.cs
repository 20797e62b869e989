namespace Emulation.IR.Passes;

/// <summary>Lets reads of a register use the value that was last read from or written to it.</summary>
/// <remarks>
/// Values of an instruction that an engine may execute on its own (it calls, or has an atomic) are not carried to later ones,
/// and none are carried into an instruction that an engine may leave to another, which begins there with nothing but registers.
/// </remarks>
internal static class RegisterForwarding
{
    /// <summary>Rewrites a block in place: reads that are not needed have no users afterwards.</summary>
    /// <param name="block">A verified block.</param>
    /// <returns>Reads that were replaced.</returns>
    public static int Run(IrBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Span<IrInst> insts = block.Insts;
        var known = new List<(int Offset, IrType Type, int Value)>();
        var same = new int[insts.Length];
        int count = 0, start = 0;
        bool alone = false;
        for (int i = 0; i < insts.Length; i++)
        {
            same[i] = i;
            ref IrInst inst = ref insts[i];
            Follow(ref inst.A, same);
            Follow(ref inst.B, same);
            Follow(ref inst.C, same);
            alone |= inst.Op is IrOp.Call or IrOp.Store or IrOp.AtomicRmw or IrOp.AtomicCas or IrOp.LoadReserved or IrOp.StoreConditional;
            switch (inst.Op)
            {
                case IrOp.Get:
                    int found = Find(known, inst);
                    if (found >= 0)
                    {
                        same[i] = found;
                        count++;
                    }
                    else
                    {
                        known.Add(((int)inst.Imm, inst.Type, i));
                    }

                    break;
                case IrOp.Set:
                    Forget(known, (int)inst.Imm, inst.Type.Bytes());
                    known.Add(((int)inst.Imm, inst.Type, inst.A));
                    break;
                case IrOp.Label or IrOp.Call:
                    known.Clear();                            // control joins here, or a helper may have written
                    break;
                case IrOp.Insn:
                    if (alone)
                        known.RemoveAll(k => k.Value >= start);
                    if (MayBeLeft(block, i))
                        known.Clear();
                    (start, alone) = (i, false);
                    break;
            }
        }

        return count;
    }

    private static bool MayBeLeft(IrBlock block, int instruction)
    {
        Span<IrInst> insts = block.Insts;
        for (int i = instruction + 1; i < insts.Length && insts[i].Op != IrOp.Insn; i++)
        {
            if (insts[i].Op == IrOp.Call || (block.Effects(insts[i]) & (IrEffects.MayFault | IrEffects.FloatEnvironment)) != 0)
                return true;
        }

        return false;
    }

    private static void Follow(ref int operand, int[] same)
    {
        if (operand >= 0)
            operand = same[operand];
    }

    private static int Find(List<(int Offset, IrType Type, int Value)> known, in IrInst read)
    {
        foreach ((int offset, IrType type, int value) in known)
        {
            if (offset == read.Imm && type == read.Type)
                return value;
        }

        return -1;
    }

    private static void Forget(List<(int Offset, IrType Type, int Value)> known, int offset, int bytes)
        => known.RemoveAll(k => k.Offset < offset + bytes && offset < k.Offset + k.Type.Bytes());
}
