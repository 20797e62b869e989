using Emulation.Core;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>System reset. RISC-V SBI 2.0, chapter 10.</summary>
internal sealed class SbiReset(Machine machine) : ISbiExtension
{
    private const uint Shutdown = 0;
    private const uint ColdReboot = 1;
    private const uint WarmReboot = 2;

    public uint Id => 0x5352_5354;

    public SbiResult Call(in SbiCall call, ulong function)
    {
        if (function != 0)
            return SbiError.NotSupported;
        uint type = (uint)call[0], reason = (uint)call[1];
        if (reason is > 1 and < 0xe000_0000 || (type > WarmReboot && type < 0xf000_0000))
            return SbiError.InvalidParameter;
        switch (type)
        {
            case Shutdown: PowerOff(call.Firmware); break;
            case ColdReboot or WarmReboot:
                call.Firmware.ParkAfterCall();
                machine.RequestReset();
                break;
            default: return SbiError.NotSupported;
        }

        return SbiResult.Success;
    }

    public void PowerOff(SbiFirmware firmware)
    {
        firmware.ParkAfterCall();
        machine.RequestPowerOff();
    }
}
