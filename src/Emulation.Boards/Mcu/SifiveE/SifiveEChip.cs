namespace Emulation.Boards.Mcu;

/// <summary>The chip of a <c>sifive-e</c> board.</summary>
public enum SifiveEChip
{
    /// <summary>FE310-G000, on the HiFive1: M-mode alone, 16 MiB of flash, firmware at 0x2040_0000.</summary>
    Fe310G000,

    /// <summary>FE310-G002, on the HiFive1 Rev B: U-mode with PMP, I²C, 4 MiB of flash, firmware at 0x2001_0000.</summary>
    Fe310G002,
}
