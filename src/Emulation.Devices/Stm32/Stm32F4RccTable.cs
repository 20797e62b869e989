namespace Emulation.Devices;

/// <summary>The peripherals in the RCC registers of the STM32F405/407. RM0090 7.3.5 to 7.3.19.</summary>
internal static class Stm32F4RccTable
{
    private const Stm32RccParts Timer = Stm32RccParts.All | Stm32RccParts.Timer;
    private const Stm32RccParts Clock = Stm32RccParts.Enable | Stm32RccParts.Sleep;

    public static IReadOnlyList<Stm32RccUnit> Units { get; } =
    [
        .. "ABCDEFGHI".Select(static (c, i) => new Stm32RccUnit($"GPIO{c}", Stm32Bus.Ahb1, i)),
        new("CRC", Stm32Bus.Ahb1, 12),
        new("FLITF", Stm32Bus.Ahb1, 15, Stm32RccParts.Sleep),
        new("SRAM1", Stm32Bus.Ahb1, 16, Stm32RccParts.Sleep),
        new("SRAM2", Stm32Bus.Ahb1, 17, Stm32RccParts.Sleep),
        new("BKPSRAM", Stm32Bus.Ahb1, 18, Clock),
        new("CCMDATARAM", Stm32Bus.Ahb1, 20, Stm32RccParts.Enable),
        new("DMA1", Stm32Bus.Ahb1, 21),
        new("DMA2", Stm32Bus.Ahb1, 22),
        new("ETHMAC", Stm32Bus.Ahb1, 25),
        new("ETHMACTX", Stm32Bus.Ahb1, 26, Clock),
        new("ETHMACRX", Stm32Bus.Ahb1, 27, Clock),
        new("ETHMACPTP", Stm32Bus.Ahb1, 28, Clock),
        new("OTGHS", Stm32Bus.Ahb1, 29),
        new("OTGHSULPI", Stm32Bus.Ahb1, 30, Clock),
        new("DCMI", Stm32Bus.Ahb2, 0),
        new("RNG", Stm32Bus.Ahb2, 6),
        new("OTGFS", Stm32Bus.Ahb2, 7),
        new("FSMC", Stm32Bus.Ahb3, 0),
        new("TIM2", Stm32Bus.Apb1, 0, Timer),
        new("TIM3", Stm32Bus.Apb1, 1, Timer),
        new("TIM4", Stm32Bus.Apb1, 2, Timer),
        new("TIM5", Stm32Bus.Apb1, 3, Timer),
        new("TIM6", Stm32Bus.Apb1, 4, Timer),
        new("TIM7", Stm32Bus.Apb1, 5, Timer),
        new("TIM12", Stm32Bus.Apb1, 6, Timer),
        new("TIM13", Stm32Bus.Apb1, 7, Timer),
        new("TIM14", Stm32Bus.Apb1, 8, Timer),
        new("WWDG", Stm32Bus.Apb1, 11),
        new("SPI2", Stm32Bus.Apb1, 14),
        new("SPI3", Stm32Bus.Apb1, 15),
        new("USART2", Stm32Bus.Apb1, 17),
        new("USART3", Stm32Bus.Apb1, 18),
        new("UART4", Stm32Bus.Apb1, 19),
        new("UART5", Stm32Bus.Apb1, 20),
        new("I2C1", Stm32Bus.Apb1, 21),
        new("I2C2", Stm32Bus.Apb1, 22),
        new("I2C3", Stm32Bus.Apb1, 23),
        new("CAN1", Stm32Bus.Apb1, 25),
        new("CAN2", Stm32Bus.Apb1, 26),
        new("PWR", Stm32Bus.Apb1, 28),
        new("DAC", Stm32Bus.Apb1, 29),
        new("TIM1", Stm32Bus.Apb2, 0, Timer),
        new("TIM8", Stm32Bus.Apb2, 1, Timer),
        new("USART1", Stm32Bus.Apb2, 4),
        new("USART6", Stm32Bus.Apb2, 5),
        new("ADC1", Stm32Bus.Apb2, 8),
        new("ADC2", Stm32Bus.Apb2, 9, Clock),
        new("ADC3", Stm32Bus.Apb2, 10, Clock),
        new("SDIO", Stm32Bus.Apb2, 11),
        new("SPI1", Stm32Bus.Apb2, 12),
        new("SYSCFG", Stm32Bus.Apb2, 14),
        new("TIM9", Stm32Bus.Apb2, 16, Timer),
        new("TIM10", Stm32Bus.Apb2, 17, Timer),
        new("TIM11", Stm32Bus.Apb2, 18, Timer),
    ];

    /// <summary>Reset values of the enable registers, by bus: the CCM data RAM's clock is on.</summary>
    public static uint EnableReset(Stm32Bus bus) => bus == Stm32Bus.Ahb1 ? 0x0010_0000u : 0;

    /// <summary>Reset values of the registers of clocks in Sleep mode, by bus.</summary>
    public static uint SleepReset(Stm32Bus bus) => bus switch
    {
        Stm32Bus.Ahb1 => 0x7e67_91ff,
        Stm32Bus.Ahb2 => 0x0000_00f1,
        Stm32Bus.Ahb3 => 0x0000_0001,
        Stm32Bus.Apb1 => 0x36fe_c9ff,
        _ => 0x0007_5f33,
    };
}
