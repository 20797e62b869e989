using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>Self-hosted debug. Arm DDI 0487, D17.3 "Debug registers".</summary>
internal static class DebugRegisters
{
    public const int Breakpoints = 6, Watchpoints = 4;
    private const ulong Tda = 1 << 9, Tdosa = 1 << 10, Tdra = 1 << 11;

    public static IEnumerable<SystemRegister> Rows()
    {
        yield return Debug("MDSCR_EL1", 0, 2, 2, SystemSlot.MdscrEl1) with { Mask = 0xfe0_f041 };
        yield return new("MDCCSR_EL0", Encode(2, 3, 0, 1, 0)) { Read = static _ => 0, WriteLevel = Nobody, Trap = UserTrap };
        yield return Debug("MDCCINT_EL1", 0, 2, 0, SystemSlot.Mdccint) with { Mask = 3 << 29 };
        yield return new("DBGDTR_EL0", Encode(2, 3, 0, 4, 0)) { Read = static _ => 0, Write = static (_, _) => { }, Trap = UserTrap };
        yield return new("DBGDTRTX_EL0", Encode(2, 3, 0, 5, 0)) { Read = static _ => 0, Write = static (_, _) => { }, Trap = UserTrap };
        yield return Debug("OSDTRRX_EL1", 0, 0, 2, SystemSlot.OsDtrRx) with { Mask = uint.MaxValue };
        yield return Debug("OSDTRTX_EL1", 0, 3, 2, SystemSlot.OsDtrTx) with { Mask = uint.MaxValue };
        yield return Debug("OSECCR_EL1", 0, 6, 2, SystemSlot.OsEccr) with { Mask = uint.MaxValue };
        yield return new("MDRAR_EL1", Encode(2, 0, 1, 0, 0)) { Read = static _ => 0, WriteLevel = Nobody, Trap = SystemTraps.Debug(Tdra, Tda) };
        yield return new("OSLAR_EL1", Encode(2, 0, 1, 0, 4))
        {
            Write = static (c, v) =>
            {
                c[SystemSlot.OsLock] = v & 1;
                c.OnDebugWrite();
            },
            ReadLevel = Nobody,
            Trap = SystemTraps.Debug(Tdosa, Tdosa),
        };
        yield return new("OSLSR_EL1", Encode(2, 0, 1, 1, 4))
        {
            Slot = SystemSlot.OsLock,
            Reset = static c => c.Isa.Has(ArmFeature.OnlyAArch32) && !c.Isa.Has(ArmFeature.V7) ? 0UL : 1,      // Armv6 has none
            Read = static c => 8 | (c[SystemSlot.OsLock] << 1),
            WriteLevel = Nobody,
            Trap = SystemTraps.Debug(Tdosa, Tdosa),
        };
        yield return Debug("OSDLR_EL1", 1, 3, 4, SystemSlot.OsDoubleLock) with { Mask = 0, Trap = SystemTraps.Debug(Tdosa, Tdosa) };
        yield return new("DBGPRCR_EL1", Encode(2, 0, 1, 4, 4)) { Mask = 0, Trap = SystemTraps.Debug(Tdosa, Tdosa) };
        yield return new("DBGCLAIMSET_EL1", Encode(2, 0, 7, 8, 6))
        {
            Read = static _ => 0xff,
            Write = static (c, v) => c[SystemSlot.ClaimTags] |= v & 0xff,
            Trap = SystemTraps.Debug(Tda, Tda),
        };
        yield return new("DBGCLAIMCLR_EL1", Encode(2, 0, 7, 9, 6))
        {
            Read = static c => c[SystemSlot.ClaimTags],
            Write = static (c, v) => c[SystemSlot.ClaimTags] &= ~v,
            Trap = SystemTraps.Debug(Tda, Tda),
        };
        yield return new("DBGAUTHSTATUS_EL1", Encode(2, 0, 7, 14, 6)) { Read = static _ => 0, WriteLevel = Nobody, Trap = SystemTraps.Debug(Tda, Tda) };
        yield return new("MDCR_EL2", Encode(3, 4, 1, 1, 1))
        {
            Slot = SystemSlot.MdcrEl2,
            Reset = static c => c.Isa.Has(ArmFeature.PMUv3) ? (ulong)PerformanceCounters.Count : 0,
            Write = static (c, v) =>
            {
                c[SystemSlot.MdcrEl2] = v;
                c.OnDebugWrite();
            },
            Exists = ExceptionRegisters.HasEl2,
        };
        yield return new("MDCR_EL3", Encode(3, 6, 1, 3, 1))
        {
            Slot = SystemSlot.MdcrEl3,
            Write = static (c, v) =>
            {
                c[SystemSlot.MdcrEl3] = v;
                c.OnDebugWrite();
            },
            Exists = ExceptionRegisters.HasEl3,
        };
        for (int n = 0; n < Breakpoints; n++)
        {
            yield return Debug($"DBGBVR{n}_EL1", 0, n, 4, SystemSlot.BreakpointFirst + (2 * n));
            yield return Debug($"DBGBCR{n}_EL1", 0, n, 5, SystemSlot.BreakpointFirst + (2 * n) + 1) with { Mask = 0xff_e1e7 };
        }

        for (int n = 0; n < Watchpoints; n++)
        {
            yield return Debug($"DBGWVR{n}_EL1", 0, n, 6, SystemSlot.WatchpointFirst + (2 * n)) with { Mask = ~3UL };
            yield return Debug($"DBGWCR{n}_EL1", 0, n, 7, SystemSlot.WatchpointFirst + (2 * n) + 1) with { Mask = 0x1f1f_ffff };
        }
    }

    private static int UserTrap(ArmCpu c, bool write)
        => c.ExceptionLevel == 0 && (c[SystemSlot.MdscrEl1] & (1 << 12)) != 0 ? c.UserTarget : SystemTraps.Debug(Tda, Tda)(c, write);

    private static SystemRegister Debug(string name, int crn, int crm, int op2, SystemSlot slot)
        => new(name, Encode(2, 0, crn, crm, op2))
        {
            Slot = slot,
            Write = (c, v) =>
            {
                c[slot] = v;
                c.OnDebugWrite();
            },
            Trap = SystemTraps.Debug(Tda, Tda),
        };
}
