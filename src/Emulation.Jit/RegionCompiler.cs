using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Jit;

/// <summary>Compiles a region to one method with the signature of a tier-0 handler: <c>void (byte* state, Op* op, long budget)</c>.</summary>
/// <remarks>
/// Cached registers are IL locals; they are loaded at the entry, and written back on the ways out, whose code stands behind the rest.
/// A way out continues in tier 0: at the block after a jump, or at the instruction that compiled code cannot do.
/// </remarks>
internal sealed unsafe partial class RegionCompiler
{
    private static readonly Type[] s_signature = [typeof(byte*), typeof(Op*), typeof(long)];
    private static readonly System.Reflection.MethodInfo s_step = typeof(Interpreter).GetMethod(nameof(Interpreter.Run))!;
    private readonly SlotMap _map;
    private readonly List<RegionBlock> _blocks;
    private readonly bool _marksActivity;
    private readonly bool _counts;
    private readonly bool _foldsTlb;
    private readonly ILGenerator _il;
    private readonly LocalBuilder?[] _slots;
    private readonly Label[] _blockLabels;
    private readonly List<WayOut> _waysOut = [];
    private readonly ValuePlan _plan = new();
    private readonly LocalPool _pool;
    private readonly LocalBuilder _entry;
    private readonly LocalBuilder _page;
    private readonly List<Action> _cold = [];
    private readonly List<Action> _veryCold = [];
    private LocalBuilder _address = null!;
    private LocalBuilder? _addend;
    private LocalBuilder?[] _values = [];
    private Label[] _labels = [];
    private RegionBlock _block = null!;
    private IrBlock _ir = null!;
    private DirtyTracker _dirty;
    private int _instruction;
    private Label? _leave;
    private SlotSet _leaveDirty;
    private int _leaveState;

    private RegionCompiler(List<RegionBlock> blocks, SlotMap map, bool marksActivity, bool counts, bool foldsTlb, ILGenerator il)
    {
        (_blocks, _map, _marksActivity, _counts, _foldsTlb, _il) = (blocks, map, marksActivity, counts, foldsTlb, il);
        _slots = new LocalBuilder?[map.Cached.Length];
        _blockLabels = new Label[blocks.Count];
        for (int i = 0; i < blocks.Count; i++)
            _blockLabels[i] = il.DefineLabel();
        _pool = new LocalPool(il);
        _entry = il.DeclareLocal(typeof(nint));
        _page = il.DeclareLocal(typeof(long));
        if (blocks.Exists(UsesHostFloat) && HostFp.HasFused)
            _hostDecides = il.DeclareLocal(typeof(int));
        _cachesPages = !blocks.Exists(ChangesMapping);
    }

    /// <summary>Emits the region. The method is not compiled yet.</summary>
    /// <param name="blocks">Analysed blocks, the entry first.</param>
    /// <param name="map">Cached registers.</param>
    /// <param name="marksActivity">Whether the region says in the header when it runs.</param>
    /// <param name="counts">Whether the region goes on counting its entries where tier 0 does.</param>
    /// <param name="foldsTlb"><see cref="IFrontend.FoldsTlb"/>.</param>
    /// <param name="ilBytes">Size of the method.</param>
    [RequiresDynamicCode("Emits IL.")]
    public static DynamicMethod Emit(List<RegionBlock> blocks, SlotMap map, bool marksActivity, bool counts, bool foldsTlb, out int ilBytes)
    {
        var method = new DynamicMethod($"region_{blocks[0].Pc:x}", typeof(void), s_signature, typeof(RegionCompiler).Module, skipVisibility: true) { InitLocals = false };
        ILGenerator il = method.GetILGenerator(4096);
        var compiler = new RegionCompiler(blocks, map, marksActivity, counts, foldsTlb, il);
        compiler.EmitAll();
        ilBytes = il.ILOffset;
        return method;
    }

