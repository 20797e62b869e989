using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>The performance monitors' registers. Arm DDI 0487, D17.5.</summary>
internal static class CounterRegisters
{
    private const int Cycles = 31;
    private const ulong UserEnable = 1, UserIncrement = 2, UserCycles = 4, UserEvents = 8, Tpm = 1 << 6, Tpmcr = 1 << 5, MonitorTpm = 1 << 6;

    public static IEnumerable<SystemRegister> Rows()
    {
        foreach (SystemRegister row in All())
            yield return row with { Exists = static c => c.Isa.Has(ArmFeature.PMUv3) };
    }

    private static IEnumerable<SystemRegister> All()
    {
        yield return User("PMCR_EL0", 12, 0, static c => c.Counters.Control, static (c, v) => c.Counters.Control = v, 0, 0, Tpmcr);
        yield return User("PMCNTENSET_EL0", 12, 1, static c => c.Counters.Enabled, static (c, v) => c.Counters.SetEnabled((uint)v, true));
        yield return User("PMCNTENCLR_EL0", 12, 2, static c => c.Counters.Enabled, static (c, v) => c.Counters.SetEnabled((uint)v, false));
        yield return User("PMOVSCLR_EL0", 12, 3, static c => c.Counters.Overflowed, static (c, v) => c.Counters.SetOverflowed((uint)v, false));
        yield return User("PMSWINC_EL0", 12, 4, null, static (c, v) => c.Counters.Increment((uint)v), 0, UserIncrement) with { ReadLevel = Nobody };
        yield return User("PMSELR_EL0", 12, 5, static c => c[SystemSlot.PmSelr], static (c, v) => c[SystemSlot.PmSelr] = v & 31, UserEvents, 0);
        yield return User("PMCEID0_EL0", 12, 6, static _ => (1 << 0) | (1 << 8) | (1 << 9) | (1 << 0x11) | (1 << 0x1b), null) with { WriteLevel = Nobody };
        yield return User("PMCEID1_EL0", 12, 7, static _ => 0, null) with { WriteLevel = Nobody };
        yield return User("PMCCNTR_EL0", 13, 0, static c => c.Counters.Read(Cycles), static (c, v) => c.Counters.Write(Cycles, v), UserCycles, 0);
        yield return User("PMXEVTYPER_EL0", 13, 1, static c => c.Counters.ReadType(Selected(c)), static (c, v) => c.Counters.WriteType(Selected(c), v));
        yield return User("PMXEVCNTR_EL0", 13, 2, static c => c.Counters.Read(SelectedEvent(c)), static (c, v) => c.Counters.Write(SelectedEvent(c), v), UserEvents, 0);
        yield return new("PMUSERENR_EL0", Encode(3, 3, 9, 14, 0)) { Slot = SystemSlot.PmUserEnr, Mask = 15, WriteLevel = 1, Trap = SystemTraps.Debug(Tpm, MonitorTpm) };
        yield return User("PMOVSSET_EL0", 14, 3, static c => c.Counters.Overflowed, static (c, v) => c.Counters.SetOverflowed((uint)v, true));
        yield return Interrupts("PMINTENSET_EL1", 1, true);
        yield return Interrupts("PMINTENCLR_EL1", 2, false);
        for (int i = 0; i < PerformanceCounters.Count; i++)
        {
            int n = i;
            yield return Numbered($"PMEVCNTR{n}_EL0", 8, n, c => c.Counters.Read(n), (c, v) => c.Counters.Write(n, v), UserEvents);
            yield return Numbered($"PMEVTYPER{n}_EL0", 12, n, c => c.Counters.ReadType(n), (c, v) => c.Counters.WriteType(n, v), 0);
        }

        yield return Numbered("PMCCFILTR_EL0", 12, Cycles, static c => c.Counters.ReadType(Cycles), static (c, v) => c.Counters.WriteType(Cycles, v), 0);
    }

    private static int Selected(ArmCpu c) => (int)c[SystemSlot.PmSelr];

    private static int SelectedEvent(ArmCpu c) => Selected(c) is < Cycles and int n ? n : -1;

    private static SystemRegister Interrupts(string name, int op2, bool set)
        => new(name, Encode(3, 0, 9, 14, op2))
        {
            Read = static c => c.Counters.Interrupts,
            Write = (c, v) => c.Counters.SetInterrupts((uint)v, set),
            Trap = SystemTraps.Debug(Tpm, MonitorTpm),
        };

    private static SystemRegister Numbered(string name, int crm, int n, Func<ArmCpu, ulong> read, Action<ArmCpu, ulong> write, ulong userRead)
        => new(name, Encode(3, 3, 14, crm + (n >> 3), n & 7)) { Read = read, Write = write, Trap = Trap(userRead, 0, Tpm) };

    private static SystemRegister User(
        string name, int crm, int op2, Func<ArmCpu, ulong>? read, Action<ArmCpu, ulong>? write, ulong userRead = 0, ulong userWrite = 0, ulong hypervisor = 0)
        => new(name, Encode(3, 3, 9, crm, op2)) { Read = read, Write = write, Trap = Trap(userRead, userWrite, Tpm | hypervisor) };

    private static Func<ArmCpu, bool, int> Trap(ulong userRead, ulong userWrite, ulong hypervisor)
    {
        Func<ArmCpu, bool, int> debug = SystemTraps.Debug(hypervisor, MonitorTpm);
        return (c, write) =>
        {
            if (c.ExceptionLevel == 0 && (c[SystemSlot.PmUserEnr] & (UserEnable | (write ? userWrite : userRead))) == 0)
                return c.UserTarget;
            return debug(c, write);
        };
    }
}
