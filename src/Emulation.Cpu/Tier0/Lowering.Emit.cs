using Emulation.IR;

namespace Emulation.Cpu;

// One IR operation to one or a few tier-0 operations.
internal sealed partial class Lowering
{
    private void Emit(int i, in IrInst inst, Func<ulong, bool> linkable)
    {
        switch (inst.Op)
        {
            case IrOp.Const:
                break;
            case IrOp.Get:
                EmitGet(i, inst);
                break;
            case IrOp.Set:
                EmitSet(inst);
                break;
            case >= IrOp.Add and <= IrOp.RotR:
                EmitBinary(i, inst, (Micro)((int)Micro.Add + (inst.Op - IrOp.Add)), compare: false);
                break;
            case >= IrOp.Eq and <= IrOp.LeU:
                if (!IsFused(i))
                    EmitBinary(i, inst, (Micro)((int)Micro.Eq + (inst.Op - IrOp.Eq)), compare: true);
                break;
            case >= IrOp.Clz and <= IrOp.ByteSwap:
                if (_uses[i] > 0)
                    Add((Micro)((int)Micro.Clz + (inst.Op - IrOp.Clz)), inst.Type == IrType.I64 ? 0 : 1, Destination(i), Location(inst.A), 0, 0);
                break;
            case IrOp.Select:
                if (inst.Type == IrType.V256)
                {
                    EmitHalves(i, inst);
                }
                else if (_uses[i] > 0)
                {
                    int c = Location(inst.A), x = Location(inst.B), y = Location(inst.C);
                    Add(Micro.Select, inst.Type == IrType.V128 ? Op.Select128 : inst.Type.Bytes() == 8 || inst.Type == IrType.I1 ? Op.Select64 : Op.Select32, Destination(i), c, x, y);
                }

                break;
            case IrOp.ZExt or IrOp.SExt or IrOp.Trunc or IrOp.Bitcast:
                EmitConversion(i, inst);
                break;
            case IrOp.Load:
                EmitLoad(i, inst);
                break;
            case IrOp.Store:
                EmitStore(inst);
                break;
            case IrOp.AtomicRmw or IrOp.AtomicCas or IrOp.LoadReserved or IrOp.StoreConditional:
                EmitAtomic(i, inst);
                break;
            case >= IrOp.FAdd and <= IrOp.FConvert:
                EmitFloat(i, inst);
                break;
            case >= IrOp.VFAdd and <= IrOp.VJoin:
                EmitVector(i, inst);
                break;
            case IrOp.Fence:
                // handlers are not reordered, and hosts with total store order keep these by themselves
                if (inst.Imm == (long)IrFence.Full || !NativeCode.HasTotalStoreOrder)
                    Add(Micro.Fence, 0, 0, 0, 0, 0);
                break;
            case IrOp.Call:
                EmitCall(i, inst);
                break;
            case IrOp.Label:
                _labels[inst.Imm] = _count;
                break;
            case IrOp.Br:
                _fixups.Add((_count, (int)inst.Imm));
                Add(Micro.Skip, 0, 0, 0, 0, 0);
                break;
            case IrOp.BrIf:
                int condition = Location(inst.A);
                _fixups.Add((_count, (int)inst.Imm));
                Add(Micro.SkipIf, 0, 0, condition, 0, 0);
                break;
            case IrOp.Raise:
                int value = inst.A < 0 ? 0 : Location(inst.A);
                Exact(ref Add(Micro.Raise, 0, 0, value, 0, 0)).Low = (int)inst.Imm;
                break;
            case IrOp.Jump:
                EmitExit((ulong)inst.Imm, linkable);
                break;
            case IrOp.Branch:
                EmitBranch(inst, linkable);
                break;
            case IrOp.JumpIndirect:
                Add(Micro.JumpIndirect, 0, 0, Location(inst.A), 0, 0);
                break;
            case IrOp.Exit:
                Add(Micro.ExitLoop, 0, 0, Location(inst.A), 0, 0);
                break;
            default:
                throw new InvalidOperationException($"tier 0 does not know {inst.Op}");
        }
    }

