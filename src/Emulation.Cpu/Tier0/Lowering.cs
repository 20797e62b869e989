using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>Lowers an IR block to tier-0 operations: registers and constants become operands, so most guest instructions are one operation.</summary>
/// <remarks>One linear pass after one that finds uses. A value lives in a register slot where nothing writes the slot before its last use, else in a temporary.</remarks>
internal sealed partial class Lowering(IFrontend frontend)
{
    private const int Unset = -1;
    private readonly int _firstTemporary = (frontend.Registers.Size + 15) & ~15;
    private readonly int _folds = frontend.FoldsTlb ? Op.Folds : 0;
    private readonly List<int> _sets = new(64);
    private int[] _uses = new int[256];
    private int[] _lastUse = new int[256];
    private int[] _location = new int[256];
    private int[] _target = new int[256];
    private Op[] _ops = new Op[512];
    private ushort[] _firstOps = new ushort[65];
    private ushort[] _pcOffsets = new ushort[65];
    private int[] _labels = new int[16];
    private readonly List<(int Op, int Label)> _fixups = [];
    private IrBlock _block = null!;
    private int _count;
    private int _temporary;
    private int _instruction;

    /// <summary>The operations of the last block.</summary>
    public ReadOnlySpan<Op> Ops => _ops.AsSpan(0, _count);

    /// <summary>Number of the first operation of each guest instruction, and one past the last.</summary>
    public ReadOnlySpan<ushort> FirstOps => _firstOps.AsSpan(0, _instruction + 2);

    /// <summary>Byte offset of each guest instruction from the block's PC, and of the end.</summary>
    public ReadOnlySpan<ushort> PcOffsets => _pcOffsets.AsSpan(0, _instruction + 2);

    /// <summary>Lowers <paramref name="block"/>; the result is in <see cref="Ops"/>. Handlers are not filled in.</summary>
    /// <param name="block">A block that ends with a terminal.</param>
    /// <param name="linkable">Whether a jump to a PC may be linked straight to its block (same page, same mode).</param>
    public void Lower(IrBlock block, Func<ulong, bool> linkable)
    {
        _block = block;
        (_count, _temporary, _instruction) = (0, _firstTemporary, -1);
        _fixups.Clear();
        Grow(block.Count, block.LabelCount, block.InstructionCount);
        FindUses(block.Insts);
        PlaceValues(block.Insts);
        Add(Micro.Enter, 0, 0, 0, 0, block.InstructionCount);
        Span<IrInst> insts = block.Insts;
        for (int i = 0; i < insts.Length; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            if (inst.Op == IrOp.Insn)
            {
                _instruction++;
                _firstOps[_instruction] = (ushort)_count;
                _pcOffsets[_instruction] = (ushort)((ulong)inst.Imm - block.Pc);
            }
            else if (inst.Op != IrOp.Nop)
            {
                Emit(i, inst, linkable);
            }
        }

        _firstOps[_instruction + 1] = (ushort)_count;
        _pcOffsets[_instruction + 1] = (ushort)(block.NextPc - block.Pc);
        foreach ((int op, int label) in _fixups)
            _ops[op].Low = _labels[label] - op;
        if (_temporary > StateLayout.FrameBytes - 16 || _count > ushort.MaxValue)
            throw new InvalidOperationException("a translation block outgrew the frame");
    }

    private void Grow(int count, int labels, int instructions)
    {
        if (_uses.Length < count)
        {
            int size = count * 2;
            (_uses, _lastUse, _location, _target) = (new int[size], new int[size], new int[size], new int[size]);
        }

        if (_labels.Length < labels)
            _labels = new int[labels * 2];
        if (_firstOps.Length < instructions + 2)
            (_firstOps, _pcOffsets) = (new ushort[instructions + 2], new ushort[instructions + 2]);
    }

    private void FindUses(ReadOnlySpan<IrInst> insts)
    {
        _uses.AsSpan(0, insts.Length).Clear();
        _sets.Clear();
        for (int i = 0; i < insts.Length; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            Use(inst.A, i);
            Use(inst.B, i);
            Use(inst.C, i);
            if (inst.Op == IrOp.Set || (inst.Op == IrOp.Call && (_block.Effects(inst) & IrEffects.WritesState) != 0))
                _sets.Add(i);
        }

        // A value seen through a view (truncation, bit cast, zero-extended truth) is used where the view is.
        for (int i = insts.Length - 1; i >= 0; i--)
        {
            if (_uses[i] > 0 && IsView(insts, insts[i]))
                _lastUse[insts[i].A] = Math.Max(_lastUse[insts[i].A], _lastUse[i]);
        }
    }

    private void Use(int value, int at)
    {
        if (value < 0)
            return;
        _uses[value]++;
        _lastUse[value] = at;
    }

    // Decides before emission which values go straight into a register slot, and which reads of a slot stay there.
    private void PlaceValues(ReadOnlySpan<IrInst> insts)
    {
        _location.AsSpan(0, insts.Length).Fill(Unset);
        _target.AsSpan(0, insts.Length).Fill(Unset);
        foreach (int at in _sets)
        {
            ref readonly IrInst set = ref insts[at];
            if (set.Op != IrOp.Set)
                continue;
            int value = set.A;
            if (insts[value].Op == IrOp.ZExt && insts[insts[value].A].Type == IrType.I1 && _uses[value] == 1 && _uses[insts[value].A] == 1)
                value = insts[value].A;                       // a truth value fills 64 bits by itself
            if (CanWriteDirectly(insts, value, at))
                _target[value] = (int)set.Imm;
        }
    }

