using Emulation.RiscV;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>Inter-processor interrupts. RISC-V SBI 2.0, chapter 7.</summary>
internal sealed class SbiIpi : ISbiExtension
{
    public uint Id => 0x73_5049;

    public SbiResult Call(in SbiCall call, ulong function)
    {
        if (function != 0)
            return SbiError.NotSupported;
        if (!HartMask.TryRead(call, call[0], call[1], out uint harts))
            return SbiError.InvalidParameter;
        Send(call.Firmware, harts);
        return SbiResult.Success;
    }

    public static void Send(SbiFirmware firmware, uint harts)
    {
        for (int i = 0; i < firmware.Harts.Count; i++)
        {
            if ((harts & (1u << i)) != 0)
                firmware.Harts[i].SetPending(RiscVInterrupt.SupervisorSoftware, true);
        }
    }
}