    private void EmitGet(int i, in IrInst inst)
    {
        if (_uses[i] == 0)
            return;
        int offset = (int)inst.Imm;
        if (inst.Type == IrType.I1)
        {
            _location[i] = NewTemporary();                    // a truth value fills 64 bits
            Add(Micro.Ext64, Op.U8, _location[i], offset, 0, 0);
            return;
        }

        if (!WrittenBetween(_block.Insts, i, _lastUse[i], offset, inst.Type.Bytes()))
        {
            _location[i] = offset;
            return;
        }

        int location = NewTemporary(inst.Type);
        _location[i] = location;
        Move(inst.Type, location, offset);
    }

    private void EmitSet(in IrInst inst)
    {
        int offset = (int)inst.Imm;
        if (_location[inst.A] == offset)
            return;                                           // written there in the first place, or the slot's own value
        if (IsConst(inst.A, out long constant))
            Add(Micro.MovI, Width(inst.Type), offset, 0, 0, constant);
        else if (_block.Insts[inst.A].Op == IrOp.Const)
            AddConstant(offset, _block.Insts[inst.A]);
        else
            Move(inst.Type, offset, Location(inst.A));
    }

    private void EmitBinary(int i, in IrInst inst, Micro family, bool compare)
    {
        if (_uses[i] == 0 || IsFused(i))
            return;
        IrType type = _block.Insts[inst.A].Type;
        int form = type switch
        {
            IrType.I64 or IrType.I1 => Op.RR64,               // truth values fill 64 bits
            IrType.I32 => Op.RR32,
            _ => throw new InvalidOperationException($"{inst.Op} of {type}: arithmetic is on 32 and 64 bits"),
        };
        int destination = i;
        if (!compare && form == Op.RR32 && IsSignExtendedNext(i))
        {
            form = Op.RR32S;                                  // a 32-bit result that is sign-extended at once
            destination = i + 1;
        }

        int a = Location(inst.A);
        if (IsConst(inst.B, out long constant))
        {
            Add(family, form + 1, Destination(destination), a, 0, form == Op.RR64 ? constant : (int)constant);
        }
        else
        {
            int b = Location(inst.B);
            Add(family, form, Destination(destination), a, b, 0);
        }
    }

    // The instruction behind a 32-bit operation sign-extends its only use to 64 bits.
    private bool IsSignExtendedNext(int i)
    {
        Span<IrInst> insts = _block.Insts;
        return i + 1 < insts.Length && insts[i + 1].Op == IrOp.SExt && insts[i + 1].A == i && insts[i + 1].Type == IrType.I64 && _uses[i] == 1 && _uses[i + 1] > 0;
    }

    // A comparison whose only use is the branch that ends the block becomes part of it.
    private bool IsFused(int i)
    {
        Span<IrInst> insts = _block.Insts;
        int last = insts.Length - 1;
        return insts[i].Op is >= IrOp.Eq and <= IrOp.LeU && insts[last].Op == IrOp.Branch && insts[last].A == i && _uses[i] == 1
            && StaysUntil(insts[i].A, last, i) && StaysUntil(insts[i].B, last, i);
    }

    // Whether a value's slot still holds it at the end of the block.
    private bool StaysUntil(int value, int end, int from)
    {
        ref readonly IrInst inst = ref _block.Insts[value];
        return inst.Op == IrOp.Const || _location[value] >= _firstTemporary
            || (_location[value] != Unset && !WrittenBetween(_block.Insts, from, end, _location[value], 8));
    }

    private void EmitConversion(int i, in IrInst inst)
    {
        if (_uses[i] == 0)
            return;
        IrType from = _block.Insts[inst.A].Type;
        if (inst.Op == IrOp.Trunc && inst.Type == IrType.I1)
        {
            int bits = Location(inst.A), truth = Destination(i);
            Add(Micro.Ext64, Op.U8, truth, bits, 0, 0);
            Add(Micro.And, Op.RI64, truth, truth, 0, 1);
            return;
        }

        if (IsView(_block.Insts, inst))
        {
            _location[i] = Location(inst.A);
            return;
        }

        if (i > 0 && inst.Op == IrOp.SExt && inst.A == i - 1 && _location[i] != Unset)
            return;                                           // the 32-bit operation before did it
        bool signed = inst.Op == IrOp.SExt;
        if (from == IrType.I1)
        {
            int truth = Location(inst.A);                     // signed: 1 becomes -1
            Add(Micro.Mul, inst.Type == IrType.I64 ? Op.RI64 : Op.RI32, Destination(i), truth, 0, -1);
            return;
        }

        int form = from switch
        {
            IrType.I8 => signed ? Op.S8 : Op.U8,
            IrType.I16 => signed ? Op.S16 : Op.U16,
            IrType.I32 => signed ? Op.S32 : Op.U32,
            _ => throw new InvalidOperationException($"{inst.Op} from {from}"),
        };
        int source = Location(inst.A);
        Add(inst.Type == IrType.I64 ? Micro.Ext64 : Micro.Ext32, form, Destination(i), source, 0, 0);
    }

