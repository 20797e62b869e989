using System.Diagnostics.CodeAnalysis;
using Emulation.IR;

namespace Emulation.Arm;

// Status registers, modes, returns from exceptions. Arm DDI 0487, G1.9, F5.1.
internal partial class A32Emitter
{
    private const int BarrierControl = 5, SetEndControl = 8;
    private const int ErrorBarrier = 16, PrivilegedNever = 22;
    protected const int WaitForEvent = 2, WaitForInterrupt = 3, SendEvent = 4, SendEventLocal = 5;

    /// <summary>CPSR as MRS reads it: without T, IT and J.</summary>
    public IrValue ReadCpsr()
    {
        IrValue flags = Ir.Shl(Ir.Trunc(Nzcv(), IrType.I32), 28);
        IrValue sticky = Ir.Or(Ir.Shl(Ir.Get(Registers.A32.Sticky), 27), Ir.Shl(Ir.Get(Registers.A32.Ge), 16));
        if (Isa.Has(ArmFeature.SSBS))
            sticky = Ir.Or(sticky, Ir.Shl(Ir.And(StateBits(12), Word(1)), 23));
        if (Isa.Has(ArmFeature.DIT))
            sticky = Ir.Or(sticky, Ir.Shl(Ir.And(StateBits(24), Word(1)), 21));
        if (Isa.Has(ArmFeature.PAN))
            sticky = Ir.Or(sticky, Ir.Shl(Ir.And(StateBits(PrivilegedNever), Word(1)), PrivilegedNever));
        IrValue fixedBits = Ir.Or(Ir.Get(Registers.System[(int)SystemSlot.Daif], IrType.I32), Word((int)Processor | (IsBigEndian ? 1 << 9 : 0)));
        return Ir.Or(Ir.Or(flags, sticky), fixedBits);
    }

    // PSTATE from a bit on
    private IrValue StateBits(int from) => Ir.ShrU(Ir.Get(Registers.System[(int)SystemSlot.PState], IrType.I32), from);

    /// <summary>The SPSR of the present mode; undefined where there is none.</summary>
    public bool TrySpsr([NotNullWhen(true)] out RegisterSlot? slot)
    {
        slot = Registers.A32.SpsrOf(Processor);
        if (slot is not null)
            return true;
        Undefined();
        return false;
    }

    /// <summary>MSR: fields c, x, s, f in the mask's bits 0 to 3.</summary>
    public void WriteStatus(bool spsr, int mask, IrValue value)
    {
        uint bits = 0;
        for (int i = 0; i < 4; i++)
            bits |= (mask & (1 << i)) != 0 ? 0xffu << (8 * i) : 0;
        if (spsr)
        {
            if (TrySpsr(out RegisterSlot? slot))
                Ir.Set(slot, Ir.Or(Ir.And(Ir.Get(slot), Ir.Const(~bits, IrType.I32)), Ir.And(value, Ir.Const(bits, IrType.I32))));
            return;
        }

        bool timing = (mask & 4) != 0 && (Isa.Has(ArmFeature.SSBS) || Isa.Has(ArmFeature.DIT) || (Level > 0 && Isa.Has(ArmFeature.PAN)));
        if ((Level > 0 && (mask & 3) != 0) || timing)
        {
            if (mask == 1)
                WriteControlField(value);
            else
                Ir.Call(A32SystemHelpers.WriteCpsr, value, Ir.Const(bits, IrType.I32));
            LeaveAfterModeChange();
            return;
        }

        if ((mask & 8) != 0)
        {
            SetNzcv(Ir.ShrU(value, 28));
            if (Isa.Has(ArmFeature.V5TE))
                Ir.Set(Registers.A32.Sticky, Ir.And(Ir.ShrU(value, 27), Word(1)));
        }

        if ((mask & 4) != 0 && Isa.Has(ArmFeature.V6))
            Ir.Set(Registers.A32.Ge, Ir.And(Ir.ShrU(value, 16), Word(15)));
        if ((mask & 2) == 0 || !Isa.Has(ArmFeature.V6))
            return;

        // E can be written in User mode too
        uint rest = A32Mode.WithIt(_mode, _nextIt) & ~A32Mode.BigEndian;
        Leave(Const(NextPc), Ir.Select(Bit(value, 9), Ir.Const(rest | A32Mode.BigEndian, IrType.I32), Ir.Const(rest, IrType.I32)));
    }

    /// <summary>Hints: those other than waits and events do nothing.</summary>
    public virtual void Hint(int number)
    {
        if (!Isa.Has(ArmFeature.V6K))
            return;
        switch (number)
        {
            case WaitForEvent or WaitForInterrupt:
                Ir.Call(SystemHelpers.Wait, Word((int)(number == WaitForEvent ? WaitKind.Event : WaitKind.Interrupt)));
                ContinueInRunLoop();
                break;
            case SendEvent or SendEventLocal:
                Ir.Call(SystemHelpers.SendEvent, Word(number == SendEvent ? 1 : 0));
                break;
            case ErrorBarrier when Isa.Has(ArmFeature.RAS):
                Ir.Call(SystemHelpers.SynchronizeErrors);
                break;
        }
    }

