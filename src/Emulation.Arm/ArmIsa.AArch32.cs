namespace Emulation.Arm;

// CPUs without AArch64.
public sealed partial class ArmIsa
{
    private static readonly ArmFeature[] s_v5 = [ArmFeature.AArch32, ArmFeature.AArch32El1, ArmFeature.OnlyAArch32, ArmFeature.AProfile, ArmFeature.V5TE, ArmFeature.V5TEJ, ArmFeature.SWP];
    private static readonly ArmFeature[] s_v6 = [.. s_v5, ArmFeature.V6, ArmFeature.V6K, ArmFeature.VFPv2];

    private static readonly ArmFeature[] s_v7 =
    [
        .. s_v6, ArmFeature.V6T2, ArmFeature.V7, ArmFeature.MultiProcessing, ArmFeature.Security, ArmFeature.Virtualization, ArmFeature.IDIV, ArmFeature.DSP, ArmFeature.DoublePrecision,
        ArmFeature.VFPv3, ArmFeature.D32, ArmFeature.HalfConversion, ArmFeature.VFPv4, ArmFeature.Neon,
    ];

    // AArch32 of CPUs that have AArch64 too; what both states have is in their own lists
    internal static ArmFeature[] Armv8 { get; } =
    [
        ArmFeature.AArch32, ArmFeature.AProfile, ArmFeature.V5TE, ArmFeature.V5TEJ, ArmFeature.V6, ArmFeature.V6K, ArmFeature.V6T2, ArmFeature.V7, ArmFeature.V8,
        ArmFeature.MultiProcessing, ArmFeature.Security, ArmFeature.Virtualization, ArmFeature.IDIV, ArmFeature.DSP, ArmFeature.DoublePrecision, ArmFeature.VFPv2, ArmFeature.VFPv3, ArmFeature.D32,
        ArmFeature.HalfConversion, ArmFeature.VFPv4, ArmFeature.VFPv8, ArmFeature.Neon,
    ];

    /// <summary>ARM926EJ-S: Armv5TEJ with VFPv2.</summary>
    public static ArmIsa Arm926 { get; } = new([.. s_v5, ArmFeature.VFPv2]);

    /// <summary>ARM1176JZF-S: Armv6K with the Security Extensions and VFPv2.</summary>
    public static ArmIsa Arm1176 { get; } = new([.. s_v6, ArmFeature.Security]);

    /// <summary>Cortex-A7: Armv7-A with all extensions.</summary>
    public static ArmIsa CortexA7 { get; } = new(s_v7);

    /// <summary>Cortex-A15: Armv7-A with all extensions.</summary>
    public static ArmIsa CortexA15 { get; } = new(s_v7);
}
