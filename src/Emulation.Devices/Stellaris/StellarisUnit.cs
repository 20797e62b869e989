namespace Emulation.Devices;

/// <summary>A peripheral and its bit in RCGC, SCGC, DCGC and SRCR.</summary>
/// <param name="Name">The clock's name.</param>
/// <param name="Index">The register: 0 to 2.</param>
/// <param name="Bit">The bit.</param>
internal readonly record struct StellarisUnit(string Name, int Index, int Bit)
{
    public static IReadOnlyList<StellarisUnit> All { get; } =
    [
        new("WDT", 0, 3), new("HIB", 0, 6), new("ADC", 0, 16), new("PWM", 0, 20),
        new("UART0", 1, 0), new("UART1", 1, 1), new("UART2", 1, 2), new("SSI0", 1, 4), new("QEI0", 1, 8), new("QEI1", 1, 9), new("I2C0", 1, 12), new("I2C1", 1, 14),
        new("TIMER0", 1, 16), new("TIMER1", 1, 17), new("TIMER2", 1, 18), new("TIMER3", 1, 19), new("COMP0", 1, 24), new("COMP1", 1, 25),
        new("GPIOA", 2, 0), new("GPIOB", 2, 1), new("GPIOC", 2, 2), new("GPIOD", 2, 3), new("GPIOE", 2, 4), new("GPIOF", 2, 5), new("GPIOG", 2, 6),
        new("EMAC0", 2, 28), new("EPHY0", 2, 30),
    ];

    public static uint Mask(int index) => All.Where(u => u.Index == index).Aggregate(0u, static (mask, unit) => mask | (1u << unit.Bit));
}
