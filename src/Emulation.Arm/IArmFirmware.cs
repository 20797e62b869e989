namespace Emulation.Arm;

/// <summary>Firmware that the host provides where no exception level of the guest takes a call: PSCI and others of the SMC Calling Convention.</summary>
public interface IArmFirmware
{
    /// <summary>Handles an HVC (where EL2 is absent or not enabled) or an SMC (where EL3 is absent), made at EL1 or EL2.</summary>
    /// <remarks>
    /// On the CPU's own thread, between two instructions. PC is already behind the call, so that a handler may set another. What
    /// it may do to the CPU: registers, <see cref="ArmCpu.PowerOff"/>, <see cref="ArmCpu.Suspend"/>, <see cref="ArmCpu.EnterLevel"/>, SetPc.
    /// </remarks>
    /// <param name="cpu">The caller; arguments are in X0 to X17, as the convention says.</param>
    /// <param name="conduit">The instruction.</param>
    /// <param name="immediate">Its 16-bit operand; 0 in all calls of the convention.</param>
    /// <returns>False when this conduit is not the board's: the instruction is UNDEFINED then.</returns>
    bool HandleCall(ArmCpu cpu, ArmConduit conduit, int immediate);
}
