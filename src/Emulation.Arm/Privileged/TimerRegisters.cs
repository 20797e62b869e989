using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>The generic timer. Arm DDI 0487, D17.11 "Generic Timer registers".</summary>
internal static class TimerRegisters
{
    private const ulong EventControl = 0x3ff;

    public static IEnumerable<SystemRegister> Rows()
    {
        yield return new("CNTFRQ_EL0", Encode(3, 3, 14, 0, 0))
        {
            Slot = SystemSlot.CntFrq,
            Mask = uint.MaxValue,
            Reset = static c => c.Options.TimerFrequency,
            WriteLevel = 1,
            Write = static (c, v) =>
            {
                if (c.IsAtHighestLevel)
                    c[SystemSlot.CntFrq] = v;
            },
            Trap = static (c, write) => write ? c.IsAtHighestLevel ? 0 : -1 : UserTrap(c, 3),
        };
        yield return Counter("CNTPCT_EL0", 1, static c => c.PhysicalCount, true);
        yield return Counter("CNTVCT_EL0", 2, static c => c.VirtualCount, false);
        yield return Counter("CNTPCTSS_EL0", 5, static c => c.PhysicalCount, true) with { Exists = HasViews };
        yield return Counter("CNTVCTSS_EL0", 6, static c => c.VirtualCount, false) with { Exists = HasViews };
        yield return new("CNTKCTL_EL1", Encode(3, 0, 14, 1, 0)) { Slot = SystemSlot.CntkctlEl1, Mask = EventControl | (1 << 17) };
        yield return new("CNTHCTL_EL2", Encode(3, 4, 14, 1, 0))
        {
            Slot = SystemSlot.CnthctlEl2,
            Mask = EventControl | (3 << 10) | (1 << 12) | (1 << 17),
            Reset = static _ => 3,
            Write = static (c, v) =>
            {
                c[SystemSlot.CnthctlEl2] = v;
                c.UpdateTimers();
            },
            Exists = ExceptionRegisters.HasEl2,
        };
        yield return Offset("CNTVOFF_EL2", 0, 3, SystemSlot.CntVoff) with { Exists = ExceptionRegisters.HasEl2 };
        yield return Offset("CNTPOFF_EL2", 0, 6, SystemSlot.CntPoff) with { Exists = static c => c.Options.HasEl2 && HasViews(c) };
        foreach (SystemRegister row in Timer("CNTP", "EL0", 3, 2, ArmTimer.Physical, null, PhysicalTrap))
            yield return row;
        foreach (SystemRegister row in Timer("CNTV", "EL0", 3, 3, ArmTimer.Virtual, null, static (c, _) => UserTrap(c, 1 << 8)))
            yield return row;
        foreach (SystemRegister row in Timer("CNTHP", "EL2", 4, 2, ArmTimer.HypervisorPhysical, ExceptionRegisters.HasEl2, null))
            yield return row;
        foreach (SystemRegister row in Timer("CNTHV", "EL2", 4, 3, ArmTimer.HypervisorVirtual, static c => c.Options.HasEl2 && c.Isa.Has(ArmFeature.VHE), null))
            yield return row;
        foreach (SystemRegister row in Timer("CNTPS", "EL1", 7, 2, ArmTimer.SecurePhysical, ExceptionRegisters.HasEl3, SecureTrap))
            yield return row with { ReadLevel = 1, WriteLevel = 1 };
    }

    private static bool HasViews(ArmCpu cpu) => cpu.Isa.Has(ArmFeature.ECV);

    private static SystemRegister Counter(string name, int op2, Func<ArmCpu, ulong> read, bool physical)
        => new(name, Encode(3, 3, 14, 0, op2))
        {
            Read = read,
            WriteLevel = Nobody,
            Trap = physical
                ? static (c, _) => UserTrap(c, 1) is var user and not 0 ? user : HypervisorTrap(c, 0)
                : static (c, _) => UserTrap(c, 2),
        };

    private static SystemRegister Offset(string name, int crm, int op2, SystemSlot slot)
        => new(name, Encode(3, 4, 14, crm, op2))
        {
            Slot = slot,
            Write = (c, v) =>
            {
                c[slot] = v;
                c.UpdateTimers();
            },
        };

    private static IEnumerable<SystemRegister> Timer(
        string prefix, string suffix, int op1, int crm, ArmTimer timer, Func<ArmCpu, bool>? exists, Func<ArmCpu, bool, int>? trap)
    {
        yield return new($"{prefix}_TVAL_{suffix}", Encode(3, op1, 14, crm, 0))
        {
            Read = c => c.BankedTimer(timer).Distance,
            Write = (c, v) => c.BankedTimer(timer).SetDistance(v),
            Exists = exists,
            Trap = trap,
        };
        yield return new($"{prefix}_CTL_{suffix}", Encode(3, op1, 14, crm, 1))
        {
            Read = c => c.BankedTimer(timer).Control,
            Write = (c, v) => c.BankedTimer(timer).SetControl(v),
            Exists = exists,
            Trap = trap,
        };
        yield return new($"{prefix}_CVAL_{suffix}", Encode(3, op1, 14, crm, 2))
        {
            Read = c => c.BankedTimer(timer).Compare,
            Write = (c, v) => c.BankedTimer(timer).SetCompare(v),
            Exists = exists,
            Trap = trap,
        };
    }

    // any of the bits in CNTKCTL_EL1, or in CNTHCTL_EL2 for programs of a host, lets EL0
    private static int UserTrap(ArmCpu c, ulong bits)
    {
        if (c.ExceptionLevel != 0)
            return 0;
        ulong control = c[c.IsHostUser ? SystemSlot.CnthctlEl2 : SystemSlot.CntkctlEl1];
        return (control & bits) != 0 ? 0 : c.UserTarget;
    }

    private static int PhysicalTrap(ArmCpu c, bool write) => UserTrap(c, 1 << 9) is var user and not 0 ? user : HypervisorTrap(c, 1);

    // EL1PCTEN and EL1PCEN, which lie higher for a host
    private static int HypervisorTrap(ArmCpu c, int bit)
    {
        if (c.ExceptionLevel > 1 || !c.El2Enabled || c.IsHostUser)
            return 0;
        return ((c[SystemSlot.CnthctlEl2] >> (c.IsHost ? bit + 10 : bit)) & 1) != 0 ? 0 : 2;
    }

    // SCR_EL3.ST
    private static int SecureTrap(ArmCpu c, bool write)
    {
        if (c.ExceptionLevel == 3)
            return 0;
        if (c.ExceptionLevel == 2 || !c.IsSecureBelow)
            return -1;
        return (c[SystemSlot.ScrEl3] & ArmCpu.ScrSt) != 0 ? 0 : 3;
    }
}
