using System.Diagnostics;
using System.Numerics;

namespace Emulation.IR;

/// <summary>Appends operations to an <see cref="IrBlock"/>; what frontends write with. Folds constants as it goes.</summary>
public sealed partial class IrBuilder
{
    /// <summary>The block under construction.</summary>
    public IrBlock Block { get; private set; } = new();

    /// <summary>Whether the last operation ended the block.</summary>
    public bool IsTerminated => Block.Count > 0 && (IrOpcodes.Info(Block.Insts[^1].Op).Effects & IrEffects.Terminal) != 0;

    /// <summary>Begins a block, reusing the memory of the last one.</summary>
    /// <param name="pc">Guest PC of the first instruction.</param>
    /// <param name="mode">Mode bits it is translated for.</param>
    public void Begin(ulong pc, uint mode) => Block.Reset(pc, mode);

    /// <summary>Begins a block in an object that the caller keeps.</summary>
    /// <param name="block">Emptied first.</param>
    /// <param name="pc">Guest PC of the first instruction.</param>
    /// <param name="mode">Mode bits it is translated for.</param>
    public void Begin(IrBlock block, ulong pc, uint mode)
    {
        Block = block;
        block.Reset(pc, mode);
    }

    /// <summary>Begins a guest instruction.</summary>
    /// <param name="pc">Its address.</param>
    /// <param name="length">Its length in bytes.</param>
    public void Instruction(ulong pc, int length)
    {
        Block.Add(new IrInst { Op = IrOp.Insn, Imm = (long)pc, Aux = length, A = -1, B = -1, C = -1 });
        Block.InstructionCount++;
        Block.NextPc = pc + (ulong)length;
    }

    /// <summary>Whether <paramref name="value"/> is a constant that is not a vector, and which (zero-extended).</summary>
    /// <param name="value">A value of this block.</param>
    /// <param name="constant">The constant.</param>
    public bool IsConst(IrValue value, out ulong constant)
    {
        ref readonly IrInst inst = ref Block.Insts[value.Id];
        constant = (ulong)inst.Imm;
        return inst.Op == IrOp.Const && inst.Type != IrType.V128;
    }

    /// <summary>A constant, truncated to <paramref name="type"/>.</summary>
    /// <param name="value">The bits.</param>
    /// <param name="type">An integer or IEEE type.</param>
    public IrValue Const(ulong value, IrType type = IrType.I64)
    {
        Debug.Assert(type != IrType.V128, "constant vectors have a method of their own");
        return Emit(IrOp.Const, type, imm: (long)(value & type.Mask()));
    }

    /// <summary>Reads a register.</summary>
    /// <param name="slot">The register.</param>
    public IrValue Get(RegisterSlot slot) => Emit(IrOp.Get, slot.Type, imm: slot.Offset);

    /// <summary>Reads the low part of a register as another type.</summary>
    /// <param name="slot">The register.</param>
    /// <param name="type">A type no wider than the register.</param>
    public IrValue Get(RegisterSlot slot, IrType type)
    {
        Debug.Assert(type.Bytes() <= slot.Bytes, "a view is wider than its register");
        return Emit(IrOp.Get, type, imm: slot.Offset);
    }

    /// <summary>Writes a register.</summary>
    /// <param name="slot">The register.</param>
    /// <param name="value">A value of the register's width, or narrower to write its low part only.</param>
    public void Set(RegisterSlot slot, IrValue value)
    {
        Debug.Assert(value.Type.Bytes() <= slot.Bytes, "a value is wider than its register");
        Emit(IrOp.Set, value.Type, value.Id, imm: slot.Offset);
    }

    /// <summary>a + b.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    public IrValue Add(IrValue a, IrValue b) => Binary(IrOp.Add, a, b);

    /// <summary>a + constant.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">The constant.</param>
    public IrValue Add(IrValue a, long b) => Binary(IrOp.Add, a, Const((ulong)b, a.Type));

    /// <summary>a - b.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    public IrValue Sub(IrValue a, IrValue b) => Binary(IrOp.Sub, a, b);

    /// <summary>Low half of the product.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    public IrValue Mul(IrValue a, IrValue b) => Binary(IrOp.Mul, a, b);

    /// <summary>a and b.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    public IrValue And(IrValue a, IrValue b) => Binary(IrOp.And, a, b);

    /// <summary>a or b.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    public IrValue Or(IrValue a, IrValue b) => Binary(IrOp.Or, a, b);

    /// <summary>a exclusive-or b.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    public IrValue Xor(IrValue a, IrValue b) => Binary(IrOp.Xor, a, b);

