namespace Emulation.Arm;

// The models. Identification from the cores' technical reference manuals.
public sealed partial class ArmCpuModel
{
    private static readonly ArmFeature[] s_both =
    [
        .. ArmIsa.Armv8, ArmFeature.FP, ArmFeature.AdvSIMD, ArmFeature.CRC32, ArmFeature.AES, ArmFeature.PMULL, ArmFeature.SHA1, ArmFeature.SHA256, ArmFeature.PMUv3,
    ];

    private static readonly ArmFeature[] s_first = [.. s_both, ArmFeature.AArch32El1];

    private static readonly ArmFeature[] s_second =
    [
        .. s_both, ArmFeature.LSE, ArmFeature.LOR, ArmFeature.RDM, ArmFeature.PAN, ArmFeature.PAN2, ArmFeature.VHE, ArmFeature.VMID16, ArmFeature.HAFDBS,
        ArmFeature.HPDS, ArmFeature.UAO, ArmFeature.XNX, ArmFeature.TTCNP, ArmFeature.DPB, ArmFeature.FP16, ArmFeature.DotProd, ArmFeature.LRCPC,
        ArmFeature.RAS, ArmFeature.SSBS, ArmFeature.CSV2, ArmFeature.CSV3,
    ];

    /// <summary>Everything that is implemented, of no vendor; without what Armv8 has left behind.</summary>
    public static ArmCpuModel Max { get; } = new("max", 0x000f_0001, new ArmIsa(Enum.GetValues<ArmFeature>().Where(static f => f != ArmFeature.SWP)))
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
        new("cortex-a7", 0x410f_c075, ArmIsa.CortexA7)
        {
            PhysicalBits = 40, CacheType = 0x8444_8003, CacheLevels = 0x0a20_0023, FloatId = 0x4102_3075, DebugId = 0x3515_f005,
            Caches = [Cache(32, 4), Cache(32, 2), Cache(1024, 16)],
            Features32 =
            [
                0x0000_1131, 0x0001_0001, 0x0201_0555, 0, 0x1010_1105, 0x4000_0000, 0x0124_0000, 0x0210_2211,
                0x0210_1110, 0x1311_2111, 0x2123_2041, 0x1111_2131, 0x1001_1142,
            ],
        },
        new("cortex-a15", 0x414f_c0f0, ArmIsa.CortexA15)
        {
            PhysicalBits = 40, CacheType = 0x8444_c004, CacheLevels = 0x0a20_0023, FloatId = 0x4104_30f0, DebugId = 0x3515_f021,
            Caches = [Cache(32, 2), Cache(32, 2), Cache(2048, 16)],
            Features32 =
            [
                0x0000_1131, 0x0001_0001, 0x0201_0555, 0, 0x1020_1105, 0x2000_0000, 0x0124_0000, 0x0210_2211,
                0x0210_1110, 0x1311_2111, 0x2123_2041, 0x1111_2131, 0x1001_1142,
            ],
        },
        Max,
    ];

    /// <summary>ID_PFR0 to ID_MMFR3, ID_ISAR0 and following, without the levels that are not implemented.</summary>
    internal IReadOnlyList<uint> Features32 { get; private init; } = [];

    /// <summary>FPSID; 0 for that of a later CPU.</summary>
    internal uint FloatId { get; private init; }

    /// <summary>DBGDIDR.</summary>
    internal uint DebugId { get; private init; }

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
