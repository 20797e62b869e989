using System.Numerics;

namespace Emulation.Devices;

/// <summary>The query structure of a chip. JEDEC JESD68.01 (CFI), with the Intel extended table of algorithm 0001.</summary>
internal static class CfiQuery
{
    private const byte ExtendedTable = 0x31;

    /// <summary>Builds the table of one chip; the index is the chip's word address.</summary>
    internal static byte[] Build(CfiFlashOptions options, ulong size)
    {
        uint chips = (uint)(options.BankWidth / options.ChipWidth);
        ulong sectors = size / options.SectorSize;
        uint chipSector = options.SectorSize / chips;
        byte[] table = new byte[ExtendedTable + 0x0f];
        table[0x00] = options.Manufacturer;
        table[0x01] = options.Device;
        "QRY"u8.CopyTo(table.AsSpan(0x10));
        Half(table, 0x13, 0x0001);
        Half(table, 0x15, ExtendedTable);
        table[0x1b] = 0x45;             // Vcc 4.5 V to 5.5 V, in BCD
        table[0x1c] = 0x55;
        table[0x1f] = 7;                // typical times: 128 us a word, 128 us a buffer, 1 s a sector
        table[0x20] = 7;
        table[0x21] = 10;
        table[0x23] = 4;                // at most 16 times those
        table[0x24] = 4;
        table[0x25] = 4;
        table[0x27] = (byte)BitOperations.Log2(size / chips);
        Half(table, 0x28, 0x0002);      // x8 and x16
        Half(table, 0x2a, (uint)options.WriteBufferShift);
        table[0x2c] = 1;                // one region of equal sectors
        Half(table, 0x2d, (uint)(sectors - 1));
        Half(table, 0x2f, chipSector >> 8);
        "PRI10"u8.CopyTo(table.AsSpan(ExtendedTable));
        table[ExtendedTable + 5] = 0x08; // lock bits
        table[ExtendedTable + 0x0a] = 0x01; // the lock bit shows in the block status
        table[ExtendedTable + 0x0c] = 0x50;
        return table;
    }

    private static void Half(byte[] table, int at, uint value)
    {
        table[at] = (byte)value;
        table[at + 1] = (byte)(value >> 8);
    }
}