    /// <summary>DSB: privileged code waits for TLB maintenance too.</summary>
    public virtual void SynchronizationBarrier()
    {
        Ir.Fence();
        if (Level > 0)
            Ir.Call(SystemHelpers.Synchronize);
    }

    /// <summary>ISB.</summary>
    public void InstructionBarrier()
    {
        Ir.Call(SystemHelpers.Isb);
        ContinueIndirect();
    }

    /// <summary>CP15ISB, CP15DSB, CP15DMB: an Armv8 kernel may forbid them. SCTLR.CP15BEN.</summary>
    public void CheckBarrier()
    {
        if (Isa.Has(ArmFeature.V8))
            Ir.Call(A32SystemHelpers.CheckDeprecated, Word(BarrierControl), Word(1));
    }

    /// <summary>HVC: undefined in User mode.</summary>
    public void HypervisorCall(int immediate)
    {
        if (Level == 0)
            Undefined();
        else
            Raise(ArmException.Hvc32, immediate);
    }

    /// <summary>SMC: undefined in User mode.</summary>
    public void SecureMonitorCall()
    {
        if (Level == 0)
            Undefined();
        else
            Raise(ArmException.Smc32, 0);                // the immediate is for a monitor that reads it
    }

    /// <summary>CPS. In User mode it does nothing.</summary>
    public void ChangeState(int imod, bool changesMode, int aif, int newMode)
    {
        if (Level == 0)
            return;
        uint mask = (imod & 2) != 0 ? (uint)aif << 6 : 0, value = (imod & 1) != 0 ? mask : 0;
        if (changesMode)
            (mask, value) = (mask | 0x1f, value | (uint)newMode);
        if (mask == 0)
            return;
        if (mask == MaskI)
        {
            MaskInterrupts(value != 0);
            return;
        }

        Ir.Call(A32SystemHelpers.WriteCpsr, Ir.Const(value, IrType.I32), Ir.Const(mask, IrType.I32));
        LeaveAfterModeChange();
    }

    /// <summary>SETPAN. In User mode it does nothing.</summary>
    public void SetPrivilegedNever(bool value)
    {
        if (Level == 0)
            return;
        const int Pan = 1 << PrivilegedNever;
        Ir.Call(A32SystemHelpers.WriteCpsr, Word(value ? Pan : 0), Word(Pan));
        LeaveAfterModeChange();
    }

    /// <summary>SETEND: an Armv8 kernel may forbid it. SCTLR.SED.</summary>
    public void SetEndian(bool big)
    {
        if (Isa.Has(ArmFeature.V8))
            Ir.Call(A32SystemHelpers.CheckDeprecated, Word(SetEndControl), Word(0));
        uint mode = big ? _mode | A32Mode.BigEndian : _mode & ~A32Mode.BigEndian;
        Leave(Const(NextPc), Ir.Const(A32Mode.WithIt(mode, _nextIt), IrType.I32));
    }

    /// <inheritdoc/>
    protected override void BeginStep(uint word)
    {
        const uint LoadExclusive = 0x0840_0000;          // in the place of A64
        Ir.Call(SystemHelpers.BeginStep, Const(IsExclusive(word, IsThumb) ? LoadExclusive : 0));
        _mode = (_mode & ~ArmMode.StepActive) | ArmMode.StepPending;
    }

    // LDREX, LDAEX and their sizes
    private static bool IsExclusive(uint word, bool thumb)
        => thumb ? (word & 0xfff0_0f00) == 0xe850_0f00 || ((word & 0xfff0_0040) == 0xe8d0_0040 && (word & 0xb0) != 0x80) : (word & 0x0f90_0cf0) == 0x0190_0c90;

    /// <summary>A branch to a known address behind the instruction's condition.</summary>
    public void BranchGuarded(uint target)
    {
        if (_skip >= 0)
        {
            Leave(Const(target), null);
            return;
        }

        SetMode(A32Mode.WithIt(_mode, 0));
        Ended = true;
        JumpStatic(target);
    }

    /// <summary>Data processing with flags to PC: CPSR becomes SPSR. Undefined in User and System mode, as QEMU has it.</summary>
    public void ExceptionReturn(AluOp op, int rn, ShiftedValue b)
    {
        if (Processor is ProcessorMode.User or ProcessorMode.System)
        {
            Undefined();
            return;
        }

        ExceptionReturn(op switch
        {
            AluOp.Sub => Ir.Sub(R(rn), b.Value),
            AluOp.Rsb => Ir.Sub(b.Value, R(rn)),
            AluOp.Add => Ir.Add(R(rn), b.Value),
            AluOp.Adc => AddCarry(R(rn), b.Value, false),
            AluOp.Sbc => AddCarry(R(rn), Ir.Not(b.Value), false),
            AluOp.Rsc => AddCarry(b.Value, Ir.Not(R(rn)), false),
            _ => Logical(op, rn, b.Value),
        });
    }

