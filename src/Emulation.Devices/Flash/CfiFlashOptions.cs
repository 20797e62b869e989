namespace Emulation.Devices;

/// <summary>How the chips of a <see cref="CfiFlash"/> are built and wired.</summary>
public sealed record CfiFlashOptions
{
    /// <summary>Bytes that one erase clears, over all chips together.</summary>
    public uint SectorSize { get; init; } = 256 << 10;

    /// <summary>Bytes of the data bus: 1, 2 or 4.</summary>
    public int BankWidth { get; init; } = 4;

    /// <summary>Bytes of one chip's data bus; the bank has <see cref="BankWidth"/> / <see cref="ChipWidth"/> interleaved chips.</summary>
    public int ChipWidth { get; init; } = 2;

    /// <summary>log2 of the bytes in one chip's write buffer.</summary>
    public int WriteBufferShift { get; init; } = 11;

    /// <summary>Manufacturer code.</summary>
    public byte Manufacturer { get; init; } = 0x89;

    /// <summary>Device code.</summary>
    public byte Device { get; init; } = 0x18;

    /// <summary>Whether every program and erase fails as on a write-protected chip.</summary>
    public bool ReadOnly { get; init; }
}
