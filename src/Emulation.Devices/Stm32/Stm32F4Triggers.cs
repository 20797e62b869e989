namespace Emulation.Devices;

/// <summary>What triggers the analog peripherals of the STM32F405 and F407, by name: a timer's TRGO, a channel's OCxREF, an EXTI line.</summary>
public static class Stm32F4Triggers
{
    /// <summary>Triggers of the regular group of the converters by EXTSEL. RM0090 table 68.</summary>
    public static IReadOnlyList<string> AdcRegular { get; } =
    [
        "TIM1_CC1", "TIM1_CC2", "TIM1_CC3", "TIM2_CC2", "TIM2_CC3", "TIM2_CC4", "TIM2_TRGO", "TIM3_CC1",
        "TIM3_TRGO", "TIM4_CC4", "TIM5_CC1", "TIM5_CC2", "TIM5_CC3", "TIM8_CC1", "TIM8_TRGO", "EXTI11",
    ];

    /// <summary>Triggers of the injected group of the converters by JEXTSEL. RM0090 table 69.</summary>
    public static IReadOnlyList<string> AdcInjected { get; } =
    [
        "TIM1_CC4", "TIM1_TRGO", "TIM2_CC1", "TIM2_TRGO", "TIM3_CC2", "TIM3_CC4", "TIM4_CC1", "TIM4_CC2",
        "TIM4_CC3", "TIM4_TRGO", "TIM5_CC4", "TIM5_TRGO", "TIM8_CC2", "TIM8_CC3", "TIM8_CC4", "EXTI15",
    ];

    /// <summary>Triggers of the digital-to-analog converter by TSEL. RM0090 table 76.</summary>
    public static IReadOnlyList<string> Dac { get; } = ["TIM6_TRGO", "TIM8_TRGO", "TIM7_TRGO", "TIM5_TRGO", "TIM2_TRGO", "TIM4_TRGO", "EXTI9"];
}
