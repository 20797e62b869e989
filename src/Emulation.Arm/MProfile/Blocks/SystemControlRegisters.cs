using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The System Control Block up to CCR, and SHPR. DDI 0403E, B3.2.3 to B3.2.12; DDI 0419, B3.2; DDI 0553, D1.2.</summary>
/// <param name="cpu">The CPU.</param>
internal sealed class SystemControlRegisters(ArmMCpu cpu) : IMRegisters
{
    private const uint Key = 0x05fa, KeyRead = 0xfa05;
    private bool _unlocked;

    private SystemControl Scb => cpu.System;

    private MExceptions Exceptions => cpu.Exceptions;

    private ArmMCpuModel Model => cpu.Model;

    /// <inheritdoc/>
    public void Define(RegisterMap map, int bank)
    {
        map.Define(0x008, "ACTLR").Bits(31, 0, "IMPLEMENTATION DEFINED", read: () => Scb.AuxiliaryControl, write: value => Scb.AuxiliaryControl = (uint)value & Model.AuxiliaryControlBits);
        map.Define(0xd00, "CPUID", Model.CpuId).Bits(31, 0, "CPUID", FieldMode.ReadOnly);
        DefineState(map, bank);
        if (Model.HasVectorTableOffset)
            map.Define(0xd08, "VTOR").Bits(31, 0, "TBLOFF", read: () => Scb.Vtor[bank], write: value => Scb.Vtor[bank] = (uint)value & (Model.IsMainline ? ~0x7fu : ~0xffu));
        DefineReset(map, bank);
        DefineSleep(map, bank);
        DefineControl(map, bank);
        DefinePriorities(map, bank);
    }

    private void DefineState(RegisterMap map, int bank)
    {
        int pendSv = Exceptions.IndexOf(MException.PendSv, bank == 1), sysTick = Exceptions.IndexOf(MException.SysTick, bank == 1);
        bool hasNmi = bank == 1 || !Model.HasSecurity;
        map.Define(0xd04, "ICSR")
            .Flag(31, "NMIPENDSET", read: () => SeesNmi(hasNmi) && Exceptions.IsPending(MException.Nmi), write: set => Pend(MException.Nmi, set && SeesNmi(hasNmi)))
            .Flag(30, "PENDNMICLR", read: () => false, write: clear => Unpend(MException.Nmi, clear && Model.IsV8 && SeesNmi(hasNmi)))
            .Ignored(29, 29)
            .Flag(28, "PENDSVSET", read: () => Exceptions.IsPending(pendSv), write: set => Pend(pendSv, set))
            .Flag(27, "PENDSVCLR", read: () => false, write: clear => Unpend(pendSv, clear))
            .Flag(26, "PENDSTSET", read: () => Exceptions.IsPending(sysTick), write: set => Pend(sysTick, set))
            .Flag(25, "PENDSTCLR", read: () => false, write: clear => Unpend(sysTick, clear))
            .Ignored(24, 24)
            .Flag(23, "ISRPREEMPT", FieldMode.ReadOnly, read: () => false)
            .Flag(22, "ISRPENDING", FieldMode.ReadOnly, read: Exceptions.AnyInterruptPending)
            .Ignored(21, 21)
            .Bits(20, 12, "VECTPENDING", FieldMode.ReadOnly, read: () => Exceptions.Highest < 0 ? 0 : (ulong)MExceptions.NumberOf(Exceptions.Highest))
            .Flag(11, "RETTOBASE", FieldMode.ReadOnly, read: () => Model.IsMainline && !Exceptions.IsActiveBeside(Exceptions.IndexOf(cpu.Ipsr, cpu.IsSecure)))
            .Ignored(10, 9)
            .Bits(8, 0, "VECTACTIVE", FieldMode.ReadOnly, read: () => (ulong)cpu.Ipsr);
    }

    private bool SeesNmi(bool always) => always || Scb.FaultsAreNonSecure;

    private void Pend(int index, bool set)
    {
        if (set)
            Exceptions.SetPending(index, true);
    }

    private void Unpend(int index, bool clear)
    {
        if (clear)
            Exceptions.SetPending(index, false);
    }

