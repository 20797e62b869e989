namespace Emulation.Arm;

/// <summary>What translates an address in stage 1: the controls of one half of one regime. Arm DDI 0487, D8.1.2 "Translation regimes".</summary>
internal readonly struct Stage1Regime
{
    private static ReadOnlySpan<byte> Sizes => [32, 36, 40, 42, 44, 48, 52, 48];

    /// <summary>Of AArch32: what EL0 may write is not thereby closed to execution at EL1.</summary>
    public bool IsAArch32 { get; init; }

    /// <summary>Whether there are two address ranges and EL0 has rights of its own.</summary>
    public bool HasUser { get; init; }

    /// <summary>Sizes of the tables.</summary>
    public TableShape Shape { get; init; }

    /// <summary>TTBR.</summary>
    public ulong Table { get; init; }

    /// <summary>TTBR1's half, whose upper bits are ones.</summary>
    public bool IsUpper { get; init; }

    /// <summary>Bits of the address from here on are ignored: 56 with TBI, else 64.</summary>
    public int Top { get; init; }

    /// <summary>EPD, E0PD or a size out of range: no walk, a fault at level 0.</summary>
    public bool IsClosed { get; init; }

    /// <summary>HPD: permissions of tables are ignored.</summary>
    public bool FlatPermissions { get; private init; }

    /// <summary>HA.</summary>
    public bool UpdatesAccess { get; private init; }

    /// <summary>HD.</summary>
    public bool UpdatesDirty { get; private init; }

    /// <summary>Whether it is of Secure state: it may then say of pages, and of tables, that they are not.</summary>
    public bool IsSecure { get; init; }

    /// <summary>SCTLR.</summary>
    public ulong Control { get; init; }

    /// <summary>MAIR.</summary>
    public ulong Attributes { get; init; }

    /// <summary>The rights asked for are those of EL0.</summary>
    public bool IsUser { get; init; }

    /// <summary>PSTATE.PAN in effect.</summary>
    public bool Pan { get; init; }

    /// <summary>The regime of an access.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="mmuIndex">As in the mode word.</param>
    /// <param name="address">Virtual address.</param>
    public static Stage1Regime Of(ArmCpu cpu, int mmuIndex, ulong address)
    {
        switch (mmuIndex)
        {
            case ArmMode.MmuHypervisor:
                return Single(cpu, address, cpu[SystemSlot.SctlrEl2], cpu[SystemSlot.TcrEl2], cpu[SystemSlot.TtbrZeroEl2], cpu[SystemSlot.MairEl2], false);
            case ArmMode.MmuMonitor:
                return Single(cpu, address, cpu[SystemSlot.SctlrEl3], cpu[SystemSlot.TcrEl3], cpu[SystemSlot.TtbrZeroEl3], cpu[SystemSlot.MairEl3], true);
        }

        bool host = mmuIndex >= ArmMode.MmuHostUser, upper = (address & (1UL << 55)) != 0;
        ulong control = cpu[host ? SystemSlot.SctlrEl2 : SystemSlot.SctlrEl1], tcr = cpu[host ? SystemSlot.TcrEl2 : SystemSlot.TcrEl1];
        ulong table = host
            ? cpu[upper ? SystemSlot.TtbrOneEl2 : SystemSlot.TtbrZeroEl2]
            : cpu[upper ? SystemSlot.TtbrOneEl1 : SystemSlot.TtbrZeroEl1];
        bool user = mmuIndex is ArmMode.MmuUser or ArmMode.MmuHostUser;
        int granule = upper ? ((tcr >> 30) & 3) switch { 1 => 14, 3 => 16, _ => 12 } : ((tcr >> 14) & 3) switch { 1 => 16, 2 => 14, _ => 12 };
        bool closed = Flag(tcr, upper ? 23 : 7) || (user && cpu.Isa.Has(ArmFeature.E0PD) && Flag(tcr, upper ? 56 : 55));
        TableShape shape = Shaped(cpu, (int)(tcr >> (upper ? 16 : 0)) & 63, granule, (int)(tcr >> 32) & 7, Flag(tcr, 59), ref closed);
        bool updates = cpu.Isa.Has(ArmFeature.HAFDBS);
        return new Stage1Regime
        {
            HasUser = true,
            Shape = shape,
            Table = table,
            IsUpper = upper,
            Top = Flag(tcr, upper ? 38 : 37) ? 56 : 64,
            IsClosed = closed,
            FlatPermissions = cpu.Isa.Has(ArmFeature.HPDS) && Flag(tcr, upper ? 42 : 41),
            UpdatesAccess = updates && Flag(tcr, 39),
            UpdatesDirty = updates && Flag(tcr, 39) && Flag(tcr, 40),
            Control = control,
            Attributes = cpu[host ? SystemSlot.MairEl2 : SystemSlot.MairEl1],
            IsUser = user,
            IsSecure = !host && cpu.IsSecureBelow,
            Pan = mmuIndex is ArmMode.MmuKernelPan or ArmMode.MmuHostPan,
        };
    }

    /// <summary>The shape of tables; closed when their size is not one of the manual's.</summary>
    public static TableShape Shaped(ArmCpu cpu, int sizeOffset, int granule, int outputSize, bool wide, ref bool closed)
    {
        wide &= granule != 16 && cpu.Isa.Has(ArmFeature.LPA2);
        bool largePhysical = cpu.Isa.Has(ArmFeature.LPA);
        int least = wide || (granule == 16 && cpu.Isa.Has(ArmFeature.LVA)) ? 12 : 16;
        int most = !cpu.Isa.Has(ArmFeature.TTST) ? 39 : granule == 16 ? 47 : 48;
        closed |= sizeOffset < least || sizeOffset > most;
        int inputBits = 64 - Math.Clamp(sizeOffset, least, most);
        int outputBits = Math.Min(Sizes[outputSize], cpu.PhysicalBits);
        if (!wide && !(granule == 16 && largePhysical))
            outputBits = Math.Min(outputBits, 48);
        return new TableShape
        {
            Granule = granule,
            InputBits = inputBits,
            FirstLevel = TableShape.StartOf(inputBits, granule),
            OutputBits = outputBits,
            Wide = wide,
            Wide64 = granule == 16 && largePhysical,
        };
    }

    private static Stage1Regime Single(ArmCpu cpu, ulong address, ulong control, ulong tcr, ulong table, ulong attributes, bool secure)
    {
        int granule = ((tcr >> 14) & 3) switch { 1 => 16, 2 => 14, _ => 12 };
        bool closed = false, updates = cpu.Isa.Has(ArmFeature.HAFDBS);
        TableShape shape = Shaped(cpu, (int)tcr & 63, granule, (int)(tcr >> 16) & 7, Flag(tcr, 32), ref closed);
        return new Stage1Regime
        {
            Shape = shape,
            Table = table,
            Top = Flag(tcr, 20) ? 56 : 64,
            IsClosed = closed,
            FlatPermissions = cpu.Isa.Has(ArmFeature.HPDS) && Flag(tcr, 24),
            UpdatesAccess = updates && Flag(tcr, 21),
            UpdatesDirty = updates && Flag(tcr, 21) && Flag(tcr, 22),
            Control = control,
            Attributes = attributes,
            IsSecure = secure,
        };
    }

    private static bool Flag(ulong value, int bit) => ((value >> bit) & 1) != 0;
}
