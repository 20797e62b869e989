using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>The memory map of the STM32F405/407. RM0090 table 1, 2.3.</summary>
internal static class Stm32F407Map
{
    public const ulong Flash = 0x0800_0000, Ccm = 0x1000_0000, System = 0x1fff_0000, Options = 0x1fff_c000, Sram1 = 0x2000_0000, Sram2 = 0x2001_c000;
    public const ulong CcmSize = 0x1_0000, Sram1Size = 0x1_c000, Sram2Size = 0x4000;
    public const ulong Rtc = 0x4000_2800, Wwdg = 0x4000_2c00, Iwdg = 0x4000_3000, Pwr = 0x4000_7000, Dac = 0x4000_7400, Can1 = 0x4000_6400, Can2 = 0x4000_6800;
    public const ulong Adc = 0x4001_2000, Syscfg = 0x4001_3800, Exti = 0x4001_3c00, Gpio = 0x4002_0000, Crc = 0x4002_3000, Rcc = 0x4002_3800, FlashControl = 0x4002_3c00;
    public const ulong BackupSram = 0x4002_4000, Dma1 = 0x4002_6000, Dma2 = 0x4002_6400, Rng = 0x5006_0800, Dbgmcu = 0xe004_2000;

    /// <summary>Addresses of the serial ports.</summary>
    public static IReadOnlyList<(string Name, ulong Address)> Usarts { get; } =
    [
        ("USART1", 0x4001_1000), ("USART2", 0x4000_4400), ("USART3", 0x4000_4800), ("UART4", 0x4000_4c00), ("UART5", 0x4000_5000), ("USART6", 0x4001_1400),
    ];

    /// <summary>Addresses of the timers 1 to 14.</summary>
    public static IReadOnlyList<ulong> Timers { get; } =
    [
        0x4001_0000, 0x4000_0000, 0x4000_0400, 0x4000_0800, 0x4000_0c00, 0x4000_1000, 0x4000_1400,
        0x4001_0400, 0x4001_4000, 0x4001_4400, 0x4001_4800, 0x4000_1800, 0x4000_1c00, 0x4000_2000,
    ];

    /// <summary>Addresses of the SPI controllers 1 to 3.</summary>
    public static IReadOnlyList<ulong> Spis { get; } = [0x4001_3000, 0x4000_3800, 0x4000_3c00];

    /// <summary>Addresses of the I²C controllers 1 to 3.</summary>
    public static IReadOnlyList<ulong> I2cs { get; } = [0x4000_5400, 0x4000_5800, 0x4000_5c00];

    /// <summary>What the peripheral port of DMA1 reaches: it is connected to the bridge of APB1 alone (2.1.5, AN4031 2.1).</summary>
    public static IReadOnlyList<Stm32DmaRange> Dma1Peripherals { get; } = [new(0x4000_0000, 0x4000_7fff)];

    /// <summary>What the memory ports, and the peripheral port of DMA2, reach: the bus matrix. The CCM, the bit-band aliases and the private peripheral bus are the CPU's (2.1, 2.3.2).</summary>
    public static IReadOnlyList<Stm32DmaRange> BusMatrix { get; } =
    [
        new(0x0000_0000, 0x0fff_ffff), new(0x1fff_0000, 0x1fff_ffff), new(0x2000_0000, 0x200f_ffff), new(0x4000_0000, 0x400f_ffff), new(0x5000_0000, 0xa000_0fff),
    ];

    /// <summary>Peripherals that are not modelled: an access to one is an access to nothing, and this is its name.</summary>
    public static IReadOnlyList<(string Name, ulong Start, ulong End)> Missing { get; } =
    [
        ("I2S2ext", 0x4000_3400, 0x4000_3800), ("I2S3ext", 0x4000_4000, 0x4000_4400), ("SDIO", 0x4001_2c00, 0x4001_3000),
        ("ETH", 0x4002_8000, 0x4002_9400), ("OTG_HS", 0x4004_0000, 0x4008_0000), ("OTG_FS", 0x5000_0000, 0x5004_0000),
        ("DCMI", 0x5005_0000, 0x5005_0400), ("CRYP", 0x5006_0000, 0x5006_0400), ("HASH", 0x5006_0400, 0x5006_0800),
        ("memory of the FSMC", 0x6000_0000, 0xa000_0000), ("FSMC", 0xa000_0000, 0xa000_1000),
    ];

    /// <summary>The name of the peripheral that is missing at an address; null for none.</summary>
    public static string? MissingName(ulong address)
    {
        foreach ((string name, ulong start, ulong end) in Missing)
        {
            if (address >= start && address < end)
                return name;
        }

        return null;
    }
}
