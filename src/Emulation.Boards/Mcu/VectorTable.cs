using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>Looks at the vector table of an M-profile CPU before it starts, so that firmware which cannot run is refused with a reason. Arm DDI 0403, B1.5.3.</summary>
public static class VectorTable
{
    /// <summary>Finds what keeps a CPU from starting with the first two words of a table.</summary>
    /// <param name="memory">Memory.</param>
    /// <param name="stack">Word 0: the initial stack pointer. Its two lowest bits do not matter: the CPU does not look at them.</param>
    /// <param name="start">Word 1: the reset vector, with bit 0 set for Thumb.</param>
    /// <param name="board">The board, for messages.</param>
    /// <param name="linkAddress">Where the firmware has to be linked, for messages.</param>
    /// <returns>What is wrong and what to do; null when the CPU can start.</returns>
    public static string? FindFault(AddressSpace memory, uint stack, uint start, string board, ulong linkAddress)
    {
        ArgumentNullException.ThrowIfNull(memory);
        string where = $"the vector table at 0x{linkAddress:x8}";
        if ((stack, start) is (0, 0) or (uint.MaxValue, uint.MaxValue))
            return $"{where} is empty: the firmware has nothing there; {Link(board, linkAddress)}";
        if (stack == 0)
            return $"{where} has an initial stack pointer of 0; {Link(board, linkAddress)}, and define the top of the stack in the linker script";
        stack &= ~3u;

        // the stack grows down from it: the word below has to be writable memory
        if (!memory.TryFind(stack - 4UL, out FlatRange range) || range.Region is not RamRegion { ReadOnly: false })
            return $"{where} has the initial stack pointer 0x{stack:x8}, which is not in memory of {board}; check the RAM region of the linker script, or choose the board that the firmware is for";
        if ((start & 1) == 0)
            return $"{where} has the reset vector 0x{start:x8}, whose bit 0 says Arm state, which the CPU does not have; build for Thumb (-mthumb) and let the linker set the bit (.thumb_func)";
        if (!memory.TryFind(start & ~1UL, out range) || range.Region is not RamRegion)
            return $"{where} has the reset vector 0x{start:x8}, which is outside memory of {board}; {Link(board, linkAddress)}";
        return null;
    }

    /// <summary>Checks the first two words of the table.</summary>
    /// <param name="memory">Memory, with the firmware in it.</param>
    /// <param name="address">Where the CPU reads the table.</param>
    /// <param name="board">The board, for messages.</param>
    /// <param name="linkAddress">Where the firmware has to be linked, for messages.</param>
    /// <exception cref="MachineConfigurationException">The firmware cannot start; the message says why and what to do.</exception>
    internal static void Check(AddressSpace memory, ulong address, string board, ulong linkAddress)
    {
        Span<byte> words = stackalloc byte[8];
        string? fault = memory.TryRead(address, words)
            ? FindFault(memory, BinaryPrimitives.ReadUInt32LittleEndian(words), BinaryPrimitives.ReadUInt32LittleEndian(words[4..]), board, linkAddress)
            : $"the vector table at 0x{linkAddress:x8} lies outside memory; {Link(board, linkAddress)}";
        if (fault is not null)
            throw new MachineConfigurationException(fault);
    }

    private static string Link(string board, ulong address) => $"link the firmware for {board}, with its vector table at 0x{address:x8}";
}
