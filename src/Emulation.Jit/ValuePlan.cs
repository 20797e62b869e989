using Emulation.IR;

namespace Emulation.Jit;

/// <summary>Where the values of a block live: computed where they are used, or kept in an IL local.</summary>
internal sealed class ValuePlan
{
    private int[] _uses = new int[256];
    private int[] _position = new int[256];
    private bool[] _inline = new bool[256];

    /// <summary>Uses of a value by operations that are emitted.</summary>
    public int Uses(int value) => _uses[value];

    /// <summary>Whether a value is emitted where it is used: constants, registers that nothing overwrites first, results with one use.</summary>
    public bool IsInline(int value) => _inline[value];

    public void Analyse(IrBlock block)
    {
        Span<IrInst> insts = block.Insts;
        if (_uses.Length < insts.Length)
            (_uses, _position, _inline) = (new int[insts.Length * 2], new int[insts.Length * 2], new bool[insts.Length * 2]);
        _uses.AsSpan(0, insts.Length).Clear();
        _position.AsSpan(0, insts.Length).Clear();
        _inline.AsSpan(0, insts.Length).Clear();
        for (int i = insts.Length - 1; i >= 0; i--)
        {
            ref readonly IrInst inst = ref insts[i];
            bool pure = (block.Effects(inst) & ~IrEffects.ReadsState) == 0 && inst.Op != IrOp.Call;
            if (pure && _uses[i] == 0)
                continue;
            int position = i;
            if (inst.Op == IrOp.Const)
                _inline[i] = true;
            else if (inst.Op == IrOp.Get)
                _inline[i] = !IsOverwritten(block, inst, i, _position[i]);
            else if (pure && _uses[i] == 1 && inst.Op != IrOp.Select)
                _inline[i] = true;
            if (_inline[i])
                position = _position[i];
            Use(inst.A, position);
            Use(inst.B, position);
            Use(inst.C, position);
        }
    }

    private void Use(int value, int position)
    {
        if (value < 0)
            return;
        _uses[value]++;
        _position[value] = Math.Max(_position[value], position);
    }

    /// <summary>Whether a register that is read at one place may hold something else at a later one.</summary>
    public static bool IsOverwritten(IrBlock block, in IrInst read, int from, int to)
    {
        Span<IrInst> insts = block.Insts;
        for (int i = from + 1; i < to; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            if (inst.Op == IrOp.Call)
                return true;
            if (inst.Op == IrOp.Set && inst.Imm < read.Imm + read.Type.Bytes() && read.Imm < inst.Imm + inst.Type.Bytes())
                return true;
            // Instructions that tier 0 executes in between may write anything.
            if (inst.Op is IrOp.AtomicRmw or IrOp.AtomicCas or IrOp.LoadReserved or IrOp.StoreConditional)
                return true;
        }

        return false;
    }
}