    private void EmitLoad(int i, in IrInst inst)
    {
        MemOp how = MemOp.Unpack(inst.Aux);
        int address = Location(inst.A);
        int form = how.Size switch
        {
            1 => how.Signed ? Op.S8 : Op.U8,
            2 => how.Signed ? Op.S16 : Op.U16,
            4 => how.Signed ? Op.S32 : Op.U32,
            16 => Op.Load128,
            _ => Op.Load64,
        };
        bool wide = inst.Type.Bytes() >= 8;
        bool plain = !how.BigEndian && !how.Aligned && how.Size <= 16 && (int)inst.Imm == inst.Imm && inst.Type.Bytes() >= 4;
        int destination = Destination(i);
        if (plain)
        {
            ref Op op = ref Exact(ref Add(wide ? Micro.Load : Micro.Load32, form, destination, address, 0, 0));
            (op.Low, op.Regime) = ((int)inst.Imm, RegimeOf(how));
        }
        else
        {
            address = Displaced(address, inst.Imm);
            ref Op op = ref Exact(ref Add(Micro.LoadAny, how.Size > 16 ? 0 : Width(inst.Type), destination, address, 0, 0));
            (op.Regime, op.Flags) = (RegimeOf(how), (byte)how.Pack());
        }
    }

    private void EmitStore(in IrInst inst)
    {
        MemOp how = MemOp.Unpack(inst.Aux);
        int address = Location(inst.A), value = Location(inst.B);
        if (!how.BigEndian && !how.Aligned && how.Size <= 16 && (int)inst.Imm == inst.Imm)
        {
            ref Op op = ref Exact(ref Add(Micro.Store, how.SizeLog2, value, address, 0, 0));
            (op.Low, op.Regime) = ((int)inst.Imm, RegimeOf(how));
        }
        else
        {
            address = Displaced(address, inst.Imm);
            ref Op op = ref Exact(ref Add(Micro.StoreAny, 0, value, address, 0, 0));
            (op.Regime, op.Flags) = (RegimeOf(how), (byte)how.Pack());
        }
    }

    private byte RegimeOf(MemOp how) => (byte)(how.MmuIndex | _folds);

    private int Displaced(int address, long displacement)
    {
        if (displacement == 0)
            return address;
        int sum = NewTemporary();
        Add(Micro.Add, Op.RI64, sum, address, 0, displacement);
        return sum;
    }

    // Two operations: the first has result, address and place, the one behind it the rest.
    private void EmitAtomic(int i, in IrInst inst)
    {
        MemOp how = MemOp.Unpack(inst.Aux);
        int form = inst.Op - IrOp.AtomicRmw;
        int address = Location(inst.A);
        int b = inst.B < 0 ? 0 : Location(inst.B), c = inst.C < 0 ? 0 : Location(inst.C);
        int destination = _uses[i] > 0 ? Destination(i) : NewTemporary();
        ref Op op = ref Exact(ref Add(Micro.Atomic, form, destination, address, 0, 0));
        (op.Regime, op.Flags) = (RegimeOf(how), (byte)how.Pack());
        op.Low = inst.Type.Bytes();
        Add(Micro.Skip, 0, (int)inst.Imm, b, c, 1);
    }

    private void EmitFloat(int i, in IrInst inst)
    {
        IrType type = _block.Insts[inst.A].Type;
        int form = type == IrType.F64 ? 0 : 1;
        var family = (Micro)((int)Micro.FAdd + (inst.Op - IrOp.FAdd));
        int a = Location(inst.A), b = inst.B < 0 ? 0 : Location(inst.B), c = inst.C < 0 ? 0 : Location(inst.C);
        if (inst.Op > IrOp.FLe)
        {
            // what the general method must know of types
            form = (type.Bytes() == 4 ? 1 : 0) | (inst.Type.Bytes() == 4 ? 2 : 0);
            Add(family, form, Destination(i), a, b, inst.Aux | (form << FloatOps.FormShift));
            return;
        }

        long imm = inst.Op == IrOp.FMulAdd ? (uint)(inst.Aux | (int)(inst.Imm << 4)) | ((long)c << 32) : inst.Aux;
        Add(family, form, Destination(i), a, b, imm);
    }

