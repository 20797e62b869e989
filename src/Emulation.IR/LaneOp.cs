namespace Emulation.IR;

/// <summary>How a vector operation looks at its operands.</summary>
/// <param name="Shape">Their lanes.</param>
/// <param name="Rounding">Rounding of IEEE arithmetic; <see cref="IrRounding.NearestEven"/> elsewhere.</param>
public readonly record struct LaneOp(LaneShape Shape, IrRounding Rounding = IrRounding.NearestEven)
{
    /// <summary>Reads the packed form an instruction carries.</summary>
    /// <param name="packed">What <see cref="Pack"/> gave.</param>
    public static LaneOp Unpack(int packed) => new((LaneShape)(packed & 7), (IrRounding)(packed >> 4 & 7));

    /// <summary>The packed form: shape in bits 0-2, rounding in bits 4-6.</summary>
    public int Pack() => (int)Shape | ((int)Rounding << 4);
}
