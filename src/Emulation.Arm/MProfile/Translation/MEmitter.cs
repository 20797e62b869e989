using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What emitter methods of T32 write with for an M-profile CPU: its own exceptions, returns, special registers.</summary>
/// <param name="ir">Builds the block.</param>
/// <param name="registers">Where registers are.</param>
/// <param name="isa">What the CPU has.</param>
/// <param name="mode">Mode word of the block.</param>
internal sealed partial class MEmitter(IrBuilder ir, ArmRegisters registers, ArmIsa isa, uint mode) : A32Emitter(ir, registers, isa, mode)
{
    private readonly bool _returns = (mode & MMode.Handler) != 0 || isa.Has(ArmFeature.SecurityExtension);
    private readonly bool _limited = (mode & MMode.StackLimit) != 0;
    private readonly bool _divisionTraps = (mode & MMode.DivisionTraps) != 0;

    /// <summary>Whether execution is privileged.</summary>
    public bool IsPrivileged => Level > 0;

    /// <summary>Whether there is something to do before a floating-point instruction.</summary>
    public bool FloatWaits => (Mode & MMode.FloatWaits) != 0;

    /// <inheritdoc/>
    public override void SetR(int r, IrValue value)
        => base.SetR(r, r == Sp ? Ir.And(value, Word(~3)) : value);

    /// <inheritdoc/>
    public override void CheckStack(IrValue pointer)
    {
        if (_limited)
            Ir.Call(MHelpers.CheckStack, pointer);
    }

    /// <summary>BXWritePC(): values from 0xF0000000 on, of Armv8-M those of EXC_RETURN and FNC_RETURN, may be returns.</summary>
    public override void BranchExchange(IrValue target)
    {
        if (_returns)
        {
            uint first = !Isa.Has(ArmFeature.V8M) ? 0xf000_0000 : Isa.Has(ArmFeature.SecurityExtension) ? 0xfeff_fffe : 0xff00_0000;
            int ordinary = Ir.NewLabel();
            Ir.BrIf(Ir.Compare(IrOp.LtU, target, Ir.Const(first, IrType.I32)), ordinary);
            Ir.Call(MHelpers.Return, target);
            Ir.Label(ordinary);
        }

        base.BranchExchange(target);
    }

    /// <inheritdoc/>
    public override void LoadDual(int rt, int rt2, A32Address form)
    {
        IrValue address = form.At(this);
        CheckWordAligned(address, false);
        IrValue first = Ir.Load(Address(address), 0, Plain(4), IrType.I32), second = Ir.Load(Address(Ir.Add(address, 4)), 0, Plain(4), IrType.I32);
        WriteBack(form);
        SetR(rt, first);
        SetR(rt2, second);
    }

    /// <inheritdoc/>
    public override void StoreDual(int rt, int rt2, A32Address form)
    {
        IrValue address = form.At(this);
        CheckWordAligned(address, true);
        Ir.Store(Address(address), 0, R(rt), Plain(4));
        Ir.Store(Address(Ir.Add(address, 4)), 0, R(rt2), Plain(4));
        WriteBack(form);
    }

    /// <inheritdoc/>
    public override void Divide(int rd, int rn, int rm, bool signed)
    {
        if (_divisionTraps)
        {
            int divides = Ir.NewLabel();
            Ir.BrIf(Not(IsZero(R(rm))), divides);
            Ir.Raise(MFault.DivideByZero, Const(0));
            Ir.Label(divides);
        }

        base.Divide(rd, rn, rm, signed);
    }

    /// <inheritdoc/>
    public override void Hint(int number)
    {
        switch (number)
        {
            case WaitForEvent or WaitForInterrupt:
                Ir.Call(MHelpers.Wait, Word(number == WaitForEvent ? 1 : 0));
                ContinueInRunLoop();
                break;
            case SendEvent:
                Ir.Call(MHelpers.SendEvent);
                break;
        }
    }