    private void EmitAll()
    {
        MarkActivity(CpuActivity.Region);
        CountEntry();
        PlanDeferred();
        LoadSlots(_blocks[0].LiveIn);
        BeginSettled();
        for (int i = 0; i < _blocks.Count; i++)
            PlanPages(_blocks[i]);
        EmitEntry();
        for (int i = 0; i < _blocks.Count; i++)
            EmitBlock(i);
        for (int i = 0; i < _cold.Count; i++)
            _cold[i]();
        for (int i = 0; i < _veryCold.Count; i++)
            _veryCold[i]();
        for (int i = 0; i < _waysOut.Count; i++)
            EmitWayOut(_waysOut[i]);
        EmitSettle();
    }

    private void EmitBlock(int number)
    {
        _block = _blocks[number];
        _ir = _block.Ir;
        _plan.Analyse(_ir);
        _pool.Reset();
        _values = new LocalBuilder?[_ir.Count];
        _labels = new Label[_ir.LabelCount];
        for (int i = 0; i < _labels.Length; i++)
            _labels[i] = _il.DefineLabel();
        _dirty = new DirtyTracker(_block, _map);
        _instruction = -1;
        if (_kind is not null)
            _state = _stateIn[number];
        _blockCaches.Clear();
        _lowScalars.Clear();
        _versions.Clear();
        _il.MarkLabel(_blockLabels[number]);
        EmitBudget();
        Span<IrInst> insts = _ir.Insts;
        for (int i = 0; i < insts.Length; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            if (inst.Op == IrOp.Insn)
            {
                _instruction++;
                _leave = null;
                if (_block.Modes[_instruction] == InstructionMode.Leave)
                {
                    _il.Emit(OpCodes.Br, Leave());
                    return;
                }

                if (_block.Modes[_instruction] == InstructionMode.Step)
                {
                    EmitStep(i);
                    EmitHostDecides();
                    ForgetPages();
                    _lowScalars.Clear();
                }
            }
            else if (_block.Modes[_instruction] == InstructionMode.Inline)
            {
                EmitRoot(i, inst, number);
                if (ForgetsPages(_block, inst))
                    ForgetPages();
                NoteWrite(inst);
                NoteLowScalar(inst);
            }

            _dirty.Pass(inst, _block.Modes[_instruction]);
        }
    }

