using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

// Condition codes that nobody reads inside the region: instructions write them all the time, and all that sees them is a way out. Where they are
// written, only the operands are kept, and which instruction it was; they are computed on the way out.
internal sealed unsafe partial class RegionCompiler
{
    // States: unknown, in their locals, or the number of the write that they follow from.
    private const int Unvisited = -2, Unknown = -1, Settled = 0;

    // Locals for the operands of a write, and operations that may be repeated on the way out.
    private const int MaxOperands = 2, MaxOperations = 32;

    // More than so many cases are not worth their place at every jump out of the region.
    private const int MaxInlineCases = 4;

    private readonly List<DeferredWrite> _writes = [];
    private readonly Dictionary<(RegionBlock Block, int At), int> _writeAt = [];
    private readonly Dictionary<(int Number, Type Type), LocalBuilder> _operands = [];
    private readonly List<Label> _settled = [];
    private int[] _stateIn = [];
    private SlotSet _deferred;
    private int _state;
    private LocalBuilder? _kind;
    private LocalBuilder? _return;
    private Label _settle;

    /// <summary>One instruction's write of all deferred slots.</summary>
    /// <param name="Block">Where.</param>
    /// <param name="Sets">Its operations: the first says where operands are kept.</param>
    /// <param name="Operands">The values that the slots are computed from; null for a write that is done at once.</param>
    private sealed record DeferredWrite(RegionBlock Block, (int Slot, int At)[] Sets, int[]? Operands);

    private void PlanDeferred()
    {
        if (!_blocks.Exists(static b => b.IsInLoop))
            return;
        var sets = new SortedDictionary<int, List<(int Block, int Instruction, int At)>>();
        SlotSet read = default;
        for (int b = 0; b < _blocks.Count; b++)
            FindSets(b, sets, ref read);
        int[] candidates = [.. sets.Keys.Where(s => !read.Contains(s))];
        int first = Array.FindIndex(candidates, s => _map.Cached[s].Type == IrType.I1);
        if (first < 0)
            return;
        List<(int Block, int Instruction, int At)> order = sets[candidates[first]];
        int[] group = [.. candidates.Where(s => sets[s].Select(Place).SequenceEqual(order.Select(Place)))];
        if (group.Length < 2)
            return;
        for (int i = 0; i < order.Count; i++)
        {
            RegionBlock block = _blocks[order[i].Block];
            (int Slot, int At)[] write = [.. group.Select(s => (s, sets[s][i].At)).OrderBy(static w => w.At)];
            for (int at = write[0].At; at < write[^1].At; at++)
            {
                if (block.Ir.Insts[at].Op is IrOp.Label or IrOp.Br or IrOp.BrIf or IrOp.Call)
                {
                    _writes.Clear();
                    return;
                }
            }

            _plan.Analyse(block.Ir);
            _writes.Add(new DeferredWrite(block, write, OperandsOf(block.Ir, write)));
        }

        // what is written once for every way out is as well computed at once
        if (!_writes.Exists(static w => w.Operands is not null && w.Block.IsInLoop))
        {
            _writes.Clear();
            return;
        }

        foreach (int slot in group)
            _deferred |= SlotSet.Of(slot);
        for (int i = 0; i < _writes.Count; i++)
        {
            foreach ((int _, int at) in _writes[i].Sets)
                _writeAt.Add((_writes[i].Block, at), i + 1);
        }

        _kind = _il.DeclareLocal(typeof(int));
        FindStates();

        static (int Block, int Instruction) Place((int Block, int Instruction, int At) set) => (set.Block, set.Instruction);
    }

    private void FindSets(int number, SortedDictionary<int, List<(int Block, int Instruction, int At)>> sets, ref SlotSet read)
    {
        RegionBlock block = _blocks[number];
        _plan.Analyse(block.Ir);
        Span<IrInst> insts = block.Ir.Insts;
        int instruction = -1;
        for (int i = 0; i < insts.Length; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            if (inst.Op == IrOp.Insn)
                instruction++;
            if (instruction < 0 || block.Modes[instruction] != InstructionMode.Inline || inst.Op is not (IrOp.Get or IrOp.Set) || _map.Find(inst) is not (>= 0 and int slot))
                continue;
            if (inst.Op == IrOp.Get ? _plan.Uses(i) > 0 : inst.Type != _map.Cached[slot].Type)
                read |= SlotSet.Of(slot);
            if (inst.Op != IrOp.Set)
                continue;
            if (!sets.TryGetValue(slot, out List<(int, int, int)>? list))
                sets.Add(slot, list = []);
            list.Add((number, instruction, i));
        }
    }

