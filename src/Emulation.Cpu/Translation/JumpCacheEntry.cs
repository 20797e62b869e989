using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Emulation.Cpu;

/// <summary>An entry of a CPU's jump cache: where a PC goes under a mode and a generation of the address mapping.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal unsafe struct JumpCacheEntry
{
    /// <summary>Virtual address.</summary>
    public ulong Pc;

    /// <summary>Mode and generation it is right for; 0 is never a key in use.</summary>
    public ulong Key;

    /// <summary>First operation of the block there.</summary>
    public Op* Target;

    /// <summary>log2 of the bytes of an entry.</summary>
    public const int SizeLog2 = 5;

    /// <summary>The entry a PC uses. Most instruction sets have few targets in one word; those that have more lose little by it.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="pc">Virtual address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JumpCacheEntry* Of(byte* state, ulong pc)
        => (JumpCacheEntry*)(state + StateLayout.FrameBytes) + ((pc >> StateLayout.JumpCacheShift) & ((1 << StateLayout.JumpCacheBits) - 1));
}
