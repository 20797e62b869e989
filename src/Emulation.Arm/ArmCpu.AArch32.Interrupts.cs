namespace Emulation.Arm;

// The CPU interface of a GICv3 by MRC, MCR and MCRR. Arm IHI 0069, 12.5.
public sealed partial class ArmCpu
{
    // what the interrupt controller knows as EL3
    private int InterruptLevel => IsMonitor ? 3 : ExceptionLevel;

    /// <summary>Where an access to a register of the interrupt controller traps; 0 for nowhere.</summary>
    /// <param name="encoding">Of its AArch64 twin.</param>
    internal int InterruptRegisterTarget(int encoding) => SystemRegisters?.TrapTarget(encoding, AccessOf(InterruptLevel)) ?? 0;

    /// <summary>A register of the interrupt controller, or a recorded exception.</summary>
    /// <param name="encoding">Of its AArch64 twin.</param>
    /// <param name="monitor">Whether it is for Monitor mode alone.</param>
    internal ulong ReadInterruptRegister(int encoding, bool monitor)
    {
        if (MayAccess(monitor) && TryReadExternal(encoding, InterruptLevel, out ulong value))
            return value;
        RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
        return 0;
    }

    /// <summary>Writes a register of the interrupt controller, or records an exception.</summary>
    /// <param name="encoding">Of its AArch64 twin.</param>
    /// <param name="monitor">Whether it is for Monitor mode alone.</param>
    /// <param name="value">What is written.</param>
    internal void WriteInterruptRegister(int encoding, bool monitor, ulong value)
    {
        if (!MayAccess(monitor) || !TryWriteExternal(encoding, InterruptLevel, value))
            RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
    }

    private bool MayAccess(bool monitor) => !monitor || A32Mode.Processor(Header.Mode) == ProcessorMode.Monitor;
}
