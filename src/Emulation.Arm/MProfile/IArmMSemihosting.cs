namespace Emulation.Arm;

/// <summary>What answers semihosting calls: see <see cref="ArmMCpu.Semihosting"/>. "Semihosting for AArch32 and AArch64".</summary>
public interface IArmMSemihosting
{
    /// <summary>Handles a call. On the CPU's own thread, between two instructions; PC is already behind it.</summary>
    /// <remarks>It may use <see cref="ArmMCpu.TryReadMemory"/>, <see cref="ArmMCpu.TryWriteMemory"/> and <see cref="ArmMCpu.WaitForHost"/>, which makes the instruction execute again later.</remarks>
    /// <param name="cpu">The caller: the operation is in R0, its parameter in R1; the result goes to R0.</param>
    /// <returns>False when it is not enabled: the instruction is a plain breakpoint then.</returns>
    bool HandleCall(ArmMCpu cpu);
}
