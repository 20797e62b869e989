namespace Emulation.Arm;

/// <summary>How AArch32's EL1&amp;0 translates with long descriptors. Arm DDI 0487, G5.5 "The VMSAv8-32 Long-descriptor translation table format".</summary>
internal static class A32Translation
{
    /// <summary>Bits of SCTLR that change translation: M, S, R, WXN, UWXN, XP, EE, TRE, AFE.</summary>
    public const ulong ControlBits = 1 | (1 << 8) | (1 << 9) | (1 << 23) | (1 << 19) | (1 << 20) | (1 << 25) | (1 << 28) | (1 << 29);

    private const int PhysicalBits = 40, Granule = 12;

    /// <summary>The regime of an access.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="mmuIndex">As in the mode word.</param>
    /// <param name="address">Virtual address; its upper half becomes ones where TTBR1 translates it.</param>
    public static Stage1Regime Of(ArmCpu cpu, int mmuIndex, ref ulong address)
    {
        ulong tcr = cpu[SystemSlot.TcrEl1];
        int low = (int)tcr & 7, high = (int)(tcr >> 16) & 7;
        bool upper = (low != 0 && address >> (32 - low) != 0) || (high != 0 && address >> (32 - high) == (1UL << high) - 1);
        if (upper)
            address |= ~(ulong)uint.MaxValue;
        int bits = 32 - (upper ? high : low);
        return new Stage1Regime
        {
            IsAArch32 = true,
            HasUser = true,
            Shape = new TableShape { Granule = Granule, InputBits = bits, FirstLevel = TableShape.StartOf(bits, Granule), OutputBits = PhysicalBits },
            Table = cpu[upper ? SystemSlot.TtbrOneEl1 : SystemSlot.TtbrZeroEl1],
            IsUpper = upper,
            Top = 64,
            IsClosed = ((tcr >> (upper ? 23 : 7)) & 1) != 0,
            Control = cpu[SystemSlot.SctlrEl1],
            Attributes = cpu[SystemSlot.MairEl1],
            IsSecure = cpu.IsSecureRegime,
            IsUser = cpu.IsUserRegime(mmuIndex),
            Pan = cpu.HasPrivilegedNever(mmuIndex),
        };
    }
}
