namespace Emulation.Arm;

// The models. Identification from the cores' technical reference manuals.
public sealed partial class ArmCpuModel
{
    private static readonly ArmFeature[] s_first =
        [ArmFeature.FP, ArmFeature.AdvSIMD, ArmFeature.CRC32, ArmFeature.AES, ArmFeature.PMULL, ArmFeature.SHA1, ArmFeature.SHA256, ArmFeature.PMUv3];

    private static readonly ArmFeature[] s_second =
    [
        .. s_first, ArmFeature.LSE, ArmFeature.LOR, ArmFeature.RDM, ArmFeature.PAN, ArmFeature.PAN2, ArmFeature.VHE, ArmFeature.VMID16, ArmFeature.HAFDBS,
        ArmFeature.HPDS, ArmFeature.UAO, ArmFeature.XNX, ArmFeature.TTCNP, ArmFeature.DPB, ArmFeature.FP16, ArmFeature.DotProd, ArmFeature.LRCPC,
        ArmFeature.RAS, ArmFeature.SSBS, ArmFeature.CSV2, ArmFeature.CSV3,
    ];

    /// <summary>Everything that is implemented, of no vendor.</summary>
    public static ArmCpuModel Max { get; } = new("max", 0x000f_0001, ArmIsa.Everything)
    {
        PhysicalBits = 52,
        HasWideAsids = true,
        HasGranule16 = true,
        CacheType = 0xb444_c004,
        CacheLevels = 0x0a20_0023,
        Caches = [Cache(32, 8), Cache(48, 3), Cache(1024, 16)],
    };

    /// <summary>All models.</summary>
    public static IReadOnlyList<ArmCpuModel> All { get; } =
    [
        new("cortex-a53", 0x410f_d034, new ArmIsa(s_first))
        {
            PhysicalBits = 40, HasWideAsids = true, CacheType = 0x8444_8004, CacheLevels = 0x0a20_0023, Family = ArmCpuFamily.First,
            Caches = [Cache(32, 4), Cache(32, 2), Cache(1024, 16)],
        },
        new("cortex-a57", 0x411f_d070, new ArmIsa(s_first))
        {
            PhysicalBits = 44, HasWideAsids = true, CacheType = 0x8444_c004, CacheLevels = 0x0a20_0023, Family = ArmCpuFamily.First,
            Caches = [Cache(32, 2), Cache(48, 3), Cache(2048, 16)],
        },
        new("cortex-a72", 0x410f_d083, new ArmIsa(s_first))
        {
            PhysicalBits = 44, HasWideAsids = true, CacheType = 0x8444_c004, CacheLevels = 0x0a20_0023, Family = ArmCpuFamily.First,
            Caches = [Cache(32, 2), Cache(48, 3), Cache(1024, 16)],
        },
        new("cortex-a76", 0x414f_d0b1, new ArmIsa(s_second))
        {
            PhysicalBits = 40, HasWideAsids = true, CacheType = 0x8444_c004, CacheLevels = 0x0a20_0023, Family = ArmCpuFamily.Second, HasGranule16 = true,
            Caches = [Cache(64, 4), Cache(64, 4), Cache(512, 8)],
        },
        new("neoverse-n1", 0x414f_d0c1, new ArmIsa(s_second))
        {
            PhysicalBits = 48, HasWideAsids = true, CacheType = 0x8444_c004, CacheLevels = 0x0a20_0023, Family = ArmCpuFamily.Second, HasGranule16 = true,
            Caches = [Cache(64, 4), Cache(64, 4), Cache(1024, 8)],
        },
        Max,
    ];

    internal int PhysicalBits { get; private init; }

    internal bool HasWideAsids { get; private init; }

    /// <summary>CTR_EL0.</summary>
    internal uint CacheType { get; private init; }

    /// <summary>CLIDR_EL1.</summary>
    internal uint CacheLevels { get; private init; }

    /// <summary>Level 1 data, level 1 instructions, level 2, as CCSIDR_EL1 describes them.</summary>
    internal IReadOnlyList<(int Sets, int Ways)> Caches { get; private init; } = [];

    internal ArmCpuFamily Family { get; private init; }

    /// <summary>Whether ID registers show 16 KiB granules.</summary>
    internal bool HasGranule16 { get; private init; }

    // kibibytes and ways, lines of 64 bytes
    private static (int Sets, int Ways) Cache(int size, int ways) => ((size << 10) / 64 / ways, ways);
}