    private void CountEntry()
    {
        if (!_counts)
            return;
        _il.Emit(OpCodes.Ldarg_1);
        LoadInt(FieldOffsets.EntriesLeft);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Dup);
        _il.Emit(OpCodes.Ldind_I4);
        LoadInt(1);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stind_I4);
    }

    private void MarkActivity(CpuActivity activity)
    {
        if (!_marksActivity)
            return;
        StateAddress(FieldOffsets.Activity);
        LoadInt((int)activity);
        _il.Emit(OpCodes.Stind_I1);
    }

    // budget -= n; a checkpoint goes on only when everything up to the next one is covered.
    private void EmitBudget()
    {
        _il.Emit(OpCodes.Ldarg_2);
        LoadLong(_block.Instructions);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Starg_S, (byte)2);
        if (!_block.IsCheckpoint)
            return;
        Label label = _il.DefineLabel();
        _waysOut.Add(new WayOut(label, WayOutKind.OutOfBudget, _block, _block.DirtyIn, 0) { State = _state });
        _il.Emit(OpCodes.Ldarg_2);
        LoadLong(_block.Need - _block.Instructions);
        _il.Emit(OpCodes.Blt, label);
    }

    // Lets tier 0 execute one instruction: state in memory before, the registers needed later from memory after.
    private void EmitStep(int at)
    {
        StoreSlots(_dirty.Dirty);
        Label on = _il.DefineLabel();
        _il.Emit(OpCodes.Ldarg_0);
        LoadPointer(_block.OpOf(_instruction));
        _il.Emit(OpCodes.Ldarg_2);
        LoadPointer(_block.OpOf(_instruction + 1));
        _il.Emit(OpCodes.Call, s_step);
        _il.Emit(OpCodes.Starg_S, (byte)2);
        _il.Emit(OpCodes.Ldarg_2);
        _il.Emit(OpCodes.Ldc_I8, Interpreter.Left);
        _il.Emit(OpCodes.Bne_Un, on);
        _il.Emit(OpCodes.Ret);
        _il.MarkLabel(on);
        DirtyTracker clean = _dirty;
        clean.Pass(_ir.Insts[at], InstructionMode.Step);
        int next = at + 1;
        while (next < _ir.Count && _ir.Insts[next].Op != IrOp.Insn)
            next++;
        LoadSlots(RegionAnalysis.Live(_block, _map, next, _instruction, clean));
        SetState(Settled);
    }

    // The way out to tier 0 at the present instruction; one for all operations of the instruction.
    private Label Leave()
    {
        if (_leave is { } known && _leaveDirty == _dirty.Dirty && _leaveState == _state)
            return known;
        Label label = _il.DefineLabel();
        _waysOut.Add(new WayOut(label, WayOutKind.Instruction, _block, _dirty.Dirty, _instruction) { State = _state });
        (_leave, _leaveDirty, _leaveState) = (label, _dirty.Dirty, _state);
        return label;
    }

    private LocalBuilder Slot(int slot) => _slots[slot] ??= _il.DeclareLocal(StackTypes.Clr(_map.Cached[slot].Type));

    private void LoadSlots(SlotSet slots)
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            if (!slots.Contains(i))
                continue;
            StateAddress(_map.Cached[i].Offset);
            StackTypes.EmitLoad(_il, _map.Cached[i].Type);
            _il.Emit(OpCodes.Stloc, Slot(i));
        }
    }

    private void StoreSlots(SlotSet slots, bool cold = false)
    {
        if (_state == Settled || (slots & _deferred).IsEmpty)
        {
            StoreLocals(slots);
            return;
        }

        StoreLocals(slots & ~_deferred);
        if (cold)
            StoreDeferredCold();
        else
            StoreDeferred(slots & _deferred);
    }

    private void StoreLocals(SlotSet slots)
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            if (!slots.Contains(i))
                continue;
            StateAddress(_map.Cached[i].Offset);
            _il.Emit(OpCodes.Ldloc, Slot(i));
            StackTypes.EmitStore(_il, _map.Cached[i].Type);
        }
    }

    private void StateAddress(int offset)
    {
        _il.Emit(OpCodes.Ldarg_0);
        LoadInt(offset);
        _il.Emit(OpCodes.Add);
    }

    private void LoadInt(int value)
    {
        if (value is >= sbyte.MinValue and <= sbyte.MaxValue)
            _il.Emit(OpCodes.Ldc_I4_S, (sbyte)value);
        else
            _il.Emit(OpCodes.Ldc_I4, value);
    }

    private void LoadLong(long value)
    {
        if (value == (int)value)
        {
            LoadInt((int)value);
            _il.Emit(OpCodes.Conv_I8);
        }
        else
        {
            _il.Emit(OpCodes.Ldc_I8, value);
        }
    }

    private void LoadPointer(void* pointer)
    {
        _il.Emit(OpCodes.Ldc_I8, (long)pointer);
        _il.Emit(OpCodes.Conv_I);
    }
}

/// <summary>IL locals for values of one block, handed out anew for each block.</summary>
internal sealed class LocalPool(ILGenerator il)
{
    private readonly Dictionary<Type, (List<LocalBuilder> Locals, int Used)> _pools = [];

    public LocalBuilder Take(Type type)
    {
        (List<LocalBuilder> locals, int used) = _pools.TryGetValue(type, out (List<LocalBuilder>, int) pool) ? pool : ([], 0);
        if (used == locals.Count)
            locals.Add(il.DeclareLocal(type));
        _pools[type] = (locals, used + 1);
        return locals[used];
    }

    public void Reset()
    {
        foreach (Type type in _pools.Keys.ToArray())
            _pools[type] = (_pools[type].Locals, 0);
    }
}
