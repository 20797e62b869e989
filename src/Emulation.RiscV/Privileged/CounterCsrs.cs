namespace Emulation.RiscV;

/// <summary>Counters and what controls them. RISC-V Privileged, "Hardware Performance Monitor", "Counter-Enable Registers", "Sscofpmf"; Zicntr, Zihpm.</summary>
internal static class CounterCsrs
{
    public static IEnumerable<CsrRow> Rows()
    {
        yield return new CsrRow(0x306, "mcounteren", static c => c.Mcounteren, static (c, v) => c.Mcounteren = (uint)v) { Exists = static f => f.UserMode };
        yield return new CsrRow(0x106, "scounteren", static c => c.Scounteren, static (c, v) => c.Scounteren = (uint)v) { Exists = static f => f.SupervisorMode };
        yield return new CsrRow(0x320, "mcountinhibit", static c => c.Counters.Inhibit, static (c, v) => c.Counters.Inhibit = (uint)v);
        yield return new CsrRow(0xda0, "scountovf", static c => c.Counters.Overflowed & (c.Privilege == PrivilegeLevel.Machine ? uint.MaxValue : c.Mcounteren))
        {
            Exists = static f => f.Sscofpmf && f.SupervisorMode,
        };
        foreach (CsrRow row in CsrRow.Wide(0xc01, 0xc81, "time", static c => c.Timer.Time, null, static f => f.Zicntr, static (c, _) => Enabled(c, 1)))
            yield return row;
        for (int i = 0; i < PerformanceCounters.Count; i++)
        {
            if (i == 1)
                continue;
            foreach (CsrRow row in Counter(i))
                yield return row;
        }
    }

    private static IEnumerable<CsrRow> Counter(int n)
    {
        string name = n switch { 0 => "cycle", 2 => "instret", _ => $"hpmcounter{n}" };
        bool programmable = n >= PerformanceCounters.FirstProgrammable;
        Func<RiscVCpu, ulong> read = c => c.Counters.Read(n);
        foreach (CsrRow row in CsrRow.Wide(0xb00 + n, 0xb80 + n, "m" + name, read, (c, v) => c.Counters.Write(n, v)))
            yield return row;
        foreach (CsrRow row in CsrRow.Wide(0xc00 + n, 0xc80 + n, name, read, null, f => programmable ? f.Zihpm : f.Zicntr, (c, _) => Enabled(c, n)))
            yield return row;
        if (!programmable)
            yield break;
        Func<RiscVCpu, ulong> readEvent = c => c.Counters.ReadEvent(n);
        Action<RiscVCpu, ulong> writeEvent = (c, v) => c.Counters.WriteEvent(n, v);
        // Without Sscofpmf the upper half has no bits and RV32 has no register for it
        foreach (CsrRow row in CsrRow.Wide(0x320 + n, 0x720 + n, $"mhpmevent{n}", readEvent, writeEvent))
            yield return row.Number < 0x720 ? row : row with { Exists = static f => f.Xlen == 32 && f.Sscofpmf };
    }

    private static bool Enabled(RiscVCpu c, int n)
    {
        if (c.Privilege == PrivilegeLevel.Machine)
            return true;
        if (((c.Mcounteren >> n) & 1) == 0)
            return false;
        return c.Privilege == PrivilegeLevel.Supervisor || !c.Features.SupervisorMode || ((c.Scounteren >> n) & 1) != 0;
    }
}
