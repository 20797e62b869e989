namespace Emulation.Arm;

/// <summary>What answers semihosting calls: see <see cref="ArmCpu.Semihosting"/>. "Semihosting for AArch32 and AArch64".</summary>
public interface IArmSemihosting
{
    /// <summary>Handles a call. On the CPU's own thread, between two instructions; PC is already behind it.</summary>
    /// <remarks>
    /// It may use <see cref="ArmCpu.TryReadMemory"/>, <see cref="ArmCpu.TryWriteMemory"/> and <see cref="ArmCpu.WaitForHost"/>, which makes the instruction execute again later.
    /// </remarks>
    /// <param name="cpu">The caller: the operation is in W0 or R0, its parameter in X1 or R1; the result goes to X0 or R0.</param>
    /// <returns>False when it is not enabled: the instruction is the plain SVC, or UNDEFINED, then.</returns>
    bool HandleCall(ArmCpu cpu);
}
