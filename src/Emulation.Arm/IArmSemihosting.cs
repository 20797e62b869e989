namespace Emulation.Arm;

/// <summary>What answers semihosting calls: HLT #0xF000, in T32 HLT #0x3C. "Semihosting for AArch32 and AArch64".</summary>
public interface IArmSemihosting
{
    /// <summary>Handles a call. On the CPU's own thread, between two instructions; PC is already behind it.</summary>
    /// <param name="cpu">The caller: the operation is in W0, its parameter in X1; the result goes to X0. In AArch32 state those are R0 and R1, and blocks hold words.</param>
    /// <returns>False when it is not enabled: the instruction is UNDEFINED then.</returns>
    bool HandleCall(ArmCpu cpu);
}
