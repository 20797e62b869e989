using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

// Ends of blocks and the ways out of a region.
internal sealed unsafe partial class RegionCompiler
{
    private static readonly nint s_jumpMissed = ThreadedHandlers.Shared?.JumpMissed ?? 0;

    private static readonly nint s_enter = ThreadedHandlers.Shared?.Get((ushort)((int)Micro.Enter * 8)) ?? 0;

    private enum WayOutKind
    {
        /// <summary>To tier 0 at an instruction inside the block.</summary>
        Instruction,

        /// <summary>To tier 0 at the block's entry: the budget does not cover what compiled code would run.</summary>
        OutOfBudget,

        /// <summary>Wherever a tier-0 exit slot points.</summary>
        Slot,
    }

    private sealed record WayOut(Label Label, WayOutKind Kind, RegionBlock Block, SlotSet Dirty, int Instruction)
    {
        public bool FallThrough { get; init; }

        /// <summary>Of deferred slots.</summary>
        public int State { get; init; }
    }

    private void EmitTerminal(in IrInst inst, int number)
    {
        switch (inst.Op)
        {
            case IrOp.Jump:
                GoTo(_block.Taken, fallThrough: false, number);
                break;
            case IrOp.Branch:
                EmitConditional(inst.A, _block.Taken >= 0 ? _blockLabels[_block.Taken] : SlotWayOut(false));
                GoTo(_block.FallThrough, fallThrough: true, number);
                break;
            case IrOp.JumpIndirect:
                EmitIndirect(inst.A);
                break;
            default:
                StoreSlots(_dirty.Dirty);
                StateAddress(FieldOffsets.Pc);
                Value(inst.A);
                _il.Emit(OpCodes.Stind_I8);
                StateAddress(FieldOffsets.Budget);
                _il.Emit(OpCodes.Ldarg_2);
                _il.Emit(OpCodes.Stind_I8);
                _il.Emit(OpCodes.Ret);
                break;
        }
    }

    private void GoTo(int target, bool fallThrough, int number)
    {
        if (target < 0)
            _il.Emit(OpCodes.Br, SlotWayOut(fallThrough));
        else if (target != number + 1)
            _il.Emit(OpCodes.Br, _blockLabels[target]);
    }

    private Label SlotWayOut(bool fallThrough)
    {
        Label label = _il.DefineLabel();
        _waysOut.Add(new WayOut(label, WayOutKind.Slot, _block, _dirty.Dirty, 0) { FallThrough = fallThrough, State = _state });
        return label;
    }

    // Branches to `target` when a truth value holds; a comparison used nowhere else becomes the branch.
    private void EmitConditional(int condition, Label target)
    {
        ref readonly IrInst compare = ref _ir.Insts[condition];
        if (!_plan.IsInline(condition) || compare.Op is < IrOp.Eq or > IrOp.LeU)
        {
            Value(condition);
            _il.Emit(OpCodes.Brtrue, target);
            return;
        }

        Value(compare.A);
        Value(compare.B);
        _il.Emit(compare.Op switch
        {
            IrOp.Eq => OpCodes.Beq,
            IrOp.Ne => OpCodes.Bne_Un,
            IrOp.LtS => OpCodes.Blt,
            IrOp.LtU => OpCodes.Blt_Un,
            IrOp.LeS => OpCodes.Ble,
            _ => OpCodes.Ble_Un,
        }, target);
    }

    // As tier 0's look-up: a hit in the jump cache goes there, a miss to its second level.
    private void EmitIndirect(int pc)
    {
        MarkActivity(CpuActivity.Tier0);
        Label miss = _il.DefineLabel();
        _address = _pool.Take(typeof(long));
        Value(pc);
        _il.Emit(OpCodes.Stloc, _address);
        StoreSlots(_dirty.Dirty);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldloc, _address);
        LoadInt(JumpCacheEntry.SizeLog2 - StateLayout.JumpCacheShift);
        _il.Emit(OpCodes.Shl);
        LoadLong((long)((1 << StateLayout.JumpCacheBits) - 1) << JumpCacheEntry.SizeLog2);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
        LoadInt(StateLayout.FrameBytes);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _entry);
        EntryField(FieldOffsets.JumpPc);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Ldloc, _address);
        _il.Emit(OpCodes.Bne_Un, miss);
        EntryField(FieldOffsets.JumpKey);
        _il.Emit(OpCodes.Ldind_I8);
        StateAddress(FieldOffsets.Key);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Bne_Un, miss);
        EntryField(FieldOffsets.JumpTarget);
        _il.Emit(OpCodes.Ldind_I);
        TailCallStack();
        _il.MarkLabel(miss);
        StateAddress(FieldOffsets.Pc);
        _il.Emit(OpCodes.Ldloc, _address);
        _il.Emit(OpCodes.Stind_I8);
        StateAddress(FieldOffsets.Budget);
        _il.Emit(OpCodes.Ldarg_2);
        _il.Emit(OpCodes.Stind_I8);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Ldarg_2);
        LoadPointer((void*)s_jumpMissed);
        TailCall();
    }

    private void EmitWayOut(WayOut way)
    {
        _il.MarkLabel(way.Label);
        MarkActivity(CpuActivity.Tier0);
        _state = way.State;
        StoreSlots(way.Dirty, cold: way.Kind != WayOutKind.Slot || (_state == Unknown && _writes.Count > MaxInlineCases));
        switch (way.Kind)
        {
            case WayOutKind.Instruction:
                LoadPointer(way.Block.OpOf(way.Instruction));
                TailCallStack();
                break;
            case WayOutKind.OutOfBudget:
                _il.Emit(OpCodes.Ldarg_2);
                LoadLong(way.Block.Instructions);
                _il.Emit(OpCodes.Add);
                _il.Emit(OpCodes.Starg_S, (byte)2);
                _il.Emit(OpCodes.Ldarg_0);
                LoadPointer(way.Block.Entry);
                _il.Emit(OpCodes.Ldarg_2);
                LoadPointer((void*)s_enter);                   // not the block's own handler: that may be this region
                TailCall();
                break;
            default:
                LoadPointer(&way.Block.ExitSlot(way.FallThrough)->Imm);
                _il.Emit(OpCodes.Ldind_I);
                TailCallStack();
                break;
        }
    }

    // Goes to the operation whose address is on the stack.
    private void TailCallStack()
    {
        _il.Emit(OpCodes.Starg_S, (byte)1);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Ldarg_2);
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Ldind_I);
        TailCall();
    }

    private void TailCall()
    {
        _il.Emit(OpCodes.Tailcall);
        _il.EmitCalli(OpCodes.Calli, System.Reflection.CallingConventions.Standard, typeof(void), s_signature, null);
        _il.Emit(OpCodes.Ret);
    }

    private void EntryField(int offset)
    {
        _il.Emit(OpCodes.Ldloc, _entry);
        if (offset == 0)
            return;
        LoadInt(offset);
        _il.Emit(OpCodes.Add);
    }
}
