using System.Buffers.Binary;

namespace Emulation.RiscV.Tests.Differential;

/// <summary>Writes the smallest static executable: one segment with everything, read, write and execute.</summary>
internal static class ElfWriter
{
    private const int HeaderBytes = 0x1000;              // headers fill the page before the content, so that file and memory stay aligned

    public static byte[] Write(int xlen, ulong address, ReadOnlySpan<byte> content)
    {
        var file = new byte[HeaderBytes + content.Length];
        content.CopyTo(file.AsSpan(HeaderBytes));
        Span<byte> h = file;
        bool wide = xlen == 64;
        byte[] ident = [0x7f, (byte)'E', (byte)'L', (byte)'F', (byte)(wide ? 2 : 1), 1, 1];
        ident.CopyTo(h);
        int at = 16;
        Half(h, 2);                                      // ET_EXEC
        Half(h, 243);                                    // EM_RISCV
        Word(h, 1);
        Address(h, address);                             // entry
        Address(h, wide ? 64UL : 52);                    // program headers
        Address(h, 0);                                   // no sections
        Word(h, 0x5);                                    // EF_RISCV_RVC, double-float ABI
        Half(h, wide ? 64 : 52);
        Half(h, wide ? 56 : 32);
        Half(h, 1);
        Half(h, 0);
        Half(h, 0);
        Half(h, 0);
        Word(h, 1);                                      // PT_LOAD
        if (wide)
            Word(h, 7);
        Address(h, HeaderBytes);
        Address(h, address);
        Address(h, address);
        Address(h, (ulong)content.Length);
        Address(h, (ulong)content.Length);
        if (!wide)
            Word(h, 7);
        Address(h, 0x1000);
        return file;

        void Half(Span<byte> span, int value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(span[at..], (ushort)value);
            at += 2;
        }

        void Word(Span<byte> span, uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(span[at..], value);
            at += 4;
        }

        void Address(Span<byte> span, ulong value)
        {
            if (wide)
                BinaryPrimitives.WriteUInt64LittleEndian(span[at..], value);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(span[at..], (uint)value);
            at += wide ? 8 : 4;
        }
    }
}
