using Emulation.Cpu;

namespace Emulation.Arm;

// Faults: status, escalation, lockup; what the run loop asks. DDI 0403E, B1.5.14, B1.5.15; DDI 0553, B3.13.
public sealed unsafe partial class ArmMCpu
{
    private string? _lockup;

    /// <summary>CFSR of the present bank, HFSR and the fault addresses, for messages.</summary>
    public string FaultStatus
        => $"CFSR = 0x{System.FaultStatusOf(Bank):x8}, HFSR = 0x{System.HardFaultStatus:x8}, MMFAR = 0x{System.MemManageAddress[Bank]:x8}, BFAR = 0x{System.BusFaultAddress:x8}";

    /// <inheritdoc/>
    protected override bool InterruptPending => !_startsHalted && (_lockup is not null || _resetWaits || _return != 0 || _systemResets || Exceptions.Preempts || (_sleeping && WakePending));

    /// <inheritdoc/>
    protected override void TakeInterrupt()
    {
        EndSleep();
        if (_lockup is not null)
        {
            RecordException(MFault.Lockup, Header.Pc);
            return;
        }

        if (_systemResets)
        {
            TakeSystemReset();
            return;
        }

        if (_resetWaits)
        {
            TakeReset();
            return;
        }

        if (_return != 0)
            DoReturn();
        while (_lockup is null && _return == 0 && Exceptions.Preempts)
            TakeHighest();
    }

    /// <inheritdoc/>
    protected override bool TakeException(int code, ulong value)
    {
        int kind = code & MFault.Mask;
        if (kind == MFault.Lockup)
            return false;
        if (kind == MFault.Breakpoint && TryHost(code >> 8))
            return true;
        switch (kind)
        {
            case MFault.SupervisorCall:
                Header.Pc = (uint)Header.Pc + 2;
                SetMode(A32Mode.WithIt(Header.Mode, A32Mode.Advance(A32Mode.It(Header.Mode))));
                PendSynchronous(MException.SvCall, _secure, code);
                break;
            case MFault.Breakpoint or MFault.DebugEvent:
                TakeDebugEvent(kind == MFault.Breakpoint ? 2 : (uint)value, code);
                break;
            case MFault.Pending:
                break;
            case MFault.NoCoprocessor:
                Pend(kind, 0, code == MFault.NoFloat ? DeniedBySecure(_secure, IsPrivileged) : _secure);
                break;
            default:
                Pend(code, (uint)value, _secure);
                break;
        }

        if (_lockup is not null)
            return false;
        TakeHighest();
        return _lockup is null;
    }

    /// <summary>Exceptions changed so that one may be taken or end a wait. From any thread.</summary>
    internal void NotifyExceptions() => NotifyInterrupt();

    // Sets the status bits of a fault and makes its exception pending, escalated where it cannot be taken.
    private void Pend(int code, uint address, bool secure)
    {
        int number = ExceptionOf(code), index = Exceptions.IndexOf(number, secure);
        if (Model.IsMainline)
            SetFaultStatus(code, address, secure);
        if (Model.IsMainline && System.IsFaultEnabled(number, secure ? 1 : 0) && Exceptions.Priority(index) < Exceptions.ExecutionPriority)
            Exceptions.SetPending(index, true);
        else
            Escalate(code, Exceptions.TargetsSecure(index));
    }

    private static int ExceptionOf(int code) => code switch
    {
        < 8 => MException.MemManage,
        < 16 => MException.BusFault,
        < 32 => MException.UsageFault,
        _ => MException.SecureFault,
    };

    private void SetFaultStatus(int code, uint address, bool secure)
    {
        int bank = secure ? 1 : 0, number = ExceptionOf(code);
        if (code >= MFault.SecureFirst)
        {
            System.SecureFaultStatus |= 1u << (code - MFault.SecureFirst);
            if (code is MFault.AttributionUnit)
                (System.SecureFaultStatus, System.SecureFaultAddress) = (System.SecureFaultStatus | SystemControl.SecureAddressValid, address);
        }
        else if (number == MException.BusFault)
        {
            System.BusFaultStatus |= 1u << (code - 8);
            if (code == MFault.PreciseBus)
                (System.BusFaultStatus, System.BusFaultAddress) = (System.BusFaultStatus | SystemControl.AddressValid, address);
        }
        else
        {
            System.BankedFaultStatus[bank] |= 1u << code;
            if (code == MFault.DataAccess)
                (System.BankedFaultStatus[bank], System.MemManageAddress[bank]) = (System.BankedFaultStatus[bank] | SystemControl.AddressValid, address);
        }
    }

    // a synchronous exception that is always enabled
    private void PendSynchronous(int number, bool secure, int code)
    {
        int index = Exceptions.IndexOf(number, secure);
        if (Exceptions.Priority(index) < Exceptions.ExecutionPriority)
            Exceptions.SetPending(index, true);
        else
            Escalate(code, secure);
    }

    // to HardFault, or lockup
    private void Escalate(int code, bool secure)
    {
        int index = Exceptions.IndexOf(MException.HardFault, Model.HasSecurity && (secure || !System.FaultsAreNonSecure));
        if (Exceptions.Priority(index) >= Exceptions.ExecutionPriority)
        {
            Lockup($"lockup: {MFault.Name(code)} at 0x{(uint)Header.Pc:x8} in {MException.Name(_ipsr)}; {FaultStatus}");
            return;
        }

        if (Model.IsMainline)
            System.HardFaultStatus |= SystemControl.Forced;
        Exceptions.SetPending(index, true);
    }

    // the fault of a stack access: which one is in the header
    private void PendStackFault(int memManage, int bus, bool secure)
    {
        int code = Header.ExceptionCode;
        if (code >= MFault.SecureFirst)
            Pend(code, (uint)Header.ExceptionValue, true);
        else
            Pend(code is MFault.DataAccess or MFault.InstructionAccess ? memManage : bus, 0, secure);
    }

    private void Lockup(string why)
    {
        if (_lockup is not null)
            return;
        _lockup = why;
        RecordException(MFault.Lockup, Header.Pc);
    }
}
