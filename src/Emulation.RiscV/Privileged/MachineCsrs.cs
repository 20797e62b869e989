namespace Emulation.RiscV;

/// <summary>Machine-level registers. RISC-V Privileged, "Machine-Level ISA".</summary>
/// <remarks>
/// Choices among what WARL allows: <c>misa</c> is fixed; SXL and UXL are fixed at the hart's XLEN; <c>mtvec</c> and <c>stvec</c> hold any
/// multiple of 4 in both modes, and a write of a reserved mode takes the base with the mode that its low bit says;
/// cause and value registers hold every value.
/// </remarks>
internal static class MachineCsrs
{
    public static IEnumerable<CsrRow> Rows() =>
    [
        new(0xf11, "mvendorid", static c => c.Options.VendorId),
        new(0xf12, "marchid", static c => c.Options.ArchitectureId),
        new(0xf13, "mimpid", static c => c.Options.ImplementationId),
        new(0xf14, "mhartid", static c => c.HartId),
        new(0xf15, "mconfigptr", static _ => 0),
        new(0x300, "mstatus", static c => ReadStatus(c), static (c, v) => WriteStatus(c, v, WritableStatus(c.Features))),
        new(0x310, "mstatush", static _ => 0, static (_, _) => { }) { Exists = static f => f.Xlen == 32 },
        new(0x301, "misa", static c => c.Features.Misa, static (_, _) => { }),
        .. CsrRow.Wide(
            0x302, 0x312, "medeleg",
            static c => c.Medeleg,
            static (c, v) => c.Medeleg = v & Cause.Delegable,
            static f => f.SupervisorMode),
        new(0x303, "mideleg", static c => c.Mideleg, static (c, v) =>
        {
            c.Mideleg = v & c.DelegableInterrupts;
            c.OnPrivilegedWrite();
        }) { Exists = static f => f.SupervisorMode },
        new(0x304, "mie", static c => c.Mie, static (c, v) =>
        {
            c.Mie = v & c.ImplementedInterrupts;
            c.OnPrivilegedWrite();
        }),
        new(0x344, "mip", static c => ReadPending(c), static (c, v) => WritePending(c, v, c.WritablePending))
        {
            ReadForModify = static c => ReadPendingForModify(c),
        },
        new(0x305, "mtvec", static c => c.Mtvec, static (c, v) => c.Mtvec = v & ~2UL),
        new(0x340, "mscratch", static c => c.Mscratch, static (c, v) => c.Mscratch = v),
        new(0x341, "mepc", static c => c.Mepc & c.PcMask, static (c, v) => c.Mepc = v & ~1UL),
        new(0x342, "mcause", static c => c.Mcause, static (c, v) => c.Mcause = v),
        new(0x343, "mtval", static c => c.Mtval, static (c, v) => c.Mtval = v),
    ];

    /// <summary>What <c>mstatus</c> shows: its bits and SD.</summary>
    public static ulong ReadStatus(RiscVCpu c)
    {
        ulong status = c.MStatus;
        return (status & Status.Fs) == Status.Fs ? status | (1UL << (c.Xlen - 1)) : status;
    }

    /// <summary>Writes the given bits of <c>mstatus</c> as far as their values are legal.</summary>
    public static void WriteStatus(RiscVCpu c, ulong value, ulong writable)
    {
        if ((value & Status.Mpp) == 2UL << Status.MppShift || (!c.Features.SupervisorMode && (value & Status.Mpp) == 1UL << Status.MppShift))
            writable &= ~Status.Mpp;
        c.MStatus = (c.MStatus & ~writable) | (value & writable);
        c.OnPrivilegedWrite();
    }

    /// <summary>What <c>mip</c> shows, counters that have just wrapped included.</summary>
    public static ulong ReadPending(RiscVCpu c)
    {
        c.Counters.Poll();
        return c.PendingInterrupts;
    }

    /// <summary>What set and clear instructions start from: for SEIP the bit that software wrote, without the external line.</summary>
    public static ulong ReadPendingForModify(RiscVCpu c)
    {
        const uint External = 1u << RiscVInterrupt.SupervisorExternal;
        return (ReadPending(c) & ~(ulong)External) | (c.WrittenInterrupts & External);
    }

    public static void WritePending(RiscVCpu c, ulong value, uint writable)
    {
        c.Counters.Poll();
        c.ChangePending(writable, (uint)value);
        c.OnPrivilegedWrite();
    }

    private static ulong WritableStatus(PrivilegedFeatures f)
    {
        ulong bits = Status.Mie | Status.Mpie;
        if (f.UserMode)
            bits |= Status.Mpp | Status.Mprv | Status.Tw;
        if (f.SupervisorMode)
            bits |= Status.Sie | Status.Spie | Status.Spp | f.SumBit | Status.Mxr | Status.Tvm | Status.Tsr;
        if (f.Float)
            bits |= Status.Fs;
        return bits;
    }
}
