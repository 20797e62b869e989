namespace Emulation.Arm;

// Exception return. DDI 0403E, B1.5.8 "Exception return behavior": ExceptionReturn(), DeActivate(), PopStack(); DDI 0553, B3.19 to B3.22.
public sealed unsafe partial class ArmMCpu
{
    private const uint FunctionReturn = 0xfeff_fffe;
    private uint _return;

    /// <summary>A branch to a value that may be EXC_RETURN or FNC_RETURN. It is done between this instruction and the next one.</summary>
    /// <param name="target">What BX, POP or LDR have for PC.</param>
    internal void RequestReturn(uint target)
    {
        bool function = Model.HasSecurity && (target & ~1u) == FunctionReturn;
        bool exception = _ipsr != 0 && target >> 24 >= (Model.IsV8 ? 0xffu : 0xf0u);
        if (!function && !exception)
            return;
        _return = target;
        RequestAttention();
    }

    private void DoReturn()
    {
        uint value = _return;
        _return = 0;
        if (Model.HasSecurity && (value & ~1u) == FunctionReturn)
            ReturnFromNonSecure();
        else
            ExceptionReturn(value);
    }

    private void ExceptionReturn(uint link)
    {
        int returning = _ipsr, fault = -1;
        bool fromSecure = Model.HasSecurity && (link & ReturnFromSecure) != 0;
        if (Model.HasSecurity && !_secure && (fromSecure || (link & ReturnDefaultRules) == 0))
        {
            fault = MFault.InvalidReturn;
            link &= ~ReturnFromSecure;
            fromSecure = false;
        }

        if (!Model.HasFloat && Model.IsV8 && (link & ReturnBasicFrame) == 0)
            (fault, link) = (fault < 0 ? MFault.InvalidPc : fault, link | ReturnBasicFrame);
        bool thread = (link & ReturnThread) != 0, process = (link & ReturnProcessStack) != 0, toSecure = Model.HasSecurity && (link & ReturnSecure) != 0;
        bool isBase = !Exceptions.IsActiveBeside(Exceptions.IndexOf(returning, fromSecure));
        if (fault < 0 && (!Exceptions.IsActiveFor(returning, fromSecure) || !IsValidReturn(link, isBase)))
            fault = MFault.InvalidPc;
        DeActivate(returning, fromSecure);
        if (Model.IsV8)
        {
            int bank = fromSecure ? 1 : 0;
            _control[bank] = (_control[bank] & ~ControlProcessStack) | (process ? ControlProcessStack : 0);
            Exceptions.Update();
        }

        if (fault < 0 && HasControlFloat && _fpca && System.ClearsFloatOnReturn)
        {
            if (Model.HasSecurity && (System.LazyContext[1] & LazyActive) != 0)
                fault = MFault.LazyError;
            else
                ClearFloat(16);
        }

        if (fault >= 0)
        {
            ChainFault(fault, link, fault == MFault.InvalidPc ? _secure : true);
            return;
        }

        if (Exceptions.Preempts)
        {
            ExceptionTaken(Exceptions.Highest, link, true);
            return;
        }

        Unstack(link, thread, process, toSecure, fromSecure);
    }

    // The lower bits of EXC_RETURN; others but those of Armv8-M are ones. Returning to Thread mode from below other handlers must be allowed.
    private bool IsValidReturn(uint link, bool isBase)
    {
        bool basic = (link & ReturnBasicFrame) != 0;
        if (!basic && !HasControlFloat)
            return false;
        if (Model.IsV8)
            return (link & 0x00ff_ff80) == 0x00ff_ff80 && (link & 2) == 0
                && (Model.HasSecurity || (link & (ReturnSecure | ReturnDefaultRules | ReturnFromSecure)) == ReturnDefaultRules);
        if ((link & 0x0fff_ffe0) != 0x0fff_ffe0)
            return false;
        return (link & 15) switch
        {
            1 => !isBase,
            9 or 13 => isBase || System.AllowsNestedThread,
            _ => false,
        };
    }

    private void DeActivate(int number, bool fromSecure)
    {
        int index = Exceptions.IndexOf(number, fromSecure);
        bool clears = number != MException.Nmi;
        if (Model.IsV8)
            clears = Exceptions.Deactivate(number, fromSecure) >= 0;
        else
            Exceptions.Deactivate(index);
        OnExceptionExit(index);
        if (!Model.IsMainline)
            return;
        if (clears)
            _faultmask[fromSecure ? 1 : 0] = 0;
        Exceptions.Update();
    }

