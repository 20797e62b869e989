namespace Emulation.IR;

/// <summary>Checks that a block keeps the rules that engines rely on.</summary>
public static class IrVerifier
{
    /// <summary>Finds the first broken rule.</summary>
    /// <param name="block">A complete block.</param>
    /// <returns>What is wrong and where; null when all is well.</returns>
    public static string? Verify(IrBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Span<IrInst> insts = block.Insts;
        if (insts.Length == 0 || insts[0].Op != IrOp.Insn)
            return "a block begins with an instruction";
        if (CheckLabels(block, out int[] placed, out int[] firstJump) is { } label)
            return label;
        for (int i = 0; i < insts.Length; i++)
        {
            bool terminal = (block.Effects(insts[i]) & IrEffects.Terminal) != 0;
            if (terminal != (i == insts.Length - 1))
                return At(block, i, "a block has one terminal, at its end");
            string? problem = CheckTypes(block, insts[i]) ?? CheckOperand(block, insts[i].A, i, placed, firstJump)
                ?? CheckOperand(block, insts[i].B, i, placed, firstJump) ?? CheckOperand(block, insts[i].C, i, placed, firstJump);
            if (problem is not null)
                return At(block, i, problem);
        }

        return CheckOrder(block);
    }

    private static string At(IrBlock block, int i, string problem) => $"{problem}: {IrPrinter.Print(block, i, null)}";

    private static string? CheckLabels(IrBlock block, out int[] placed, out int[] firstJump)
    {
        placed = new int[block.LabelCount];
        firstJump = new int[block.LabelCount];
        Array.Fill(placed, -1);
        Array.Fill(firstJump, int.MaxValue);
        Span<IrInst> insts = block.Insts;
        for (int i = 0; i < insts.Length; i++)
        {
            if (insts[i].Op is not (IrOp.Label or IrOp.Br or IrOp.BrIf))
                continue;
            if ((ulong)insts[i].Imm >= (ulong)block.LabelCount)
                return At(block, i, "an unknown label");
            if (insts[i].Op != IrOp.Label)
                firstJump[insts[i].Imm] = Math.Min(firstJump[insts[i].Imm], i);
            else if (placed[insts[i].Imm] >= 0)
                return At(block, i, "a label placed twice");
            else
                placed[insts[i].Imm] = i;
        }

        for (int i = 0; i < insts.Length; i++)
        {
            if (insts[i].Op is IrOp.Br or IrOp.BrIf && placed[insts[i].Imm] < i)
                return At(block, i, "branches inside a block go forward to a label that is placed");
        }

        return null;
    }

    // A value is there on every path to its use: nothing jumps over it to a label before the use.
    private static string? CheckOperand(IrBlock block, int value, int user, int[] placed, int[] firstJump)
    {
        if (value < 0)
            return null;
        if (value >= user)
            return "an operand comes before its use";
        if (block.Insts[value].Type == IrType.None || block.Insts[value].Op is IrOp.Set or IrOp.Store or IrOp.Nop or IrOp.Insn)
            return $"operand %{value} has no value";
        if (block.Insts[value].Op == IrOp.Const)
            return null;                                      // engines make constants where they are used
        for (int label = 0; label < placed.Length; label++)
        {
            if (placed[label] > value && placed[label] <= user && firstJump[label] < value)
                return $"a branch to L{label} goes around operand %{value}";
        }

        return null;
    }

    private static string? CheckTypes(IrBlock block, in IrInst inst)
    {
        IrType a = TypeOf(block, inst.A), b = TypeOf(block, inst.B), c = TypeOf(block, inst.C);
        bool ok = IrOpcodes.Info(inst.Op).Shape switch
        {
            IrShape.None => (a, b, c) == (IrType.None, IrType.None, IrType.None),
            IrShape.Leaf => inst.Type != IrType.None && a == IrType.None,
            IrShape.Sink => a == inst.Type && a != IrType.None,
            IrShape.Unary => a == inst.Type && IsWord(a),
            IrShape.Binary => a == inst.Type && b == a && (IsWord(a) || (a == IrType.I1 && inst.Op is IrOp.And or IrOp.Or or IrOp.Xor)),
            IrShape.Compare => inst.Type == IrType.I1 && a == b && (IsWord(a) || a == IrType.I1),
            IrShape.Select => a == IrType.I1 && b == inst.Type && c == b && b != IrType.None,
            IrShape.Convert => CheckConversion(inst.Op, a, inst.Type),
            IrShape.FloatUnary => a == inst.Type && a.IsFloat(),
            IrShape.FloatBinary => a == inst.Type && b == a && a.IsFloat(),
            IrShape.FloatTernary => a == inst.Type && b == a && c == a && a.IsFloat(),
            IrShape.FloatCompare => inst.Type == IrType.I1 && a == b && a.IsFloat(),
            IrShape.FloatOrder => inst.Type == IrType.I32 && a == b && a.IsFloat(),
            IrShape.FloatToInteger => IsWord(inst.Type) && a.IsFloat() && b == IrType.None,
            IrShape.IntegerToFloat => inst.Type.IsFloat() && IsWord(a) && b == IrType.None,
            IrShape.FloatConvert => inst.Type.IsFloat() && a.IsFloat() && inst.Type != a && b == IrType.None,
            IrShape.Load => a == IrType.I64 && Fits(inst.Aux, inst.Type) && (inst.Op == IrOp.Load || !inst.Type.IsVector()),
            IrShape.Store => a == IrType.I64 && b == inst.Type && Fits(inst.Aux, b),
            IrShape.Atomic => a == IrType.I64 && b == inst.Type && IsWord(b) && Fits(inst.Aux, b),
            IrShape.AtomicCompare => a == IrType.I64 && b == inst.Type && c == b && IsWord(b) && Fits(inst.Aux, b),
            IrShape.Condition => a == IrType.I1,
            IrShape.OptionalSink => a is IrType.None or IrType.I64,
            IrShape.Call => CheckCall(block, inst, a, b, c),
            >= IrShape.VectorUnary and <= IrShape.VectorJoin => CheckVector(inst, a, b, c),
            _ => false,
        };
        if (inst.Op == IrOp.Const && inst.Type.IsVector())
            ok &= inst.Type == IrType.V128 && (ulong)inst.Imm < (ulong)block.Vectors.Count;
        return ok ? null : "types do not match";
    }

