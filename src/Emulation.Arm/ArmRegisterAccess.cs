namespace Emulation.Arm;

/// <summary>Who accesses a system register that a device implements.</summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="Level">Exception level, 1 to 3.</param>
/// <param name="IsSecure">Security state of the access.</param>
/// <param name="HypervisorIrq">HCR_EL2.IMO as it is in effect: IRQs go to EL2, so EL1 sees the virtual interface.</param>
/// <param name="HypervisorFiq">HCR_EL2.FMO as it is in effect.</param>
/// <param name="MonitorIrq">SCR_EL3.IRQ: IRQs go to EL3.</param>
/// <param name="MonitorFiq">SCR_EL3.FIQ: FIQs go to EL3.</param>
public readonly record struct ArmRegisterAccess(
    ArmCpu Cpu, int Level, bool IsSecure, bool HypervisorIrq, bool HypervisorFiq, bool MonitorIrq, bool MonitorFiq);