    /// <summary>All bits inverted.</summary>
    /// <param name="a">The operand.</param>
    public IrValue Not(IrValue a) => Xor(a, Const(ulong.MaxValue, a.Type));

    /// <summary>Two's complement.</summary>
    /// <param name="a">The operand.</param>
    public IrValue Neg(IrValue a) => Sub(Const(0, a.Type), a);

    /// <summary>Shift left by b modulo the width.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="b">The amount, same type.</param>
    public IrValue Shl(IrValue a, IrValue b) => Binary(IrOp.Shl, a, b);

    /// <summary>Logical shift right by b modulo the width.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="b">The amount, same type.</param>
    public IrValue ShrU(IrValue a, IrValue b) => Binary(IrOp.ShrU, a, b);

    /// <summary>Arithmetic shift right by b modulo the width.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="b">The amount, same type.</param>
    public IrValue ShrS(IrValue a, IrValue b) => Binary(IrOp.ShrS, a, b);

    /// <summary>Shift left by a constant.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="b">The amount in bits, less than the width.</param>
    public IrValue Shl(IrValue a, int b) => Shl(a, Const((ulong)b, a.Type));

    /// <summary>Logical shift right by a constant.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="b">The amount in bits, less than the width.</param>
    public IrValue ShrU(IrValue a, int b) => ShrU(a, Const((ulong)b, a.Type));

    /// <summary>Arithmetic shift right by a constant.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="b">The amount in bits, less than the width.</param>
    public IrValue ShrS(IrValue a, int b) => ShrS(a, Const((ulong)b, a.Type));

    /// <summary>Any operation of shape <see cref="IrShape.Binary"/> or <see cref="IrShape.Compare"/>.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    public IrValue Binary(IrOp op, IrValue a, IrValue b)
    {
        Debug.Assert(a.Type == b.Type, $"{op} of {a.Type} and {b.Type}");
        bool compare = IrOpcodes.Info(op).Shape == IrShape.Compare;
        IrType type = compare ? IrType.I1 : a.Type;
        if (IsConst(b, out ulong y))
        {
            if (IsConst(a, out ulong x))
                return Const(IrFold.Binary(op, a.Type, x, y), type);
            if (y == 0 && op is IrOp.Add or IrOp.Sub or IrOp.Or or IrOp.Xor or IrOp.Shl or IrOp.ShrU or IrOp.ShrS or IrOp.RotL or IrOp.RotR)
                return a;
            if (op == IrOp.And && y == a.Type.Mask())
                return a;
        }
        else if (op is IrOp.Add or IrOp.And or IrOp.Or or IrOp.Xor or IrOp.Mul or IrOp.Eq or IrOp.Ne && IsConst(a, out _))
        {
            return Binary(op, b, a);                     // constants stand second, where engines look for them
        }

        return Emit(op, type, a.Id, b.Id);
    }

    /// <summary>Any operation of shape <see cref="IrShape.Unary"/>.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="a">The operand.</param>
    public IrValue Unary(IrOp op, IrValue a)
        => IsConst(a, out ulong x) ? Const(IrFold.Unary(op, a.Type, x), a.Type) : Emit(op, a.Type, a.Id);

    /// <summary>Compares two integers.</summary>
    /// <param name="op"><see cref="IrOp.Eq"/> to <see cref="IrOp.LeU"/>.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    public IrValue Compare(IrOp op, IrValue a, IrValue b) => Binary(op, a, b);

    /// <summary>condition ? a : b.</summary>
    /// <param name="condition">A truth value.</param>
    /// <param name="a">Taken when true.</param>
    /// <param name="b">Taken when false, same type.</param>
    public IrValue Select(IrValue condition, IrValue a, IrValue b)
    {
        Debug.Assert(condition.Type == IrType.I1 && a.Type == b.Type, "select of mixed types");
        return IsConst(condition, out ulong c) ? (c != 0 ? a : b) : Emit(IrOp.Select, a.Type, condition.Id, a.Id, b.Id);
    }

    /// <summary>Widens with zeros; the same type gives the value itself.</summary>
    /// <param name="a">An integer.</param>
    /// <param name="type">A type at least as wide.</param>
    public IrValue ZExt(IrValue a, IrType type) => Convert(IrOp.ZExt, a, type);

    /// <summary>Widens with the sign; the same type gives the value itself.</summary>
    /// <param name="a">An integer.</param>
    /// <param name="type">A type at least as wide.</param>
    public IrValue SExt(IrValue a, IrType type) => Convert(IrOp.SExt, a, type);

