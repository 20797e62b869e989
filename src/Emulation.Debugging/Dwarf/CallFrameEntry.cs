namespace Emulation.Debugging;

/// <summary>What several functions have in common. DWARF 5, 6.4.1, "Common Information Entry".</summary>
internal sealed record CallFrameCommon(string File, ulong CodeAlignment, long DataAlignment, int ReturnColumn, byte PointerEncoding, bool HasAugmentationData, int AddressSize, ReadOnlyMemory<byte> Instructions);

/// <summary>A function's entry. DWARF 5, 6.4.1, "Frame Description Entry".</summary>
internal sealed record CallFrameEntry(CallFrameCommon Common, ulong Start, ulong Size, ReadOnlyMemory<byte> Instructions);
