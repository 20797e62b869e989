using System.Numerics;
using Emulation.IR;

namespace Emulation.Arm;

// Writes of PC. Arm DDI 0487, J1.2 BranchWritePC, BXWritePC, LoadWritePC, ALUWritePC.
internal partial class A32Emitter
{
    // blocks of one mode follow each other directly; others are found through the jump cache
    private readonly uint _entry = mode;

    /// <summary>Goes on at a known address in the same instruction set, when the condition of the instruction holds.</summary>
    public void BranchStatic(uint target)
    {
        uint mode = A32Mode.WithIt(_mode, 0), next = A32Mode.WithIt(_mode, _nextIt);
        if (Cond >= Always)
        {
            SetMode(mode);
            JumpStatic(target);
        }
        else if (mode == next)
        {
            IrValue condition = Condition(Cond);
            SetMode(mode);
            BranchIf(condition, target);
        }
        else
        {
            Guard(Cond);
            Leave(Const(target), Ir.Const(mode, IrType.I32));
        }

        Ended = true;
    }

    /// <summary>Goes on at a known address when a value says so, else behind.</summary>
    public void BranchStatic(IrValue condition, uint target)
    {
        SetMode(A32Mode.WithIt(_mode, 0));
        BranchIf(condition, target);
        Ended = true;
    }

    /// <summary>Goes on at a known address in the other instruction set.</summary>
    public void ExchangeStatic(uint target) => Leave(Const(target), Ir.Const(A32Mode.WithIt(_mode, 0) ^ A32Mode.Thumb, IrType.I32));

    /// <summary>BranchWritePC: stays in the instruction set.</summary>
    public void BranchTo(IrValue target)
        => Leave(Ir.ZExt(Ir.And(target, Ir.Const(IsThumb ? ~1u : ~3u, IrType.I32)), IrType.I64), null);

    /// <summary>BXWritePC: bit 0 chooses the instruction set. A target of A32 that is not aligned faults there, as QEMU has it.</summary>
    public virtual void BranchExchange(IrValue target)
    {
        uint arm = A32Mode.WithIt(_mode, 0) & ~A32Mode.Thumb;
        IrValue thumb = Ir.Shl(Ir.And(target, Word(1)), BitOperations.TrailingZeroCount(A32Mode.Thumb));
        Leave(Ir.ZExt(Ir.And(target, Word(~1)), IrType.I64), Ir.Or(thumb, Ir.Const(arm, IrType.I32)));
    }

    /// <inheritdoc/>
    public override void ContinueInRunLoop()
    {
        EndSkip();
        Ir.Exit(Const(NextPc));
        Ended = true;
    }

    /// <summary>Goes on behind the instruction under the mode word that holds then.</summary>
    public void ContinueIndirect()
    {
        EndSkip();
        Ir.JumpIndirect(Const(NextPc));
        Ended = true;
    }

    private void EndSkip()
    {
        PlaceSkip();
        SetMode(A32Mode.WithIt(_mode, _nextIt));
    }

    // a condition that does not hold comes here
    protected void PlaceSkip()
    {
        if (_skip < 0)
            return;
        Ir.Label(_skip);
        _skip = -1;
    }

    // the way of a condition that does not hold: on behind the instruction, where the other way is by the branch target slot
    private void PlaceSkipToNext()
    {
        int end = Ir.NewLabel();
        Ir.Br(end);
        PlaceSkip();
        Ir.Set(Registers.A32.Target, Const(NextPc));
        SetMode(A32Mode.WithIt(_mode, _nextIt));
        Ir.Label(end);
    }

    /// <summary>Ends the block after a helper has set mode and PC anew (the branch target slot), or, when a condition skips, behind the instruction.</summary>
    public void LeaveForTarget()
    {
        if (_skip >= 0)
            PlaceSkipToNext();
        Ir.Exit(Ir.Get(Registers.A32.Target));
        Ended = true;
    }

    /// <summary>Ends the block at a computed address, in a mode; when a condition skips, behind the instruction.</summary>
    protected void Leave(IrValue target, IrValue? mode)
    {
        uint here = A32Mode.WithIt(_mode, 0);
        Ended = true;
        if (_skip < 0)
        {
            if (mode is { } word)
                Ir.Set(A32Registers.Mode, word);
            else
                SetMode(here);
            Ir.JumpIndirect(target);
            return;
        }

        Ir.Set(Registers.A32.Target, target);
        if (mode is { } other)
            Ir.Set(A32Registers.Mode, other);
        else if (here != _mode)
            Ir.Set(A32Registers.Mode, Ir.Const(here, IrType.I32));
        PlaceSkipToNext();
        Ir.JumpIndirect(Ir.Get(Registers.A32.Target));
    }

    private void JumpStatic(uint target)
    {
        if (_mode == _entry)
            Ir.Jump(target);
        else
            Ir.JumpIndirect(Const(target));
    }

    private void BranchIf(IrValue condition, uint target)
    {
        if (_mode == _entry)
            Ir.Branch(condition, target);
        else
            Ir.JumpIndirect(Ir.Select(condition, Const(target), Const(NextPc)));
    }
}
