using Emulation.Arm;
using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>The interrupts of the STM32F405/407. RM0090 table 62.</summary>
internal static class Stm32F407Interrupts
{
    /// <summary>Number of inputs of the interrupt controller.</summary>
    public const int Count = 82;

    /// <summary>Names by position; empty where there is none.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "WWDG", "PVD", "TAMP_STAMP", "RTC_WKUP", "FLASH", "RCC",
        "EXTI0", "EXTI1", "EXTI2", "EXTI3", "EXTI4", "DMA1_Stream0",
        "DMA1_Stream1", "DMA1_Stream2", "DMA1_Stream3", "DMA1_Stream4", "DMA1_Stream5", "DMA1_Stream6",
        "ADC", "CAN1_TX", "CAN1_RX0", "CAN1_RX1", "CAN1_SCE", "EXTI9_5",
        "TIM1_BRK_TIM9", "TIM1_UP_TIM10", "TIM1_TRG_COM_TIM11", "TIM1_CC", "TIM2", "TIM3",
        "TIM4", "I2C1_EV", "I2C1_ER", "I2C2_EV", "I2C2_ER", "SPI1",
        "SPI2", "USART1", "USART2", "USART3", "EXTI15_10", "RTC_Alarm",
        "OTG_FS_WKUP", "TIM8_BRK_TIM12", "TIM8_UP_TIM13", "TIM8_TRG_COM_TIM14", "TIM8_CC", "DMA1_Stream7",
        "FSMC", "SDIO", "TIM5", "SPI3", "UART4", "UART5",
        "TIM6_DAC", "TIM7", "DMA2_Stream0", "DMA2_Stream1", "DMA2_Stream2", "DMA2_Stream3",
        "DMA2_Stream4", "ETH", "ETH_WKUP", "CAN2_TX", "CAN2_RX0", "CAN2_RX1",
        "CAN2_SCE", "OTG_FS", "DMA2_Stream5", "DMA2_Stream6", "DMA2_Stream7", "USART6",
        "I2C3_EV", "I2C3_ER", "OTG_HS_EP1_OUT", "OTG_HS_EP1_IN", "OTG_HS_WKUP", "OTG_HS",
        "DCMI", "", "RNG", "FPU",
    ];

    /// <summary>Position of an interrupt.</summary>
    /// <param name="name">Its name.</param>
    public static int Number(string name)
    {
        for (int i = 0; i < Count; i++)
        {
            if (Names[i] == name)
                return i;
        }

        throw new ArgumentException($"the STM32F407 has no interrupt '{name}'", nameof(name));
    }

    /// <summary>Connects lines to an interrupt: it is requested while any of them is high.</summary>
    /// <param name="nvic">The interrupt controller.</param>
    /// <param name="name">Its name.</param>
    /// <param name="lines">The lines.</param>
    public static void Connect(Nvic nvic, string name, params IrqLine[] lines)
    {
        int number = Number(name);
        foreach (IrqLine line in lines)
            line.Connect(_ => nvic.SetInput(number, Array.Exists(lines, static l => l.Level)));
    }
}
