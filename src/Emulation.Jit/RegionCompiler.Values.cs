using System.Reflection;
using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

// Values: registers, constants, integer arithmetic, conversions.
internal sealed unsafe partial class RegionCompiler
{
    private static readonly MethodInfo s_bitsOfDouble = Conversion(nameof(BitConverter.DoubleToInt64Bits));
    private static readonly MethodInfo s_doubleOfBits = Conversion(nameof(BitConverter.Int64BitsToDouble));
    private static readonly MethodInfo s_bitsOfSingle = Conversion(nameof(BitConverter.SingleToInt32Bits));
    private static readonly MethodInfo s_singleOfBits = Conversion(nameof(BitConverter.Int32BitsToSingle));

    private static MethodInfo Conversion(string name) => typeof(BitConverter).GetMethod(name)!;

    private static MethodInfo FenceMethod(IrFence kind) => kind switch
    {
        IrFence.Acquire => typeof(Volatile).GetMethod(nameof(Volatile.ReadBarrier))!,
        IrFence.Release => typeof(Volatile).GetMethod(nameof(Volatile.WriteBarrier))!,
        _ => typeof(Interlocked).GetMethod(nameof(Interlocked.MemoryBarrier))!,
    };

    // An operation in its place: everything with an effect, and values that are kept in a local.
    private void EmitRoot(int i, in IrInst inst, int number)
    {
        IrEffects effects = _ir.Effects(inst);
        if (InstructionModes.NeedsTierZero(inst, effects))
        {
            _il.Emit(OpCodes.Br, Leave());
            return;
        }

        switch (inst.Op)
        {
            case IrOp.Nop:
                break;
            case IrOp.Set:
                if (!TryDefer(i))
                    EmitSet(inst);
                break;
            case IrOp.Load:
                EmitLoad(inst);
                Keep(i, inst);
                break;
            case IrOp.Store:
                EmitStore(inst);
                break;
            case IrOp.AtomicRmw or IrOp.AtomicCas or IrOp.LoadReserved or IrOp.StoreConditional:
                EmitAtomic(inst);
                Keep(i, inst);
                break;
            case >= IrOp.FAdd and <= IrOp.FLe:
                EmitFloat(i, inst);
                Keep(i, inst);
                break;
            case >= IrOp.FMin and <= IrOp.FConvert:
                EmitSpecialFloat(i, inst);
                Keep(i, inst);
                break;
            case >= IrOp.VFAdd and <= IrOp.VFLe:
                EmitVectorFloat(i, inst);
                Keep(i, inst);
                break;
            case IrOp.Fence:
                _il.Emit(OpCodes.Call, FenceMethod((IrFence)inst.Imm));
                break;
            case IrOp.Label:
                _il.MarkLabel(_labels[inst.Imm]);
                break;
            case IrOp.Br:
                _il.Emit(OpCodes.Br, _labels[inst.Imm]);
                break;
            case IrOp.BrIf:
                EmitConditional(inst.A, _labels[inst.Imm]);
                break;
            case IrOp.Call:
                EmitCall(i, inst);
                break;
            case IrOp.Jump or IrOp.Branch or IrOp.JumpIndirect or IrOp.Exit:
                EmitTerminal(inst, number);
                break;
            case IrOp.Select:
                if (_plan.Uses(i) > 0)
                    EmitSelect(i, inst);
                break;
            default:
                if (_plan.Uses(i) > 0 && !_plan.IsInline(i))
                {
                    Compute(inst);
                    Keep(i, inst);
                }

                break;
        }
    }

    // Stores the value on the stack in a local of its own, or drops it.
    private void Keep(int i, in IrInst inst)
    {
        if (_plan.Uses(i) == 0)
        {
            _il.Emit(OpCodes.Pop);
            return;
        }

        LocalBuilder local = _pool.Take(StackTypes.Clr(inst.Type));
        _values[i] = local;
        _il.Emit(OpCodes.Stloc, local);
    }

    // Puts a value on the stack.
    private void Value(int value)
    {
        if (_values[value] is { } local)
            _il.Emit(OpCodes.Ldloc, local);
        else
            Compute(_ir.Insts[value]);
    }