    // A fault of the return itself: the frame stays, its handler is entered as the next in the chain.
    private void ChainFault(int fault, uint link, bool secure)
    {
        Pend(fault, 0, secure);
        if (_lockup is null)
            ExceptionTaken(Exceptions.Highest, link, true);
    }

    private void Unstack(uint link, bool thread, bool process, bool toSecure, bool fromSecure)
    {
        SaveSp();
        _secure = toSecure;
        LoadSp();
        int bank = Bank;
        bool usesProcess = thread && (Model.IsV8 ? (_control[bank] & ControlProcessStack) != 0 : process);
        bool privileged = !thread || (_control[bank] & ControlUnprivileged) == 0, popped = true;
        uint frame = (usesProcess ? _psp : _msp)[bank], callee = 0;
        if (toSecure && (!fromSecure || (link & ReturnDefaultRules) == 0))
        {
            if (!TryPop(frame, privileged, out uint signature))
            {
                ChainPending(link);
                return;
            }

            if (signature != Signature(link))
            {
                ChainFault(MFault.InvalidIntegrity, link, true);
                return;
            }

            callee = frame + 8;
            frame += CalleeFrame;
        }

        Span<uint> words = stackalloc uint[8], saved = stackalloc uint[8];
        for (int i = 0; popped && callee != 0 && i < 8; i++)
            popped = TryPop(callee + (4 * (uint)i), privileged, out saved[i]);
        for (int i = 0; popped && i < 8; i++)
            popped = TryPop(frame + (4 * (uint)i), privileged, out words[i]);
        if (!popped)
        {
            ChainPending(link);
            return;
        }

        uint xpsr = words[7];
        bool mismatch = ((xpsr & 0x1ff) == 0) != thread;
        if (mismatch && Model.IsV8)
        {
            ChainFault(MFault.InvalidPc, link, _secure);
            return;
        }

        bool extended = (link & ReturnBasicFrame) == 0;
        uint size = BasicFrame;
        if (extended && !TryPopFloat(frame, toSecure, privileged, link, ref size))
            return;
        if (HasControlFloat)
            _fpca = extended;
        frame += size;
        if ((xpsr & XpsrAlign) != 0 && (System.AlignsStack(bank) || extended))
            frame |= 4;
        (usesProcess ? _psp : _msp)[bank] = frame;
        for (int i = 0; callee != 0 && i < 8; i++)
            this[Registers.X[4 + i]] = saved[i];
        for (int i = 0; i < 4; i++)
            this[Registers.X[i]] = words[i];
        this[Registers.X[12]] = words[4];
        Lr = words[5];
        Header.Pc = words[6] & ~1u;
        WriteXpsrState(xpsr);
        if (!Model.IsV8 && thread)
            _control[bank] = (_control[bank] & ~ControlProcessStack) | (process ? ControlProcessStack : 0);
        _ipsr = (int)(xpsr & 0x1ff);
        if (_secure && HasControlFloat)
            _sfpa = (xpsr & XpsrSfpa) != 0;
        LoadSp();
        Exceptions.Update();
        UpdateMode();
        if (mismatch)
        {
            // Armv7-M looks at IPSR only now, and stacks again
            Pend(MFault.InvalidPc, 0, _secure);
            if (_lockup is not null)
                return;
            PushStack();
            ExceptionTaken(Exceptions.Highest, 0xf000_0000 | (link & 0x0fff_ffff), false);
            return;
        }

        ClearExclusive();
        SetEvent();
        OnExceptionReturn();
        if (_ipsr == 0 && Exceptions.Nested() == 0 && System.SleepsOnExit(Bank))
            SleepNow(false);
    }

    private bool TryPop(uint address, bool privileged, out uint value)
    {
        if (TryReadStack(address, privileged, _secure, out value))
            return true;
        PendStackFault(MFault.MemManageUnstacking, MFault.BusUnstacking, _secure);
        return false;
    }

    private void ChainPending(uint link)
    {
        if (_lockup is null)
            ExceptionTaken(Exceptions.Highest, link, true);
    }
}
