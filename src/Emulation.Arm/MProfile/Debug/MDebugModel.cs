namespace Emulation.Arm;

/// <summary>The debug units of a CPU as data, from its Technical Reference Manual.</summary>
internal sealed record MDebugModel
{
    private const int Scs = 0, Dwt = 1, Fpb = 2, Itm = 3, Tpiu = 4, Rom = 5;

    private static readonly MDebugModel s_m3 = new()
    {
        Watchpoints = 4,
        Breakpoints = 6,
        Literals = 2,
        HasCycleCounter = true,
        HasTrace = true,
        LocksTrace = true,
        Ids = [0x2_000, 0x3_002, 0x2_003, 0x3_001, 0x3_923, 0x0_4c3],
        HasMonitor = true,
    };

    private static readonly MDebugModel s_m4 = s_m3 with { Ids = [0x0_00c, 0x3_002, 0x2_003, 0x3_001, 0x0_9a1, 0x0_4c4] };

    private static readonly MDebugModel s_m0 = new() { Watchpoints = 2, Breakpoints = 4, Ids = [0x0_008, 0x0_00a, 0x0_00b, 0, 0, 0x0_471] };

    /// <summary>Comparators of the DWT.</summary>
    public int Watchpoints { get; private init; }

    /// <summary>Comparators of the FPB or BPU for instructions.</summary>
    public int Breakpoints { get; private init; }

    /// <summary>Comparators of the FPB for literals.</summary>
    public int Literals { get; private init; }

    /// <summary>Whether comparators of the FPB hold any halfword's address: version 2.</summary>
    public bool HasFlashPatch2 { get; private init; }

    /// <summary>Whether the DWT is that of Armv8-M.</summary>
    public bool IsV8 { get; private init; }

    /// <summary>Whether there are CYCCNT and the profiling counters.</summary>
    public bool HasCycleCounter { get; private init; }

    /// <summary>Whether there are ITM and TPIU.</summary>
    public bool HasTrace { get; private init; }

    /// <summary>Whether there is the DebugMonitor exception.</summary>
    public bool HasMonitor { get; private init; }

    /// <summary>Whether ITM_LAR locks the ITM.</summary>
    public bool LocksTrace { get; private init; }

    /// <summary>Whether DWT_LAR locks the DWT.</summary>
    public bool LocksWatchpoints { get; private init; }

    /// <summary>Revision and part number, 4 and 12 bits, of SCS, DWT, FPB, ITM, TPIU and ROM table.</summary>
    private IReadOnlyList<uint> Ids { get; init; } = [];

    /// <summary>PIDR and CIDR of the SCS.</summary>
    public CoreSightId ScsId => Id(Scs, 0x4770_2a04, 0);

    /// <summary>PIDR and CIDR of the DWT.</summary>
    public CoreSightId DwtId => Id(Dwt, 0x4770_1a02, 0);

    /// <summary>PIDR and CIDR of the FPB or BPU.</summary>
    public CoreSightId FpbId => Id(Fpb, 0x4770_1a03, 0);

    /// <summary>PIDR and CIDR of the ITM.</summary>
    public CoreSightId ItmId => Id(Itm, 0x4770_1a01, 0x43);

    /// <summary>PIDR and CIDR of the TPIU.</summary>
    public CoreSightId TpiuId => new(Ids[Tpiu], 9, 0, 0x11);

    /// <summary>PIDR and CIDR of the ROM table.</summary>
    public CoreSightId RomId => new(Ids[Rom], 1, 0, 0);

    /// <summary>The model of a CPU; that of a Cortex-M4 for one that is not known.</summary>
    /// <param name="cpu">The CPU.</param>
    public static MDebugModel For(ArmMCpuModel cpu) => ((cpu.CpuId >> 4) & 0xfff) switch
    {
        0xc20 => s_m0,
        0xc60 => s_m0 with { Ids = [0x0_008, 0x0_00a, 0x0_00b, 0, 0, 0x0_4c0] },
        0xc23 => s_m3,
        // the part number of the SCS tells whether there is floating point. DDI 0439D, table 8-3
        0xc24 when !cpu.HasFloat => s_m4 with { Ids = [0, .. s_m4.Ids.Skip(1)] },
        0xc27 => s_m4 with
        {
            Breakpoints = 8,
            Literals = 0,
            HasFlashPatch2 = true,
            LocksWatchpoints = true,
            Ids = [0x0_00c, 0x0_002, 0x0_00e, 0x0_001, 0x1_9a9, 0x0_4c7],
        },
        0xd20 => new() { Watchpoints = 4, Breakpoints = 4, HasFlashPatch2 = true, IsV8 = true, Ids = [0x0_d20, 0x0_d20, 0x0_d20, 0, 0, 0x0_4cb] },
        0xd21 => new()
        {
            Watchpoints = 4,
            Breakpoints = 8,
            HasFlashPatch2 = true,
            IsV8 = true,
            HasCycleCounter = true,
            HasTrace = true,
            HasMonitor = true,
            Ids = [0x0_d21, 0x0_d21, 0x0_d21, 0x0_d21, 0x0_d21, 0x0_4c9],
        },
        _ => s_m4,
    };

    // components of Armv8-M are CoreSight's, with DEVARCH; older ones are of the generic class
    private CoreSightId Id(int index, uint architecture, uint type) => IsV8 ? new(Ids[index], 9, architecture, type) : new(Ids[index], 14, 0, 0);
}
