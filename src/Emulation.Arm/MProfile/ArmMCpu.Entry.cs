using System.Buffers.Binary;
namespace Emulation.Arm;

// Exception entry. DDI 0403E, B1.5.6 "Exception entry behavior": ExceptionEntry(), PushStack(), ExceptionTaken(); DDI 0553, B3.18.
public sealed unsafe partial class ArmMCpu
{
    private const uint ReturnSecure = 1 << 6, ReturnDefaultRules = 1 << 5, ReturnBasicFrame = 1 << 4, ReturnThread = 1 << 3, ReturnProcessStack = 1 << 2, ReturnFromSecure = 1;
    private const uint BasicFrame = 0x20, ExtendedFrame = 0x68, FullFrame = 0xa8, CalleeFrame = 0x28;

    // Takes the pending exception of highest priority, from the state at Header.Pc.
    private void TakeHighest()
    {
        bool stacked = PushStack();                              // a fault is pending now, and taken first where its priority is higher
        ExceptionTaken(Exceptions.Highest, EntryLink(), false, ignoresFaults: !stacked);
    }

    private uint EntryLink()
    {
        bool handler = _ipsr != 0, process = UsesProcessStack;
        if (!Model.IsV8)
        {
            uint link = handler ? 0xffff_fff1 : process ? 0xffff_fffd : 0xffff_fff9;
            return HasControlFloat && _fpca ? link & ~ReturnBasicFrame : link;
        }

        uint value = 0xffff_ff80 | ReturnDefaultRules | (_secure ? ReturnSecure : 0) | (handler ? 0 : ReturnThread);
        if (!(HasControlFloat && _fpca))
            value |= ReturnBasicFrame;
        if ((_control[Bank] & ControlProcessStack) != 0)
            value |= ReturnProcessStack;
        return value;
    }

    // false after a fault, which is pending
    private bool PushStack()
    {
        bool active = HasControlFloat && _fpca, extended = active && (_secure || System.NonSecureMayUseFloat), privileged = IsPrivileged, align = System.AlignsStack(Bank);
        uint size = !extended ? BasicFrame : _secure && System.FloatIsSecure ? FullFrame : ExtendedFrame;
        if (active)
            align = true;
        uint sp = Sp, mask = align ? 4u : 0;
        uint frame = (sp - size) & ~mask;
        uint xpsr = (Xpsr & ~XpsrAlign) | ((sp & mask) != 0 ? XpsrAlign : 0);
        if (_secure && _sfpa)
            xpsr |= XpsrSfpa;
        bool limited = Model.IsV8 && frame < (UsesProcessStack ? _psplim : _msplim)[Bank] && !System.IgnoresStackLimit(Bank);
        bool stacked = !limited;
        if (limited)
            Pend(MFault.StackOverflow, 0, _secure);
        if (stacked)
        {
            for (int i = 0; stacked && i < 8; i++)
            {
                uint value = i switch
                {
                    < 4 => (uint)this[Registers.X[i]],
                    4 => (uint)this[Registers.X[12]],
                    5 => Lr,
                    6 => (uint)Header.Pc,
                    _ => xpsr,
                };
                stacked = TryPush(frame + (4 * (uint)i), value, privileged);
            }
        }

        if (active)
            stacked = PushFloat(frame, size, privileged, stacked, limited) && stacked;
        Sp = limited ? (UsesProcessStack ? _psplim : _msplim)[Bank] : frame;
        return stacked;
    }

    private bool TryPush(uint address, uint value, bool privileged)
    {
        if (TryWriteStack(address, value, privileged, _secure))
            return true;
        PendStackFault(MFault.MemManageStacking, MFault.BusStacking, _secure);
        return false;
    }

    // R4 to R11 of Secure code that a Non-secure handler must not see
    private bool PushCalleeStack(uint link, bool chained)
    {
        bool process = (link & ReturnThread) != 0 && (chained ? (_control[1] & ControlProcessStack) != 0 : (link & ReturnProcessStack) != 0);
        bool privileged = (link & ReturnThread) == 0 || (_control[1] & ControlUnprivileged) == 0;
        SaveSp();
        uint[] stacks = process ? _psp : _msp, limits = process ? _psplim : _msplim;
        uint frame = stacks[1] - CalleeFrame;
        bool stacked = true;
        if (frame < limits[1] && !System.IgnoresStackLimit(1))
        {
            Pend(MFault.StackOverflow, 0, true);
            stacks[1] = limits[1];
            LoadSp();
            return false;
        }

        for (int i = 0; stacked && i < 9; i++)
        {
            uint address = frame + (i == 0 ? 0 : 4 + (4 * (uint)i)), value = i == 0 ? Signature(link) : (uint)this[Registers.X[3 + i]];
            stacked = TryWriteStack(address, value, privileged, true);
            if (!stacked)
                PendStackFault(MFault.MemManageStacking, MFault.BusStacking, true);
        }

        stacks[1] = frame;
        LoadSp();
        return stacked;
    }

