using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>What a CPU implements.</summary>
public sealed partial class ArmIsa
{
    /// <summary>Describes a CPU; <see cref="ArmFeature.Base"/> is always there.</summary>
    /// <param name="features">What else it has.</param>
    public ArmIsa(params IEnumerable<ArmFeature> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        FeatureSet set = FeatureSet.Of((int)ArmFeature.Base);
        foreach (ArmFeature feature in features)
            set |= FeatureSet.Of((int)feature);
        Features = set;
    }

    /// <summary>Everything that is implemented.</summary>
    public static ArmIsa Everything { get; } = new(Enum.GetValues<ArmFeature>());

    internal FeatureSet Features { get; }

    /// <summary>Whether the CPU has a feature.</summary>
    /// <param name="feature">A feature.</param>
    public bool Has(ArmFeature feature) => Features.Has((int)feature);
}
