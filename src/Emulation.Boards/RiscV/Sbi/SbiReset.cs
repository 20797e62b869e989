using Emulation.Core;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>System reset. RISC-V SBI 2.0, chapter 10.</summary>
internal sealed class SbiReset(Machine machine) : ISbiExtension
{
    private const uint Shutdown = 0;
    private const uint WarmReboot = 2;
    private const uint SystemFailure = 1;

    public uint Id => 0x5352_5354;

    public SbiResult Call(in SbiCall call, ulong function)
    {
        if (function != 0)
            return SbiError.NotSupported;
        uint type = (uint)call[0], reason = (uint)call[1];
        // reserved, or of a platform or implementation and not implemented
        if (type > WarmReboot || reason > SystemFailure)
            return SbiError.InvalidParameter;
        if (type == Shutdown)
        {
            PowerOff(call.Firmware);
            return SbiResult.Success;
        }

        call.Firmware.ParkAfterCall();
        machine.RequestReset();
        return SbiResult.Success;
    }

    public void PowerOff(SbiFirmware firmware)
    {
        firmware.ParkAfterCall();
        machine.RequestPowerOff();
    }
}
