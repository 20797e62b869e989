namespace Emulation.Arm;

// The models. Identification registers from the Technical Reference Manuals: DDI 0432, DDI 0484, DDI 0337, DDI 0439, DDI 0489, DDI 0550, 100230.
public sealed partial record ArmMCpuModel
{
    private static readonly ArmFeature[] s_v6 = [ArmFeature.AArch32, ArmFeature.MProfile, ArmFeature.V5TE, ArmFeature.V6, ArmFeature.V6T2];
    private static readonly ArmFeature[] s_v7 = [.. s_v6, ArmFeature.V7, ArmFeature.IDIV, ArmFeature.MainExtension];
    private static readonly ArmFeature[] s_v8Base = [.. s_v6, ArmFeature.V7, ArmFeature.IDIV, ArmFeature.V8, ArmFeature.V8M, ArmFeature.SecurityExtension];
    private static readonly ArmFeature[] s_single = [ArmFeature.VFPv2, ArmFeature.VFPv3, ArmFeature.HalfConversion, ArmFeature.VFPv4];

    /// <summary>Cortex-M0: Armv6-M.</summary>
    public static ArmMCpuModel CortexM0 { get; } = new("cortex-m0", ArmMArchitecture.V6M, new ArmIsa(s_v6), 0x410c_c200)
    {
        PriorityBits = 2,
        HasVectorTableOffset = false,
        HasUnprivileged = false,
    };

    /// <summary>Cortex-M0+: Armv6-M with VTOR, unprivileged execution and MPU.</summary>
    public static ArmMCpuModel CortexM0Plus { get; } = new("cortex-m0plus", ArmMArchitecture.V6M, new ArmIsa(s_v6), 0x410c_c601)
    {
        PriorityBits = 2,
        MpuRegions = 8,
    };

    /// <summary>Cortex-M3 r2p1: Armv7-M.</summary>
    public static ArmMCpuModel CortexM3 { get; } = new("cortex-m3", ArmMArchitecture.V7M, new ArmIsa(s_v7), 0x412f_c231)
    {
        MpuRegions = 8,
        HasBitBand = true,
        AuxiliaryControlBits = 0x7,
        IdRegisters = [0x30, 0x200, 0x0010_0000, 0, 0x0010_0030, 0, 0x0100_0000, 0, 0x0110_1110, 0x0211_1000, 0x2111_2231, 0x0111_1110, 0x0131_0132, 0],
    };

    /// <summary>Cortex-M4 r0p1 without floating point: Armv7E-M.</summary>
    public static ArmMCpuModel CortexM4 { get; } = CortexM3 with
    {
        Name = "cortex-m4",
        CpuId = 0x410f_c241,
        Isa = new ArmIsa([.. s_v7, ArmFeature.DSP]),
        AuxiliaryControlBits = 0x307,
        IdRegisters = [0x30, 0x200, 0x0010_0000, 0, 0x0010_0030, 0, 0x0100_0000, 0, 0x0114_1110, 0x0211_2000, 0x2123_2231, 0x0111_1131, 0x0131_0132, 0],
    };

    /// <summary>Cortex-M4 with FPv4-SP-D16.</summary>
    public static ArmMCpuModel CortexM4F { get; } = CortexM4 with
    {
        Name = "cortex-m4f",
        Isa = new ArmIsa([.. s_v7, ArmFeature.DSP, .. s_single]),
        FloatId = (0x1011_0021, 0x1100_0011, 0),
    };

    /// <summary>Cortex-M7 r1p2 with FPv5-D16 and caches of 16 KiB.</summary>
    public static ArmMCpuModel CortexM7 { get; } = CortexM4 with
    {
        Name = "cortex-m7",
        CpuId = 0x411f_c272,
        Isa = new ArmIsa([.. s_v7, ArmFeature.DSP, .. s_single, ArmFeature.VFPv8, ArmFeature.DoublePrecision]),
        HasBitBand = false,
        AuxiliaryControlBits = 0x1fff_fc04,
        CacheLevels = 0x0900_0003,
        CacheSizes = (0xf00f_e019, 0xf01f_e009),
        CacheType = 0x8303_c003,
        FloatId = (0x1011_0221, 0x1200_0011, 0x40),
        IdRegisters = [0x30, 0x200, 0x0010_0000, 0, 0x0010_0030, 0, 0x0100_0000, 0, 0x0110_1110, 0x0211_2000, 0x2023_2231, 0x0111_1131, 0x0131_0132, 0],
    };

    /// <summary>Cortex-M23: Armv8-M Baseline with the Security Extension.</summary>
    public static ArmMCpuModel CortexM23 { get; } = new("cortex-m23", ArmMArchitecture.V8MBaseline, new ArmIsa(s_v8Base), 0x411c_d200)
    {
        PriorityBits = 2,
        MpuRegions = 8,
        SauRegions = 8,
    };

    /// <summary>Cortex-M33 r0p4: Armv8-M Mainline with the Security Extension, DSP and FPv5-SP-D16.</summary>
    public static ArmMCpuModel CortexM33 { get; } = new(
        "cortex-m33", ArmMArchitecture.V8MMainline, new ArmIsa([.. s_v8Base, ArmFeature.MainExtension, ArmFeature.DSP, .. s_single, ArmFeature.VFPv8]), 0x410f_d214)
    {
        MpuRegions = 8,
        SauRegions = 8,
        AuxiliaryControlBits = 0x1,
        CacheType = 0x8000_c000,
        FloatId = (0x1011_0021, 0x1100_0011, 0x40),
        IdRegisters = [0x30, 0x210, 0x0020_0000, 0, 0x0010_1f40, 0, 0x0100_0000, 0, 0x0110_1110, 0x0221_2000, 0x2023_2232, 0x0111_1131, 0x0131_0132, 0],
    };

    /// <summary>All models.</summary>
    public static IReadOnlyList<ArmMCpuModel> All { get; } = [CortexM0, CortexM0Plus, CortexM3, CortexM4, CortexM4F, CortexM7, CortexM23, CortexM33];
}