    /// <summary>Keeps the low bits; the same type gives the value itself.</summary>
    /// <param name="a">An integer.</param>
    /// <param name="type">A type at most as wide.</param>
    public IrValue Trunc(IrValue a, IrType type) => Convert(IrOp.Trunc, a, type);

    /// <summary>The same bits as another type.</summary>
    /// <param name="a">A value.</param>
    /// <param name="type">A type of the same width.</param>
    public IrValue Bitcast(IrValue a, IrType type) => Convert(IrOp.Bitcast, a, type);

    /// <summary>An IEEE operation of two operands.</summary>
    /// <param name="op"><see cref="IrOp.FAdd"/> to <see cref="IrOp.FDiv"/>, or a comparison.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    /// <param name="rounding">Rounding; comparisons have none.</param>
    public IrValue Float(IrOp op, IrValue a, IrValue b, IrRounding rounding = IrRounding.Dynamic)
    {
        Debug.Assert(a.Type == b.Type && a.Type.IsFloat(), $"{op} of {a.Type} and {b.Type}");
        IrType type = IrOpcodes.Info(op).Shape == IrShape.FloatCompare ? IrType.I1 : a.Type;
        return Emit(op, type, a.Id, b.Id, aux: (int)rounding);
    }

    /// <summary>IEEE square root.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="rounding">Rounding.</param>
    public IrValue FSqrt(IrValue a, IrRounding rounding) => Emit(IrOp.FSqrt, a.Type, a.Id, aux: (int)rounding);

    /// <summary>±(a * b) ± c with one rounding.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    /// <param name="c">Addend.</param>
    /// <param name="negateProduct">Whether the product's sign is flipped.</param>
    /// <param name="negateAddend">Whether the addend's sign is flipped.</param>
    /// <param name="rounding">Rounding.</param>
    public IrValue FMulAdd(IrValue a, IrValue b, IrValue c, bool negateProduct, bool negateAddend, IrRounding rounding)
        => Emit(IrOp.FMulAdd, a.Type, a.Id, b.Id, c.Id, (int)rounding, (negateProduct ? 1 : 0) | (negateAddend ? 2 : 0));

    /// <summary>Reads memory.</summary>
    /// <param name="address">A 64-bit address.</param>
    /// <param name="displacement">Added to it, modulo 2^64.</param>
    /// <param name="how">Width, extension, translation.</param>
    /// <param name="type">Type of the result: an integer at least as wide as the access, or the IEEE type of its width.</param>
    public IrValue Load(IrValue address, long displacement, MemOp how, IrType type)
        => Emit(IrOp.Load, type, address.Id, aux: how.Pack(), imm: displacement);

    /// <summary>Writes memory.</summary>
    /// <param name="address">A 64-bit address.</param>
    /// <param name="displacement">Added to it, modulo 2^64.</param>
    /// <param name="value">A value at least as wide as the access.</param>
    /// <param name="how">Width, translation.</param>
    public void Store(IrValue address, long displacement, IrValue value, MemOp how)
        => Emit(IrOp.Store, value.Type, address.Id, value.Id, aux: how.Pack(), imm: displacement);

    /// <summary>Atomic read-modify-write; gives the old value, extended as <paramref name="how"/> says.</summary>
    /// <param name="op">What is stored.</param>
    /// <param name="address">A 64-bit address.</param>
    /// <param name="value">The operand.</param>
    /// <param name="how">Width, translation.</param>
    public IrValue AtomicRmw(AtomicOp op, IrValue address, IrValue value, MemOp how)
        => Emit(IrOp.AtomicRmw, value.Type, address.Id, value.Id, aux: how.Pack(), imm: (long)op);

    /// <summary>Atomic compare and exchange; gives the old value, extended as <paramref name="how"/> says.</summary>
    /// <param name="address">A 64-bit address.</param>
    /// <param name="expected">Stored over only when memory holds its low bits.</param>
    /// <param name="value">What is stored.</param>
    /// <param name="how">Width, translation.</param>
    public IrValue AtomicCas(IrValue address, IrValue expected, IrValue value, MemOp how)
        => Emit(IrOp.AtomicCas, value.Type, address.Id, expected.Id, value.Id, how.Pack());

    /// <summary>Reads memory and makes a reservation.</summary>
    /// <param name="address">A 64-bit address.</param>
    /// <param name="how">Width, extension, translation.</param>
    /// <param name="type">Type of the result.</param>
    public IrValue LoadReserved(IrValue address, MemOp how, IrType type)
        => Emit(IrOp.LoadReserved, type, address.Id, aux: how.Pack());

