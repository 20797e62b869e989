using Emulation.IR;

namespace Emulation.Jit;

/// <summary>Facts about a region that the compiler needs: edges, checkpoints of the budget, dirty and live registers.</summary>
internal sealed class RegionAnalysis
{
    private readonly List<RegionBlock> _blocks;
    private readonly SlotMap _map;

    private RegionAnalysis(List<RegionBlock> blocks, SlotMap map) => (_blocks, _map) = (blocks, map);

    /// <summary>Fills in the facts of each block. Block 0 is the entry.</summary>
    public static void Run(List<RegionBlock> blocks, SlotMap map)
    {
        var analysis = new RegionAnalysis(blocks, map);
        analysis.FindEdges();
        analysis.FindLoops();
        analysis.FindCheckpoints();
        analysis.FindDirty();
        analysis.FindLive();
    }

    private static IEnumerable<int> Edges(RegionBlock block)
    {
        if (block.Taken >= 0)
            yield return block.Taken;
        if (block.FallThrough >= 0)
            yield return block.FallThrough;
    }

    private void FindEdges()
    {
        var byPc = new Dictionary<ulong, int>();
        for (int i = 0; i < _blocks.Count; i++)
            byPc.Add(_blocks[i].Pc, i);
        foreach (RegionBlock block in _blocks)
        {
            ReadOnlySpan<ulong> successors = block.Leaves ? [] : block.Successors;
            if (successors.Length > 0)
                block.Taken = byPc.GetValueOrDefault(successors[0], -1);
            if (successors.Length > 1)
                block.FallThrough = byPc.GetValueOrDefault(successors[1], -1);
        }
    }

    private void FindLoops()
    {
        foreach (RegionBlock block in _blocks)
        {
            var reached = new bool[_blocks.Count];
            var work = new Stack<int>(Edges(block));
            while (!block.IsInLoop && work.TryPop(out int next))
            {
                block.IsInLoop = ReferenceEquals(_blocks[next], block);
                if (reached[next])
                    continue;
                reached[next] = true;
                foreach (int further in Edges(_blocks[next]))
                    work.Push(further);
            }
        }
    }

    // Targets of retreating edges are checkpoints, so what is between them has no cycles.
    private void FindCheckpoints()
    {
        var state = new byte[_blocks.Count];
        var order = new List<int>();
        _blocks[0].IsCheckpoint = true;
        Visit(0, state, order);
        foreach (int i in order)
        {
            RegionBlock block = _blocks[i];
            int longest = 0;
            foreach (int next in Edges(block))
            {
                if (!_blocks[next].IsCheckpoint)
                    longest = Math.Max(longest, _blocks[next].Need);
            }

            block.Need = block.Instructions + longest;
        }
    }

    private void Visit(int number, byte[] state, List<int> order)
    {
        state[number] = 1;
        foreach (int next in Edges(_blocks[number]))
        {
            if (state[next] == 1)
                _blocks[next].IsCheckpoint = true;
            else if (state[next] == 0)
                Visit(next, state, order);
        }

        state[number] = 2;
        order.Add(number);                                    // successors first
    }