    private static IrType TypeOf(IrBlock block, int value) => (uint)value < (uint)block.Count ? block.Insts[value].Type : IrType.None;

    private static bool IsWord(IrType type) => type is IrType.I32 or IrType.I64;

    private static bool CheckVector(in IrInst inst, IrType a, IrType b, IrType c)
    {
        IrOpInfo info = IrOpcodes.Info(inst.Op);
        LaneOp how = LaneOp.Unpack(inst.Aux);
        if (((int)info.Lanes >> (int)how.Shape & 1) == 0 || how.Pack() != inst.Aux)
            return false;
        const IrType V = IrType.V128, W = IrType.V256, None = IrType.None;
        IrType same = inst.Type == W ? W : V;                // the width of the operations that have both
        IrType lane = how.Shape.LaneType();
        bool indexed = (ulong)inst.Imm < (ulong)how.Shape.LaneCount();
        return info.Shape switch
        {
            IrShape.VectorUnary => (inst.Type, a, b, c) == (same, same, None, None),
            IrShape.VectorBinary => (inst.Type, a, b, c) == (same, same, same, None),
            IrShape.VectorTernary => (inst.Type, a, b, c) == (same, same, same, same),
            IrShape.VectorShift => (inst.Type, a, b, c) == (same, same, IrType.I32, None),
            IrShape.VectorMask => (inst.Type, a, b, c) == (IrType.I32, V, None, None),
            IrShape.VectorInsert => (inst.Type, a, b, c) == (V, V, lane, None) && indexed,
            IrShape.VectorSplat => (inst.Type, a, b, c) == (V, lane, None, None),
            IrShape.VectorHalf => (inst.Type, a, b, c) == (V, W, None, None),
            IrShape.VectorJoin => (inst.Type, a, b, c) == (W, V, V, None),
            _ => (inst.Type, a, b, c) == (lane, V, None, None) && indexed,
        };
    }

    private static bool Fits(int packed, IrType type)
    {
        int size = MemOp.Unpack(packed).Size;
        return type.IsFloat() || type.IsVector() ? size == type.Bytes() : type is not (IrType.I1 or IrType.None) && size <= type.Bytes();
    }

    private static bool CheckConversion(IrOp op, IrType from, IrType to) => op switch
    {
        IrOp.Bitcast => from.Bits() == to.Bits() && from != IrType.None,
        IrOp.Trunc => !from.IsFloat() && !to.IsFloat() && !from.IsVector() && to != IrType.None && to.Bits() < from.Bits(),
        _ => !from.IsFloat() && IsWord(to) && from != IrType.None && to.Bits() > from.Bits(),
    };

    private static bool CheckCall(IrBlock block, in IrInst inst, IrType a, IrType b, IrType c)
    {
        if ((uint)inst.Aux >= (uint)block.Helpers.Count || a.IsVector() || b.IsVector() || c.IsVector())
            return false;
        IrHelper helper = block.Helpers[inst.Aux];
        int given = c != IrType.None ? 3 : b != IrType.None ? 2 : a != IrType.None ? 1 : 0;
        return given == helper.Arity && inst.Type == helper.Result;
    }

    // An instruction that faults must not have changed a register: engines start it again from its beginning.
    private static string? CheckOrder(IrBlock block)
    {
        Span<IrInst> insts = block.Insts;
        var atLabel = new bool?[block.LabelCount];
        bool? changed = false;                                // null where control does not get to
        for (int i = 0; i < insts.Length; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            if (inst.Op == IrOp.Insn)
                changed = false;
            else if (inst.Op == IrOp.Label)
                changed = changed is null && atLabel[inst.Imm] is null ? null : (changed ?? false) || (atLabel[inst.Imm] ?? false);
            if (inst.Op is IrOp.Br or IrOp.BrIf && changed is not null)
                atLabel[inst.Imm] = (atLabel[inst.Imm] ?? false) || changed.Value;
            if (changed == true && (block.Effects(inst) & IrEffects.MayFault) != 0)
                return At(block, i, "an instruction sets a register before an operation that may fault");
            if (inst.Op == IrOp.Set && changed is not null)
                changed = true;
            if (inst.Op is IrOp.Br or IrOp.Raise)
                changed = null;
        }

        return null;
    }
}
