using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

/// <summary>A block of a region: its IR and where its tier-0 code lies.</summary>
internal sealed unsafe class RegionBlock(TranslationBlock source, IrBlock ir, Op* ops, int opCount, ushort[] firstOps)
{
    public TranslationBlock Source { get; } = source;

    public IrBlock Ir { get; } = ir;

    public ulong Pc => Ir.Pc;

    public int Instructions => Ir.InstructionCount;

    public InstructionMode[] Modes { get; } = InstructionModes.Of(ir);

    /// <summary>Whether control never gets to the terminal.</summary>
    public bool Leaves => Array.IndexOf(Modes, InstructionMode.Leave) >= 0;

    /// <summary>Numbers of the blocks that the terminal jumps to inside the region, -1 for outside: taken, then fall-through.</summary>
    public int Taken { get; set; } = -1;

    public int FallThrough { get; set; } = -1;

    /// <summary>Whether control may come back here without passing another such block: the budget is checked.</summary>
    public bool IsCheckpoint { get; set; }

    /// <summary>Whether control may come back here inside the region.</summary>
    public bool IsInLoop { get; set; }

    /// <summary>Instructions on the longest path from here to the next check, or to the end.</summary>
    public int Need { get; set; }

    /// <summary>Slots that may differ from memory at the start.</summary>
    public SlotSet DirtyIn { get; set; }

    /// <summary>Slots whose locals are read before they are written, from the start on.</summary>
    public SlotSet LiveIn { get; set; }

    /// <summary>The same behind the terminal.</summary>
    public SlotSet LiveOut { get; set; }

    public Op* Entry => ops;

    /// <summary>First tier-0 operation of a guest instruction; one past the last gives the end.</summary>
    public Op* OpOf(int instruction) => ops + firstOps[instruction];

    /// <summary>The tier-0 slot that says where the terminal goes: jumps have one, branches two.</summary>
    public Op* ExitSlot(bool fallThrough)
        => ops + opCount - (Ir.Insts[^1].Op == IrOp.Jump ? 2 : fallThrough ? 3 : 4);

    /// <summary>Where the terminal may go at a known PC.</summary>
    public ReadOnlySpan<ulong> Successors
    {
        get
        {
            ref readonly IrInst last = ref Ir.Insts[^1];
            return last.Op switch
            {
                IrOp.Jump => new[] { (ulong)last.Imm },
                IrOp.Branch => new[] { (ulong)last.Imm, Ir.NextPc },
                _ => [],
            };
        }
    }
}
