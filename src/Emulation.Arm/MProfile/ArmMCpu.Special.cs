namespace Emulation.Arm;

// MRS, MSR, CPS. DDI 0403E, B5.2; DDI 0553, C2.4 "MRS", "MSR (register)".
public sealed unsafe partial class ArmMCpu
{
    private const int NonSecureAlias = 0x80;

    /// <summary>What MRS reads; of the combined registers the part that is not flags.</summary>
    /// <param name="number">SYSm.</param>
    internal uint ReadSpecial(int number)
    {
        int bank = Bank;
        if ((number & NonSecureAlias) != 0)
        {
            if (!_secure)
                return 0;
            (number, bank) = (number & ~NonSecureAlias, 0);
            if (number == 0x18)
                return IsPrivileged ? GetStack((_control[0] & ControlProcessStack) != 0 && _ipsr == 0, 0) : 0;
        }

        bool limits = Model.IsV8 && (bank == 1 || Model.IsMainline), main = Model.IsMainline;
        return number switch
        {
            < 8 => IsPrivileged ? (uint)_ipsr & 0x1ff : 0,       // EPSR reads as zero
            20 => ControlOf(bank),
            _ when !IsPrivileged => 0,
            8 => GetStack(false, bank),
            9 => GetStack(true, bank),
            10 when limits => _msplim[bank],
            11 when limits => _psplim[bank],
            16 => _primask[bank],
            17 or 18 when main => _basepri[bank],
            19 when main => _faultmask[bank],
            _ => 0,
        };
    }

    /// <summary>What MSR writes, APSR left out.</summary>
    /// <param name="number">SYSm.</param>
    /// <param name="value">The value.</param>
    internal void WriteSpecial(int number, uint value)
    {
        int bank = Bank;
        if ((number & NonSecureAlias) != 0)
        {
            if (!_secure)
                return;
            (number, bank) = (number & ~NonSecureAlias, 0);
        }

        if (!IsPrivileged)
        {
            if (number == 20 && bank == 1 && Bank == 1)
                WriteSfpa(value);
            UpdateMode();
            return;
        }

        bool limits = Model.IsV8 && (bank == 1 || Model.IsMainline), main = Model.IsMainline;
        switch (number)
        {
            case 8: SetStack(false, bank, value); break;          // MSP and PSP without a check of their limits, unlike SP_NS
            case 9: SetStack(true, bank, value); break;
            case 0x18 when bank != Bank: SetStackChecked((_control[0] & ControlProcessStack) != 0 && _ipsr == 0, 0, value); break;
            case 10 when limits: _msplim[bank] = value & ~7u; break;
            case 11 when limits: _psplim[bank] = value & ~7u; break;
            case 16: _primask[bank] = value & 1; break;
            case 17 when main: _basepri[bank] = value & Exceptions.PriorityMask; break;
            case 18 when main:
                value &= Exceptions.PriorityMask;
                if (value != 0 && (value < _basepri[bank] || _basepri[bank] == 0))
                    _basepri[bank] = value;
                break;
            case 19 when main: WriteFaultmask(bank, value & 1); break;
            case 20: WriteControl(bank, value, false); break;
        }

        AfterMasks();
    }

    /// <summary>CPS, privileged.</summary>
    /// <param name="sets">CPSID or CPSIE.</param>
    /// <param name="masks">1 for PRIMASK, 2 for FAULTMASK.</param>
    internal void ChangeMasks(bool sets, uint masks)
    {
        if ((masks & 1) != 0)
            _primask[Bank] = sets ? 1u : 0;
        if ((masks & 2) != 0)
            WriteFaultmask(Bank, sets ? 1u : 0);
        AfterMasks();
    }

    /// <summary>Raises STKOF when a value must not become the stack pointer.</summary>
    internal void CheckStackLimit(uint pointer)
    {
        if (pointer < (UsesProcessStack ? _psplim : _msplim)[Bank] && !System.IgnoresStackLimit(Bank))
            RecordException(MFault.StackOverflow, 0);
    }

    private void SetStackChecked(bool process, int bank, uint value)
    {
        if (Model.IsV8 && value < (process ? _psplim : _msplim)[bank] && !System.IgnoresStackLimit(bank))
        {
            RecordException(MFault.StackOverflow, 0);
            return;
        }

        SetStack(process, bank, value);
    }

    // B5.2.3: not at priority -1 or above
    private void WriteFaultmask(int bank, uint value)
    {
        if (value == 0 || Exceptions.ExecutionPriority > -1)
            _faultmask[bank] = value;
    }

    private void WriteControl(int bank, uint value, bool host)
    {
        SaveSp();
        uint control = _control[bank];
        if (Model.HasUnprivileged)
            control = (control & ~ControlUnprivileged) | (value & ControlUnprivileged);
        if (_ipsr == 0 || Model.IsV8 || host)
            control = (control & ~ControlProcessStack) | (value & ControlProcessStack);
        _control[bank] = control;
        if (HasControlFloat && (bank == Bank || host) && (Bank == 1 || !Model.HasSecurity || System.NonSecureMayUseFloat || host))
            _fpca = (value & 4) != 0;
        if (bank == 1 && Bank == 1)
            WriteSfpa(value);
        LoadSp();
    }

    private void WriteSfpa(uint value)
    {
        if (HasControlFloat)
            _sfpa = (value & 8) != 0;
    }

    private void AfterMasks()
    {
        Exceptions.Update();
        UpdateMode();
        if (Exceptions.Preempts)
            RequestAttention();
    }
}