    private void Compute(in IrInst inst)
    {
        switch (inst.Op)
        {
            case IrOp.Const:
                LoadConstant(inst.Type, inst.Imm);
                break;
            case IrOp.Get:
                EmitGet(inst);
                break;
            case (>= IrOp.Add and <= IrOp.RotR) or (>= IrOp.Eq and <= IrOp.LeU):
                Value(inst.A);
                Value(inst.B);
                IlOps.EmitBinary(_il, inst.Op, _ir.Insts[inst.A].Type == IrType.I64);
                break;
            case >= IrOp.Clz and <= IrOp.ByteSwap:
                Value(inst.A);
                IlOps.EmitUnary(_il, inst.Op, inst.Type == IrType.I64);
                break;
            case IrOp.ZExt or IrOp.SExt:
                Value(inst.A);
                Extend(_ir.Insts[inst.A].Type, inst.Op == IrOp.SExt, inst.Type == IrType.I64);
                break;
            case IrOp.Trunc:
                Value(inst.A);
                if (_ir.Insts[inst.A].Type == IrType.I64)
                    _il.Emit(OpCodes.Conv_I4);
                if (inst.Type == IrType.I1)
                {
                    _il.Emit(OpCodes.Ldc_I4_1);
                    _il.Emit(OpCodes.And);
                }

                break;
            case IrOp.Bitcast:
                Value(inst.A);
                Reinterpret(_ir.Insts[inst.A].Type, inst.Type);
                break;
            case >= IrOp.VAnd and <= IrOp.VJoin:
                EmitVector(inst);
                break;
            default:
                throw new NotSupportedException($"the region compiler does not know {inst.Op}");
        }
    }

    private void LoadConstant(IrType type, long value)
    {
        switch (type)
        {
            case IrType.I64:
                LoadLong(value);
                break;
            case IrType.V128:
                UInt128 vector = _ir.Vectors[(int)value];
                LoadLong((long)(ulong)vector);
                LoadLong((long)(ulong)(vector >> 64));
                _il.Emit(OpCodes.Call, s_constantVector);
                break;
            case IrType.F64:
                LoadLong(value);
                _il.Emit(OpCodes.Call, s_doubleOfBits);
                break;
            case IrType.F32:
                LoadInt((int)value);
                _il.Emit(OpCodes.Call, s_singleOfBits);
                break;
            default:
                LoadInt((int)value);
                break;
        }
    }

    private void EmitSelect(int i, in IrInst inst)
    {
        LocalBuilder local = _pool.Take(StackTypes.Clr(inst.Type));
        Label end = _il.DefineLabel();
        Value(inst.B);
        _il.Emit(OpCodes.Stloc, local);
        EmitConditional(inst.A, end);
        Value(inst.C);
        _il.Emit(OpCodes.Stloc, local);
        _il.MarkLabel(end);
        _values[i] = local;
    }

    private void EmitGet(in IrInst inst)
    {
        int number = _map.Find(inst);
        if (number < 0)
        {
            StateAddress((int)inst.Imm);
            StackTypes.EmitLoad(_il, inst.Type);
            return;
        }

        RegisterSlot slot = _map.Cached[number];
        if (slot.Type.IsVector() && TryLowScalar(number, inst))
            return;
        _il.Emit(OpCodes.Ldloc, Slot(number));
        if (slot.Type == inst.Type)
            return;
        if (slot.Type.IsVector())
        {
            EmitPart(slot.Type, inst.Type, (int)inst.Imm - slot.Offset);
            return;
        }

        IrType bits = StackTypes.Bits(slot.Type);
        Reinterpret(slot.Type, bits);
        int shift = 8 * ((int)inst.Imm - slot.Offset);
        if (shift > 0)
        {
            LoadInt(shift);
            _il.Emit(OpCodes.Shr_Un);
        }

        IrType wanted = StackTypes.Bits(inst.Type);
        if (bits == IrType.I64 && wanted != IrType.I64)
            _il.Emit(OpCodes.Conv_I4);
        Reinterpret(wanted, inst.Type);
    }

