namespace Emulation.RiscV;

/// <summary>Firmware that the host provides in place of M-mode code: it sees every exception that would enter M-mode.</summary>
public interface IMachineFirmware
{
    /// <summary>Handles an exception; <see cref="Emulation.Cpu.CpuHeader.Pc"/> is at the instruction that raised it.</summary>
    /// <param name="cpu">The hart.</param>
    /// <param name="cause">Code of <c>mcause</c>.</param>
    /// <param name="value">What <c>mtval</c> would hold.</param>
    /// <returns>True when it was handled and registers and PC are as the guest shall see them; false to enter the vector in <c>mtvec</c>.</returns>
    bool HandleException(RiscVCpu cpu, int cause, ulong value);
}
