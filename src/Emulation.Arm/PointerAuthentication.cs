namespace Emulation.Arm;

/// <summary>Which pointer authentication a CPU with <see cref="ArmFeature.PAuth"/> has.</summary>
/// <param name="Algorithm">How codes are computed.</param>
/// <param name="Variant">What is done with pointers that are not in order.</param>
public sealed record PointerAuthentication(
    PointerAlgorithm Algorithm = PointerAlgorithm.ImplementationDefined, PointerVariant Variant = PointerVariant.FpacCombine);
