using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>The pins of the STM32F405/407 and their alternate functions. DS8626 table 9. <c>EVENTOUT</c> is function 15 of all.</summary>
internal static class Stm32F407Pins
{
    /// <summary>The pins with their functions: number, colon, signals that share it.</summary>
    public static IReadOnlyList<(string Pin, string Functions)> Table { get; } =
    [
        ("PA0", "1:TIM2_CH1/TIM2_ETR 2:TIM5_CH1 3:TIM8_ETR 7:USART2_CTS 8:UART4_TX 11:ETH_MII_CRS"),
        ("PA1", "1:TIM2_CH2 2:TIM5_CH2 7:USART2_RTS 8:UART4_RX 11:ETH_MII_RX_CLK/ETH_RMII_REF_CLK"),
        ("PA2", "1:TIM2_CH3 2:TIM5_CH3 3:TIM9_CH1 7:USART2_TX 11:ETH_MDIO"),
        ("PA3", "1:TIM2_CH4 2:TIM5_CH4 3:TIM9_CH2 7:USART2_RX 10:OTG_HS_ULPI_D0 11:ETH_MII_COL"),
        ("PA4", "5:SPI1_NSS 6:SPI3_NSS/I2S3_WS 7:USART2_CK 12:OTG_HS_SOF 13:DCMI_HSYNC"),
        ("PA5", "1:TIM2_CH1/TIM2_ETR 3:TIM8_CH1N 5:SPI1_SCK 10:OTG_HS_ULPI_CK"),
        ("PA6", "1:TIM1_BKIN 2:TIM3_CH1 3:TIM8_BKIN 5:SPI1_MISO 9:TIM13_CH1 13:DCMI_PIXCK"),
        ("PA7", "1:TIM1_CH1N 2:TIM3_CH2 3:TIM8_CH1N 5:SPI1_MOSI 9:TIM14_CH1 11:ETH_MII_RX_DV/ETH_RMII_CRS_DV"),
        ("PA8", "0:MCO1 1:TIM1_CH1 4:I2C3_SCL 7:USART1_CK 10:OTG_FS_SOF"),
        ("PA9", "1:TIM1_CH2 4:I2C3_SMBA 7:USART1_TX 13:DCMI_D0"),
        ("PA10", "1:TIM1_CH3 7:USART1_RX 10:OTG_FS_ID 13:DCMI_D1"),
        ("PA11", "1:TIM1_CH4 7:USART1_CTS 9:CAN1_RX 10:OTG_FS_DM"),
        ("PA12", "1:TIM1_ETR 7:USART1_RTS 9:CAN1_TX 10:OTG_FS_DP"),
        ("PA13", "0:JTMS/SWDIO"),
        ("PA14", "0:JTCK/SWCLK"),
        ("PA15", "0:JTDI 1:TIM2_CH1/TIM2_ETR 5:SPI1_NSS 6:SPI3_NSS/I2S3_WS"),
        ("PB0", "1:TIM1_CH2N 2:TIM3_CH3 3:TIM8_CH2N 10:OTG_HS_ULPI_D1 11:ETH_MII_RXD2"),
        ("PB1", "1:TIM1_CH3N 2:TIM3_CH4 3:TIM8_CH3N 10:OTG_HS_ULPI_D2 11:ETH_MII_RXD3"),
        ("PB2", ""),
        ("PB3", "0:JTDO/TRACESWO 1:TIM2_CH2 5:SPI1_SCK 6:SPI3_SCK/I2S3_CK"),
        ("PB4", "0:NJTRST 2:TIM3_CH1 5:SPI1_MISO 6:SPI3_MISO 7:I2S3ext_SD"),
        ("PB5", "2:TIM3_CH2 4:I2C1_SMBA 5:SPI1_MOSI 6:SPI3_MOSI/I2S3_SD 9:CAN2_RX 10:OTG_HS_ULPI_D7 11:ETH_PPS_OUT 13:DCMI_D10"),
        ("PB6", "2:TIM4_CH1 4:I2C1_SCL 7:USART1_TX 9:CAN2_TX 13:DCMI_D5"),
        ("PB7", "2:TIM4_CH2 4:I2C1_SDA 7:USART1_RX 12:FSMC_NL 13:DCMI_VSYNC"),
        ("PB8", "2:TIM4_CH3 3:TIM10_CH1 4:I2C1_SCL 9:CAN1_RX 11:ETH_MII_TXD3 12:SDIO_D4 13:DCMI_D6"),
        ("PB9", "2:TIM4_CH4 3:TIM11_CH1 4:I2C1_SDA 5:SPI2_NSS/I2S2_WS 9:CAN1_TX 12:SDIO_D5 13:DCMI_D7"),
        ("PB10", "1:TIM2_CH3 4:I2C2_SCL 5:SPI2_SCK/I2S2_CK 7:USART3_TX 10:OTG_HS_ULPI_D3 11:ETH_MII_RX_ER"),
        ("PB11", "1:TIM2_CH4 4:I2C2_SDA 7:USART3_RX 10:OTG_HS_ULPI_D4 11:ETH_MII_TX_EN/ETH_RMII_TX_EN"),
        ("PB12", "1:TIM1_BKIN 4:I2C2_SMBA 5:SPI2_NSS/I2S2_WS 7:USART3_CK 9:CAN2_RX 10:OTG_HS_ULPI_D5 11:ETH_MII_TXD0/ETH_RMII_TXD0 12:OTG_HS_ID"),
        ("PB13", "1:TIM1_CH1N 5:SPI2_SCK/I2S2_CK 7:USART3_CTS 9:CAN2_TX 10:OTG_HS_ULPI_D6 11:ETH_MII_TXD1/ETH_RMII_TXD1"),
        ("PB14", "1:TIM1_CH2N 3:TIM8_CH2N 5:SPI2_MISO 6:I2S2ext_SD 7:USART3_RTS 9:TIM12_CH1 12:OTG_HS_DM"),
        ("PB15", "0:RTC_REFIN 1:TIM1_CH3N 3:TIM8_CH3N 5:SPI2_MOSI/I2S2_SD 9:TIM12_CH2 12:OTG_HS_DP"),
        ("PC0", "10:OTG_HS_ULPI_STP"),
        ("PC1", "11:ETH_MDC"),
        ("PC2", "5:SPI2_MISO 6:I2S2ext_SD 10:OTG_HS_ULPI_DIR 11:ETH_MII_TXD2"),
        ("PC3", "5:SPI2_MOSI/I2S2_SD 10:OTG_HS_ULPI_NXT 11:ETH_MII_TX_CLK"),
        ("PC4", "11:ETH_MII_RXD0/ETH_RMII_RXD0"),
        ("PC5", "11:ETH_MII_RXD1/ETH_RMII_RXD1"),
        ("PC6", "2:TIM3_CH1 3:TIM8_CH1 5:I2S2_MCK 8:USART6_TX 12:SDIO_D6 13:DCMI_D0"),
        ("PC7", "2:TIM3_CH2 3:TIM8_CH2 6:I2S3_MCK 8:USART6_RX 12:SDIO_D7 13:DCMI_D1"),
        ("PC8", "2:TIM3_CH3 3:TIM8_CH3 8:USART6_CK 12:SDIO_D0 13:DCMI_D2"),
        ("PC9", "0:MCO2 2:TIM3_CH4 3:TIM8_CH4 4:I2C3_SDA 5:I2S_CKIN 12:SDIO_D1 13:DCMI_D3"),
        ("PC10", "6:SPI3_SCK/I2S3_CK 7:USART3_TX 8:UART4_TX 12:SDIO_D2 13:DCMI_D8"),
        ("PC11", "5:I2S3ext_SD 6:SPI3_MISO 7:USART3_RX 8:UART4_RX 12:SDIO_D3 13:DCMI_D4"),
        ("PC12", "6:SPI3_MOSI/I2S3_SD 7:USART3_CK 8:UART5_TX 12:SDIO_CK 13:DCMI_D9"),
        ("PC13", ""),
        ("PC14", ""),
        ("PC15", ""),
        ("PD0", "9:CAN1_RX 12:FSMC_D2"),
        ("PD1", "9:CAN1_TX 12:FSMC_D3"),
        ("PD2", "2:TIM3_ETR 8:UART5_RX 12:SDIO_CMD 13:DCMI_D11"),
        ("PD3", "7:USART2_CTS 12:FSMC_CLK"),
        ("PD4", "7:USART2_RTS 12:FSMC_NOE"),
        ("PD5", "7:USART2_TX 12:FSMC_NWE"),
        ("PD6", "7:USART2_RX 12:FSMC_NWAIT"),
        ("PD7", "7:USART2_CK 12:FSMC_NE1/FSMC_NCE2"),
        ("PD8", "7:USART3_TX 12:FSMC_D13"),
        ("PD9", "7:USART3_RX 12:FSMC_D14"),
        ("PD10", "7:USART3_CK 12:FSMC_D15"),
        ("PD11", "7:USART3_CTS 12:FSMC_A16"),
        ("PD12", "2:TIM4_CH1 7:USART3_RTS 12:FSMC_A17"),
        ("PD13", "2:TIM4_CH2 12:FSMC_A18"),
        ("PD14", "2:TIM4_CH3 12:FSMC_D0"),
        ("PD15", "2:TIM4_CH4 12:FSMC_D1"),
        ("PE0", "2:TIM4_ETR 12:FSMC_NBL0 13:DCMI_D2"),
        ("PE1", "12:FSMC_NBL1 13:DCMI_D3"),
        ("PE2", "0:TRACECLK 11:ETH_MII_TXD3 12:FSMC_A23"),
        ("PE3", "0:TRACED0 12:FSMC_A19"),
        ("PE4", "0:TRACED1 12:FSMC_A20 13:DCMI_D4"),
        ("PE5", "0:TRACED2 3:TIM9_CH1 12:FSMC_A21 13:DCMI_D6"),
        ("PE6", "0:TRACED3 3:TIM9_CH2 12:FSMC_A22 13:DCMI_D7"),
        ("PE7", "1:TIM1_ETR 12:FSMC_D4"),
        ("PE8", "1:TIM1_CH1N 12:FSMC_D5"),
        ("PE9", "1:TIM1_CH1 12:FSMC_D6"),
        ("PE10", "1:TIM1_CH2N 12:FSMC_D7"),
        ("PE11", "1:TIM1_CH2 12:FSMC_D8"),
        ("PE12", "1:TIM1_CH3N 12:FSMC_D9"),
        ("PE13", "1:TIM1_CH3 12:FSMC_D10"),
        ("PE14", "1:TIM1_CH4 12:FSMC_D11"),
        ("PE15", "1:TIM1_BKIN 12:FSMC_D12"),
        ("PF0", "4:I2C2_SDA 12:FSMC_A0"),
        ("PF1", "4:I2C2_SCL 12:FSMC_A1"),
        ("PF2", "4:I2C2_SMBA 12:FSMC_A2"),
        ("PF3", "12:FSMC_A3"),
        ("PF4", "12:FSMC_A4"),
        ("PF5", "12:FSMC_A5"),
        ("PF6", "3:TIM10_CH1 12:FSMC_NIORD"),
        ("PF7", "3:TIM11_CH1 12:FSMC_NREG"),
        ("PF8", "9:TIM13_CH1 12:FSMC_NIOWR"),
        ("PF9", "9:TIM14_CH1 12:FSMC_CD"),
        ("PF10", "12:FSMC_INTR"),
        ("PF11", "13:DCMI_D12"),
        ("PF12", "12:FSMC_A6"),
        ("PF13", "12:FSMC_A7"),
        ("PF14", "12:FSMC_A8"),
        ("PF15", "12:FSMC_A9"),
        ("PG0", "12:FSMC_A10"),
        ("PG1", "12:FSMC_A11"),
        ("PG2", "12:FSMC_A12"),
        ("PG3", "12:FSMC_A13"),
        ("PG4", "12:FSMC_A14"),
        ("PG5", "12:FSMC_A15"),
        ("PG6", "12:FSMC_INT2"),
        ("PG7", "8:USART6_CK 12:FSMC_INT3"),
        ("PG8", "8:USART6_RTS 11:ETH_PPS_OUT"),
        ("PG9", "8:USART6_RX 12:FSMC_NE2/FSMC_NCE3"),
        ("PG10", "12:FSMC_NCE4_1/FSMC_NE3"),
        ("PG11", "11:ETH_MII_TX_EN/ETH_RMII_TX_EN 12:FSMC_NCE4_2"),
        ("PG12", "8:USART6_RTS 12:FSMC_NE4"),
        ("PG13", "8:USART6_CTS 11:ETH_MII_TXD0/ETH_RMII_TXD0 12:FSMC_A24"),
        ("PG14", "8:USART6_TX 11:ETH_MII_TXD1/ETH_RMII_TXD1 12:FSMC_A25"),
        ("PG15", "8:USART6_CTS 13:DCMI_D13"),
        ("PH0", ""),
        ("PH1", ""),
        ("PH2", "11:ETH_MII_CRS"),
        ("PH3", "11:ETH_MII_COL"),
        ("PH4", "4:I2C2_SCL 10:OTG_HS_ULPI_NXT"),
        ("PH5", "4:I2C2_SDA"),
        ("PH6", "4:I2C2_SMBA 9:TIM12_CH1 11:ETH_MII_RXD2"),
        ("PH7", "4:I2C3_SCL 11:ETH_MII_RXD3"),
        ("PH8", "4:I2C3_SDA 13:DCMI_HSYNC"),
        ("PH9", "4:I2C3_SMBA 9:TIM12_CH2 13:DCMI_D0"),
        ("PH10", "2:TIM5_CH1 13:DCMI_D1"),
        ("PH11", "2:TIM5_CH2 13:DCMI_D2"),
        ("PH12", "2:TIM5_CH3 13:DCMI_D3"),
        ("PH13", "3:TIM8_CH1N 9:CAN1_TX"),
        ("PH14", "3:TIM8_CH2N 13:DCMI_D4"),
        ("PH15", "3:TIM8_CH3N 13:DCMI_D11"),
        ("PI0", "2:TIM5_CH4 5:SPI2_NSS/I2S2_WS 13:DCMI_D13"),
        ("PI1", "5:SPI2_SCK/I2S2_CK 13:DCMI_D8"),
        ("PI2", "3:TIM8_CH4 5:SPI2_MISO 6:I2S2ext_SD 13:DCMI_D9"),
        ("PI3", "3:TIM8_ETR 5:SPI2_MOSI/I2S2_SD 13:DCMI_D10"),
        ("PI4", "3:TIM8_BKIN 13:DCMI_D5"),
        ("PI5", "3:TIM8_CH1 13:DCMI_VSYNC"),
        ("PI6", "3:TIM8_CH2 13:DCMI_D6"),
        ("PI7", "3:TIM8_CH3 13:DCMI_D7"),
        ("PI8", ""),
        ("PI9", "9:CAN1_RX"),
        ("PI10", "11:ETH_MII_RX_ER"),
        ("PI11", "10:OTG_HS_ULPI_DIR"),
    ];

    /// <summary>Whether the package with 100 pins leads a pin out.</summary>
    public static bool HasPackage100(string pin) => pin[1] <= 'E' || pin is "PH0" or "PH1";

    /// <summary>Connects the signals of peripherals to the alternate functions of the ports. Signals that no peripheral has are left out.</summary>
    /// <param name="ports">The ports, A first.</param>
    /// <param name="signals">The signals.</param>
    public static void Connect(IReadOnlyList<Stm32Gpio> ports, IEnumerable<PinSignal> signals)
    {
        var known = signals.ToDictionary(static s => s.Name);
        foreach ((string pin, string functions) in Table)
        {
            int number = int.Parse(pin.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
            foreach (string function in functions.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] parts = function.Split(':');
                foreach (string name in parts[1].Split('/'))
                {
                    if (known.TryGetValue(name, out PinSignal? signal))
                        ports[pin[1] - 'A'].ConnectFunction(number, int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), signal);
                }
            }
        }
    }
}
