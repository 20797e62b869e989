using System.Buffers.Binary;
using System.IO.Compression;

namespace Emulation.Boards.Tests;

/// <summary>Makes images for loaders: right ones, to be broken by tests.</summary>
internal static class Images
{
    public const ushort RiscV = 243;
    public const ushort X86 = 62;

    public static byte[] Elf(ushort machine = RiscV, int bits = 64, ulong physical = 0x8020_0000, ulong virtualAddress = 0, ulong entry = 0, int fileBytes = 16, ulong memoryBytes = 32)
    {
        bool wide = bits == 64;
        int header = wide ? 64 : 52, program = wide ? 56 : 32;
        byte[] elf = new byte[header + program + fileBytes];
        "\x7f"u8.CopyTo(elf);
        "ELF"u8.CopyTo(elf.AsSpan(1));
        (elf[4], elf[5], elf[6]) = ((byte)(wide ? 2 : 1), 1, 1);
        Half(elf, 16, 2);
        Half(elf, 18, machine);
        Word(elf, 24, entry == 0 ? virtualAddress == 0 ? physical : virtualAddress : entry, wide);
        Word(elf, wide ? 32 : 28, (ulong)header, wide);
        Half(elf, wide ? 54 : 42, (ushort)program);
        Half(elf, wide ? 56 : 44, 1);
        Span<byte> p = elf.AsSpan(header);
        p[0] = 1;
        Word(p, wide ? 8 : 4, (ulong)(header + program), wide);
        Word(p, wide ? 16 : 8, virtualAddress == 0 ? physical : virtualAddress, wide);
        Word(p, wide ? 24 : 12, physical, wide);
        Word(p, wide ? 32 : 16, (ulong)fileBytes, wide);
        Word(p, wide ? 40 : 20, memoryBytes, wide);
        for (int i = 0; i < fileBytes; i++)
            elf[header + program + i] = (byte)(i + 1);
        return elf;
    }

    public static byte[] Linux(ulong textOffset = 0x20_0000, ulong memoryBytes = 0x1_0000, ulong flags = 0, int bytes = 4096)
    {
        byte[] image = new byte[bytes];
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(8), textOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(16), memoryBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(24), flags);
        "RISCV"u8.CopyTo(image.AsSpan(0x30));
        "RSC\x05"u8.CopyTo(image.AsSpan(0x38));
        return image;
    }

    public static byte[] ArmLinux(ulong textOffset = 0, ulong memoryBytes = 0x1_0000, int bytes = 4096)
    {
        byte[] image = Linux(textOffset, memoryBytes, bytes: bytes);
        image.AsSpan(0x30, 16).Clear();
        "ARM\x64"u8.CopyTo(image.AsSpan(0x38));
        return image;
    }

    /// <summary>An image with a PE header whose only section ends where the file does.</summary>
    public static byte[] LinuxWithSections(int bytes = 4096)
    {
        byte[] image = Linux(bytes: bytes);
        "MZ"u8.CopyTo(image);
        image[0x3c] = 0x40;
        "PE\0\0"u8.CopyTo(image.AsSpan(0x40));
        Half(image, 0x46, 1);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x58 + 16), bytes - 0x200);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x58 + 20), 0x200);
        return image;
    }

    public static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return output.ToArray();
    }

    /// <summary>EFI zboot around a payload.</summary>
    public static byte[] Zboot(ReadOnlySpan<byte> payload, string compression)
    {
        byte[] image = new byte[0x400 + payload.Length];
        "MZ\0\0zimg"u8.CopyTo(image);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(8), 0x400);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(12), payload.Length);
        System.Text.Encoding.ASCII.GetBytes(compression, image.AsSpan(24));
        payload.CopyTo(image.AsSpan(0x400));
        return image;
    }

    public static byte[] With(byte[] image, Action<byte[]> change)
    {
        change(image);
        return image;
    }

    private static void Half(Span<byte> bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);

    private static void Word(Span<byte> bytes, int offset, ulong value, bool wide)
    {
        if (wide)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], (uint)value);
    }
}
