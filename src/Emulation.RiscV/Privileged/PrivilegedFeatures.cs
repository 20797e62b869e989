namespace Emulation.RiscV;

/// <summary>What of an ISA string the privileged architecture depends on.</summary>
internal sealed record PrivilegedFeatures
{
    public required int Xlen { get; init; }

    public required int PmpEntries { get; init; }

    public required bool UserMode { get; init; }

    public required bool SupervisorMode { get; init; }

    public required bool Float { get; init; }

    public required bool Compressed { get; init; }

    public required ulong Misa { get; init; }

    public required SatpMode LargestTranslation { get; init; }

    /// <summary>SUM, which is read-only zero where <c>satp</c> is always Bare. RISC-V Privileged, "Memory Privilege in mstatus Register".</summary>
    public ulong SumBit => LargestTranslation == SatpMode.Bare ? 0 : Status.Sum;

    public required bool Smepmp { get; init; }

    public required bool Smstateen { get; init; }

    public required bool Sscofpmf { get; init; }

    public required bool Sstc { get; init; }

    public required bool Svade { get; init; }

    public required bool Svadu { get; init; }

    public required bool Svnapot { get; init; }

    public required bool Svpbmt { get; init; }

    public required bool Zicbom { get; init; }

    public required bool Zicboz { get; init; }

    public required bool Zicntr { get; init; }

    public required bool Zihpm { get; init; }

    public required bool Zkr { get; init; }

    public static PrivilegedFeatures Of(RiscVIsa isa) => new()
    {
        Xlen = isa.Xlen,
        PmpEntries = isa.PmpEntries,
        UserMode = isa.HasUserMode,
        SupervisorMode = isa.HasSupervisorMode,
        Float = isa.Has(RiscVExtension.F),
        Compressed = isa.Has(RiscVExtension.Zca),
        Misa = MisaOf(isa),
        LargestTranslation = LargestOf(isa),
        Smepmp = isa.Has(RiscVExtension.Smepmp) && isa.PmpEntries > 0,
        Smstateen = isa.Has(RiscVExtension.Smstateen),
        Sscofpmf = isa.Has(RiscVExtension.Sscofpmf),
        Sstc = isa.Has(RiscVExtension.Sstc) && isa.HasSupervisorMode,
        Svade = isa.Has(RiscVExtension.Svade),
        Svadu = isa.Has(RiscVExtension.Svadu) && isa.HasSupervisorMode,
        Svnapot = isa.Has(RiscVExtension.Svnapot),
        Svpbmt = isa.Has(RiscVExtension.Svpbmt) && isa.HasSupervisorMode,
        Zicbom = isa.Has(RiscVExtension.Zicbom),
        Zicboz = isa.Has(RiscVExtension.Zicboz),
        Zicntr = isa.Has(RiscVExtension.Zicntr),
        Zihpm = isa.Has(RiscVExtension.Zihpm),
        Zkr = isa.Has(RiscVExtension.Zkr),
    };

    private static ulong MisaOf(RiscVIsa isa)
    {
        ulong misa = isa.Xlen == 32 ? 1UL << 30 : 2UL << 62;
        (RiscVExtension, char)[] letters =
        [
            (RiscVExtension.I, 'i'), (RiscVExtension.M, 'm'), (RiscVExtension.A, 'a'), (RiscVExtension.F, 'f'),
            (RiscVExtension.D, 'd'), (RiscVExtension.C, 'c'), (RiscVExtension.B, 'b'),
        ];
        foreach ((RiscVExtension extension, char letter) in letters)
            misa |= isa.Has(extension) ? 1UL << (letter - 'a') : 0;
        misa |= isa.HasUserMode ? 1UL << ('u' - 'a') : 0;
        return misa | (isa.HasSupervisorMode ? 1UL << ('s' - 'a') : 0);
    }

    private static SatpMode LargestOf(RiscVIsa isa)
    {
        if (!isa.HasSupervisorMode)
            return SatpMode.Bare;
        if (isa.Xlen == 32)
            return isa.Has(RiscVExtension.Sv32) ? SatpMode.Sv32 : SatpMode.Bare;
        if (isa.Has(RiscVExtension.Sv57))
            return SatpMode.Sv57;
        if (isa.Has(RiscVExtension.Sv48))
            return SatpMode.Sv48;
        return isa.Has(RiscVExtension.Sv39) ? SatpMode.Sv39 : SatpMode.Bare;
    }
}
