using Emulation.Cpu;
using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>Cache maintenance and address translation instructions. There are no caches: by address they only check the address. Arm DDI 0487, C5.3, C5.4.</summary>
internal static class MaintenanceOperations
{
    private const int ZeroBit = 14, CacheBit = 26;

    public static IEnumerable<SystemRegister> Rows()
    {
        yield return Nothing("IC IALLUIS", 0, 7, 1, 0, SystemTraps.Hypervisor(ArmCpu.HcrTpu));
        yield return Nothing("IC IALLU", 0, 7, 5, 0, SystemTraps.Hypervisor(ArmCpu.HcrTpu));
        yield return Nothing("IC IVAU", 3, 7, 5, 1, SystemTraps.User(CacheBit, ArmCpu.HcrTpu));
        yield return Line("DC IVAC", 0, 6, 1, SystemTraps.Hypervisor(ArmCpu.HcrTpcp), MemoryAccessKind.Write);
        yield return Nothing("DC ISW", 0, 7, 6, 2, SystemTraps.Hypervisor(ArmCpu.HcrTsw));
        yield return Nothing("DC CSW", 0, 7, 10, 2, SystemTraps.Hypervisor(ArmCpu.HcrTsw));
        yield return Nothing("DC CISW", 0, 7, 14, 2, SystemTraps.Hypervisor(ArmCpu.HcrTsw));
        yield return Line("DC CVAC", 3, 10, 1, SystemTraps.User(CacheBit, ArmCpu.HcrTpcp), MemoryAccessKind.Read);
        yield return Line("DC CVAU", 3, 11, 1, SystemTraps.User(CacheBit, ArmCpu.HcrTpu), MemoryAccessKind.Read);
        yield return Line("DC CVAP", 3, 12, 1, SystemTraps.User(CacheBit, ArmCpu.HcrTpcp), MemoryAccessKind.Read) with { Exists = static c => c.Isa.Has(ArmFeature.DPB) };
        yield return Line("DC CVADP", 3, 13, 1, SystemTraps.User(CacheBit, ArmCpu.HcrTpcp), MemoryAccessKind.Read) with { Exists = static c => c.Isa.Has(ArmFeature.DPB2) };
        yield return Line("DC CIVAC", 3, 14, 1, SystemTraps.User(CacheBit, ArmCpu.HcrTpcp), MemoryAccessKind.Read);
        yield return new("DC ZVA", Encode(1, 3, 7, 4, 1)) { Write = static (c, v) => c.ZeroBlock(v), ReadLevel = Nobody, Trap = ZeroTrap };
        foreach ((string name, int op1, int crm, int op2, int level, bool both, MemoryAccessKind kind, bool pan) in
            ((string, int, int, int, int, bool, MemoryAccessKind, bool)[])
            [
                ("AT S1E1R", 0, 8, 0, 1, false, MemoryAccessKind.Read, false), ("AT S1E1W", 0, 8, 1, 1, false, MemoryAccessKind.Write, false),
                ("AT S1E0R", 0, 8, 2, 0, false, MemoryAccessKind.Read, false), ("AT S1E0W", 0, 8, 3, 0, false, MemoryAccessKind.Write, false),
                ("AT S1E1RP", 0, 9, 0, 1, false, MemoryAccessKind.Read, true), ("AT S1E1WP", 0, 9, 1, 1, false, MemoryAccessKind.Write, true),
                ("AT S1E2R", 4, 8, 0, 2, false, MemoryAccessKind.Read, false), ("AT S1E2W", 4, 8, 1, 2, false, MemoryAccessKind.Write, false),
                ("AT S12E1R", 4, 8, 4, 1, true, MemoryAccessKind.Read, false), ("AT S12E1W", 4, 8, 5, 1, true, MemoryAccessKind.Write, false),
                ("AT S12E0R", 4, 8, 6, 0, true, MemoryAccessKind.Read, false), ("AT S12E0W", 4, 8, 7, 0, true, MemoryAccessKind.Write, false),
                ("AT S1E3R", 6, 8, 0, 3, false, MemoryAccessKind.Read, false), ("AT S1E3W", 6, 8, 1, 3, false, MemoryAccessKind.Write, false),
            ])
        {
            yield return new(name, Encode(1, op1, 7, crm, op2))
            {
                Write = (c, v) => c.TranslateAddress(v, level, both, kind, pan),
                ReadLevel = Nobody,
                Exists = c => (!pan || c.Isa.Has(ArmFeature.PAN2)) && c.HasLevel(op1 switch { 4 => 2, 6 => 3, _ => 1 }),
            };
        }
    }

    /// <summary>SCTLR.DZE and HCR_EL2.TDZ.</summary>
    public static int ZeroTrap(ArmCpu c, bool write) => SystemTraps.User(ZeroBit, ArmCpu.HcrTdz)(c, write);

    private static SystemRegister Nothing(string name, int op1, int crn, int crm, int op2, Func<ArmCpu, bool, int> trap)
        => new(name, Encode(1, op1, crn, crm, op2)) { Write = static (c, _) => c.SynchronizeCode(), ReadLevel = Nobody, Trap = trap };

    private static SystemRegister Line(string name, int op1, int crm, int op2, Func<ArmCpu, bool, int> trap, MemoryAccessKind kind)
        => new(name, Encode(1, op1, 7, crm, op2)) { Write = (c, v) => c.CheckLine(v, kind), ReadLevel = Nobody, Trap = trap };
}
