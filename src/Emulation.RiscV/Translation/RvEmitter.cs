using Emulation.IR;

namespace Emulation.RiscV;

/// <summary>What emitter methods write with: operands, memory and control flow of the instruction being translated. One per translation.</summary>
/// <remarks>
/// Rules that all emitters keep: nothing is set before the last operation that may fault; values do not cross instructions
/// (an engine may begin at any of them); an instruction after which mode or interrupts may differ ends its block with
/// <see cref="ContinueIndirect()"/> or <see cref="ContinueInRunLoop()"/>.
/// </remarks>
/// <param name="ir">Builds the block.</param>
/// <param name="registers">Where registers are.</param>
/// <param name="isa">What the CPU has.</param>
/// <param name="mode">Mode word of the block.</param>
internal sealed partial class RvEmitter(IrBuilder ir, RiscVRegisters registers, RiscVIsa isa, uint mode)
{
    private const int CauseMisalignedFetch = 0;
    private const int CauseIllegal = 2;

    /// <summary>The builder.</summary>
    public IrBuilder Ir { get; } = ir;

    /// <summary>What the CPU has.</summary>
    public RiscVIsa Isa { get; } = isa;

    /// <summary>Mode word of the block. See <see cref="RiscVMode"/>.</summary>
    public uint Mode { get; } = mode;

    /// <summary>Type of integer values in this mode: I32 or I64.</summary>
    public IrType XType { get; } = isa.Xlen == 32 || (mode & RiscVMode.Xlen32) != 0 ? IrType.I32 : IrType.I64;

    /// <summary>Whether integer registers are 32 bits wide in this mode.</summary>
    public bool Is32 => XType == IrType.I32;

    /// <summary>Width of integer registers in this mode.</summary>
    public int Xlen => XType.Bits();

    /// <summary>0 = U, 1 = S, 3 = M.</summary>
    public int Privilege => RiscVMode.Privilege(Mode);

    /// <summary>Address of the instruction.</summary>
    public ulong Pc { get; private set; }

    /// <summary>Its length in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Its bits as fetched.</summary>
    public uint Encoding { get; private set; }

    /// <summary>Whether the block has its terminal.</summary>
    public bool Ended { get; private set; }

    /// <summary>Address of the instruction behind, modulo 2^XLEN.</summary>
    public ulong NextPc => WrapPc(Pc + (ulong)Length);

    /// <summary>Begins an instruction.</summary>
    /// <param name="pc">Its address.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="encoding">Its bits.</param>
    public void Begin(ulong pc, int length, uint encoding)
    {
        (Pc, Length, Encoding) = (pc, length, encoding);
        Ir.Instruction(pc, length);
    }

    /// <summary>Ends an instruction whose emitter has run.</summary>
    public void Finish()
    {
        if (_fpDirtied)
            MarkFpDirty();
        _fpDirtied = false;
    }

    /// <summary>Ends the block behind the last instruction when none of them has.</summary>
    public void EndBlock()
    {
        if (!Ended)
            Jump(NextPc);
    }

    /// <summary>An integer constant.</summary>
    /// <param name="value">Truncated to XLEN.</param>
    public IrValue Const(long value) => Ir.Const((ulong)value, XType);

    /// <summary>Reads an integer register.</summary>
    /// <param name="r">0 to 31.</param>
    public IrValue X(int r) => r == 0 ? Const(0) : Ir.Get(registers.X(r), XType);

    /// <summary>Reads the low 32 bits of an integer register.</summary>
    /// <param name="r">0 to 31.</param>
    public IrValue W(int r) => r == 0 ? Ir.Const(0, IrType.I32) : Ir.Get(registers.X(r), IrType.I32);

    /// <summary>Writes an integer register; 32-bit values are sign-extended.</summary>
    /// <param name="r">0 to 31; 0 discards.</param>
    /// <param name="value">An integer of 32 bits or XLEN.</param>
    public void SetX(int r, IrValue value)
    {
        if (r != 0)
            Ir.Set(registers.X(r), Ir.SExt(value, registers.X(r).Type));
    }

    /// <summary>Writes a truth value as 0 or 1.</summary>
    /// <param name="r">0 to 31; 0 discards.</param>
    /// <param name="value">A truth value.</param>
    public void SetBool(int r, IrValue value)
    {
        if (r != 0)
            SetX(r, Ir.ZExt(value, XType));
    }

