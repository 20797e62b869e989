using System.Runtime.InteropServices;
using Emulation.SoftFloat;

namespace Emulation.Cpu;

/// <summary>Why an engine must give control back to the run loop; bits of <see cref="CpuHeader.Exit"/>.</summary>
[Flags]
public enum ExitRequest
{
    /// <summary>Go on.</summary>
    None = 0,

    /// <summary>A guest exception is recorded in the header: the instruction did not complete.</summary>
    Exception = 1,

    /// <summary>The run loop must look at the CPU (interrupts, halting, limits) before the next instruction; the present one completes.</summary>
    Attention = 2,

    /// <summary>A hook or breakpoint wants the run to stop before the present instruction.</summary>
    StopBefore = 4,
}

/// <summary>The part of the flat CPU state that all instruction sets share; guest registers follow it.</summary>
/// <remarks>
/// Engines address everything relative to one pointer, so translated code is independent of the vCPU that runs it.
/// Software TLBs lie below the pointer, the jump cache above the registers (see <see cref="StateLayout"/>).
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public unsafe struct CpuHeader
{
    /// <summary>Bytes taken by the header.</summary>
    public const int Size = 192;

    /// <summary>Instructions left in the present run. Exact whenever a helper that declares it, a device or the run loop can look.</summary>
    [FieldOffset(0)] public long Budget;

    /// <summary>Mode bits the frontend computes: everything that changes translation. Low half of <see cref="Key"/>.</summary>
    [FieldOffset(8)] public uint Mode;

    /// <summary>Counts changes of the address mapping and of code. High half of <see cref="Key"/>.</summary>
    [FieldOffset(12)] public uint Generation;

    /// <summary>Mode and generation: what a cached jump target is valid for.</summary>
    [FieldOffset(8)] public ulong Key;

    /// <summary>Guest PC; meaningful outside translated code, and at the instruction inside helpers that may fault or read time.</summary>
    [FieldOffset(16)] public ulong Pc;

    /// <summary>Why to leave.</summary>
    [FieldOffset(24)] public ExitRequest Exit;

    /// <summary>Recorded exception, in the words of the instruction set.</summary>
    [FieldOffset(28)] public int ExceptionCode;

    /// <summary>The address or value that goes with the exception.</summary>
    [FieldOffset(32)] public ulong ExceptionValue;

    /// <summary>Floating-point environment: rounding mode, sticky flags, NaN rules.</summary>
    [FieldOffset(40)] public FpContext Fp;

    /// <summary>Physical address of the load reservation; all ones for none.</summary>
    [FieldOffset(48)] public ulong ReservationAddress;

    /// <summary>What memory held when the reservation was made.</summary>
    [FieldOffset(56)] public ulong ReservationValue;

    /// <summary>Handle of the managed CPU object.</summary>
    [FieldOffset(64)] public nint Owner;

    /// <summary>The block-ending operation that wants to be linked, or null; set on the way to the run loop.</summary>
    [FieldOffset(72)] public nint LinkSource;

    /// <summary>What the CPU is doing, for samplers.</summary>
    [FieldOffset(80)] public CpuActivity Activity;

    /// <summary>Instructions that raised an exception, for counters that do not count those.</summary>
    [FieldOffset(88)] public ulong ExceptionCount;

    /// <summary>Scratch space for helpers with more than one result.</summary>
    [FieldOffset(96)] public ulong Scratch0;

    /// <summary>Scratch space for helpers with more than one result.</summary>
    [FieldOffset(104)] public ulong Scratch1;

    /// <summary>First entry of the second level of the software TLBs.</summary>
    [FieldOffset(112)] internal nint SecondLevel;

    /// <summary>The largest offset of an entry from there, which is also the mask that makes one.</summary>
    [FieldOffset(120)] internal ulong SecondLevelMask;

    /// <summary>What the tags of valid entries there have above the page and below the regime.</summary>
    [FieldOffset(128)] internal ulong SecondLevelKey;

    /// <summary>The same of entries that hold in every address space.</summary>
    [FieldOffset(136)] internal ulong SecondLevelGlobalKey;
}
