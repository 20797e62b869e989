using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What emitter methods write with. One per translation.</summary>
/// <remarks>
/// Rules that all emitters keep: nothing is set before the last operation that may fault or round; values do not cross
/// instructions (an engine may begin at any of them).
/// </remarks>
/// <param name="ir">Builds the block.</param>
/// <param name="registers">Where registers are.</param>
/// <param name="isa">What the CPU has.</param>
/// <param name="mode">Mode word of the block.</param>
internal sealed partial class A64Emitter(IrBuilder ir, ArmRegisters registers, ArmIsa isa, uint mode) : ArmEmitter(ir, registers, isa)
{
    /// <summary>Register number 31: zero or the stack pointer, as the instruction says.</summary>
    public const int R31 = 31;

    /// <summary>Mode word of the block. See <see cref="ArmMode"/>.</summary>
    public uint Mode { get; } = mode;

    /// <summary>Exception level.</summary>
    public int Level { get; } = (int)(mode & ArmMode.LevelMask);

    /// <summary>Translation regime of loads and stores.</summary>
    public int Mmu { get; } = ArmMode.Mmu(mode);

    /// <summary>Byte order of data.</summary>
    public bool IsBigEndian => (Mode & ArmMode.BigEndian) != 0;

    /// <summary>Address of the instruction behind.</summary>
    public ulong NextPc => Pc + 4;

    /// <summary>Begins an instruction.</summary>
    /// <param name="pc">Its address.</param>
    /// <param name="length">Bytes.</param>
    public void Begin(ulong pc, int length = 4)
    {
        Pc = pc;
        IsUndefined = false;
        Ir.Instruction(pc, length);
    }

    /// <summary>Ends the block behind the last instruction when none of them has.</summary>
    public void EndBlock()
    {
        if (!Ended)
            Jump(NextPc);
    }

    /// <summary>Reads a register; 31 is zero.</summary>
    public IrValue X(int r) => r == R31 ? Const(0) : Ir.Get(Registers.X[r]);

    /// <summary>Reads the low half of a register; 31 is zero.</summary>
    public IrValue W(int r) => r == R31 ? Const(0, false) : Ir.Get(Registers.X[r], IrType.I32);

    /// <summary>Reads a register of the operation's width; 31 is zero.</summary>
    public IrValue R(bool wide, int r) => wide ? X(r) : W(r);

    /// <summary>Reads a register; 31 is the stack pointer.</summary>
    public IrValue RSp(bool wide, int r)
        => r != R31 ? R(wide, r) : wide ? Ir.Get(Registers.Sp) : Ir.Get(Registers.Sp, IrType.I32);

    /// <summary>Writes a register; 32-bit values are zero-extended, 31 discards.</summary>
    public void SetX(int r, IrValue value)
    {
        if (r == R31)
            return;
        Ir.Set(Registers.X[r], Ir.ZExt(value, IrType.I64));
        ForgetComparison(r);
    }

    /// <summary>Writes a register; 31 is the stack pointer.</summary>
    public void SetXSp(int r, IrValue value)
    {
        if (r == R31)
        {
            Ir.Set(Registers.Sp, Ir.ZExt(value, IrType.I64));
            _spIsAligned = false;
            ForgetComparison(Comparison.StackPointer);
        }
        else
        {
            SetX(r, value);
        }
    }

    /// <summary>The encoding is unallocated, or of a feature that is absent: raises and ends the block.</summary>
    public void Undefined()
    {
        IsUndefined = true;
        RaiseAndEnd(ArmException.Unknown, 0);
    }

    /// <inheritdoc/>
    public override void RaiseAndEnd(int exceptionClass, int syndrome, ulong address = 0)
    {
        Ir.Raise(ArmException.Code(exceptionClass, syndrome), Ir.Const(address));
        Ir.Exit(Ir.Const(Pc));                           // not reached: every block has a terminal
        Ended = true;
    }

    /// <inheritdoc/>
    protected override void BeginStep(uint word) => Ir.Call(SystemHelpers.BeginStep, Const(word));

    /// <summary>Ends the block: goes on at a known address.</summary>
    public void Jump(ulong target)
    {
        LeaveBranchTarget();
        Ir.Jump(target);
        Ended = true;
    }

    /// <summary>Ends the block: goes on at a computed address.</summary>
    public void JumpIndirect(IrValue target)
    {
        LeaveBranchTarget();
        Ir.JumpIndirect(target);
        Ended = true;
    }

    /// <inheritdoc/>
    public override void ContinueInRunLoop()
    {
        LeaveBranchTarget();
        Ir.Exit(Ir.Const(NextPc));
        Ended = true;
    }

    /// <summary>Ends the block: goes on behind the instruction under the mode word that holds then.</summary>
    public void ContinueIndirect() => JumpIndirect(Const(NextPc));

    /// <summary>Ends the block: a conditional branch.</summary>
    public void Branch(IrValue condition, ulong target)
    {
        LeaveBranchTarget();
        Ir.Branch(condition, target);
        Ended = true;
    }

    /// <inheritdoc/>
    protected override IrValue Compared(bool wide, int register) => register == Comparison.StackPointer ? RSp(wide, R31) : R(wide, register);
}
