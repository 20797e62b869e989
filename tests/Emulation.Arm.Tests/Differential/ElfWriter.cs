using System.Buffers.Binary;

namespace Emulation.Arm.Tests.Differential;

/// <summary>Writes the smallest static executable: one segment with everything, read, write and execute.</summary>
internal static class ElfWriter
{
    private const int HeaderBytes = 0x1000;              // headers fill the page before the content, so that file and memory stay aligned

    public static byte[] Write(ulong address, ReadOnlySpan<byte> content)
    {
        var file = new byte[HeaderBytes + content.Length];
        content.CopyTo(file.AsSpan(HeaderBytes));
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(file);
        Span<byte> h = file;
        Half(h, 16, 2);                                  // ET_EXEC
        Half(h, 18, 183);                                // EM_AARCH64
        Word(h, 20, 1);
        Double(h, 24, address);                          // entry
        Double(h, 32, 64);                               // program headers
        Half(h, 52, 64);
        Half(h, 54, 56);
        Half(h, 56, 1);
        Word(h, 64, 1);                                  // PT_LOAD
        Word(h, 68, 7);
        Double(h, 72, HeaderBytes);
        Double(h, 80, address);
        Double(h, 88, address);
        Double(h, 96, (ulong)content.Length);
        Double(h, 104, (ulong)content.Length);
        Double(h, 112, 0x1000);
        return file;
    }

    /// <summary>The same for 32-bit Arm, hard-float. An odd entry is T32.</summary>
    /// <param name="address">Where the content is loaded.</param>
    /// <param name="entry">Where execution begins.</param>
    /// <param name="content">Bytes.</param>
    /// <param name="bigEndian">Whether headers, code and data are big-endian.</param>
    public static byte[] Write32(uint address, uint entry, ReadOnlySpan<byte> content, bool bigEndian = false)
    {
        var file = new byte[HeaderBytes + content.Length];
        content.CopyTo(file.AsSpan(HeaderBytes));
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 1, (byte)(bigEndian ? 2 : 1), 1]).CopyTo(file);
        Half(16, 2);                                     // ET_EXEC
        Half(18, 40);                                    // EM_ARM
        Word(20, 1);
        Word(24, entry);
        Word(28, 52);                                    // program headers
        Word(36, 0x0500_0400);                           // EABI 5, hard float
        Half(40, 52);
        Half(42, 32);
        Half(44, 1);
        Word(52, 1);                                     // PT_LOAD
        Word(56, HeaderBytes);
        Word(60, address);
        Word(64, address);
        Word(68, (uint)content.Length);
        Word(72, (uint)content.Length);
        Word(76, 7);
        Word(80, 0x1000);
        return file;

        void Half(int at, ushort value) => ElfWriter.Half(file, at, bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

        void Word(int at, uint value) => ElfWriter.Word(file, at, bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
    }

    private static void Half(Span<byte> span, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(span[at..], value);

    private static void Word(Span<byte> span, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(span[at..], value);

    private static void Double(Span<byte> span, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(span[at..], value);
}
