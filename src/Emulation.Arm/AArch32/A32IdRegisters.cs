namespace Emulation.Arm;

/// <summary>
/// What identifies AArch32, for both states. Of CPUs with AArch64 it follows from what they have; older ones have it from their technical reference manuals.
/// Arm DDI 0487, G8.2 "ID_PFR0" to "ID_ISAR6", D17.2 "MVFR0_EL1".
/// </summary>
internal static class A32IdRegisters
{
    /// <summary>Numbers of MVFR0 to MVFR2.</summary>
    public const int Media0 = 16, Media1 = 17, Media2 = 18;

    private const int Virtualization = 12, Security = 4, InterruptController = 28;

    // by CRm - 1 and op2; what every Armv8 CPU has
    private static readonly (string Name, uint Value)[] s_rows =
    [
        ("ID_PFR0", 0x131), ("ID_PFR1", 0x1_0000), ("ID_DFR0", 6), ("ID_AFR0", 0), ("ID_MMFR0", 0x1020_1105), ("ID_MMFR1", 0x4000_0000), ("ID_MMFR2", 0x0126_0000), ("ID_MMFR3", 0x0210_2211),
        ("ID_ISAR0", 0x0210_1110), ("ID_ISAR1", 0x1311_2111), ("ID_ISAR2", 0x2123_2042), ("ID_ISAR3", 0x0111_2131), ("ID_ISAR4", 0x0001_0142), ("ID_ISAR5", 1), ("ID_MMFR4", 0), ("ID_ISAR6", 0),
        ("MVFR0", 0x1011_0222), ("MVFR1", 0x1211_1111), ("MVFR2", 0x43), ("", 0), ("ID_PFR2", 0), ("ID_DFR1", 0), ("ID_MMFR5", 0), ("", 0),
    ];

    // fields: number, lowest bit, what it takes, the value then
    private static readonly (int Number, int Shift, ArmFeature Feature, uint Value)[] s_fields =
    [
        (0, 16, ArmFeature.CSV2, 1), (0, 24, ArmFeature.DIT, 1), (0, 28, ArmFeature.RAS, 1),
        (1, 0, ArmFeature.AArch32El1, 1), (1, Security, ArmFeature.AArch32El1, 1),
        (2, 24, ArmFeature.PMUv3, 3),
        (7, 16, ArmFeature.PAN, 1), (7, 16, ArmFeature.PAN2, 2),
        (12, 12, ArmFeature.AArch32El1, 1),
        (13, 4, ArmFeature.AES, 1), (13, 4, ArmFeature.PMULL, 2), (13, 8, ArmFeature.SHA1, 1), (13, 12, ArmFeature.SHA256, 1), (13, 16, ArmFeature.CRC32, 1), (13, 24, ArmFeature.RDM, 1),
        (13, 28, ArmFeature.FCMA, 1),
        (15, 0, ArmFeature.JSCVT, 1), (15, 4, ArmFeature.DotProd, 1), (15, 8, ArmFeature.FHM, 1), (15, 12, ArmFeature.SB, 1), (15, 20, ArmFeature.BF16, 1), (15, 24, ArmFeature.I8MM, 1),
        (14, 4, ArmFeature.UAO, 1), (14, 12, ArmFeature.TTCNP, 1),
        (Media1, 20, ArmFeature.FP16, 2), (Media1, 24, ArmFeature.FP16, 3),
        (20, 0, ArmFeature.CSV3, 1), (20, 4, ArmFeature.SSBS, 1),
    ];

    /// <summary>How many there are: those of CRm 1 to 3.</summary>
    public static int Count => s_rows.Length;

    /// <summary>The name of a register of AArch32.</summary>
    /// <param name="number">8 * (CRm - 1) + op2.</param>
    public static string NameOf(int number) => s_rows[number].Name;

    /// <summary>Its value.</summary>
    /// <param name="cpu">Whose.</param>
    /// <param name="number">8 * (CRm - 1) + op2.</param>
    public static uint Read(ArmCpu cpu, int number)
    {
        IReadOnlyList<uint> given = cpu.Options.Model.Features32;
        if (cpu.Isa.Has(ArmFeature.AArch32) && !cpu.Isa.Has(ArmFeature.V8))
            return number >= Media0 ? OldMedia(cpu, number) : WithLevels(cpu, number, number < given.Count ? given[number] : 0);
        if (!cpu.Isa.Has(ArmFeature.AArch32))
            return 0;
        uint value = s_rows[number].Value;
        foreach ((int row, int shift, ArmFeature feature, uint field) in s_fields)
        {
            if (row == number && field > ((value >> shift) & 15) && cpu.Isa.Has(feature))
                value = (value & ~(15u << shift)) | (field << shift);
        }

        return WithLevels(cpu, number, value);
    }

    // there is never Hyp mode
    private static uint WithLevels(ArmCpu cpu, int number, uint value)
    {
        if (number != 1)
            return value;
        value &= ~((15u << Virtualization) | (cpu.Options.HasEl3 ? 0 : 15u << Security));
        if (cpu.Options.HasEl3 && cpu.Isa.Has(ArmFeature.Security) && !cpu.Isa.Has(ArmFeature.V8))
            value |= 1u << Security;
        return cpu.SystemRegisters is null ? value : value | (1u << InterruptController);
    }

    private static uint OldMedia(ArmCpu cpu, int number) => number switch
    {
        Media0 => 0x1011_0220u | (cpu.Isa.Has(ArmFeature.D32) ? 2u : 1) | (cpu.HasShortVectors ? 1u << 24 : 0),
        Media1 => (cpu.Isa.Has(ArmFeature.Neon) ? 0x0001_1111u : 0) | (cpu.Isa.Has(ArmFeature.HalfConversion) ? 0x0110_0000u : 0) | (cpu.Isa.Has(ArmFeature.VFPv4) ? 0x1000_0000u : 0) | 0x11,
        _ => 0,
    };
}
