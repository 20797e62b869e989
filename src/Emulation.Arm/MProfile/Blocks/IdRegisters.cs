using Emulation.Core;

namespace Emulation.Arm;

/// <summary>Identification of the processor's features and caches, and cache maintenance, which has nothing to do. DDI 0403E, B4; DDI 0553, D1.2.</summary>
/// <param name="cpu">The CPU.</param>
internal sealed class MIdRegisters(ArmMCpu cpu) : IMRegisters
{
    private static readonly string[] s_names =
    [
        "ID_PFR0", "ID_PFR1", "ID_DFR0", "ID_AFR0", "ID_MMFR0", "ID_MMFR1", "ID_MMFR2", "ID_MMFR3", "ID_ISAR0", "ID_ISAR1", "ID_ISAR2", "ID_ISAR3", "ID_ISAR4", "ID_ISAR5",
    ];

    private static readonly (ulong Offset, string Name)[] s_maintenance =
    [
        (0xf50, "ICIALLU"), (0xf58, "ICIMVAU"), (0xf5c, "DCIMVAC"), (0xf60, "DCISW"), (0xf64, "DCCMVAU"), (0xf68, "DCCMVAC"), (0xf6c, "DCCSW"), (0xf70, "DCCIMVAC"),
        (0xf74, "DCCISW"), (0xf78, "BPIALL"),
    ];

    private ArmMCpuModel Model => cpu.Model;

    /// <inheritdoc/>
    public void Define(RegisterMap map, int bank)
    {
        if (!Model.IsMainline)
            return;
        for (int i = 0; i < s_names.Length; i++)
            map.Define(0xd40 + (4 * (ulong)i), s_names[i], i < Model.IdRegisters.Count ? Model.IdRegisters[i] : 0).Bits(31, 0, s_names[i], FieldMode.ReadOnly);
        map.Define(0xd78, "CLIDR", Model.CacheLevels).Bits(31, 0, "CLIDR", FieldMode.ReadOnly);
        map.Define(0xd7c, "CTR", Model.CacheType).Bits(31, 0, "CTR", FieldMode.ReadOnly);
        map.Define(0xd80, "CCSIDR").Bits(31, 0, "CCSIDR", FieldMode.ReadOnly, read: () => (cpu.System.CacheSelection & 1) != 0 ? Model.CacheSizes.Instruction : Model.CacheSizes.Data);
        map.Define(0xd84, "CSSELR").Reserved(31, 4).Bits(3, 0, "Level, InD", read: () => cpu.System.CacheSelection, write: value => cpu.System.CacheSelection = Model.CacheLevels != 0 ? (uint)value : 0);
        foreach ((ulong offset, string name) in s_maintenance)
            map.Define(offset, name, access: RegisterAccess.WriteOnly).Ignored(31, 0);
    }
}
