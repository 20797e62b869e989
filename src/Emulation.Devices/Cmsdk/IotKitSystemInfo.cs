using Emulation.Core;

namespace Emulation.Devices;

/// <summary>System information block of an IoT subsystem. Arm ECM 0601256 (IoTKit), "System information register block". Ports: 4 KiB MMIO.</summary>
public sealed class IotKitSystemInfo : MmioDevice
{
    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="version">Value of SYS_VERSION.</param>
    /// <param name="configuration">Value of SYS_CONFIG.</param>
    /// <param name="log">Where guest errors go.</param>
    public IotKitSystemInfo(string name, uint version, uint configuration, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        Registers.Define(0x00, "SYS_VERSION", version, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x04, "SYS_CONFIG", configuration, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        CmsdkId.Define(Registers, 0x58, CmsdkId.Subsystem);
    }
}
