using Emulation.IR;

namespace Emulation.Arm;

/// <summary>An address, and what the base register becomes.</summary>
/// <param name="Base">A 64-bit address.</param>
/// <param name="Displacement">Added to it.</param>
/// <param name="Writes">Whether the base register is written.</param>
/// <param name="Step">What is added to the base register.</param>
internal readonly record struct MemoryOperand(IrValue Base, long Displacement, bool Writes = false, long Step = 0);
