namespace Emulation.Arm;

/// <summary>The last instruction that set flags, when it was a subtraction whose operands are still in their registers.</summary>
/// <param name="Wide">64 bits.</param>
/// <param name="Rn">Register, or <see cref="StackPointer"/>.</param>
/// <param name="Rm">Register, or <see cref="Immediate"/>.</param>
/// <param name="Value">The immediate.</param>
internal readonly record struct Comparison(bool Wide, int Rn, int Rm, ulong Value)
{
    /// <summary>In place of a register: SP.</summary>
    public const int StackPointer = 32;

    /// <summary>In place of a register: a constant.</summary>
    public const int Immediate = -1;
}