    /// <summary>Writes memory if the reservation holds; gives 0 when it did, else 1.</summary>
    /// <param name="address">A 64-bit address.</param>
    /// <param name="value">What is stored.</param>
    /// <param name="how">Width, translation.</param>
    public IrValue StoreConditional(IrValue address, IrValue value, MemOp how)
        => Emit(IrOp.StoreConditional, value.Type, address.Id, value.Id, aux: how.Pack());

    /// <summary>Orders memory accesses, as other CPUs and devices see them.</summary>
    /// <param name="kind">Which.</param>
    public void Fence(IrFence kind = IrFence.Full) => Emit(IrOp.Fence, IrType.None, imm: (long)kind);

    /// <summary>A label to be placed further on.</summary>
    public int NewLabel() => Block.LabelCount++;

    /// <summary>Places a label here.</summary>
    /// <param name="label">From <see cref="NewLabel"/>.</param>
    public void Label(int label) => Emit(IrOp.Label, IrType.None, imm: label);

    /// <summary>Goes to a label placed further on.</summary>
    /// <param name="label">From <see cref="NewLabel"/>.</param>
    public void Br(int label) => Emit(IrOp.Br, IrType.None, imm: label);

    /// <summary>Goes to a label placed further on, when the condition holds.</summary>
    /// <param name="condition">A truth value.</param>
    /// <param name="label">From <see cref="NewLabel"/>.</param>
    public void BrIf(IrValue condition, int label) => Emit(IrOp.BrIf, IrType.None, condition.Id, imm: label);

    /// <summary>Calls a helper.</summary>
    /// <param name="helper">The helper.</param>
    /// <param name="args">Its operands after the state pointer; each is passed zero-extended.</param>
    /// <returns>The result, or a value of type <see cref="IrType.None"/>.</returns>
    public IrValue Call(IrHelper helper, params ReadOnlySpan<IrValue> args)
    {
        Debug.Assert(args.Length == helper.Arity, $"{helper.Name} takes {helper.Arity} operands");
        return Emit(IrOp.Call, helper.Result, Arg(args, 0), Arg(args, 1), Arg(args, 2), Block.HelperIndex(helper));

        static int Arg(ReadOnlySpan<IrValue> args, int i) => i < args.Length ? args[i].Id : -1;
    }

    /// <summary>Raises a guest exception; the instruction does not complete.</summary>
    /// <param name="code">Exception number in the words of the instruction set.</param>
    /// <param name="value">The value or address that goes with it.</param>
    public void Raise(int code, IrValue value) => Emit(IrOp.Raise, IrType.I64, value.Id, imm: code);

    /// <summary>Ends the block: goes on at a known PC.</summary>
    /// <param name="pc">Guest PC.</param>
    public void Jump(ulong pc) => Emit(IrOp.Jump, IrType.None, imm: (long)pc);

    /// <summary>Ends the block: goes on at a known PC when the condition holds, else behind the instruction.</summary>
    /// <param name="condition">A truth value.</param>
    /// <param name="pc">Guest PC.</param>
    public void Branch(IrValue condition, ulong pc)
    {
        if (IsConst(condition, out ulong c))
            Jump(c != 0 ? pc : Block.NextPc);
        else
            Emit(IrOp.Branch, IrType.None, condition.Id, imm: (long)pc);
    }

    /// <summary>Ends the block: goes on at a computed PC, in whatever mode the CPU then has.</summary>
    /// <param name="pc">A 64-bit guest PC.</param>
    public void JumpIndirect(IrValue pc) => Emit(IrOp.JumpIndirect, IrType.I64, pc.Id);

    /// <summary>Ends the block: back to the run loop, which looks for interrupts and goes on at <paramref name="pc"/>.</summary>
    /// <param name="pc">A 64-bit guest PC.</param>
    public void Exit(IrValue pc) => Emit(IrOp.Exit, IrType.I64, pc.Id);

    private IrValue Convert(IrOp op, IrValue a, IrType type)
    {
        if (a.Type == type)
            return a;
        return IsConst(a, out ulong x) ? Const(IrFold.Convert(op, a.Type, x), type) : Emit(op, type, a.Id);
    }

    private IrValue Emit(IrOp op, IrType type, int a = -1, int b = -1, int c = -1, int aux = 0, long imm = 0)
        => new(Block.Add(new IrInst { Op = op, Type = type, Aux = aux, A = a, B = b, C = c, Imm = imm }), type);
}
