using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The ROM table at 0xE00FF000: where a debugger finds the components. DDI 0403E, C1.2.5.</summary>
internal static class RomTable
{
    private const uint Present = 1, Format = 2;

    /// <summary>Defines it.</summary>
    /// <param name="map">Its registers.</param>
    /// <param name="model">The CPU's debug units.</param>
    public static void Define(RegisterMap map, MDebugModel model)
    {
        (string Name, uint Offset, bool Exists)[] entries =
        [
            ("SCS", 0xfff0_f000, true), ("DWT", 0xfff0_2000, true), (model.HasTrace || model.IsV8 ? "FPB" : "BPU", 0xfff0_3000, true),
            ("ITM", 0xfff0_1000, model.HasTrace), ("TPIU", 0xfff4_1000, model.HasTrace), ("ETM", 0xfff4_2000, false),
        ];
        if (!model.HasTrace)
            entries = entries[..3];
        for (int i = 0; i < entries.Length; i++)
            map.Define(4 * (ulong)i, "ROM" + entries[i].Name, entries[i].Offset | Format | (entries[i].Exists ? Present : 0)).Ignored(31, 0);
        map.Define(4 * (ulong)entries.Length, "End").Ignored(31, 0);
        map.Define(0xfcc, "SYSTEM_ACCESS", 1).Ignored(31, 0);
        model.RomId.Define(map, "ROM");
    }
}