    /// <summary>CPSR becomes the SPSR of the mode, PC what is given.</summary>
    public void ExceptionReturn(IrValue pc)
    {
        Ir.Call(A32SystemHelpers.ReturnFromException, pc, Ir.Get(Registers.A32.SpsrOf(Processor)!));
        LeaveForTarget();
    }

    /// <summary>ERET: to LR.</summary>
    public void ReturnToLink()
    {
        if (Registers.A32.SpsrOf(Processor) is null)
            Undefined();
        else
            ExceptionReturn(R(Lr));
    }

    /// <summary>RFE.</summary>
    public void ReturnFromException(int rn, bool increments, bool before, bool writesBack)
    {
        if (Level == 0)
        {
            Undefined();
            return;
        }

        IrValue start = R(rn), address = Ir.Add(start, increments ? (before ? 4 : 0) : (before ? -8 : -4));
        IrValue pc = Ir.Load(Address(address), 0, Aligned(4), IrType.I32), status = Ir.Load(Address(Ir.Add(address, 4)), 0, Plain(4), IrType.I32);
        if (writesBack)
            SetR(rn, Ir.Add(start, increments ? 8 : -8));
        Ir.Call(A32SystemHelpers.ReturnFromException, pc, status);
        LeaveForTarget();
    }

    /// <summary>SRS.</summary>
    public void StoreReturnState(bool increments, bool before, bool writesBack, int processor)
    {
        if (Level == 0 || !TrySpsr(out RegisterSlot? slot))
        {
            if (!IsUndefined)
                Undefined();
            return;
        }

        if (!Enum.IsDefined((ProcessorMode)processor) || processor == (int)ProcessorMode.Hyp || (processor == (int)ProcessorMode.Monitor && !IsSecure))
        {
            Undefined();
            return;
        }

        RegisterSlot stack = Registers.A32.R((ProcessorMode)processor, Sp);
        IrValue start = Ir.Get(stack, IrType.I32), address = Ir.Add(start, increments ? (before ? 4 : 0) : (before ? -8 : -4));
        Ir.Store(Address(address), 0, R(Lr), Aligned(4));
        Ir.Store(Address(Ir.Add(address, 4)), 0, Ir.Get(slot), Plain(4));
        if (writesBack)
        {
            Ir.Set(stack, Ir.ZExt(Ir.Add(start, increments ? 8 : -8), IrType.I64));
            ForgetComparison(Sp);
        }
    }

    /// <summary>MRS of a banked register.</summary>
    public void ReadBanked(int rd, bool spsr, int which)
    {
        if (Level > 0 && BankedSlot(spsr, which) is { } slot)
            SetR(rd, Ir.Get(slot, IrType.I32));
        else
            Undefined();
    }

    /// <summary>MSR of a banked register.</summary>
    public void WriteBanked(int rn, bool spsr, int which)
    {
        if (Level > 0 && BankedSlot(spsr, which) is { } slot)
            Ir.Set(slot, slot.Type == IrType.I64 ? RWide(rn) : R(rn));
        else
            Undefined();
    }

    // SYSm. Arm DDI 0487, F5.1.121 "MRS (Banked register)". Armv7 has it with Hyp mode, which is not implemented.
    private RegisterSlot? BankedSlot(bool spsr, int which)
    {
        if (!Isa.Has(ArmFeature.V8))
            return null;
        A32Registers a = Registers.A32;
        if (spsr)
        {
            return which switch
            {
                0x0e => a.SpsrOf(ProcessorMode.Fiq),
                0x10 => a.SpsrOf(ProcessorMode.Irq),
                0x12 => a.SpsrOf(ProcessorMode.Supervisor),
                0x14 => a.SpsrOf(ProcessorMode.Abort),
                0x16 => a.SpsrOf(ProcessorMode.Undefined),
                0x1c when IsSecure => a.SpsrOf(ProcessorMode.Monitor),
                _ => null,
            };
        }

        return which switch
        {
            <= 6 => a.R(ProcessorMode.User, 8 + which),
            >= 8 and <= 14 => a.R(ProcessorMode.Fiq, which),
            >= 16 and <= 23 => a.R(
                (which >> 1) switch { 8 => ProcessorMode.Irq, 9 => ProcessorMode.Supervisor, 10 => ProcessorMode.Abort, _ => ProcessorMode.Undefined },
                14 - (which & 1)),
            28 or 29 when IsSecure => a.R(ProcessorMode.Monitor, 14 - (which & 1)),
            _ => null,
        };
    }
}
