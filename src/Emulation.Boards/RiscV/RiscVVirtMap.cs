namespace Emulation.Boards.RiscV;

/// <summary>Physical addresses and interrupt numbers of the <c>virt</c> machine. QEMU documentation, "virt generic virtual platform".</summary>
internal static class RiscVVirtMap
{
    public const ulong ResetRom = 0x1000;
    public const ulong ResetRomSize = 0xf000;
    public const ulong Finisher = 0x10_0000;
    public const ulong Rtc = 0x10_1000;
    public const ulong Clint = 0x200_0000;
    public const ulong ClintSize = 0x1_0000;
    public const ulong Plic = 0xc00_0000;
    public const ulong PlicSize = 0x60_0000;
    public const ulong Uart = 0x1000_0000;
    public const ulong Virtio = 0x1000_1000;
    public const ulong FwCfg = 0x1010_0000;
    public const ulong Flash = 0x2000_0000;
    public const ulong FlashSize = 0x200_0000;
    public const ulong Ram = 0x8000_0000;

    public const int PlicSources = 95;
    public const int VirtioSlots = 8;
    public const int FirstVirtioIrq = 1;
    public const int UartIrq = 10;
    public const int RtcIrq = 11;

    public const uint Timebase = 10_000_000;
    public const uint UartClock = 3_686_400;
}
