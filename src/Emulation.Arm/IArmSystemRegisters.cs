namespace Emulation.Arm;

/// <summary>System registers that a device implements: the CPU interface of a GICv3.</summary>
/// <remarks>
/// Registers are named by the 16 bits of their encoding, <c>op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2</c>, after redirection by HCR_EL2.E2H.
/// Called under the device lock, on the CPU's thread. A register of EL2 or EL3 is never asked for by a lower level: the CPU knows from op1.
/// </remarks>
public interface IArmSystemRegisters
{
    /// <summary>Where an access traps, by controls of the device: ICH_HCR_EL2, SCR_EL3 and what follows from them. Asked before each access.</summary>
    /// <param name="encoding">16 bits.</param>
    /// <param name="access">Who accesses it.</param>
    /// <returns>An exception level, or 0.</returns>
    int TrapTarget(int encoding, in ArmRegisterAccess access) => 0;

    /// <summary>Reads a register.</summary>
    /// <param name="encoding">16 bits.</param>
    /// <param name="access">Who reads.</param>
    /// <param name="value">The value; 32-bit registers zero-extended.</param>
    /// <returns>False when there is no such register, or it cannot be read: the access is UNDEFINED, or traps where the CPU's own controls say so.</returns>
    bool TryRead(int encoding, in ArmRegisterAccess access, out ulong value);

    /// <summary>Writes a register.</summary>
    /// <param name="encoding">16 bits.</param>
    /// <param name="access">Who writes.</param>
    /// <param name="value">64 bits.</param>
    /// <returns>False when there is no such register, or it cannot be written.</returns>
    bool TryWrite(int encoding, in ArmRegisterAccess access, ulong value);
}
