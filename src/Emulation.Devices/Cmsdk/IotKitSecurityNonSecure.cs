using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Non-secure privilege control block of an IoT subsystem: which peripherals that are Non-secure are open to unprivileged accesses. Arm ECM 0601256, "Non-secure privilege control block". Ports: 4 KiB MMIO.</summary>
public sealed class IotKitSecurityNonSecure : MmioDevice
{
    private readonly PpcRegisters _privilege;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    public IotKitSecurityNonSecure(string name, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        _privilege = new PpcRegisters(Registers, 0x90, "NSP");
        CmsdkId.Define(Registers, 0x53, CmsdkId.Subsystem);
    }

    /// <summary>Whether unprivileged accesses reach a port.</summary>
    /// <param name="ppc">The controller.</param>
    /// <param name="port">0 to 15.</param>
    public bool IsUnprivileged(TrustZonePpc ppc, int port) => _privilege[ppc, port];
}