    private void EmitSet(in IrInst inst)
    {
        int number = _map.Find(inst);
        if (number < 0)
        {
            StateAddress((int)inst.Imm);
            Value(inst.A);
            StackTypes.EmitStore(_il, inst.Type);
            return;
        }

        RegisterSlot slot = _map.Cached[number];
        IrType bits = StackTypes.Bits(slot.Type), part = StackTypes.Bits(inst.Type);
        if (inst.Type.Bytes() == slot.Bytes)
        {
            Value(inst.A);
            Reinterpret(inst.Type, slot.Type);
            _il.Emit(OpCodes.Stloc, Slot(number));
            return;
        }

        if (slot.Type.IsVector())
        {
            EmitSetPart(number, slot.Type, inst, (int)inst.Imm - slot.Offset);
            _il.Emit(OpCodes.Stloc, Slot(number));
            return;
        }

        int shift = 8 * ((int)inst.Imm - slot.Offset);
        bool wide = bits == IrType.I64;
        ulong mask = (inst.Type == IrType.I1 ? 0xff : inst.Type.Mask()) << shift;
        _il.Emit(OpCodes.Ldloc, Slot(number));
        Reinterpret(slot.Type, bits);
        LoadConstant(bits, (long)~mask);
        _il.Emit(OpCodes.And);
        Value(inst.A);
        Reinterpret(inst.Type, part);
        Extend(part, signed: false, wide);
        if (shift > 0)
        {
            LoadInt(shift);
            _il.Emit(OpCodes.Shl);
        }

        _il.Emit(OpCodes.Or);
        Reinterpret(bits, slot.Type);
        _il.Emit(OpCodes.Stloc, Slot(number));
    }

    private void Extend(IrType from, bool signed, bool wide)
    {
        if (from == IrType.I8)
            _il.Emit(signed ? OpCodes.Conv_I1 : OpCodes.Conv_U1);
        else if (from == IrType.I16)
            _il.Emit(signed ? OpCodes.Conv_I2 : OpCodes.Conv_U2);
        else if (from == IrType.I1 && signed)
            _il.Emit(OpCodes.Neg);
        if (wide && from != IrType.I64)
            _il.Emit(signed ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
    }

    private void Reinterpret(IrType from, IrType to)
    {
        if (from.IsFloat() == to.IsFloat())
            return;
        _il.Emit(OpCodes.Call, from.IsFloat()
            ? from == IrType.F64 ? s_bitsOfDouble : s_bitsOfSingle
            : to == IrType.F64 ? s_doubleOfBits : s_singleOfBits);
    }

    private void EmitCall(int i, in IrInst inst)
    {
        IrHelper helper = _ir.Helpers[inst.Aux];
        bool flushes = RegionAnalysis.Flushes(_block, inst);
        if (flushes)
            StoreSlots(_dirty.Dirty);
        _il.Emit(OpCodes.Ldarg_0);
        for (int k = 0; k < helper.Arity; k++)
        {
            int argument = k switch { 0 => inst.A, 1 => inst.B, _ => inst.C };
            IrType type = _ir.Insts[argument].Type, bits = StackTypes.Bits(type);
            Value(argument);
            Reinterpret(type, bits);
            Extend(bits, signed: false, wide: true);
        }

        _il.Emit(OpCodes.Call, helper.Method);
        bool environment = (helper.Effects & (IrEffects.FloatEnvironment | IrEffects.WritesState)) != 0;
        if (inst.Type != IrType.None)
        {
            IrType bits = StackTypes.Bits(inst.Type);
            if (bits != IrType.I64)
                _il.Emit(OpCodes.Conv_I4);
            Reinterpret(bits, inst.Type);
            Keep(i, inst);
        }

        if (environment)
            EmitHostDecides();
        if (flushes && (helper.Effects & IrEffects.WritesState) != 0)
        {
            DirtyTracker after = _dirty;
            after.Pass(inst, InstructionMode.Inline);
            LoadSlots(RegionAnalysis.Live(_block, _map, i + 1, _instruction, after));
            SetState(Settled);
        }
    }
}