    // Operands of a call with three: the third is in the operation behind it.
    private void EmitCall(int i, in IrInst inst)
    {
        IrHelper helper = _block.Helpers[inst.Aux];
        int a = Argument(inst.A), b = Argument(inst.B), c = Argument(inst.C);
        int destination = inst.Type == IrType.None ? 0 : Destination(i);
        bool narrow = inst.Type is IrType.I32 or IrType.F32;
        int form = helper.Arity | (inst.Type == IrType.None ? 0 : 4);
        bool exact = narrow || (helper.Effects & (IrEffects.MayFault | IrEffects.ReadsTime | IrEffects.ReadsMemory | IrEffects.WritesMemory)) != 0;
        if (!exact && helper.Arity < 3)
        {
            Add(Micro.Call, form, destination, a, b, helper.Pointer);
            return;
        }

        ref Op op = ref Exact(ref Add(Micro.CallExact, form, destination, a, 0, 0));
        op.Flags = (byte)(narrow ? 1 : 0);
        Add(Micro.Skip, 0, 0, b, c, helper.Pointer);
    }

    // Helpers take zero-extended 64-bit operands.
    private int Argument(int value)
    {
        if (value < 0)
            return 0;
        IrType type = _block.Insts[value].Type;
        int location = Location(value);
        if (type.Bytes() == 8 || type == IrType.I1 || _block.Insts[value].Op == IrOp.Const)
            return location;
        int form = type.Bytes() switch { 1 => Op.U8, 2 => Op.U16, _ => Op.U32 };
        int wide = NewTemporary();
        Add(Micro.Ext64, form, wide, location, 0, 0);
        return wide;
    }

    private void EmitBranch(in IrInst inst, Func<ulong, bool> linkable)
    {
        ref readonly IrInst condition = ref _block.Insts[inst.A];
        ulong taken = (ulong)inst.Imm, fallThrough = _block.NextPc;
        if (IsFused(inst.A))
        {
            var family = (Micro)((int)Micro.BrEq + (condition.Op - IrOp.Eq));
            int form = _block.Insts[condition.A].Type == IrType.I32 ? Op.RR32 : Op.RR64;
            int a = Location(condition.A);
            if (IsConst(condition.B, out long constant))
                Add(family, form + 1, 0, a, 0, form == Op.RR64 ? constant : (int)constant);
            else
                Add(family, form, 0, a, Location(condition.B), 0);
        }
        else
        {
            Add(Micro.BrTrue, 0, 0, Location(inst.A), 0, 0);
        }

        // The two operations behind a branch hold where it goes, at first to the exits behind them.
        int first = _count;
        Add(Micro.Goto, 0, 0, 0, 0, 0);
        Add(Micro.Goto, 0, 0, 0, 0, 0);
        AddResolve(first, taken, linkable);
        AddResolve(first + 1, fallThrough, linkable);
    }

    private void EmitExit(ulong pc, Func<ulong, bool> linkable)
    {
        int first = _count;
        Add(Micro.Goto, 0, 0, 0, 0, 0);
        AddResolve(first, pc, linkable);
    }

    // Goto.Imm is a distance in operations until the block is placed, then the address of what runs next.
    private void AddResolve(int slot, ulong pc, Func<ulong, bool> linkable)
    {
        _ops[slot].Imm = _count - slot;
        if (linkable(pc))
            Add(Micro.Resolve, 0, 0, 0, _count - slot, (long)pc);
        else
            Add(Micro.GotoPc, 0, 0, 0, 0, (long)pc);
    }

    // Marks an operation that may fault or look at the CPU with its instruction and its place.
    private ref Op Exact(ref Op op)
    {
        op.C = (ushort)_instruction;
        op.Index = (ushort)(_count - 1);
        return ref op;
    }

    private static int Width(IrType type) => type.Bytes() switch
    {
        16 => Op.W128,
        8 => Op.W64,
        4 => Op.W32,
        2 => Op.W16,
        _ => Op.W8,
    };
}
