namespace Emulation.Devices;

/// <summary>What a timer of the STM32F4 has. RM0090 chapters 17 to 20.</summary>
public sealed record Stm32TimerOptions
{
    /// <summary>TIM1 and TIM8.</summary>
    public static Stm32TimerOptions Advanced => new() { Channels = 4, IsAdvanced = true, Centered = true, Encoder = true, Slave = true, Master = true, Dma = true };

    /// <summary>TIM2 and TIM5.</summary>
    public static Stm32TimerOptions General32 => General16 with { Bits = 32 };

    /// <summary>TIM3 and TIM4.</summary>
    public static Stm32TimerOptions General16 => new() { Channels = 4, Centered = true, Encoder = true, Slave = true, Master = true, Dma = true };

    /// <summary>TIM9 and TIM12.</summary>
    public static Stm32TimerOptions TwoChannels => new() { Channels = 2, Slave = true };

    /// <summary>TIM10, 11, 13 and 14.</summary>
    public static Stm32TimerOptions OneChannel => new() { Channels = 1 };

    /// <summary>TIM6 and TIM7.</summary>
    public static Stm32TimerOptions Basic => new() { Master = true, Dma = true };

    /// <summary>Width of the counter: 16 or 32.</summary>
    public int Bits { get; init; } = 16;

    /// <summary>Capture and compare channels: 0, 1, 2 or 4.</summary>
    public int Channels { get; init; }

    /// <summary>Complementary outputs with dead time, break input, repetition counter; and four interrupts instead of one.</summary>
    public bool IsAdvanced { get; init; }

    /// <summary>Counts down and up-down.</summary>
    public bool Centered { get; init; }

    /// <summary>Encoder modes, the XOR input and ETR.</summary>
    public bool Encoder { get; init; }

    /// <summary>A slave mode controller.</summary>
    public bool Slave { get; init; }

    /// <summary>A trigger output.</summary>
    public bool Master { get; init; }

    /// <summary>DMA requests.</summary>
    public bool Dma { get; init; }

    /// <summary>Implemented bits of the option register; 0 for a timer without one.</summary>
    public uint OptionMask { get; init; }
}
