using Emulation.Cpu;

namespace Emulation.RiscV.Privileged;

/// <summary>What translated code calls for system instructions. The signatures are those of <see cref="Emulation.IR.IrHelper"/>.</summary>
/// <remarks>
/// Instructions that the mode word already makes illegal (TSR, TVM, TW, CBIE and so on) never get here: the emitters look.
/// A CSR number comes with the encoding of the instruction in the upper half of the operand: what <c>mtval</c> holds when it is illegal.
/// </remarks>
internal static unsafe class SystemHelpers
{
    private const int EncodingShift = 32;
    private const ulong NumberMask = CsrTable.Size - 1;

    /// <summary>CSRRS and CSRRC with rs1 = x0: reads, never writes.</summary>
    public static ulong CsrR(byte* s, ulong csr)
    {
        RiscVCpu cpu = Cpu(s);
        return Check(cpu, csr, reads: true, writes: false)?.Read!(cpu) & cpu.XlenMask ?? 0;
    }

    /// <summary>CSRRW with rd = x0: writes, never reads.</summary>
    public static void CsrW(byte* s, ulong csr, ulong value)
    {
        RiscVCpu cpu = Cpu(s);
        if (Check(cpu, csr, reads: false, writes: true) is { } row)
            row.Write!(cpu, value & cpu.XlenMask);
    }

    /// <summary>CSRRW: gives the old value.</summary>
    public static ulong CsrRw(byte* s, ulong csr, ulong value)
    {
        RiscVCpu cpu = Cpu(s);
        if (Check(cpu, csr, reads: true, writes: true) is not { } row)
            return 0;
        ulong old = row.Read!(cpu) & cpu.XlenMask;
        row.Write!(cpu, value & cpu.XlenMask);
        return old;
    }

    /// <summary>CSRRS with rs1 other than x0: sets bits, gives the old value.</summary>
    public static ulong CsrRs(byte* s, ulong csr, ulong mask) => Modify(s, csr, mask, set: true);

    /// <summary>CSRRC with rs1 other than x0: clears bits, gives the old value.</summary>
    public static ulong CsrRc(byte* s, ulong csr, ulong mask) => Modify(s, csr, mask, set: false);

    /// <summary>SRET: gives the new PC.</summary>
    public static ulong Sret(byte* s)
    {
        Cpu(s).ReturnFromSupervisor();
        return ((CpuHeader*)s)->Pc;
    }

    /// <summary>MRET: gives the new PC.</summary>
    public static ulong Mret(byte* s)
    {
        Cpu(s).ReturnFromMachine();
        return ((CpuHeader*)s)->Pc;
    }

    /// <summary>WFI: the run loop halts behind the instruction, unless an interrupt that would wake it is pending.</summary>
    public static void Wfi(byte* s) => Cpu(s).WaitForInterrupt();

    /// <summary>WRS.NTO: a wait may end for any reason, this one does at once.</summary>
    public static void WrsNto(byte* s) { }

    /// <summary>WRS.STO: as <see cref="WrsNto"/>.</summary>
    public static void WrsSto(byte* s) { }

    /// <summary>FENCE.I: stores invalidate translated code when they are made, so there is nothing left to do.</summary>
    public static void FenceI(byte* s) => Cpu(s).SynchronizeCode();

    /// <summary>SFENCE.VMA and SINVAL.VMA. Flags: bit 0 = rs1 is not x0, bit 1 = rs2 is not x0.</summary>
    public static void SfenceVma(byte* s, ulong address, ulong addressSpace, ulong flags)
        => Cpu(s).Fence((flags & 1) != 0 ? address : null, (flags & 2) != 0 ? addressSpace : null);

    /// <summary>Marks floating-point state dirty.</summary>
    public static void SetFsDirty(byte* s) => Cpu(s).SetFsDirty();

    /// <summary>CBO.INVAL, CBO.CLEAN, CBO.FLUSH: only the access check, there are no caches to manage.</summary>
    public static void Cbo(byte* s, ulong address, ulong kind) => Cpu(s).CheckCacheBlock(address);

    /// <summary>CBO.ZERO: stores 64 zero bytes.</summary>
    public static void CboZero(byte* s, ulong address) => Cpu(s).ZeroCacheBlock(address);

    private static RiscVCpu Cpu(byte* s) => (RiscVCpu)VirtualCpu.From(s);

    private static ulong Modify(byte* s, ulong csr, ulong mask, bool set)
    {
        RiscVCpu cpu = Cpu(s);
        if (Check(cpu, csr, reads: true, writes: true) is not { } row)
            return 0;
        ulong old = row.Read!(cpu) & cpu.XlenMask;
        ulong from = row.ReadForModify is { } special ? special(cpu) : old;
        row.Write!(cpu, (set ? from | mask : from & ~mask) & cpu.XlenMask);
        return old;
    }

    private static CsrRow? Check(RiscVCpu cpu, ulong csr, bool reads, bool writes)
    {
        CsrRow? row = cpu.CheckCsr((int)(csr & NumberMask), reads, writes);
        if (row is null)
            cpu.RecordException(Cause.IllegalInstruction, csr >> EncodingShift);
        return row;
    }
}
