using Emulation.Core;

namespace Emulation.Testing;

/// <summary>An operation on a memory that keeps its content, by its number.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="Number">1 for the next operation.</param>
public readonly record struct FlashWrite(IFaultableMemory Memory, int Number);

/// <summary>Says which operation of a memory is meant.</summary>
public static class FaultableMemoryExtensions
{
    /// <summary>The n-th operation from now: <c>board.Faults.PowerCut(at: board.Flash.Write(3))</c>.</summary>
    /// <param name="memory">Flash or EEPROM.</param>
    /// <param name="number">1 for the next one.</param>
    public static FlashWrite Write(this IFaultableMemory memory, int number)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        return new FlashWrite(memory, number);
    }
}
