using System.Numerics;

namespace Emulation.RiscV;

// Trap entry and return. RISC-V Privileged, "Machine-Mode Privileged Instructions", "Privilege and Global Interrupt-Enable Stack".
public sealed partial class RiscVCpu
{
    /// <summary>Firmware that the host provides; null where M-mode code runs.</summary>
    public IMachineFirmware? Firmware { get; set; }

    /// <summary>Interrupt numbers from the highest priority to the lowest; the others follow by descending number.</summary>
    private static ReadOnlySpan<byte> InterruptOrder =>
    [
        RiscVInterrupt.MachineExternal, RiscVInterrupt.MachineSoftware, RiscVInterrupt.MachineTimer,
        RiscVInterrupt.SupervisorExternal, RiscVInterrupt.SupervisorSoftware, RiscVInterrupt.SupervisorTimer,
        RiscVInterrupt.CounterOverflow,
    ];

    private ulong InterruptFlag => 1UL << (Xlen - 1);

    // PCs are multiples of 4 without compressed instructions, else of 2
    internal ulong PcMask => Features.Compressed ? ~1UL : ~3UL;

    /// <inheritdoc/>
    protected override void TakeInterrupt() => EnterInterrupt();

    /// <inheritdoc/>
    protected override bool TakeException(int code, ulong value) => EnterException(code, value);

    internal void EnterInterrupt()
    {
        uint enabled = EnabledInterrupts();
        if (enabled == 0)
            return;
        int number = BitOperations.TrailingZeroCount(enabled);
        foreach (byte candidate in InterruptOrder)
        {
            if ((enabled & (1u << candidate)) != 0)
            {
                number = candidate;
                break;
            }
        }

        if (((Mideleg >> number) & 1) != 0)
            EnterSupervisor(InterruptFlag | (uint)number, 0);
        else
            EnterMachine(InterruptFlag | (uint)number, 0);
    }

    internal bool EnterException(int code, ulong value)
    {
        value &= XlenMask;
        if (Privilege != PrivilegeLevel.Machine && ((Medeleg >> code) & 1) != 0)
        {
            if (Options.StopOnTrap && Stvec == 0)
                return false;
            EnterSupervisor((uint)code, value);
            return true;
        }

        if (Firmware is { } firmware && firmware.HandleException(this, code, value))
            return true;
        if (Options.StopOnTrap && Mtvec == 0)
            return false;
        EnterMachine((uint)code, value);
        return true;
    }

    /// <summary>Returns from a trap of M-mode.</summary>
    internal void ReturnFromMachine()
    {
        ulong status = MStatus;
        var previous = (PrivilegeLevel)((status & Status.Mpp) >> Status.MppShift);
        status = With(status, Status.Mie, (status & Status.Mpie) != 0) | Status.Mpie;
        status = (status & ~Status.Mpp) | (Features.UserMode ? 0 : Status.Mpp);
        Return(status, previous, Mepc);
    }

    /// <summary>Returns from a trap of S-mode.</summary>
    internal void ReturnFromSupervisor()
    {
        ulong status = MStatus;
        PrivilegeLevel previous = (status & Status.Spp) != 0 ? PrivilegeLevel.Supervisor : PrivilegeLevel.User;
        status = With(status, Status.Sie, (status & Status.Spie) != 0) | Status.Spie;
        Return(status & ~Status.Spp, previous, Sepc);
    }

    private static ulong With(ulong status, ulong bit, bool set) => set ? status | bit : status & ~bit;

    private void Return(ulong status, PrivilegeLevel to, ulong pc)
    {
        if (to != PrivilegeLevel.Machine)
            status &= ~Status.Mprv;
        MStatus = status;
        SetPrivilege(to, insideInstruction: true);
        Header.Pc = pc & PcMask;
        // Allowed by "Trap-Return Instructions": no store-conditional pairs with a load-reserved across a return
        Header.ReservationAddress = ulong.MaxValue;
        OnPrivilegedWrite();
    }

    private void EnterMachine(ulong cause, ulong value)
    {
        ulong status = With(MStatus, Status.Mpie, (MStatus & Status.Mie) != 0);
        MStatus = (status & ~(Status.Mie | Status.Mpp)) | ((ulong)Privilege << Status.MppShift);
        Mepc = Header.Pc;
        Mcause = cause;
        Mtval = value;
        Enter(PrivilegeLevel.Machine, Mtvec, cause);
    }

    private void EnterSupervisor(ulong cause, ulong value)
    {
        ulong status = With(MStatus, Status.Spie, (MStatus & Status.Sie) != 0);
        MStatus = With(status & ~Status.Sie, Status.Spp, Privilege == PrivilegeLevel.Supervisor);
        Sepc = Header.Pc;
        Scause = cause;
        Stval = value;
        Enter(PrivilegeLevel.Supervisor, Stvec, cause);
    }

    private void Enter(PrivilegeLevel privilege, ulong vector, ulong cause)
    {
        SetPrivilege(privilege, insideInstruction: false);
        ulong pc = vector & ~3UL;
        if ((vector & 1) != 0 && (cause & InterruptFlag) != 0)
            pc += 4 * (cause & ~InterruptFlag);
        Header.Pc = pc & XlenMask;
        OnPrivilegedWrite();
    }
}