    /// <summary>The instruction is illegal: raises and ends the block.</summary>
    public void Illegal() => RaiseAndEnd(CauseIllegal, Encoding);

    /// <summary>Raises an exception at the instruction and ends the block.</summary>
    /// <param name="cause">Exception code.</param>
    /// <param name="value">Trap value.</param>
    public void RaiseAndEnd(int cause, ulong value)
    {
        Ir.Raise(cause, Ir.Const(value));
        Ir.Exit(Ir.Const(Pc));                           // not reached: every block has a terminal
        Ended = true;
    }

    /// <summary>Ends the block: goes on at a known address, in the same mode.</summary>
    /// <param name="target">The address.</param>
    public void Jump(ulong target)
    {
        Ir.Jump(WrapPc(target));
        Ended = true;
    }

    /// <summary>Ends the block: goes on behind the instruction, in whatever mode the CPU then has.</summary>
    public void ContinueIndirect() => ContinueIndirect(Ir.Const(NextPc));

    /// <summary>Ends the block: goes on at an address under the mode word that holds then.</summary>
    /// <param name="target">A 64-bit address.</param>
    public void ContinueIndirect(IrValue target)
    {
        Ir.JumpIndirect(target);
        Ended = true;
    }

    /// <summary>Ends the block: goes on behind the instruction after the run loop has looked at mode and interrupts.</summary>
    public void ContinueInRunLoop() => ContinueInRunLoop(Ir.Const(NextPc));

    /// <summary>Ends the block: goes on at an address after the run loop has looked at mode and interrupts.</summary>
    /// <param name="target">A 64-bit address.</param>
    public void ContinueInRunLoop(IrValue target)
    {
        Ir.Exit(target);
        Ended = true;
    }

    /// <summary>Ends the block: a conditional branch relative to the instruction.</summary>
    /// <param name="condition">A truth value.</param>
    /// <param name="offset">Target minus address of the instruction.</param>
    public void Branch(IrValue condition, int offset)
    {
        ulong target = WrapPc(Pc + (ulong)(long)offset);
        if (IsMisaligned(target))
        {
            int taken = Ir.NewLabel(), notTaken = Ir.NewLabel();
            Ir.BrIf(condition, taken);
            Ir.Br(notTaken);
            Ir.Label(taken);
            Ir.Raise(CauseMisalignedFetch, Ir.Const(target));
            Ir.Label(notTaken);
            Jump(NextPc);
        }
        else if (NextPc != Pc + (ulong)Length)           // behind the last word of a 32-bit space
        {
            Ir.JumpIndirect(Ir.Select(condition, Ir.Const(target), Ir.Const(NextPc)));
        }
        else
        {
            Ir.Branch(condition, target);
        }

        Ended = true;
    }

    /// <summary>Ends the block: jump and link relative to the instruction.</summary>
    /// <param name="rd">Link register.</param>
    /// <param name="offset">Target minus address of the instruction.</param>
    public void JumpAndLink(int rd, int offset)
    {
        ulong target = WrapPc(Pc + (ulong)(long)offset);
        if (IsMisaligned(target))
        {
            RaiseAndEnd(CauseMisalignedFetch, target);
            return;
        }

        SetX(rd, Const((long)NextPc));
        Jump(target);
    }

    /// <summary>Ends the block: jump and link to a computed address, whose bit 0 is ignored.</summary>
    /// <param name="rd">Link register.</param>
    /// <param name="rs1">Base register.</param>
    /// <param name="offset">Added to it.</param>
    public void JumpAndLinkRegister(int rd, int rs1, int offset)
    {
        IrValue target = Ir.ZExt(Ir.And(Ir.Add(X(rs1), offset), Const(-2)), IrType.I64);
        if (!Isa.Has(RiscVExtension.Zca))
        {
            int aligned = Ir.NewLabel();
            Ir.BrIf(Ir.Compare(IrOp.Eq, Ir.And(target, Ir.Const(2)), Ir.Const(0)), aligned);
            Ir.Raise(CauseMisalignedFetch, target);
            Ir.Label(aligned);
        }

        SetX(rd, Const((long)NextPc));
        Ir.JumpIndirect(target);
        Ended = true;
    }

    private bool IsMisaligned(ulong target) => (target & 2) != 0 && !Isa.Has(RiscVExtension.Zca);

    private ulong WrapPc(ulong pc) => Is32 ? (uint)pc : pc;
}
