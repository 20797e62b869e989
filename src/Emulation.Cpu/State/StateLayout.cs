namespace Emulation.Cpu;

/// <summary>Where things lie around the state pointer.</summary>
/// <remarks><c>[TLB n-1] ... [TLB 0] | header, registers, temporaries (64 KiB) | jump cache</c></remarks>
public static class StateLayout
{
    /// <summary>log2 of the entries in a software TLB.</summary>
    public const int TlbBits = 10;

    /// <summary>Entries in a software TLB.</summary>
    public const int TlbEntries = 1 << TlbBits;

    /// <summary>log2 of the bytes in a TLB entry.</summary>
    public const int TlbEntryShift = 5;

    /// <summary>Bytes of one software TLB.</summary>
    public const int TlbBytes = TlbEntries << TlbEntryShift;

    /// <summary>Bytes for header, registers and temporaries: operands are 16-bit offsets.</summary>
    public const int FrameBytes = 1 << 16;

    /// <summary>log2 of the entries in the jump cache.</summary>
    public const int JumpCacheBits = 13;

    /// <summary>Low bits of a PC that do not tell entries apart.</summary>
    public const int JumpCacheShift = 2;

    /// <summary>Bytes of the jump cache.</summary>
    public const int JumpCacheBytes = 32 << JumpCacheBits;

    /// <summary>log2 of the granule of translation: guests with smaller pages get several entries, larger pages many.</summary>
    public const int PageShift = 12;

    /// <summary>Bytes in a granule of translation.</summary>
    public const ulong PageSize = 1UL << PageShift;

    /// <summary>Offset of a software TLB from the state pointer (negative).</summary>
    /// <param name="mmuIndex">Which one.</param>
    public static int TlbOffset(int mmuIndex) => -(mmuIndex + 1) * TlbBytes;
}