    private int[]? OperandsOf(IrBlock ir, (int Slot, int At)[] write)
    {
        var operands = new List<int>();
        int operations = 0;
        foreach ((int _, int at) in write)
            Collect(ir.Insts[at].A);
        return operations <= MaxOperations && operands.Count <= MaxOperands && operands.TrueForAll(o => o < write[0].At && Holds(o) && !ir.Insts[o].Type.IsVector()) ? [.. operands] : null;

        void Collect(int value)
        {
            if (++operations > MaxOperations)
                return;
            ref readonly IrInst inst = ref ir.Insts[value];
            switch (inst.Op)
            {
                case IrOp.Const when !inst.Type.IsVector():
                    break;
                case (>= IrOp.Add and <= IrOp.RotR) or (>= IrOp.Eq and <= IrOp.LeU) when Holds(inst.A) && Holds(inst.B):
                    Collect(inst.A);
                    Collect(inst.B);
                    break;
                case (>= IrOp.Clz and <= IrOp.ByteSwap) or IrOp.ZExt or IrOp.SExt or IrOp.Trunc or IrOp.Bitcast when Holds(inst.A):
                    Collect(inst.A);
                    break;
                default:
                    if (!operands.Contains(value))
                        operands.Add(value);
                    break;
            }
        }

        // Whether a value can be had where the write begins: it has a local, or no register that it is computed from was written since.
        bool Holds(int value)
        {
            if (value < 0 || !_plan.IsInline(value))
                return true;
            ref readonly IrInst inst = ref ir.Insts[value];
            return inst.Op == IrOp.Get ? !ValuePlan.IsOverwritten(ir, inst, value, write[0].At) : Holds(inst.A) && Holds(inst.B) && Holds(inst.C);
        }
    }

