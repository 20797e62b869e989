namespace Emulation.IR;

/// <summary>One operation. Operands are the numbers of the operations that give them, -1 where there is none.</summary>
public struct IrInst
{
    /// <summary>What it does.</summary>
    public IrOp Op;

    /// <summary>Type of the result; of the stored value for sinks.</summary>
    public IrType Type;

    /// <summary>Packed <see cref="MemOp"/> or <see cref="LaneOp"/>, helper number, rounding mode or length, as <see cref="IrOp"/> says.</summary>
    public int Aux;

    /// <summary>First operand.</summary>
    public int A;

    /// <summary>Second operand.</summary>
    public int B;

    /// <summary>Third operand.</summary>
    public int C;

    /// <summary>Constant, offset, PC or label, as <see cref="IrOp"/> says.</summary>
    public long Imm;
}

/// <summary>A value: the operation that gives it and its type.</summary>
/// <param name="Id">Number of the operation in its block.</param>
/// <param name="Type">Type of the value.</param>
public readonly record struct IrValue(int Id, IrType Type);

/// <summary>A translated run of guest instructions: single assignment, branches only forward, one terminal at the end.</summary>
public sealed class IrBlock
{
    private IrInst[] _insts = new IrInst[64];
    private readonly List<IrHelper> _helpers = [];
    private readonly List<UInt128> _vectors = [];

    /// <summary>Guest PC of the first instruction.</summary>
    public ulong Pc { get; private set; }

    /// <summary>Mode bits it was translated for.</summary>
    public uint Mode { get; private set; }

    /// <summary>PC behind the last instruction.</summary>
    public ulong NextPc { get; set; }

    /// <summary>Guest instructions in it.</summary>
    public int InstructionCount { get; internal set; }

    /// <summary>Number of operations.</summary>
    public int Count { get; private set; }

    /// <summary>Labels used, 0 to this - 1.</summary>
    public int LabelCount { get; internal set; }

    /// <summary>The operations, for reading and rewriting in place.</summary>
    public Span<IrInst> Insts => _insts.AsSpan(0, Count);

    /// <summary>Helpers it calls, by the number in <see cref="IrInst.Aux"/>.</summary>
    public IReadOnlyList<IrHelper> Helpers => _helpers;

    /// <summary>Constants of type <see cref="IrType.V128"/>, by the number in <see cref="IrInst.Imm"/>; lane 0 in the low bits.</summary>
    public IReadOnlyList<UInt128> Vectors => _vectors;

    /// <summary>Effects of an operation, with the helper's own for calls.</summary>
    /// <param name="inst">An operation of this block.</param>
    public IrEffects Effects(in IrInst inst)
        => inst.Op == IrOp.Call ? _helpers[inst.Aux].Effects : IrOpcodes.Info(inst.Op).Effects;

    /// <summary>Empties the block for another translation.</summary>
    /// <param name="pc">Guest PC of the first instruction.</param>
    /// <param name="mode">Mode bits.</param>
    public void Reset(ulong pc, uint mode)
    {
        (Pc, Mode, NextPc, Count, InstructionCount, LabelCount) = (pc, mode, pc, 0, 0, 0);
        _helpers.Clear();
        _vectors.Clear();
    }

    internal int Add(in IrInst inst)
    {
        if (Count == _insts.Length)
            Array.Resize(ref _insts, Count * 2);
        _insts[Count] = inst;
        return Count++;
    }

    internal void Truncate(int count) => Count = count;

    internal int VectorIndex(UInt128 value)
    {
        int index = _vectors.IndexOf(value);
        if (index >= 0)
            return index;
        _vectors.Add(value);
        return _vectors.Count - 1;
    }

    internal int HelperIndex(IrHelper helper)
    {
        int index = _helpers.IndexOf(helper);
        if (index >= 0)
            return index;
        _helpers.Add(helper);
        return _helpers.Count - 1;
    }
}
