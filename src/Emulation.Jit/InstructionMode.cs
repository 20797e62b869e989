using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

/// <summary>How a guest instruction of a region is executed.</summary>
internal enum InstructionMode : byte
{
    /// <summary>By compiled code; what it cannot do leaves to tier 0 at the start of the instruction.</summary>
    Inline,

    /// <summary>By tier 0, as a call: it needs exact state every time, and the region goes on behind it.</summary>
    Step,

    /// <summary>By tier 0, which the region leaves to.</summary>
    Leave,
}

/// <summary>Decides how each instruction of a block is executed.</summary>
internal static class InstructionModes
{
    public static InstructionMode[] Of(IrBlock block)
    {
        var modes = new InstructionMode[block.InstructionCount];
        Span<IrInst> insts = block.Insts;
        int[] instructionOf = new int[insts.Length];
        int current = -1;
        for (int i = 0; i < insts.Length; i++)
        {
            if (insts[i].Op == IrOp.Insn)
                current++;
            instructionOf[i] = current;
        }

        for (int first = 0; first < insts.Length;)
        {
            int end = first + 1;
            while (end < insts.Length && insts[end].Op != IrOp.Insn)
                end++;
            if (insts[first].Op == IrOp.Insn)
                modes[instructionOf[first]] = ModeOf(block, first, end);
            first = end;
        }

        // Tier 0 keeps the values of an instruction to itself.
        for (int i = 0; i < insts.Length; i++)
        {
            Check(insts[i].A, i);
            Check(insts[i].B, i);
            Check(insts[i].C, i);
        }

        return modes;

        void Check(int value, int user)
        {
            if (value < 0 || instructionOf[value] == instructionOf[user] || block.Insts[value].Op == IrOp.Const)
                return;
            ref InstructionMode mode = ref modes[instructionOf[value]];
            if (mode == InstructionMode.Step)
                mode = InstructionMode.Leave;
        }
    }

    private static InstructionMode ModeOf(IrBlock block, int first, int end)
    {
        Span<IrInst> insts = block.Insts;
        bool terminal = (block.Effects(insts[end - 1]) & IrEffects.Terminal) != 0;
        InstructionMode outside = terminal ? InstructionMode.Leave : InstructionMode.Step;
        bool changed = false, conditional = false, stored = false, repeatable = true;
        for (int i = first + 1; i < end; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            IrEffects effects = block.Effects(inst);
            if ((effects & IrEffects.MayFault) != 0 && (changed || (stored && !(repeatable && inst.Op == IrOp.Store))))
                return outside;                               // could not be started again from its beginning
            if (NeedsTierZero(inst, effects))
            {
                if (!conditional)
                    return outside;
                continue;                                     // leaves when it gets there
            }

            if (inst.Op is IrOp.Br or IrOp.BrIf)
                conditional = true;
            changed |= inst.Op == IrOp.Set || (inst.Op == IrOp.Call && (effects & (IrEffects.WritesState | IrEffects.FloatEnvironment)) != 0);
            stored |= inst.Op is IrOp.Store or IrOp.AtomicRmw or IrOp.AtomicCas or IrOp.LoadReserved or IrOp.StoreConditional;

            // Stores alone can be done twice, to memory: they depend on nothing that they change. What is no memory leaves before it is written.
            repeatable &= inst.Op == IrOp.Store || (effects & (IrEffects.MayFault | IrEffects.ReadsMemory | IrEffects.WritesMemory)) == 0 || inst.Op == IrOp.Raise;
        }

        return InstructionMode.Inline;
    }

    /// <summary>Whether compiled code of an operation may leave to tier 0 without a fault of the guest.</summary>
    public static bool MayLeave(in IrInst inst, IrEffects effects) => NeedsTierZero(inst, effects) || inst.Op is >= IrOp.FAdd and <= IrOp.VFLe;

    /// <summary>Whether an operation is left to tier 0.</summary>
    public static bool NeedsTierZero(in IrInst inst, IrEffects effects) => inst.Op switch
    {
        IrOp.Load or IrOp.Store => false,
        IrOp.AtomicRmw or IrOp.AtomicCas or IrOp.LoadReserved or IrOp.StoreConditional => MemOp.Unpack(inst.Aux).BigEndian,
        IrOp.Raise => true,
        IrOp.Call => (effects & (IrEffects.MayFault | IrEffects.ReadsTime | IrEffects.ReadsMemory | IrEffects.WritesMemory)) != 0,
        _ => false,
    };
}