    private void FindStates()
    {
        _stateIn = new int[_blocks.Count];
        Array.Fill(_stateIn, Unvisited);
        _stateIn[0] = Settled;
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = 0; i < _blocks.Count; i++)
            {
                if (_stateIn[i] == Unvisited)
                    continue;
                int state = StateBehind(_blocks[i], _stateIn[i]);
                Join(_blocks[i].Taken, state);
                Join(_blocks[i].FallThrough, state);
            }
        }

        for (int i = 0; i < _stateIn.Length; i++)
        {
            if (_stateIn[i] == Unvisited)
                _stateIn[i] = Unknown;
        }

        void Join(int block, int state)
        {
            if (block < 0 || _stateIn[block] == state || _stateIn[block] == Unknown)
                return;
            _stateIn[block] = _stateIn[block] == Unvisited ? state : Unknown;
            changed = true;
        }
    }

    // Follows what emission does.
    private int StateBehind(RegionBlock block, int state)
    {
        var tracker = new DirtyTracker(block, _map);
        int instruction = -1;
        Span<IrInst> insts = block.Ir.Insts;
        for (int i = 0; i < insts.Length; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            if (inst.Op == IrOp.Insn)
            {
                instruction++;
                if (block.Modes[instruction] == InstructionMode.Step)
                    state = Settled;
            }
            else if (block.Modes[instruction] == InstructionMode.Inline)
            {
                if (_writeAt.TryGetValue((block, i), out int number))
                    state = tracker.IsConditional ? Unknown : _writes[number - 1].Operands is null ? Settled : number;
                else if (inst.Op == IrOp.Call && Reloads(block, inst))
                    state = tracker.IsConditional ? Unknown : Settled;
            }

            tracker.Pass(inst, block.Modes[instruction]);
        }

        return state;
    }

    private static bool Reloads(RegionBlock block, in IrInst inst)
        => RegionAnalysis.Flushes(block, inst) && (block.Ir.Effects(inst) & IrEffects.WritesState) != 0;

    // Locals hold what memory does.
    private void BeginSettled() => SetState(Settled);

    private void SetState(int state)
    {
        if (_kind is null)
            return;
        LoadInt(state);
        _il.Emit(OpCodes.Stloc, _kind);
        _state = _dirty.IsConditional ? Unknown : state;
    }

    // Keeps the operands instead; false for what is written at once.
    private bool TryDefer(int at)
    {
        if (!_writeAt.TryGetValue((_block, at), out int number))
            return false;
        DeferredWrite write = _writes[number - 1];
        bool first = at == write.Sets[0].At;
        if (write.Operands is not { } operands)
        {
            if (first)
                SetState(Settled);
            return false;
        }

        if (!first)
            return true;
        for (int i = 0; i < operands.Length; i++)
        {
            Value(operands[i]);
            _il.Emit(OpCodes.Stloc, KeptOperand(i, _ir.Insts[operands[i]].Type));
        }

        SetState(number);
        return true;
    }

    private LocalBuilder KeptOperand(int number, IrType type)
    {
        Type clr = StackTypes.Clr(type);
        if (!_operands.TryGetValue((number, clr), out LocalBuilder? local))
            _operands.Add((number, clr), local = _il.DeclareLocal(clr));
        return local;
    }

    // Writes deferred slots back where it may happen often.
    private void StoreDeferred(SlotSet slots)
    {
        if (_state > Settled)
        {
            StoreComputed(_state, slots);
            return;
        }

        Label end = _il.DefineLabel();
        var cases = new Label[_writes.Count + 1];
        for (int i = 0; i < cases.Length; i++)
            cases[i] = _il.DefineLabel();
        _il.Emit(OpCodes.Ldloc, _kind!);
        _il.Emit(OpCodes.Switch, cases);
        for (int i = 0; i < cases.Length; i++)
        {
            if (i > 0 && _writes[i - 1].Operands is null)
            {
                _il.MarkLabel(cases[i]);                      // no such state
                continue;
            }

            _il.MarkLabel(cases[i]);
            if (i == Settled)
                StoreLocals(slots);
            else
                StoreComputed(i, slots);
            _il.Emit(OpCodes.Br, end);
        }

        _il.MarkLabel(end);
    }

    // Writes deferred slots back on a way out that is seldom taken: one piece of code does it for all of those.
    private void StoreDeferredCold()
    {
        if (_return is null)
        {
            _return = _il.DeclareLocal(typeof(int));
            _settle = _il.DefineLabel();
        }

        Label back = _il.DefineLabel();
        LoadInt(_settled.Count);
        _il.Emit(OpCodes.Stloc, _return);
        _il.Emit(OpCodes.Br, _settle);
        _il.MarkLabel(back);
        _settled.Add(back);
    }

    private void EmitSettle()
    {
        if (_return is null)
            return;
        _il.MarkLabel(_settle);
        _state = Unknown;
        StoreDeferred(_deferred);
        _il.Emit(OpCodes.Ldloc, _return);
        _il.Emit(OpCodes.Switch, [.. _settled]);
        _il.Emit(OpCodes.Br, _settled[0]);                    // not reached
    }

    private void StoreComputed(int number, SlotSet slots)
    {
        DeferredWrite write = _writes[number - 1];
        (IrBlock ir, LocalBuilder?[] values) = (_ir, _values);
        _ir = write.Block.Ir;
        _values = new LocalBuilder?[_ir.Count];
        for (int i = 0; i < write.Operands!.Length; i++)
            _values[write.Operands[i]] = KeptOperand(i, _ir.Insts[write.Operands[i]].Type);
        foreach ((int slot, int at) in write.Sets)
        {
            if (!slots.Contains(slot))
                continue;
            StateAddress(_map.Cached[slot].Offset);
            Value(_ir.Insts[at].A);
            StackTypes.EmitStore(_il, _map.Cached[slot].Type);
        }

        (_ir, _values) = (ir, values);
    }
}
