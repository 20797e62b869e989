namespace Emulation.Arm;

// Moving between Security states. DDI 0553, B3.16, B3.17; C2.4: BLXNS, BXNS, SG, TT, VLLDM, VLSTM.
public sealed unsafe partial class ArmMCpu
{
    private const uint FunctionFrame = 8;

    /// <summary>SG: Non-secure code that runs in Secure memory enters Secure state; elsewhere it does nothing.</summary>
    internal void SecureGateway()
    {
        if (_secure || Sau!.Check((uint)Header.Pc, true, false).IsNonSecure)
            return;
        SwitchState(true);
        Lr &= ~1u;
        _sfpa = false;
        UpdateMode();
    }

    /// <summary>TT: who may do what at an address.</summary>
    internal uint TestTarget(uint address, bool alternate, bool unprivileged)
    {
        ProtectionResult? permissions = null;
        if (IsPrivileged || alternate)
        {
            int bank = alternate ? 0 : Bank;
            bool privileged = !unprivileged && (_ipsr != 0 || (_control[bank] & ControlUnprivileged) == 0);
            permissions = Mpus[bank].Check(address, privileged, Exceptions.RequestsNegative(bank));
        }

        return Arm.TestTarget.Response(permissions, _secure ? Sau?.Check(address, false, !alternate) : null);
    }

    /// <summary>BXNS, BLXNS: to Non-secure state when bit 0 of the target is clear.</summary>
    internal void BranchNonSecure(uint target, uint link, bool links)
    {
        this[Registers.A32.Target] = target & ~1u;
        if ((target & 1) != 0)
        {
            if (links)
                Lr = link;
            else
                RequestReturn(target);
            return;
        }

        if (!links && target >= FunctionReturn)
        {
            RequestReturn(target);
            return;
        }

        if (links && !TryPushFunction(link))
            return;
        _sfpa = false;
        SwitchState(false);
        if (links && _ipsr != 0)
            _ipsr = 1;
        UpdateMode();
        RequestAttention();
    }

    /// <summary>VLSTM, VLLDM.</summary>
    internal void LazyStore(uint address, bool loads)
    {
        if (!_sfpa)
            return;
        if (!FloatEnabled(true, IsPrivileged))
        {
            RecordException(MFault.NoFloat, 0);
            return;
        }

        if ((address & 7) != 0)
        {
            RecordException(MFault.Unaligned, address);
            return;
        }

        bool lazy = (System.LazyContext[1] & LazyActive) != 0;
        int count = System.FloatIsSecure ? 34 : 17;
        if (loads)
        {
            if (lazy)
            {
                System.LazyContext[1] &= ~LazyActive;
            }
            else
            {
                Span<uint> words = stackalloc uint[34];
                for (int i = 0; i < count; i++)
                {
                    if (!TryReadStack(address + (4 * (uint)i), IsPrivileged, true, out words[i]))
                    {
                        RecordException(Header.ExceptionCode, Header.ExceptionValue);
                        return;
                    }
                }

                for (int i = 0; i < count - 1; i++)
                {
                    if (i is not (16 or 17))
                        this[Registers.A32.S[i < 16 ? i : i - 2]] = words[i];
                }

                Fpscr = words[16];
            }

            _fpca = true;
        }
        else if (lazy)
        {
            RecordException(MFault.LazyError, 0);
            return;
        }
        else
        {
            if (System.SavesLazily(1))
            {
                System.LazyAddress[1] = address;
                System.LazyContext[1] = LazyState(1, IsPrivileged);
            }
            else
            {
                for (int i = 0; i < count; i++)
                {
                    if (i != 17 && !TryWriteStack(address + (4 * (uint)i), FloatWord(i), IsPrivileged, true))
                    {
                        RecordException(Header.ExceptionCode, Header.ExceptionValue);
                        return;
                    }
                }

                if (System.FloatIsSecure)
                    ClearFloat(32);
            }

            _fpca = false;
        }

        UpdateMode();
    }

    /// <summary>Changes the Security state: what BXNS and SG do; the stack pointer in use becomes that of the other state.</summary>
    internal void SwitchState(bool secure)
    {
        SaveSp();
        _secure = secure;
        LoadSp();
        SetMode(A32Mode.WithIt(Header.Mode, 0) | A32Mode.Thumb);
        Exceptions.Update();
    }

    // the return address and what of xPSR Non-secure code must not see, on the Secure stack
    private bool TryPushFunction(uint link)
    {
        uint frame = Sp - FunctionFrame, state = (uint)_ipsr | (_sfpa ? XpsrSfpa : 0);
        if (frame < (UsesProcessStack ? _psplim : _msplim)[1])
        {
            RecordException(MFault.StackOverflow, 0);
            return false;
        }

        if (!TryWriteStack(frame, link, IsPrivileged, true) || !TryWriteStack(frame + 4, state, IsPrivileged, true))
        {
            RecordException(Header.ExceptionCode, Header.ExceptionValue);
            return false;
        }

        Sp = frame;
        Lr = 0xfeff_ffff;
        return true;
    }

    // FNC_RETURN: FunctionReturn()
    private void ReturnFromNonSecure()
    {
        SaveSp();
        bool process = _ipsr == 0 && (_control[1] & ControlProcessStack) != 0, privileged = _ipsr != 0 || (_control[1] & ControlUnprivileged) == 0;
        ref uint stack = ref (process ? ref _psp[1] : ref _msp[1]);
        uint state = 0;
        if (!TryReadStack(stack, privileged, true, out uint target) || !TryReadStack(stack + 4, privileged, true, out state))
        {
            PendStackFault(MFault.DataAccess, MFault.PreciseBus, true);
            TakeFault();
            return;
        }

        int ipsr = (int)(state & 0x1ff);
        if (!((_ipsr == 0 && ipsr == 0) || (_ipsr == 1 && ipsr != 0)))
        {
            Pend(MFault.InvalidPc, 0, true);
            TakeFault();
            return;
        }

        stack += FunctionFrame;
        _secure = true;
        _ipsr = ipsr;
        _sfpa = (state & XpsrSfpa) != 0;
        LoadSp();
        Header.Pc = target & ~1u;
        SetMode(A32Mode.WithIt(Header.Mode & ~A32Mode.Thumb, 0) | ((target & 1) != 0 ? A32Mode.Thumb : 0));
        Exceptions.Update();
        UpdateMode();
    }

    private void TakeFault()
    {
        if (_lockup is null)
            TakeHighest();
    }
}
