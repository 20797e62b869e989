using Emulation.IR;

namespace Emulation.Arm;

/// <summary>A second operand, and the carry that its shift gives.</summary>
/// <param name="Value">32 bits.</param>
/// <param name="Carry">A truth value; null when C stays.</param>
internal readonly record struct ShiftedValue(IrValue Value, IrValue? Carry);
