using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>Where things are on the MPS2+ board with the IoTKit image; Non-secure addresses, the Secure ones have bit 28 besides. Arm DAI 0505, "memory map", "interrupts", and ECM 0601256 (IoTKit).</summary>
internal static class An505Map
{
    public const uint SecureBit = 0x1000_0000;
    public const uint InitialVectorTable = 0x1000_0000;

    public const ulong Sram0 = 0x2000_0000;
    public const ulong Sram0Size = 32 << 10;
    public const ulong Sram0Controller = 0x5008_3000;
    public const ulong Psram = 0x8000_0000;
    public const ulong PsramSize = 16 << 20;

    // name, address, bytes, its controller; the ports of APB PPC EXP 0 are in this order
    public static IReadOnlyList<(string Name, ulong Address, ulong Size, ulong Controller)> Ssrams { get; } =
    [
        ("SSRAM1", 0x0000_0000, 4 << 20, 0x4800_7000),
        ("SSRAM2", 0x2800_0000, 2 << 20, 0x4800_8000),
        ("SSRAM3", 0x2820_0000, 2 << 20, 0x4800_9000),
    ];

    public const ulong Timer0 = 0x4000_0000;
    public const ulong Timer1 = 0x4000_1000;
    public const ulong DualTimer = 0x4000_2000;
    public const ulong SystemInfo = 0x4002_0000;
    public const ulong SystemControl = 0x5002_1000;
    public const ulong SlowWatchdog = 0x5002_e000;
    public const ulong SlowTimer = 0x4002_f000;
    public const ulong SecurityNonSecure = 0x4008_0000;
    public const ulong Security = 0x5008_0000;
    public const ulong WatchdogNonSecure = 0x4008_1000;
    public const ulong WatchdogSecure = 0x5008_1000;
    public const ulong Gpio = 0x4010_0000;
    public const ulong Uart = 0x4020_0000;
    public const ulong Scc = 0x4030_0000;
    public const ulong FpgaIo = 0x4030_2000;
    public const ulong Ethernet = 0x4200_0000;

    public const int WatchdogResetIrq = 0;
    public const int WatchdogIrq = 1;
    public const int SlowTimerIrq = 2;
    public const int Timer0Irq = 3;
    public const int Timer1Irq = 4;
    public const int DualTimerIrq = 5;
    public const int MemoryControllerIrq = 9;
    public const int PeripheralControllerIrq = 10;
    public const int UartIrq = 32;
    public const int UartCombinedIrq = 42;
    public const int UartOverrunIrq = 47;
    public const int EthernetIrq = 48;
    public const int SpiIrq = 51;
    public const int GpioIrq = 68;
    public const int PinIrq = 72;
    public const int Interrupts = 124;

    // in the order of Mps2Serial
    public static IReadOnlyList<ulong> Spi { get; } = [0x4020_5000, 0x4020_6000, 0x4020_9000, 0x4020_a000, 0x4020_b000];

    public static IReadOnlyList<ulong> I2c { get; } = [0x4020_7000, 0x4020_8000, 0x4020_c000, 0x4020_d000];

    // the ports of the first SPI controller, UART, I²C controller and GPIO, and of what else is on the buses outside
    public static (TrustZonePpc Ppc, int Port) SpiPort => (TrustZonePpc.ApbExpansion1, 0);

    public static (TrustZonePpc Ppc, int Port) I2cPort => (TrustZonePpc.ApbExpansion1, 10);

    public static (TrustZonePpc Ppc, int Port) EthernetPort => (TrustZonePpc.AhbExpansion0, 5);

    public static (TrustZonePpc Ppc, int Port) UartPort => (TrustZonePpc.ApbExpansion1, 5);

    public static (TrustZonePpc Ppc, int Port) GpioPort => (TrustZonePpc.AhbExpansion0, 1);

    public static (TrustZonePpc Ppc, int Port) SccPort => (TrustZonePpc.ApbExpansion2, 0);

    public static (TrustZonePpc Ppc, int Port) FpgaIoPort => (TrustZonePpc.ApbExpansion2, 2);
}
