namespace Emulation.Arm.Tests.MProfile.Manual;

// ExceptionReturn(), ValidateExceptionReturn(), PopStack(), ConsumeExcStackFrame(), TailChain(). DDI 0553, B3.22, B3.23, E2.1.
internal sealed partial class ManualV8
{
    private const uint FaultInvPc = 1 << 18, FaultNoCp = 1 << 19, FaultStackOverflow = 1 << 20;
    private const uint SecureInvIs = 1 << 1, SecureInvEr = 1 << 2, SecureLsErr = 1 << 7;

    /// <summary>BX with EXC_RETURN in Handler mode, and what is taken then.</summary>
    public void Return(uint link)
    {
        ManualFault fault = ExceptionReturn(ref link);
        if (fault.Number == 0)
            return;
        Lr = Chained(link);
        TakeFault(fault, true, false);
    }

    private uint Chained(uint link) => Float ? link : link | 16;

    private ManualFault ExceptionReturn(ref uint link)
    {
        int returning = Ipsr;
        ManualFault fault = Validate(ref link, returning);
        if (fault.Number != 0)
            return fault;
        bool from = Security && (link & 1) != 0, to = Security && (link & 0x40) != 0;
        Spsel[from ? 1 : 0] = (link & 4) != 0;
        DeActivate(returning, from);
        if (Float && Clronret && Fpca)
        {
            if (Security && Lspact[1])
            {
                Sfsr |= SecureLsErr;
                return Create(SecureFault, true);
            }

            Array.Clear(S, 0, 16);
            Fpscr = 0;
        }

        if (Highest() is (not 0, _) next)
        {
            Lr = Chained(link);
            Take(next.Number, next.IsSecure, true, false);
            return default;
        }

        Secure = to;
        return PopStack(link);
    }

    private ManualFault Validate(ref uint link, int returning)
    {
        bool secure = Security && (link & 1) != 0;
        var fault = default(ManualFault);
        if (Security && !Secure && ((link & 1) != 0 || (link & 0x20) == 0))
        {
            Sfsr |= SecureInvEr;
            (link, secure) = (link & ~1u, false);
            fault = new ManualFault(SecureFault, true, false);
        }
        else if (!IsActive(returning, secure) || (link & 0x00ff_ff82) != 0x00ff_ff80 || (!Float && (link & 16) == 0) || (IsV8 && !Security && (link & 0x61) != 0x20))
        {
            Cfsr[Bank] |= FaultInvPc;
            fault = new ManualFault(UsageFault, Secure, false);
        }

        if (fault.Number == 0)
            return fault;
        DeActivate(returning, secure);
        Spsel[secure ? 1 : 0] = (link & 4) != 0;
        return Create(fault.Number, fault.IsSecure);
    }

    private ManualFault PopStack(uint link)
    {
        int bank = Bank;
        bool handler = (link & 8) == 0;
        uint frame = Stack(handler, bank);
        var saved = new uint[8];
        var words = new uint[8];
        var fault = default(ManualFault);
        bool additional = Secure && ((link & 1) == 0 || (link & 0x20) == 0);
        if (additional)
        {
            uint signature = 0;
            fault = Access(frame, false, bank, ref signature);
            if (fault.Number == 0 && signature != (0xfefa_125a | (Float ? (link >> 4) & 1 : 1)))
            {
                Sfsr |= SecureInvIs;
                return Create(SecureFault, true);
            }

            for (uint i = 0; i < 8 && fault.Number == 0; i++)
                fault = Access(frame + 8 + (4 * i), false, bank, ref saved[i]);
            frame += 0x28;
            UnknownR |= 0xff0;
        }

        for (uint i = 0; i < 8 && fault.Number == 0; i++)
            fault = Access(frame + (4 * i), false, bank, ref words[i]);
        if (fault.Number == 0 && handler == ((words[7] & 0x1ff) == 0))
        {
            Cfsr[bank] |= FaultInvPc;
            fault = Create(UsageFault, Secure);
        }

        bool extended = (link & 16) == 0;
        if (fault.Number == 0 && extended)
            fault = PopFloat(frame, handler, bank);
        if (fault.Number != 0)
            return fault;
        if (additional)
        {
            saved.CopyTo(R, 4);
            UnknownR &= ~0xff0u;
        }

        (R[0], R[1], R[2], R[3], R[12]) = (words[0], words[1], words[2], words[3], words[4]);
        (Lr, Pc) = (words[5], words[6] & ~1u);
        Fpca = Float && extended;
        uint size = !extended ? 0x20u : Secure && Ts ? 0xa8u : 0x68u;
        Stack(handler, bank) = (frame + size) | ((words[7] & 0x200) != 0 && (StackAlign || extended) ? 4u : 0);
        Flags = words[7] & (Main ? 0xf800_0000 : 0xf000_0000) | (Dsp ? words[7] & 0xf_0000 : 0);
        T = (words[7] & (1 << 24)) != 0;
        if (Secure && Float)
            Sfpa = (words[7] & (1 << 20)) != 0;
        Ipsr = (int)(words[7] & 0x1ff);
        return default;
    }

    private ManualFault PopFloat(uint frame, bool handler, int bank)
    {
        if (Security && !Secure && Lspact[1])
        {
            Sfsr |= SecureLsErr;
            return Create(SecureFault, true);
        }

        if (Lspact[bank])
        {
            Lspact[bank] = false;
            return default;
        }

        ManualFault fault = CheckFloat(IsPrivileged(handler, bank), bank);
        uint status = 0;
        for (uint i = 0; i < (Secure && Ts ? 32 : 16) && fault.Number == 0; i++)
            fault = Access(frame + 0x20 + (4 * i) + (i < 16 ? 0u : 8), false, bank, ref S[i]);
        if (fault.Number == 0)
            fault = Access(frame + 0x60, false, bank, ref status);
        UnknownFloat |= fault.Number != 0;
        Fpscr = status & 0xf7c0_009f;
        return fault;
    }

    // CheckCPEnabled(10)
    private ManualFault CheckFloat(bool privileged, int bank)
    {
        (bool denied, bool secure) = DeniesFloat(privileged, bank);
        if (!denied)
            return default;
        Cfsr[secure ? 1 : 0] |= FaultNoCp;
        return Create(UsageFault, secure);
    }

    // IsCPEnabled(10)
    private (bool Denied, bool IsSecure) DeniesFloat(bool privileged, int bank)
    {
        bool enabled = Cpacr[bank] == 3 || (Cpacr[bank] == 1 && privileged);
        return enabled && Security && bank == 0 && !NsacrCp10 ? (true, true) : (!enabled, bank == 1);
    }
}
