using System.Runtime.InteropServices;
using Emulation.Cpu;

namespace Emulation.Jit;

/// <summary>Byte offsets of the fields that compiled code reads and writes.</summary>
internal static class FieldOffsets
{
    public static readonly int Pc = Of<CpuHeader>(nameof(CpuHeader.Pc));
    public static readonly int Budget = Of<CpuHeader>(nameof(CpuHeader.Budget));
    public static readonly int Activity = Of<CpuHeader>(nameof(CpuHeader.Activity));
    public static readonly int EntriesLeft = Of<Op>(nameof(Op.High));
    public static readonly int Key = Of<CpuHeader>(nameof(CpuHeader.Key));
    public static readonly int Fp = Of<CpuHeader>(nameof(CpuHeader.Fp));
    public static readonly int SecondLevel = Of<CpuHeader>(nameof(CpuHeader.SecondLevel));
    public static readonly int SecondLevelMask = Of<CpuHeader>(nameof(CpuHeader.SecondLevelMask));
    public static readonly int SecondLevelKey = Of<CpuHeader>(nameof(CpuHeader.SecondLevelKey));
    public static readonly int SecondLevelGlobalKey = Of<CpuHeader>(nameof(CpuHeader.SecondLevelGlobalKey));
    public static readonly int JumpPc = Of<JumpCacheEntry>(nameof(JumpCacheEntry.Pc));
    public static readonly int JumpKey = Of<JumpCacheEntry>(nameof(JumpCacheEntry.Key));
    public static readonly int JumpTarget = Of<JumpCacheEntry>(nameof(JumpCacheEntry.Target));
    public static readonly int TlbRead = Of<TlbEntry>(nameof(TlbEntry.Read));
    public static readonly int TlbWrite = Of<TlbEntry>(nameof(TlbEntry.Write));
    public static readonly int ReservationAddress = Of<CpuHeader>(nameof(CpuHeader.ReservationAddress));
    public static readonly int ReservationValue = Of<CpuHeader>(nameof(CpuHeader.ReservationValue));
    public static readonly int TlbPhysical = Of<TlbEntry>(nameof(TlbEntry.Physical));
    public static readonly int TlbAddend = Of<TlbEntry>(nameof(TlbEntry.Addend));

    private static int Of<T>(string field) => (int)Marshal.OffsetOf<T>(field);
}