    // with the FType bit of EXC_RETURN
    private uint Signature(uint link) => 0xfefa_125a | (HasControlFloat && (link & ReturnBasicFrame) == 0 ? 0 : 1u);

    // Enters a handler; "link" becomes LR. Chained: there is a frame already, that of the exception which returns. A fault on the way may be what is taken then.
    private void ExceptionTaken(int index, uint link, bool chained, bool ignoresFaults = false)
    {
        if (_lockup is not null || index < 0)
            return;
        bool target = Exceptions.TargetsSecure(index), stacked = true;
        if (Model.HasSecurity && (link & ReturnSecure) != 0)
        {
            bool saved = chained && (link & ReturnFromSecure) == 0;
            if (target)
            {
                if (saved)
                    link &= ~ReturnDefaultRules;
            }
            else
            {
                if ((link & ReturnDefaultRules) != 0 && !saved)
                    stacked = PushCalleeStack(link, chained);
                link |= ReturnDefaultRules;
            }
        }

        if (Model.IsV8)
        {
            link = (link & ~(ReturnFromSecure | ReturnProcessStack)) | (target ? ReturnFromSecure : 0);
            if ((_control[target ? 1 : 0] & ControlProcessStack) != 0)
                link |= ReturnProcessStack;
        }

        if (Model.HasSecurity && !target)
            ClearForNonSecure(link);
        if (!stacked && !ignoresFaults)
        {
            ExceptionTaken(Exceptions.Highest, link, true, ignoresFaults: true);
            return;
        }

        if (!TryVector(index, target, out uint vector, out bool isSecureFault))
        {
            VectorFault(index, link, isSecureFault);
            return;
        }

        SaveSp();
        Exceptions.Activate(index);
        _ipsr = MExceptions.NumberOf(index);
        _secure = target;
        _control[Bank] &= ~ControlProcessStack;
        (_fpca, _sfpa) = (false, false);
        LoadSp();
        Lr = link;
        Header.Pc = vector & ~1u;
        SetMode((Header.Mode & ~(A32Mode.Thumb | A32Mode.ItMask)) | ((vector & 1) != 0 ? A32Mode.Thumb : 0));
        ClearExclusive();
        SetEvent();
        Exceptions.Update();
        UpdateMode();
        OnExceptionEntry(index);
    }

    // Vectors are read by the default memory map, whatever the MPU says; the attribution of security counts. DDI 0403E, B3.5; DDI 0553, Vector().
    private bool TryVector(int index, bool target, out uint vector, out bool isSecureFault)
    {
        uint address = System.Vtor[target ? 1 : 0] + (4 * (uint)MExceptions.NumberOf(index));
        Span<byte> word = stackalloc byte[4];
        vector = 0;
        isSecureFault = Sau is { } sau && !target && !sau.Check(address, false, false).IsNonSecure;
        if (isSecureFault || !Context.Memory.TryRead(address, word))
            return false;
        vector = BinaryPrimitives.ReadUInt32LittleEndian(word);
        return true;
    }

    // The vector cannot be read: HardFault is taken first, with FORCED where the manual has it as an escalated fault (Armv8.0-M).
    private void VectorFault(int index, uint link, bool isSecureFault)
    {
        if (Model.IsMainline)
            System.HardFaultStatus |= SystemControl.VectorTableFault | (Model.IsV8 ? SystemControl.Forced : 0);
        bool target = Exceptions.TargetsSecure(index);
        int fault = Exceptions.IndexOf(MException.HardFault, Model.HasSecurity && (!System.FaultsAreNonSecure || isSecureFault || target));
        if (Exceptions.Priority(fault) >= Exceptions.Priority(index) || Exceptions.Priority(fault) >= Exceptions.ExecutionPriority)
        {
            Lockup($"lockup: the vector of {MException.Name(MExceptions.NumberOf(index))} could not be read, VTOR = 0x{System.Vtor[target ? 1 : 0]:x8}; {FaultStatus}");
            return;
        }

        Exceptions.SetPending(fault, true);
        ExceptionTaken(Exceptions.Highest, link, true, ignoresFaults: true);
    }

    // what Secure code had in registers
    private void ClearForNonSecure(uint link)
    {
        bool callee = (link & ReturnSecure) != 0;
        for (int r = 0; r <= 12; r++)
        {
            if (r is < 4 or 12 || callee)
                this[Registers.X[r]] = 0;
        }

        ArmStatus.WriteNzcv(this, Registers, 0);
        (this[Registers.A32.Sticky], this[Registers.A32.Ge]) = (0, 0);
    }
}
