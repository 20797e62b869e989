using System.Buffers.Binary;

namespace Emulation.Boards.Loading;

/// <summary>
/// The header of a Linux boot image. Linux documentation, "arch/riscv/boot-image-header" and "arch/arm64/booting", which agree in all fields used here; a zImage of 32-bit
/// Arm has another one, which says nothing of the memory it takes.
/// </summary>
/// <param name="TextOffset">Bytes from the start of memory at which the image wants to lie.</param>
/// <param name="MemorySize">Bytes it takes in memory, with what is zero at first; 0 when it does not say.</param>
/// <param name="BigEndian">Whether the kernel is big-endian.</param>
internal readonly record struct LinuxImage(ulong TextOffset, ulong MemorySize, bool BigEndian)
{
    private const int HeaderSize = 64;
    private const uint Arm64Magic = 0x644d5241;    // "ARM\x64"
    private const uint ZImageMagic = 0x016f2818;
    private const uint RiscVMagic = 0x05435352;    // "RSC\x05"
    private const uint RiscVMagic1 = 0x43534952;   // "RISC", where headers before version 0.2 have it
    private const uint SetupMagic = 0x53726448;    // "HdrS"
    private const ulong ArmImageOffset = 0x1_0000; // a zImage runs anywhere in the first 128 MiB
    private const uint LegacyUbootMagic = 0x56190527;

    /// <summary>Reads the header of a kernel for an instruction set.</summary>
    /// <param name="bytes">The image.</param>
    /// <param name="machine">ELF machine number of the instruction set.</param>
    /// <param name="header">The header.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ushort machine, out LinuxImage header)
    {
        header = default;
        if (MachineOf(bytes) is not { } found || found != machine)
            return false;
        if (machine == ElfMachines.Arm)
        {
            header = new LinuxImage(ArmImageOffset, 0, Word(bytes, 0x30) == 0x0102_0304);
            return true;
        }

        header = new LinuxImage(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            (BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) & 1) != 0);
        return true;
    }

    /// <summary>What a file is that is no kernel for this machine; null when nobody knows.</summary>
    /// <param name="bytes">The file's first bytes.</param>
    /// <param name="machine">ELF machine number of this machine.</param>
    public static string? Recognize(ReadOnlySpan<byte> bytes, ushort machine)
    {
        if (MachineOf(bytes) is { } found && found != machine)
            return $"{(found == ElfMachines.RiscV ? "a" : "an")} {ElfMachines.Name(found)} Linux image";
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

    private static ushort? MachineOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
            return null;
        if (Word(bytes, 0x38) == Arm64Magic)
            return ElfMachines.AArch64;
        if (Word(bytes, 0x24) == ZImageMagic)
            return ElfMachines.Arm;
        return Word(bytes, 0x38) == RiscVMagic || Word(bytes, 0x30) == RiscVMagic1 ? ElfMachines.RiscV : null;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
