using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

/// <summary>A block of a region: its IR and where its tier-0 code lies.</summary>
/// <param name="source">The block.</param>
/// <param name="ir">Its IR, simplified.</param>
/// <param name="exits"><see cref="SuccessorsOf"/> of the IR that tier 0 executes: a branch whose direction is known is still one there.</param>
/// <param name="ops">Its tier-0 code.</param>
/// <param name="opCount">Operations of that.</param>
/// <param name="firstOps">The first of each guest instruction, and the end.</param>
internal sealed unsafe class RegionBlock(TranslationBlock source, IrBlock ir, ulong[] exits, Op* ops, int opCount, ushort[] firstOps)
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

    /// <summary>The tier-0 slot that says where the terminal goes: tier 0 keeps one for each of its exits, and behind those what finds the blocks.</summary>
    /// <param name="fallThrough">Whether it goes to the second of <see cref="Successors"/>.</param>
    /// <exception cref="InvalidOperationException">Tier 0 does not go there.</exception>
    public Op* ExitSlot(bool fallThrough)
    {
        ulong pc = Successors[fallThrough ? 1 : 0];
        int exit = Array.IndexOf(exits, pc);
        return exit >= 0 ? ops + opCount - (2 * exits.Length) + exit : throw new InvalidOperationException($"tier 0 has no exit from {Pc:x} to {pc:x}");
    }

    /// <summary>Where the terminal may go at a known PC.</summary>
    public ulong[] Successors => SuccessorsOf(Ir);

    /// <summary>Where the terminal of a block may go at a known PC: taken, then fall-through.</summary>
    public static ulong[] SuccessorsOf(IrBlock ir)
    {
        ref readonly IrInst last = ref ir.Insts[^1];
        return last.Op switch
        {
            IrOp.Jump => [(ulong)last.Imm],
            IrOp.Branch => [(ulong)last.Imm, ir.NextPc],
            _ => [],
        };
    }
}
