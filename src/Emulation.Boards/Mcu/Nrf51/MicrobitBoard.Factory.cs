using System.Buffers.Binary;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <content>What the factory wrote.</content>
public sealed partial class MicrobitBoard
{
    // nRF51 Series Reference Manual, chapter 7, "Factory Information Configuration Registers (FICR)"
    private void WriteFactoryInformation(ulong seed)
    {
        Word(0x10, NrfNvmc.PageSize);
        Word(0x14, (uint)(NrfMap.FlashSize / NrfNvmc.PageSize));
        Word(0x34, 2);                                        // blocks of memory
        Word(0x38, 8 << 10);                                  // bytes of each
        Word(0x3c, 8 << 10);
        Word(0x5c, 0xffff_0072);                              // QFAAH0, of the micro:bit's chip. nRF51 Series Compatibility Matrix
        Word(0x60, (uint)seed);
        Word(0x64, (uint)(seed >> 32));
        byte[] keys = new byte[32];
        new SeededEntropy(seed).Fill(keys);
        Ficr.Write(0x80, keys);                               // encryption and identity root
        Word(0xa0, 1);                                        // random address
        Word(0xa4, BitConverter.ToUInt32(keys, 4));
        Word(0xa8, 0xffff_0000 | BitConverter.ToUInt16(keys, 8));
        Word(0xac, uint.MaxValue);

        void Word(ulong offset, uint value) => Ficr.Write(offset, BitConverter.GetBytes(value));
    }

    // The maker's ROM table, which also tells programs the revision of the chip: Nordic (JEP106 bank 2, 0x44), part 1, revision 7. It leads to that of the CPU. IHI 0031, "ROM tables".
    private static byte[] CreateRomTable()
    {
        byte[] table = new byte[RamBlock.PageSize];
        Word(0x000, 0xf00f_f003);
        ReadOnlySpan<byte> peripheral = [0x02, 0, 0, 0, 0x01, 0x40, 0x7c, 0], component = [0x0d, 0x10, 0x05, 0xb1];
        for (int i = 0; i < peripheral.Length; i++)
            Word(0xfd0 + (4 * i), peripheral[i]);
        for (int i = 0; i < component.Length; i++)
            Word(0xff0 + (4 * i), component[i]);
        return table;

        void Word(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(offset), value);
    }
}
