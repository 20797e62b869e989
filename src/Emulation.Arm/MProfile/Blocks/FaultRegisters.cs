using Emulation.Core;

namespace Emulation.Arm;

/// <summary>SHCSR and the status and address registers of faults. DDI 0403E, B3.2.13 to B3.2.19; DDI 0553, D1.2.</summary>
/// <param name="cpu">The CPU.</param>
internal sealed class FaultRegisters(ArmMCpu cpu) : IMRegisters
{
    private const uint BankedBits = 0xffff_00ff, MemManageBits = 0xbb, BusBits = 0xbf, UsageBits = 0x031f_0000;

    // bit, exception, whether it is the active (A), pending (P) or enable (E) bit
    private static readonly (int Bit, int Number, char Kind, string Name)[] s_states =
    [
        (21, MException.HardFault, 'P', "HARDFAULTPENDED"), (20, MException.SecureFault, 'P', "SECUREFAULTPENDED"), (19, MException.SecureFault, 'E', "SECUREFAULTENA"),
        (18, MException.UsageFault, 'E', "USGFAULTENA"), (17, MException.BusFault, 'E', "BUSFAULTENA"), (16, MException.MemManage, 'E', "MEMFAULTENA"),
        (15, MException.SvCall, 'P', "SVCALLPENDED"), (14, MException.BusFault, 'P', "BUSFAULTPENDED"), (13, MException.MemManage, 'P', "MEMFAULTPENDED"),
        (12, MException.UsageFault, 'P', "USGFAULTPENDED"), (11, MException.SysTick, 'A', "SYSTICKACT"), (10, MException.PendSv, 'A', "PENDSVACT"),
        (8, MException.DebugMonitor, 'A', "MONITORACT"), (7, MException.SvCall, 'A', "SVCALLACT"), (5, MException.Nmi, 'A', "NMIACT"), (4, MException.SecureFault, 'A', "SECUREFAULTACT"),
        (3, MException.UsageFault, 'A', "USGFAULTACT"), (2, MException.HardFault, 'A', "HARDFAULTACT"), (1, MException.BusFault, 'A', "BUSFAULTACT"), (0, MException.MemManage, 'A', "MEMFAULTACT"),
    ];

    private SystemControl Scb => cpu.System;

    private MExceptions Exceptions => cpu.Exceptions;

    private ArmMCpuModel Model => cpu.Model;

    /// <inheritdoc/>
    public void Define(RegisterMap map, int bank)
    {
        DefineStates(map, bank);
        if (!Model.IsMainline)
            return;
        map.Define(0xd28, "CFSR").Bits(31, 0, "UFSR, BFSR, MMFSR", FieldMode.WriteOneToClear, read: () => ReadStatus(bank), write: value => ClearStatus(bank, (uint)value));
        map.Define(0xd2c, "HFSR").Bits(31, 0, "DEBUGEVT, FORCED, VECTTBL", FieldMode.WriteOneToClear,
            read: () => SeesBus(bank) ? Scb.HardFaultStatus : 0u, write: value => Scb.HardFaultStatus &= SeesBus(bank) ? ~(uint)value : ~0u);
        map.Define(0xd30, "DFSR").Bits(31, 0, "EXTERNAL, VCATCH, DWTTRAP, BKPT, HALTED", FieldMode.WriteOneToClear,
            read: () => Scb.DebugFaultStatus, write: value => Scb.DebugFaultStatus &= ~(uint)value);
        map.Define(0xd34, "MMFAR").Bits(31, 0, "ADDRESS", read: () => Scb.MemManageAddress[bank], write: value => Scb.MemManageAddress[bank] = (uint)value);
        map.Define(0xd38, "BFAR").Bits(31, 0, "ADDRESS", read: () => SeesBus(bank) ? Scb.BusFaultAddress : 0u, write: value => Scb.BusFaultAddress = SeesBus(bank) ? (uint)value : Scb.BusFaultAddress);
        map.Define(0xd3c, "AFSR").Ignored(31, 0);
        if (!Model.HasSecurity || bank == 0)
            return;
        map.Define(0xde4, "SFSR").Bits(31, 0, "LSERR, SFARVALID, LSPERR, INVTRAN, AUVIOL, INVER, INVIS, INVEP", FieldMode.WriteOneToClear,
            read: () => Scb.SecureFaultStatus, write: value => Scb.SecureFaultStatus &= ~(uint)value);
        map.Define(0xde8, "SFAR").Bits(31, 0, "ADDRESS", read: () => Scb.SecureFaultAddress, write: value => Scb.SecureFaultAddress = (uint)value);
    }

