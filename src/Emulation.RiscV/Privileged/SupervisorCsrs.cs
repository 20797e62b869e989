namespace Emulation.RiscV;

/// <summary>Supervisor-level registers. RISC-V Privileged, "Supervisor-Level ISA" and "Sstc".</summary>
/// <remarks>ASIDs have 16 bits (9 on RV32). A write of <c>satp</c> with a mode that the hart does not have changes nothing.</remarks>
internal static class SupervisorCsrs
{
    private const ulong WritableStatus = Status.Sie | Status.Spie | Status.Spp | Status.Mxr;

    public static IEnumerable<CsrRow> Rows() =>
    [
        Row(
            0x100, "sstatus",
            static c => MachineCsrs.ReadStatus(c) & (Status.SupervisorView | (1UL << (c.Xlen - 1))),
            static (c, v) => MachineCsrs.WriteStatus(c, v, WritableStatus | c.Features.SumBit | (c.Features.Float ? Status.Fs : 0))),
        Row(0x104, "sie", static c => c.Mie & c.Mideleg, static (c, v) =>
        {
            c.Mie = (c.Mie & ~c.Mideleg) | (v & c.Mideleg);
            c.OnPrivilegedWrite();
        }),
        Row(
            0x144, "sip",
            static c => MachineCsrs.ReadPending(c) & c.Mideleg,
            static (c, v) => MachineCsrs.WritePending(c, v, SupervisorWritable & (uint)c.Mideleg)),
        Row(0x105, "stvec", static c => c.Stvec, static (c, v) => c.Stvec = v & ~2UL),
        Row(0x140, "sscratch", static c => c.Sscratch, static (c, v) => c.Sscratch = v),
        Row(0x141, "sepc", static c => c.Sepc & c.PcMask, static (c, v) => c.Sepc = v & ~1UL),
        Row(0x142, "scause", static c => c.Scause, static (c, v) => c.Scause = v),
        Row(0x143, "stval", static c => c.Stval, static (c, v) => c.Stval = v),
        Row(0x180, "satp", static c => c.Satp, static (c, v) => WriteSatp(c, v)) with
        {
            Allows = static (c, _) => c.Privilege == PrivilegeLevel.Machine || (c.MStatus & Status.Tvm) == 0,
        },
        .. CsrRow.Wide(
            0x14d, 0x15d, "stimecmp",
            static c => c.Timer.Compare,
            static (c, v) =>
            {
                c.Timer.Compare = v;
                c.OnPrivilegedWrite();
            },
            static f => f.Sstc,
            static (c, _) => c.Privilege == PrivilegeLevel.Machine || (c.TimerCompareEnabled && (c.Mcounteren & 2) != 0)),
    ];

    // SEIP and STIP are read-only in sip
    private const uint SupervisorWritable = (1u << RiscVInterrupt.SupervisorSoftware) | (1u << RiscVInterrupt.CounterOverflow);

    private static CsrRow Row(int number, string name, Func<RiscVCpu, ulong> read, Action<RiscVCpu, ulong> write)
        => new(number, name, read, write) { Exists = static f => f.SupervisorMode };

    private static void WriteSatp(RiscVCpu c, ulong value)
    {
        SatpMode mode = c.Xlen == 32 ? (SatpMode)(value >> 31) : (SatpMode)(value >> 60);
        bool known = c.Xlen == 32
            ? mode is SatpMode.Bare or SatpMode.Sv32
            : mode is SatpMode.Bare or SatpMode.Sv39 or SatpMode.Sv48 or SatpMode.Sv57;
        if (!known || mode > c.Features.LargestTranslation || value == c.Satp)
            return;
        int modeShift = c.Xlen == 32 ? 31 : 60;
        bool sameMode = (value ^ c.Satp) >> modeShift == 0;
        c.Satp = value;
        if (sameMode)
            c.FlushAddressSpace();
        else
            c.FlushTranslations();
    }
}
