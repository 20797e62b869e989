namespace Emulation.Boards.Mcu;

/// <summary>Physical addresses and interrupt numbers of the FE310. FE310-G002 Manual, "Memory Map" and "Interrupts".</summary>
internal static class SifiveEMap
{
    public const ulong ModeSelect = 0x1000;
    public const ulong ModeSelectSize = 0x1000;
    public const ulong ResetVector = 0x1004;
    public const ulong MaskRom = 0x1_0000;
    public const ulong MaskRomSize = 0x2000;
    public const ulong Otp = 0x2_0000;
    public const ulong Clint = 0x200_0000;
    public const ulong Itim = 0x800_0000;
    public const ulong ItimSize = 0x2000;
    public const ulong Plic = 0xc00_0000;
    public const ulong PlicSize = 0x400_0000;
    public const ulong Aon = 0x1000_0000;
    public const ulong Prci = 0x1000_8000;
    public const ulong OtpControl = 0x1001_0000;
    public const ulong Gpio = 0x1001_2000;
    public const ulong Uart0 = 0x1001_3000;
    public const ulong Spi0 = 0x1001_4000;
    public const ulong Pwm0 = 0x1001_5000;
    public const ulong I2c0 = 0x1001_6000;
    public const ulong Uart1 = 0x1002_3000;
    public const ulong Spi1 = 0x1002_4000;
    public const ulong Pwm1 = 0x1002_5000;
    public const ulong Spi2 = 0x1003_4000;
    public const ulong Pwm2 = 0x1003_5000;
    public const ulong Flash = 0x2000_0000;
    public const ulong Dtim = 0x8000_0000;

    public const ulong FirmwareG000 = Flash + 0x40_0000;
    public const ulong FirmwareG002 = Flash + 0x1_0000;

    public const int PlicSources = 52;
    public const int WatchdogIrq = 1;
    public const int RtcIrq = 2;
    public const int Uart0Irq = 3;
    public const int Uart1Irq = 4;
    public const int Spi0Irq = 5;
    public const int Spi1Irq = 6;
    public const int Spi2Irq = 7;
    public const int GpioIrq = 8;
    public const int Pwm0Irq = 40;
    public const int Pwm1Irq = 44;
    public const int Pwm2Irq = 48;
    public const int I2c0Irq = 52;
}