    private bool SeesBus(int bank) => bank == 1 || !Model.HasSecurity || Scb.FaultsAreNonSecure;

    private ulong ReadStatus(int bank)
        => (Scb.BankedFaultStatus[bank] & BankedBits & (MemManageBits | UsageBits)) | (SeesBus(bank) ? (Scb.BusFaultStatus & BusBits) << 8 : 0);

    private void ClearStatus(int bank, uint ones)
    {
        Scb.BankedFaultStatus[bank] &= ~(ones & BankedBits);
        if (SeesBus(bank))
            Scb.BusFaultStatus &= ~(ones >> 8 & 0xff);
    }

    private void DefineStates(RegisterMap map, int bank)
    {
        Register register = map.Define(0xd24, "SHCSR");
        int next = 31;
        foreach ((int bit, int number, char kind, string name) in s_states)
        {
            if (!IsThere(bit, number))
                continue;
            if (next > bit)
                register.Ignored(next, bit + 1);
            int index = Exceptions.IndexOf(number, bank == 1);
            bool sees() => bank == 1 || !Model.HasSecurity || Sees(number);
            uint mask = 1u << bit;
            register.Flag(
                bit,
                name,
                read: () => sees() && kind switch { 'E' => (EnablesOf(number, bank) & mask) != 0, 'P' => Exceptions.IsPending(index), _ => Exceptions.IsActive(index) },
                write: value => Write(sees(), kind, number, index, bank, mask, value));
            next = bit - 1;
        }

        if (next >= 0)
            register.Ignored(next, 0);
        register.Then(cpu.OnControlWrite);
    }

    // BusFault is enabled in one place
    private uint EnablesOf(int number, int bank) => number == MException.BusFault ? Scb.Enables[0] | Scb.Enables[1] : Scb.Enables[bank];

    private void Write(bool sees, char kind, int number, int index, int bank, uint mask, bool value)
    {
        if (!sees)
            return;
        switch (kind)
        {
            case 'E':
                if (number == MException.BusFault)
                    (Scb.Enables[0], Scb.Enables[1]) = (Scb.Enables[0] & ~mask, Scb.Enables[1] & ~mask);
                Scb.Enables[bank] = value ? Scb.Enables[bank] | mask : Scb.Enables[bank] & ~mask;
                break;
            case 'P':
                if (value != Exceptions.IsPending(index))
                    Exceptions.SetPending(index, value);
                break;
            default:
                // NMI and HardFault are what they are
                if (number is not (MException.Nmi or MException.HardFault) && value != Exceptions.IsActive(index))
                    Exceptions.SetActive(index, value);
                break;
        }
    }

    private bool IsThere(int bit, int number)
    {
        if (!Model.IsMainline && number is not (MException.SvCall or MException.PendSv or MException.SysTick or MException.HardFault or MException.Nmi))
            return false;
        if (Model.Architecture == ArmMArchitecture.V6M)
            return bit == 15;
        if (bit is 21 or 2 or 5)
            return Model.IsV8;
        return number != MException.SecureFault || Model.HasSecurity;
    }

    private bool Sees(int number) => number switch
    {
        MException.BusFault or MException.Nmi or MException.HardFault => Scb.FaultsAreNonSecure,
        MException.SecureFault => false,
        MException.DebugMonitor => !cpu.DebugTargetsSecure,
        _ => true,
    };
}
