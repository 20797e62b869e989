namespace Emulation.Arm;

/// <summary>What parallel addition and subtraction does, by the op2 field of A32.</summary>
internal enum ParallelOp
{
    Add16,
    AddSubtractExchange,
    SubtractAddExchange,
    Subtract16,
    Add8,
    Subtract8 = 7,
}

/// <summary>How lanes are taken, by the op1 field of A32.</summary>
internal enum ParallelKind
{
    Signed = 1,
    SignedSaturating,
    SignedHalving,
    Unsigned = 5,
    UnsignedSaturating,
    UnsignedHalving,
}
