namespace Emulation.Devices;

/// <summary>Who accesses a system register of a GICv3, and what decides which register that is.</summary>
/// <param name="Cpu">Number of the CPU.</param>
/// <param name="Level">Exception level, 1 to 3.</param>
/// <param name="IsSecure">Security state of the access.</param>
/// <param name="VirtualIrq">Whether EL1 sees the virtual interface for group 1: HCR_EL2.IMO in effect.</param>
/// <param name="VirtualFiq">Whether EL1 sees the virtual interface for group 0: HCR_EL2.FMO in effect.</param>
/// <param name="MonitorIrq">SCR_EL3.IRQ: group 1 registers belong to EL3.</param>
/// <param name="MonitorFiq">SCR_EL3.FIQ: group 0 registers belong to EL3.</param>
public readonly record struct GicAccess(
    int Cpu, int Level, bool IsSecure = false, bool VirtualIrq = false, bool VirtualFiq = false, bool MonitorIrq = false, bool MonitorFiq = false);