    private void DefineReset(RegisterMap map, int bank)
    {
        bool secure = bank == 1;
        map.Define(0xd0c, "AIRCR")
            .Bits(31, 16, "VECTKEY", read: () => KeyRead, write: value => _unlocked = value == Key)
            .Flag(15, "ENDIANNESS", FieldMode.ReadOnly, read: () => false)
            .Flag(14, "PRIS", read: () => secure && Scb.PrioritizesSecure, write: value => Secured(secure, () => Scb.PrioritizesSecure = value))
            .Flag(13, "BFHFNMINS", read: () => Model.HasSecurity && Scb.FaultsAreNonSecure, write: value => Secured(secure, () => Scb.FaultsAreNonSecure = value))
            .Ignored(12, 11)
            .Bits(10, 8, "PRIGROUP", read: () => Scb.Groups[bank], write: value => Unlocked(() => Scb.Groups[bank] = Model.IsMainline ? (uint)value : 0))
            .Ignored(7, 4)
            .Flag(3, "SYSRESETREQS", read: () => secure && Scb.ResetIsSecure, write: value => Secured(secure, () => Scb.ResetIsSecure = value))
            .Flag(2, "SYSRESETREQ", read: () => false, write: value => Unlocked(() => RequestReset(value && (secure || !Scb.ResetIsSecure))))
            .Flag(1, "VECTCLRACTIVE", read: () => false, write: _ => { })
            .Flag(0, "VECTRESET", read: () => false, write: _ => { })
            .Then(Finish);
    }

    private void RequestReset(bool requested)
    {
        if (requested)
            cpu.RequestSystemReset();
    }

    private void Unlocked(Action write)
    {
        if (_unlocked)
            write();
    }

    private void Secured(bool secure, Action write)
    {
        if (_unlocked && secure)
            write();
    }

    private void Finish()
    {
        _unlocked = false;
        cpu.OnControlWrite();
    }

    private void DefineSleep(RegisterMap map, int bank)
    {
        map.Define(0xd10, "SCR")
            .Reserved(31, 5)
            .Flag(4, "SEVONPEND", read: () => (Scb.Scr[bank] & 16) != 0, write: value => Put(Scb.Scr, bank, 16, value))
            .Flag(3, "SLEEPDEEPS", read: () => bank == 1 && (Scb.Scr[1] & 8) != 0, write: value => Put(Scb.Scr, bank, 8, value && bank == 1))
            .Flag(2, "SLEEPDEEP", read: () => (Scb.Scr[bank] & 4) != 0, write: value => Put(Scb.Scr, bank, 4, value && (bank == 1 || (Scb.Scr[1] & 8) == 0)))
            .Flag(1, "SLEEPONEXIT", read: () => (Scb.Scr[bank] & 2) != 0, write: value => Put(Scb.Scr, bank, 2, value))
            .Reserved(0, 0);
    }

    private void DefineControl(RegisterMap map, int bank)
    {
        uint writable = !Model.IsMainline ? Model.IsV8 ? 0x400u : 0 : Model.IsV8 ? 0x7_071au : Model.CacheLevels != 0 ? 0x7_031bu : 0x31bu;
        map.Define(0xd14, "CCR").Ignored(31, 19)
            .Bits(18, 0, "BP, IC, DC, STKOFHFNMIGN, STKALIGN, BFHFNMIGN, DIV_0_TRP, UNALIGN_TRP, USERSETMPEND, NONBASETHRDENA",
                read: () => Scb.Ccr[bank], write: value => Scb.Ccr[bank] = (Scb.Ccr[bank] & ~writable) | ((uint)value & writable))
            .Then(cpu.OnControlWrite);
    }

    private void DefinePriorities(RegisterMap map, int bank)
    {
        for (int r = Model.IsMainline ? 0 : 1; r < 3; r++)
        {
            Register register = map.Define(0xd18 + (4 * (ulong)r), $"SHPR{r + 1}");
            for (int k = 3; k >= 0; k--)
            {
                int number = 4 + (4 * r) + k;
                if (IsConfigurable(number))
                {
                    int index = Exceptions.IndexOf(number, bank == 1);
                    register.Bits((8 * k) + 7, 8 * k, $"PRI_{number}", read: () => Sees(number, bank) ? Exceptions.GetPriority(index) : 0u, write: value => SetPriority(number, index, bank, (byte)value));
                }
                else
                {
                    register.Reserved((8 * k) + 7, 8 * k);
                }
            }
        }
    }

    private bool IsConfigurable(int number) => number switch
    {
        MException.SvCall or MException.PendSv or MException.SysTick => true,
        MException.MemManage or MException.BusFault or MException.UsageFault or MException.DebugMonitor => Model.IsMainline,
        MException.SecureFault => Model is { IsMainline: true, HasSecurity: true },
        _ => false,
    };

    private bool Sees(int number, int bank) => bank == 1 || !Model.HasSecurity || number switch
    {
        MException.BusFault => Scb.FaultsAreNonSecure,
        MException.SecureFault => false,
        MException.DebugMonitor => !cpu.DebugTargetsSecure,
        _ => true,
    };

    private void SetPriority(int number, int index, int bank, byte value)
    {
        if (Sees(number, bank))
            Exceptions.SetPriority(index, value);
    }

    private static void Put(uint[] values, int bank, uint bit, bool value) => values[bank] = value ? values[bank] | bit : values[bank] & ~bit;
}