    private bool CanWriteDirectly(ReadOnlySpan<IrInst> insts, int value, int set)
    {
        ref readonly IrInst source = ref insts[value];
        int offset = (int)insts[set].Imm, bytes = insts[set].Type.Bytes();
        if (_target[value] != Unset || !WritesExactly(source, bytes))
            return false;
        if (WrittenBetween(insts, set, _lastUse[value], offset, bytes))
            return false;
        for (int i = value + 1; i < set; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            if ((_block.Effects(inst) & (IrEffects.MayFault | IrEffects.Control | IrEffects.Terminal)) != 0)
                return false;
            if (inst.Op is IrOp.Set or IrOp.Get && Overlaps(inst, offset, bytes))
                return false;
            if (inst.Op == IrOp.Call && (_block.Effects(inst) & (IrEffects.ReadsState | IrEffects.WritesState)) != 0)
                return false;
        }

        // What the slot holds before, by an earlier read or an earlier direct write, must not be needed after the early write.
        for (int i = 0; i < value; i++)
        {
            if (_lastUse[i] <= value || _uses[i] == 0)
                continue;
            bool here = insts[i].Op == IrOp.Get ? Overlaps(insts[i], offset, bytes) : _target[i] != Unset && _target[i] < offset + bytes && offset < _target[i] + Math.Max(8, insts[i].Type.Bytes());
            if (here)
                return false;
        }

        return true;
    }

    // Whether the operation's result has exactly this many bytes in the frame. Narrow results fill a 64-bit temporary.
    private static bool WritesExactly(in IrInst inst, int bytes) => inst.Op switch
    {
        IrOp.Const or IrOp.Get or IrOp.Trunc or IrOp.Bitcast or IrOp.VExtract or IrOp.VLow or IrOp.VHigh or IrOp.Nop or IrOp.Insn => false,
        IrOp.ZExt or IrOp.SExt => inst.Type.Bytes() == bytes && bytes >= 4,
        _ when inst.Type == IrType.I1 => bytes == 8,
        _ => inst.Type.Bytes() == bytes && bytes >= 4,
    };

    private bool WrittenBetween(ReadOnlySpan<IrInst> insts, int after, int upTo, int offset, int bytes)
    {
        foreach (int at in _sets)
        {
            if (at <= after)
                continue;
            if (at >= upTo)
                break;
            if (insts[at].Op == IrOp.Call || Overlaps(insts[at], offset, bytes))
                return true;
        }

        return false;
    }

    private static bool Overlaps(in IrInst access, int offset, int bytes)
        => access.Imm < offset + bytes && offset < access.Imm + access.Type.Bytes();

    private static bool IsView(ReadOnlySpan<IrInst> insts, in IrInst inst) => inst.Op switch
    {
        IrOp.Trunc => inst.Type != IrType.I1,
        IrOp.Bitcast or IrOp.VExtract or IrOp.VLow or IrOp.VHigh => true,
        IrOp.ZExt => insts[inst.A].Type == IrType.I1,
        _ => false,
    };

    // The offset of a value's bytes in the frame. Constants and reads that could not stay in their slot are put in a temporary here.
    private int Location(int value)
    {
        int location = _location[value];
        if (location != Unset)
            return location;
        ref readonly IrInst inst = ref _block.Insts[value];
        if (inst.Op == IrOp.Const)
        {
            location = NewTemporary(inst.Type);
            AddConstant(location, inst);
        }
        else
        {
            throw new InvalidOperationException($"{inst.Op} has no location");
        }

        // Not remembered: behind a label the temporary may not have been written.
        return location;
    }

    private int NewTemporary(IrType type = IrType.I64)
    {
        int align = type.IsVector() ? 16 : 8;
        int offset = (_temporary + align - 1) & -align;
        _temporary = offset + Math.Max(type.Bytes(), 8);
        return offset;
    }

    private void AddConstant(int offset, in IrInst constant)
    {
        if (constant.Type == IrType.V128)
        {
            UInt128 value = _block.Vectors[(int)constant.Imm];
            Add(Micro.MovI, Op.W64, offset, 0, 0, (long)(ulong)value);
            Add(Micro.MovI, Op.W64, offset + 8, 0, 0, (long)(ulong)(value >> 64));
            return;
        }

        Add(Micro.MovI, Op.W64, offset, 0, 0, constant.Imm);
    }

    private int Destination(int value)
    {
        int location = _target[value] != Unset ? _target[value] : NewTemporary(_block.Insts[value].Type);
        _location[value] = location;
        return location;
    }

    private bool IsConst(int value, out long constant)
    {
        ref readonly IrInst inst = ref _block.Insts[value];
        constant = inst.Imm;
        return inst.Op == IrOp.Const && inst.Type != IrType.V128;
    }

    private ref Op Add(Micro family, int form, int a, int b, int c, long imm)
    {
        if (_count == _ops.Length)
            Array.Resize(ref _ops, _count * 2);
        ref Op op = ref _ops[_count++];
        op = new Op { Code = (ushort)(((int)family * 8) + form), A = (ushort)a, B = (ushort)b, C = (ushort)c, Imm = imm };
        return ref op;
    }
}
