namespace Emulation.Boards.Mcu;

/// <summary>Where things are on the MPS2 board with a Cortex-M3 or M4 image. Arm DAI 0385 and DAI 0386, "memory map".</summary>
internal static class Mps2Map
{
    public const ulong Code = 0;
    public const ulong CodeSize = 4 << 20;
    public const ulong BlockRam = 0x0100_0000;
    public const ulong BlockRamSize = 16 << 10;
    public const ulong Sram = 0x2000_0000;
    public const ulong SramSize = 4 << 20;
    public const ulong Psram = 0x2100_0000;
    public const ulong PsramSize = 16 << 20;
    public const ulong Timer0 = 0x4000_0000;
    public const ulong Timer1 = 0x4000_1000;
    public const ulong DualTimer = 0x4000_2000;
    public const ulong Watchdog = 0x4000_8000;
    public const ulong Gpio = 0x4001_0000;
    public const ulong FpgaIo = 0x4002_8000;
    public const ulong Scc = 0x4002_f000;
    public const ulong Ethernet = 0x4020_0000;

    public static IReadOnlyList<ulong> Uarts { get; } = [0x4000_4000, 0x4000_5000, 0x4000_6000, 0x4000_7000, 0x4000_9000];

    // received, sent
    public static IReadOnlyList<(int Receive, int Send)> UartIrqs { get; } = [(0, 1), (2, 3), (4, 5), (18, 19), (20, 21)];

    // in the order of Mps2Serial
    public static IReadOnlyList<ulong> Spi { get; } = [0x4002_0000, 0x4002_1000, 0x4002_5000, 0x4002_6000, 0x4002_7000];

    public static IReadOnlyList<ulong> I2c { get; } = [0x4002_2000, 0x4002_3000, 0x4002_9000, 0x4002_a000];

    public static IReadOnlyList<int> GpioIrqs { get; } = [6, 7, 16, 17];

    public const int Timer0Irq = 8;
    public const int Timer1Irq = 9;
    public const int DualTimerIrq = 10;
    public const int SpiIrq = 11;
    public const int UartOverrunIrq = 12;
    public const int EthernetIrq = 13;
    public const int AdcSpiIrq = 22;
    public const int ShieldSpiIrq = 23;

    // the first eight pins of port 0 have interrupts of their own
    public const int PinIrq = 24;
}
