namespace Emulation.Boards.Mcu;

/// <summary>Physical addresses of the nRF51822. nRF51 Series Reference Manual, chapter 5, "Memory", and chapter 10, "Peripheral interface". Interrupt numbers are identifiers: bits 17 to 12 of the address.</summary>
internal static class NrfMap
{
    public const ulong Flash = 0;
    public const ulong FlashSize = 256 << 10;
    public const ulong Ficr = 0x1000_0000;
    public const ulong Uicr = 0x1000_1000;
    public const ulong Ram = 0x2000_0000;
    public const ulong Power = 0x4000_0000;
    public const ulong Radio = 0x4000_1000;
    public const ulong Uart = 0x4000_2000;
    public const ulong Serial0 = 0x4000_3000;
    public const ulong Serial1 = 0x4000_4000;
    public const ulong Gpiote = 0x4000_6000;
    public const ulong Adc = 0x4000_7000;
    public const ulong Timer0 = 0x4000_8000;
    public const ulong Timer1 = 0x4000_9000;
    public const ulong Timer2 = 0x4000_a000;
    public const ulong Rtc0 = 0x4000_b000;
    public const ulong Temp = 0x4000_c000;
    public const ulong Rng = 0x4000_d000;
    public const ulong Ecb = 0x4000_e000;
    public const ulong CcmAar = 0x4000_f000;
    public const ulong Watchdog = 0x4001_0000;
    public const ulong Rtc1 = 0x4001_1000;
    public const ulong Qdec = 0x4001_2000;
    public const ulong Lpcomp = 0x4001_3000;
    public const ulong Nvmc = 0x4001_e000;
    public const ulong Ppi = 0x4001_f000;
    public const ulong Gpio = 0x5000_0000;
    public const ulong RomTable = 0xf000_0000;

    /// <summary>The interrupt number of a peripheral.</summary>
    public static int Irq(ulong address) => (int)(address >> 12) & 0x3f;
}
