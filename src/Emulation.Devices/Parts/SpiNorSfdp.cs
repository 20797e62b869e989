using System.Buffers.Binary;
using System.Numerics;

namespace Emulation.Devices;

/// <summary>The SFDP tables of a model. JEDEC JESD216B, 6.</summary>
internal static class SpiNorSfdp
{
    private const int BasicTable = 0x30, FourByteTable = 0x80;

    public static byte[] Build(SpiNorModel model)
    {
        byte[] tables = new byte[0x100];
        Array.Fill(tables, (byte)0xff);
        "SFDP"u8.CopyTo(tables);
        // revision 1.6, number of headers less one, unused
        ((ReadOnlySpan<byte>)[6, 1, (byte)(model.HasFourByteAddresses ? 1 : 0), 0xff]).CopyTo(tables.AsSpan(4));
        ((ReadOnlySpan<byte>)[0x00, 6, 1, 16, BasicTable, 0, 0, 0xff]).CopyTo(tables.AsSpan(8));
        Write(tables, BasicTable, Basic(model));
        if (model.HasFourByteAddresses)
        {
            ((ReadOnlySpan<byte>)[0x84, 0, 1, 2, FourByteTable, 0, 0, 0xff]).CopyTo(tables.AsSpan(16));
            // 13, 0C, 3C, BC, 6C, EC; 12, 34; erase types 1 to 3 with 21, 5C, DC
            Write(tables, FourByteTable, [0xfff0_0eff, 0xffdc_5c21]);
        }

        return tables;
    }

    private static uint[] Basic(SpiNorModel model)
    {
        uint quadEnable = model.Maker == SpiNorMaker.Winbond ? 5u : 2;
        return
        [
            0xfff1_20e5 | (model.HasFourByteAddresses ? 1u << 17 : 0),
            (uint)((ulong)model.Size * 8 - 1),
            0x6b08_eb44,                            // 1-1-4: 8 dummy clocks; 1-4-4: 2 mode and 4 dummy clocks
            0xbb80_3b08,                            // 1-2-2: 4 mode clocks; 1-1-2: 8 dummy clocks
            0xffff_ffee,
            0xff00_ffff,
            0xff00_ffff,
            0x520f_200c,
            0x0000_d810,
            EraseTime(model.SectorEraseTime) << 4 | EraseTime(model.HalfBlockEraseTime) << 11 | EraseTime(model.BlockEraseTime) << 18 | 4,
            ProgramTimes(model),
            0x8000_0000,                            // no suspend
            0,
            (0xb9u << 23) | (0xabu << 15) | (1 << 13) | (2 << 8) | (1 << 2),
            quadEnable << 20,
            0x0000_1001 | (model.HasFourByteAddresses ? 0x2100_4000u : 0),
        ];
    }

    // five bits of count less one, two bits of unit: 1, 16, 128 ms, 1 s
    private static uint EraseTime(long time) => Time(time, [1_000_000, 16_000_000, 128_000_000, 1_000_000_000]);

    private static uint Time(long time, ReadOnlySpan<long> units)
    {
        for (int unit = 0; unit < units.Length; unit++)
        {
            long count = (time + units[unit] - 1) / units[unit];
            if (count <= 32)
                return (uint)((unit << 5) | ((int)Math.Max(1, count) - 1));
        }

        return (uint)(((units.Length - 1) << 5) | 31);
    }

    private static uint ProgramTimes(SpiNorModel model)
        => 0x8000_0000 | (Time(model.ChipEraseTime, [16_000_000, 256_000_000, 4_000_000_000, 64_000_000_000]) << 24)
            | (Time(model.PageProgramTime, [8_000, 64_000]) << 8) | ((uint)BitOperations.Log2(256) << 4) | 2;

    private static void Write(byte[] tables, int offset, uint[] words)
    {
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(tables.AsSpan(offset + (4 * i)), words[i]);
    }
}
