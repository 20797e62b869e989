using System.Buffers.Binary;

namespace Emulation.Boards.Loading;

/// <summary>The header of a RISC-V Linux boot image. Linux documentation, "arch/riscv/boot-image-header".</summary>
/// <param name="TextOffset">Bytes from the start of memory at which the image wants to lie.</param>
/// <param name="MemorySize">Bytes it takes in memory, with what is zero at first; 0 when it does not say.</param>
/// <param name="BigEndian">Whether the kernel is big-endian.</param>
internal readonly record struct LinuxImage(ulong TextOffset, ulong MemorySize, bool BigEndian)
{
    private const int HeaderSize = 64;
    private const uint ArmMagic = 0x644d5241;      // "ARM\x64"
    private const uint RiscVMagic = 0x05435352;    // "RSC\x05"
    private const uint RiscVMagic1 = 0x43534952;   // "RISC", where headers before version 0.2 have it
    private const uint SetupMagic = 0x53726448;    // "HdrS"
    private const uint LegacyUbootMagic = 0x56190527;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out LinuxImage header)
    {
        header = default;
        if (bytes.Length < HeaderSize || (Word(bytes, 0x38) != RiscVMagic && Word(bytes, 0x30) != RiscVMagic1))
            return false;
        header = new LinuxImage(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            (BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) & 1) != 0);
        return true;
    }

    /// <summary>What a file is that is no kernel for this machine; null when nobody knows.</summary>
    public static string? Recognize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= HeaderSize && Word(bytes, 0x38) == ArmMagic)
            return "an AArch64 Linux image";
        if (bytes.Length >= 0x206 && Word(bytes, 0x202) == SetupMagic)
            return "an x86 Linux image";
        if (bytes.Length >= 4 && Word(bytes, 0) == LegacyUbootMagic)
            return "a legacy U-Boot image";
        return null;
    }

    /// <summary>Bytes the file must have, from the sections of the PE header that kernels with an EFI stub carry; 0 without one.</summary>
    public static ulong SizeFromSections(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith("MZ"u8))
            return 0;
        uint start = Word(bytes, 0x3c);
        if (start > (uint)bytes.Length - 24 || !bytes[(int)start..].StartsWith("PE\0\0"u8))
            return 0;
        ReadOnlySpan<byte> header = bytes[(int)start..];
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        int table = 24 + BinaryPrimitives.ReadUInt16LittleEndian(header[20..]);
        ulong end = 0;
        for (int i = 0; i < count && table + 40 <= header.Length; i++, table += 40)
            end = Math.Max(end, (ulong)Word(header, table + 16) + Word(header, table + 20));
        return end;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
