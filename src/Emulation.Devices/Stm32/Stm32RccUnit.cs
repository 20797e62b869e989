namespace Emulation.Devices;

/// <summary>A bus of an STM32F4, as RCC registers group peripherals.</summary>
public enum Stm32Bus
{
    /// <summary>AHB1.</summary>
    Ahb1,

    /// <summary>AHB2.</summary>
    Ahb2,

    /// <summary>AHB3.</summary>
    Ahb3,

    /// <summary>APB1.</summary>
    Apb1,

    /// <summary>APB2.</summary>
    Apb2,
}

/// <summary>What the RCC does for one peripheral: its bit in the registers of its bus.</summary>
/// <param name="Name">The name in the manual, such as <c>USART2</c>.</param>
/// <param name="Bus">Its bus.</param>
/// <param name="Bit">Its bit in RCC_xENR, RCC_xRSTR and RCC_xLPENR.</param>
/// <param name="Parts">Which of the registers have the bit.</param>
public sealed record Stm32RccUnit(string Name, Stm32Bus Bus, int Bit, Stm32RccParts Parts = Stm32RccParts.All);

/// <summary>Which registers have a peripheral's bit.</summary>
[Flags]
public enum Stm32RccParts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The clock enable register.</summary>
    Enable = 1,

    /// <summary>The reset register.</summary>
    Reset = 2,

    /// <summary>The register of clocks in Sleep mode.</summary>
    Sleep = 4,

    /// <summary>It counts with the timers' clock (RM0090 7.2).</summary>
    Timer = 8,

    /// <summary>All but <see cref="Timer"/>.</summary>
    All = Enable | Reset | Sleep,
}
