namespace Emulation.Devices;

/// <summary>A type of the 24xx family of I²C EEPROMs. Microchip AT24C01D to AT24CM02.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="PageSize">Bytes that one write cycle programs.</param>
/// <param name="AddressBytes">Bytes of the word address: 1 or 2; further address bits are in the device address.</param>
/// <param name="WriteTime">Longest write cycle (tWR) in nanoseconds.</param>
public sealed record Eeprom24Model(string Name, int Size, int PageSize, int AddressBytes, long WriteTime = 5_000_000)
{
    /// <summary>1 Kibit.</summary>
    public static Eeprom24Model C01 => new("24C01", 128, 8, 1);

    /// <summary>2 Kibit.</summary>
    public static Eeprom24Model C02 => new("24C02", 256, 8, 1);

    /// <summary>4 Kibit.</summary>
    public static Eeprom24Model C04 => new("24C04", 512, 16, 1);

    /// <summary>8 Kibit.</summary>
    public static Eeprom24Model C08 => new("24C08", 1024, 16, 1);

    /// <summary>16 Kibit.</summary>
    public static Eeprom24Model C16 => new("24C16", 2048, 16, 1);

    /// <summary>32 Kibit.</summary>
    public static Eeprom24Model C32 => new("24C32", 4096, 32, 2);

    /// <summary>64 Kibit.</summary>
    public static Eeprom24Model C64 => new("24C64", 8192, 32, 2);

    /// <summary>128 Kibit.</summary>
    public static Eeprom24Model C128 => new("24C128", 16384, 64, 2);

    /// <summary>256 Kibit.</summary>
    public static Eeprom24Model C256 => new("24C256", 32768, 64, 2);

    /// <summary>512 Kibit.</summary>
    public static Eeprom24Model C512 => new("24C512", 65536, 128, 2);

    /// <summary>1 Mibit.</summary>
    public static Eeprom24Model M01 => new("24CM01", 131072, 256, 2);

    /// <summary>2 Mibit.</summary>
    public static Eeprom24Model M02 => new("24CM02", 262144, 256, 2, 10_000_000);

    /// <summary>Device addresses it takes: the bits of the word address that do not fit in <see cref="AddressBytes"/>.</summary>
    public int AddressSpan => Math.Max(1, Size >> (8 * AddressBytes));
}
