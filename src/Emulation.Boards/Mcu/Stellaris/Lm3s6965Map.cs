namespace Emulation.Boards.Mcu;

/// <summary>Where things are in the LM3S6965. LM3S6965 data sheet, "Memory Map" and "Interrupts".</summary>
internal static class Lm3s6965Map
{
    public const ulong Flash = 0;
    public const ulong Sram = 0x2000_0000;
    public const ulong SramSize = 64 << 10;
    public const ulong Watchdog = 0x4000_0000;
    public const ulong Ssi0 = 0x4000_8000;
    public const ulong Uart = 0x4000_c000;
    public const ulong I2c = 0x4002_0000;
    public const ulong Pwm = 0x4002_8000;
    public const ulong Qei = 0x4002_c000;
    public const ulong Timer = 0x4003_0000;
    public const ulong Adc = 0x4003_8000;
    public const ulong Comparators = 0x4003_c000;
    public const ulong FlashControl = 0x400f_d000;
    public const ulong SystemControl = 0x400f_e000;
    public const int Interrupts = 44;

    public const int Ssi0Irq = 7;
    public const int PwmFaultIrq = 9;
    public const int PwmIrq = 10;
    public const int AdcIrq = 14;
    public const int WatchdogIrq = 18;
    public const int ComparatorIrq = 25;
    public const int SystemControlIrq = 28;
    public const int FlashIrq = 29;

    public static IReadOnlyList<ulong> Gpio { get; } = [0x4000_4000, 0x4000_5000, 0x4000_6000, 0x4000_7000, 0x4002_4000, 0x4002_5000, 0x4002_6000];

    public static IReadOnlyList<int> GpioIrqs { get; } = [0, 1, 2, 3, 4, 30, 31];

    public static IReadOnlyList<int> UartIrqs { get; } = [5, 6, 33];

    public static IReadOnlyList<int> I2cIrqs { get; } = [8, 37];

    public static IReadOnlyList<int> QeiIrqs { get; } = [13, 38];

    public static IReadOnlyList<(int A, int B)> TimerIrqs { get; } = [(19, 20), (21, 22), (23, 24), (35, 36)];
}