    /// <inheritdoc/>
    public override void SynchronizationBarrier() => Ir.Fence();

    /// <inheritdoc/>
    public override bool TryFloatControl(int number, int rt, bool reads)
    {
        if (number == 1)
            return true;
        Undefined();
        return false;
    }

    /// <inheritdoc/>
    public override bool TryFormat(A32Word i, bool checksRegisters, out int format)
    {
        if (!base.TryFormat(i, checksRegisters, out format))
            return false;
        if (format != FpFormat.Double || !checksRegisters || Isa.Has(ArmFeature.DoublePrecision))
            return true;
        Undefined();
        return false;
    }

    /// <summary>CPS. Unprivileged it does nothing.</summary>
    public void ChangeMasks(bool sets, bool primask, bool faultmask)
    {
        if (!IsPrivileged)
            return;
        Ir.Call(MHelpers.ChangeMasks, Word(sets ? 1 : 0), Word((primask ? 1 : 0) | (faultmask ? 2 : 0)));
        if (faultmask)
            LeaveAfterModeChange();
    }

    /// <summary>MRS.</summary>
    public void ReadSpecial(int rd, int number)
    {
        IrValue value;
        if (number < 8)
        {
            value = (number & 1) != 0 ? Ir.Call(MHelpers.ReadSpecial, Word(number)) : Word(0);
            if ((number & 4) == 0)
                value = Ir.Or(value, ReadFlags());
        }
        else
        {
            value = Ir.Call(MHelpers.ReadSpecial, Word(number));
        }

        SetR(rd, value);
    }

    /// <summary>MSR.</summary>
    public void WriteSpecial(int number, int mask, IrValue value)
    {
        if (number < 8)
        {
            if ((number & 4) != 0)
                return;
            if ((mask & 2) != 0)
            {
                SetNzcv(Ir.ShrU(value, 28));
                if (Isa.Has(ArmFeature.MainExtension))
                    Ir.Set(Registers.A32.Sticky, Ir.And(Ir.ShrU(value, 27), Word(1)));
            }

            if ((mask & 1) != 0 && Isa.Has(ArmFeature.DSP))
                Ir.Set(Registers.A32.Ge, Ir.And(Ir.ShrU(value, 16), Word(15)));
            return;
        }

        Ir.Call(MHelpers.WriteSpecial, Word(number), value);
        ForgetComparison(Sp);
        LeaveAfterModeChange();
    }

    /// <summary>Saves floating-point state that is still to be saved, and takes the unit into use.</summary>
    public void PrepareFloat()
    {
        if (FloatWaits)
            Ir.Call(MHelpers.PrepareFloat);
    }

    /// <summary>Ends the block behind the instruction when what was done before it changed the mode.</summary>
    public void FinishFloat()
    {
        if (FloatWaits && !Ended)
            LeaveAfterModeChange();
    }

    /// <inheritdoc/>
    protected override int ExceptionCode(int exceptionClass, int syndrome) => exceptionClass switch
    {
        ArmException.FpTrapped => syndrome == 0 ? MFault.NoCoprocessor : MFault.NoFloat,
        ArmException.Svc32 or ArmException.Semihosting => MFault.SupervisorCall,
        ArmException.Breakpoint32 => MFault.Breakpoint | (syndrome << 8),
        ArmException.DataAbort => MFault.Unaligned,
        ArmException.IllegalState => MFault.InvalidState,
        ArmException.InstructionAbort => syndrome,
        _ => MFault.UndefinedInstruction,
    };

    // N, Z, C, V, Q, GE where they are
    private IrValue ReadFlags()
    {
        IrValue flags = Ir.Shl(Ir.Trunc(Nzcv(), IrType.I32), 28);
        return Ir.Or(flags, Ir.Or(Ir.Shl(Ir.Get(Registers.A32.Sticky), 27), Ir.Shl(Ir.Get(Registers.A32.Ge), 16)));
    }
}
