using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>Looks at the vector table of an M-profile CPU before it starts, so that firmware which cannot run is refused with a reason. Arm DDI 0403, B1.5.3.</summary>
internal static class VectorTable
{
    /// <summary>Checks the first two words of the table.</summary>
    /// <param name="memory">Memory, with the firmware in it.</param>
    /// <param name="address">Where the CPU reads the table.</param>
    /// <param name="board">The board, for messages.</param>
    /// <param name="linkAddress">Where the firmware has to be linked, for messages.</param>
    /// <exception cref="MachineConfigurationException">The firmware cannot start; the message says why and what to do.</exception>
    public static void Check(AddressSpace memory, ulong address, string board, ulong linkAddress)
    {
        string where = $"the vector table at 0x{linkAddress:x8}";
        string link = $"link the firmware for {board}, with its vector table at 0x{linkAddress:x8}";
        Span<byte> words = stackalloc byte[8];
        if (!memory.TryRead(address, words))
            throw new MachineConfigurationException($"{where} lies outside memory; {link}");
        uint stack = BinaryPrimitives.ReadUInt32LittleEndian(words), start = BinaryPrimitives.ReadUInt32LittleEndian(words[4..]);
        if ((stack, start) is (0, 0) or (uint.MaxValue, uint.MaxValue))
            throw new MachineConfigurationException($"{where} is empty: the firmware has nothing there; {link}");
        if (stack == 0)
            throw new MachineConfigurationException($"{where} has an initial stack pointer of 0; {link}, and define the top of the stack in the linker script");
        stack &= ~3u;                                            // the CPU does not look at these bits
        // the stack grows down from it: the word below has to be writable memory
        if (!memory.TryFind(stack - 4UL, out FlatRange range) || range.Region is not RamRegion { ReadOnly: false })
            throw new MachineConfigurationException($"{where} has the initial stack pointer 0x{stack:x8}, which is not in memory of {board}; check the RAM region of the linker script, or choose the board that the firmware is for");
        if ((start & 1) == 0)
            throw new MachineConfigurationException($"{where} has the reset vector 0x{start:x8}, whose bit 0 says Arm state, which the CPU does not have; build for Thumb (-mthumb) and let the linker set the bit (.thumb_func)");
        if (!memory.TryFind(start & ~1UL, out range) || range.Region is not RamRegion)
            throw new MachineConfigurationException($"{where} has the reset vector 0x{start:x8}, which is outside memory of {board}; {link}");
    }
}
