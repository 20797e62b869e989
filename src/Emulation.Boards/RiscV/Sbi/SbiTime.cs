namespace Emulation.Boards.RiscV.Sbi;

/// <summary>Timer extension. RISC-V SBI 2.0, chapter 6.</summary>
internal sealed class SbiTime : ISbiExtension
{
    public uint Id => 0x5449_4d45;

    public SbiResult Call(in SbiCall call, ulong function)
    {
        if (function != 0)
            return SbiError.NotSupported;
        call.Firmware.Timers.Set(call.Hart, call.Wide(0));
        return SbiResult.Success;
    }
}
