namespace Emulation.Devices;

/// <summary>How makers of SPI NOR flash differ in their status registers and commands.</summary>
public enum SpiNorMaker
{
    /// <summary>Three status registers, QE is bit 1 of the second.</summary>
    Winbond,

    /// <summary>A status register with QE in bit 6, and a configuration register.</summary>
    Macronix,

    /// <summary>A status register with QE in bit 6, and a function register.</summary>
    Issi,
}

/// <summary>A type of SPI NOR flash. Times are the typical ones of the data sheet, in nanoseconds.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Maker">Whose registers and commands it has.</param>
/// <param name="JedecId">Manufacturer, memory type, capacity: 24 bits as command 9F gives them.</param>
/// <param name="DeviceId">What AB and 90 give.</param>
/// <param name="Size">Bytes.</param>
public sealed record SpiNorModel(string Name, SpiNorMaker Maker, int JedecId, byte DeviceId, int Size)
{
    /// <summary>Winbond W25Q16JV, 2 MiB.</summary>
    public static SpiNorModel W25Q16 => new("W25Q16JV", SpiNorMaker.Winbond, 0xef4015, 0x14, 2 << 20) { ChipEraseTime = 5_000_000_000 };

    /// <summary>Winbond W25Q32JV, 4 MiB.</summary>
    public static SpiNorModel W25Q32 => new("W25Q32JV", SpiNorMaker.Winbond, 0xef4016, 0x15, 4 << 20) { ChipEraseTime = 10_000_000_000 };

    /// <summary>Winbond W25Q64JV, 8 MiB.</summary>
    public static SpiNorModel W25Q64 => new("W25Q64JV", SpiNorMaker.Winbond, 0xef4017, 0x16, 8 << 20) { ChipEraseTime = 20_000_000_000 };

    /// <summary>Winbond W25Q128JV, 16 MiB.</summary>
    public static SpiNorModel W25Q128 => new("W25Q128JV", SpiNorMaker.Winbond, 0xef4018, 0x17, 16 << 20) { ChipEraseTime = 40_000_000_000 };

    /// <summary>Winbond W25Q256JV, 32 MiB, with addresses of four bytes.</summary>
    public static SpiNorModel W25Q256 => new("W25Q256JV", SpiNorMaker.Winbond, 0xef4019, 0x18, 32 << 20) { ChipEraseTime = 80_000_000_000 };

    /// <summary>Macronix MX25L6433F, 8 MiB.</summary>
    public static SpiNorModel Mx25L64 => new("MX25L6433F", SpiNorMaker.Macronix, 0xc22017, 0x16, 8 << 20)
    {
        PageProgramTime = 330_000,
        SectorEraseTime = 25_000_000,
        HalfBlockEraseTime = 140_000_000,
        BlockEraseTime = 250_000_000,
        ChipEraseTime = 20_000_000_000,
    };

    /// <summary>Macronix MX25R6435F (nRF52840 DK), 8 MiB.</summary>
    public static SpiNorModel Mx25R64 => new("MX25R6435F", SpiNorMaker.Macronix, 0xc22817, 0x17, 8 << 20)
    {
        PageProgramTime = 850_000,
        SectorEraseTime = 40_000_000,
        HalfBlockEraseTime = 240_000_000,
        BlockEraseTime = 480_000_000,
        ChipEraseTime = 50_000_000_000,
    };

    /// <summary>ISSI IS25LP128 (SiFive HiFive1), 16 MiB.</summary>
    public static SpiNorModel Is25Lp128 => new("IS25LP128", SpiNorMaker.Issi, 0x9d6018, 0x17, 16 << 20)
    {
        PageProgramTime = 200_000,
        SectorEraseTime = 70_000_000,
        HalfBlockEraseTime = 100_000_000,
        BlockEraseTime = 170_000_000,
        ChipEraseTime = 60_000_000_000,
    };

    /// <summary>ISSI IS25LP032D (SiFive HiFive1 Rev B), 4 MiB.</summary>
    public static SpiNorModel Is25Lp032 => new("IS25LP032D", SpiNorMaker.Issi, 0x9d6016, 0x15, 4 << 20)
    {
        PageProgramTime = 200_000,
        SectorEraseTime = 70_000_000,
        HalfBlockEraseTime = 100_000_000,
        BlockEraseTime = 150_000_000,
        ChipEraseTime = 8_000_000_000,
    };

    /// <summary>Programming of a page (tPP).</summary>
    public long PageProgramTime { get; init; } = 400_000;

    /// <summary>Erasing 4 KiB (tSE).</summary>
    public long SectorEraseTime { get; init; } = 45_000_000;

    /// <summary>Erasing 32 KiB (tBE1).</summary>
    public long HalfBlockEraseTime { get; init; } = 120_000_000;

    /// <summary>Erasing 64 KiB (tBE2).</summary>
    public long BlockEraseTime { get; init; } = 150_000_000;

    /// <summary>Erasing all (tCE).</summary>
    public long ChipEraseTime { get; init; } = 40_000_000_000;

    /// <summary>Writing non-volatile status registers (tW).</summary>
    public long StatusWriteTime { get; init; } = 10_000_000;

    /// <summary>Leaving deep power-down (tRES1).</summary>
    public long WakeTime { get; init; } = 3_000;

    /// <summary>Recovering from a reset (tRST).</summary>
    public long ResetTime { get; init; } = 30_000;

    /// <summary>Whether addresses of three bytes do not reach all of it.</summary>
    public bool HasFourByteAddresses => Size > 1 << 24;

    /// <summary>Bit of QE in the status registers, the first in bits 0 to 7, the second in 8 to 15.</summary>
    internal int QuadEnableBit => Maker == SpiNorMaker.Winbond ? 9 : 6;
}
