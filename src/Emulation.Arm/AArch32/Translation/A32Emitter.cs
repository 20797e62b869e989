using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What emitter methods of A32 and T32 write with. One per translation.</summary>
/// <remarks>
/// Rules as for <see cref="A64Emitter"/>. Registers are views of the AArch64 ones, chosen by the mode bits of the block; their upper halves are kept 0.
/// A condition that is not "always" is a branch around the instruction, emitted before its method is called.
/// </remarks>
/// <param name="ir">Builds the block.</param>
/// <param name="registers">Where registers are.</param>
/// <param name="isa">What the CPU has.</param>
/// <param name="mode">Mode word of the block.</param>
internal partial class A32Emitter(IrBuilder ir, ArmRegisters registers, ArmIsa isa, uint mode) : ArmEmitter(ir, registers, isa)
{
    public const int Sp = 13, Lr = 14, PcNumber = 15;

    protected const int Always = 14;
    private uint _mode = mode;                           // what the header holds at the present instruction
    private int _nextIt;
    private int _skip = -1;
    private int _length;
    private Comparison? _before;

    /// <summary>Exception level.</summary>
    public int Level { get; } = (int)(mode & ArmMode.LevelMask);

    /// <summary>Translation regime of loads and stores.</summary>
    public int Mmu { get; } = ArmMode.Mmu(mode);

    /// <summary>T32.</summary>
    public bool IsThumb { get; } = (mode & A32Mode.Thumb) != 0;

    /// <summary>Byte order of data.</summary>
    public bool IsBigEndian { get; } = (mode & A32Mode.BigEndian) != 0;

    /// <summary>CPSR.M.</summary>
    public ProcessorMode Processor { get; } = A32Mode.Processor(mode);

    /// <summary>Secure state of a CPU with Monitor mode.</summary>
    public bool IsSecure { get; } = (mode & A32Mode.Secure) != 0;

    /// <summary>Mode word at the present instruction.</summary>
    public uint Mode => _mode;

    /// <summary>ITSTATE at the present instruction; 0 outside IT blocks.</summary>
    public int It => A32Mode.It(_mode);

    /// <summary>Whether the instruction is in an IT block: T16 instructions set no flags there.</summary>
    public bool InIt => It != 0;

    /// <summary>Whether the instruction is in an IT block and not its last.</summary>
    public bool InItNotLast => (It & 7) != 0;

    /// <summary>The condition of the present instruction.</summary>
    public int Cond { get; private set; }

    /// <summary>Address of the instruction behind.</summary>
    public ulong NextPc => (uint)(Pc + (uint)_length);

    /// <summary>What reading PC gives.</summary>
    public uint PcValue => (uint)Pc + (IsThumb ? 4u : 8u);

    /// <summary>Begins an instruction.</summary>
    /// <param name="pc">Its address.</param>
    /// <param name="length">Bytes.</param>
    public void Begin(ulong pc, int length)
    {
        Pc = pc;
        _length = length;
        _nextIt = A32Mode.Advance(It);
        _skip = -1;
        Cond = Always;
        IsUndefined = false;
        Ir.Instruction(pc, length);
    }

    /// <summary>The condition of the present instruction, for those that make a branch of it themselves.</summary>
    public void Declare(int cond) => Cond = cond;

    /// <summary>Skips what follows unless a condition holds.</summary>
    public void Guard(int cond)
    {
        Cond = cond;
        if (cond >= Always)
            return;
        _skip = Ir.NewLabel();
        IrValue fails = Condition(cond ^ 1);
        _before = Known;
        Ir.BrIf(fails, _skip);
    }

    /// <summary>Ends the instruction.</summary>
    public void Finish()
    {
        if (Ended)
            return;
        if (_skip >= 0)
        {
            PlaceSkip();
            if (Known != _before)
                ForgetComparison();
        }

        SetMode(A32Mode.WithIt(_mode, _nextIt));
    }

    /// <summary>Begins an IT block behind this instruction.</summary>
    public void StartIt(int it) => _nextIt = it;

    /// <summary>Ends the block behind the last instruction when none of them has.</summary>
    public void EndBlock()
    {
        if (Ended)
            return;
        Ended = true;
        JumpStatic((uint)Block.NextPc);
    }

    /// <summary>Reads a register.</summary>
    public IrValue R(int r) => r == PcNumber ? Ir.Const(PcValue, IrType.I32) : Ir.Get(Slot(r), IrType.I32);

    /// <summary>Reads a register, zero-extended.</summary>
    public IrValue RWide(int r) => r == PcNumber ? Const(PcValue) : Ir.Get(Slot(r));

    /// <summary>Writes a register; where PC is UNPREDICTABLE as a destination, the result is discarded.</summary>
    public virtual void SetR(int r, IrValue value)
    {
        if (r == PcNumber)
            return;
        Ir.Set(Slot(r), Ir.ZExt(value, IrType.I64));
        ForgetComparison(r);
    }

    /// <summary>The slot of R0 to R14 in the present mode.</summary>
    public RegisterSlot Slot(int r) => Registers.A32.R(Processor, r);

    /// <summary>Writes the result of data processing: ALUWritePC where it is PC.</summary>
    public void Write(int r, IrValue value)
    {
        if (r != PcNumber)
            SetR(r, value);
        else if (!IsThumb && Isa.Has(ArmFeature.V7))
            BranchExchange(value);
        else
            BranchTo(value);
    }

    /// <summary>Writes what was loaded: LoadWritePC where it is PC.</summary>
    public void WriteLoaded(int r, IrValue value)
    {
        if (r != PcNumber)
            SetR(r, value);
        else if (Isa.Has(ArmFeature.V5TE))
            BranchExchange(value);
        else
            BranchTo(value);
    }

    /// <summary>The encoding is unallocated, or of a feature that is absent.</summary>
    public virtual void Undefined()
    {
        IsUndefined = true;
        Raise(ArmException.Unknown, 0);
    }

    /// <inheritdoc/>
    public override void RaiseAndEnd(int exceptionClass, int syndrome, ulong address = 0) => Raise(exceptionClass, syndrome, address);

    /// <summary>Raises an exception at the instruction; the block ends unless a condition may skip it.</summary>
    public void Raise(int exceptionClass, int syndrome, ulong address = 0)
    {
        Ir.Raise(ExceptionCode(exceptionClass, syndrome), Ir.Const(address));
        if (_skip >= 0 || Ended)
            return;
        Ir.Exit(Const(Pc));                              // not reached: every block has a terminal
        Ended = true;
    }

    /// <summary>How the CPU's run loop numbers an exception.</summary>
    protected virtual int ExceptionCode(int exceptionClass, int syndrome) => ArmException.Code(exceptionClass, syndrome);

    /// <inheritdoc/>
    protected override IrValue Compared(bool wide, int register) => R(register);

    private IrBlock Block => Ir.Block;

    // the header's mode word, where it is not that already
    protected void SetMode(uint mode)
    {
        if (mode == _mode)
            return;
        Ir.Set(A32Registers.Mode, Ir.Const(mode, IrType.I32));
        _mode = mode;
    }
}