    private void FindDirty()
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (RegionBlock block in _blocks)
            {
                var tracker = new DirtyTracker(block, _map);
                int instruction = -1;
                foreach (ref readonly IrInst inst in block.Ir.Insts)
                {
                    if (inst.Op == IrOp.Insn)
                        instruction++;
                    tracker.Pass(inst, block.Modes[instruction]);
                }

                foreach (int next in Edges(block))
                {
                    SlotSet union = _blocks[next].DirtyIn | tracker.Dirty;
                    changed |= union != _blocks[next].DirtyIn;
                    _blocks[next].DirtyIn = union;
                }
            }
        }
    }

    /// <summary>Whether registers are written back before a call that compiled code makes.</summary>
    public static bool Flushes(RegionBlock block, in IrInst inst)
        => !InstructionModes.NeedsTierZero(inst, block.Ir.Effects(inst)) && (block.Ir.Effects(inst) & (IrEffects.ReadsState | IrEffects.WritesState)) != 0;

    private void FindLive()
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = _blocks.Count - 1; i >= 0; i--)
            {
                RegionBlock block = _blocks[i];
                SlotSet live = default;
                foreach (int next in Edges(block))
                    live |= _blocks[next].LiveIn;
                block.LiveOut = live;
                live = Live(block, _map, 0, -1, new DirtyTracker(block, _map));
                if (block.IsCheckpoint)
                    live |= block.DirtyIn;
                changed |= live != block.LiveIn;
                block.LiveIn = live;
            }
        }
    }

    /// <summary>Slots whose locals are read, from a place in a block on, before they are written.</summary>
    /// <remarks>Every way out reads what is dirty there: on a path that did not write it, the local must hold the old value.</remarks>
    /// <param name="block">The block.</param>
    /// <param name="map">Slots.</param>
    /// <param name="from">First IR operation looked at.</param>
    /// <param name="instruction">Guest instruction that <paramref name="from"/> lies in.</param>
    /// <param name="dirty">Dirty slots there.</param>
    public static SlotSet Live(RegionBlock block, SlotMap map, int from, int instruction, DirtyTracker dirty)
    {
        SlotSet uses = default, kills = default;
        Span<IrInst> insts = block.Ir.Insts;
        for (int i = from; i < insts.Length; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            if (inst.Op == IrOp.Insn)
                instruction++;
            InstructionMode mode = block.Modes[instruction];
            IrEffects effects = block.Ir.Effects(inst);
            if (inst.Op == IrOp.Insn && mode != InstructionMode.Inline)
            {
                uses |= dirty.Dirty & ~kills;
                kills = ~default(SlotSet);                    // what is needed behind is loaded again
                if (mode == InstructionMode.Leave)
                    return uses;
            }
            else if (mode == InstructionMode.Inline)
            {
                if (inst.Op == IrOp.Get && map.Find(inst) is >= 0 and int read)
                    uses |= SlotSet.Of(read) & ~kills;
                else if (inst.Op == IrOp.Set && map.Find(inst) is >= 0 and int written)
                {
                    if (inst.Type.Bytes() != map.Cached[written].Bytes)
                        uses |= SlotSet.Of(written) & ~kills;
                    else if (!dirty.IsConditional)
                        kills |= SlotSet.Of(written);
                }
                else if (inst.Op == IrOp.Call && Flushes(block, inst))
                {
                    uses |= dirty.Dirty & ~kills;
                    if ((effects & IrEffects.WritesState) != 0 && !dirty.IsConditional)
                        kills = ~default(SlotSet);
                }
                else if ((effects & (IrEffects.MayFault | IrEffects.Terminal)) != 0 || InstructionModes.MayLeave(inst, effects))
                {
                    uses |= dirty.Dirty & ~kills;
                }
            }

            dirty.Pass(inst, mode);
        }

        return uses | (block.LiveOut & ~kills);
    }
}

/// <summary>Follows which register locals may differ from memory, operation by operation.</summary>
internal struct DirtyTracker(RegionBlock block, SlotMap map)
{
    /// <summary>Slots that may differ.</summary>
    public SlotSet Dirty { get; private set; } = block.DirtyIn;

    /// <summary>Whether the present operation may have been branched over.</summary>
    public bool IsConditional { get; private set; }

    /// <summary>Goes past an operation.</summary>
    public void Pass(in IrInst inst, InstructionMode mode)
    {
        if (inst.Op == IrOp.Insn)
        {
            IsConditional = false;
            if (mode == InstructionMode.Step)
                Dirty = default;
            return;
        }

        if (mode != InstructionMode.Inline)
            return;
        if (inst.Op == IrOp.Set && map.Find(inst) is >= 0 and int slot)
            Dirty |= SlotSet.Of(slot);
        else if (inst.Op == IrOp.Call && RegionAnalysis.Flushes(block, inst) && !IsConditional)
            Dirty = default;
        else if (inst.Op is IrOp.Br or IrOp.BrIf)
            IsConditional = true;
    }
}
