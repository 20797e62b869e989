using System.IO.Compression;
using System.Runtime.InteropServices;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.LZMA;

namespace Emulation.Storage;

/// <summary>Decompresses chunks whose size is known: never more bytes than that, and false for whatever is wrong with the data.</summary>
internal static class Unpacker
{
    private const int XzStreamHeader = 12;
    private const ulong Lzma2Filter = 0x21;
    private const int MaxDictionaryCode = 40;

    private static ReadOnlySpan<byte> XzMagic => [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];

    public static bool Zlib(ReadOnlyMemory<byte> packed, Memory<byte> target) => Fill(packed, target, input => new ZLibStream(input, System.IO.Compression.CompressionMode.Decompress));

    public static bool Bzip2(ReadOnlyMemory<byte> packed, Memory<byte> target)
        => Fill(packed, target, input => BZip2Stream.Create(input, SharpCompress.Compressors.CompressionMode.Decompress, true, false, false));

    /// <summary>An xz stream of one block with LZMA2. The dictionary is no larger than what it can be used for. The .xz file format, section 3.</summary>
    public static bool Xz(ReadOnlyMemory<byte> packed, Memory<byte> target)
    {
        ReadOnlySpan<byte> bytes = packed.Span;
        if (bytes.Length < XzStreamHeader + 12 || !bytes.StartsWith(XzMagic))
            return false;
        ReadOnlySpan<byte> block = bytes[XzStreamHeader..];
        int headerLength = (block[0] + 1) * 4;
        int flags = block[1];
        if (block[0] == 0 || headerLength > block.Length || (flags & 0x3f) != 0)
            return false;
        ReadOnlySpan<byte> fields = block[2..headerLength];
        if (((flags & 0x40) != 0 && !TryNumber(ref fields, out _)) || ((flags & 0x80) != 0 && !TryNumber(ref fields, out _)))
            return false;
        if (!TryNumber(ref fields, out ulong filter) || filter != Lzma2Filter || !TryNumber(ref fields, out ulong size) || size != 1 || fields.IsEmpty || fields[0] > MaxDictionaryCode)
            return false;
        byte code = Math.Min(fields[0], DictionaryCode(target.Length));
        return Fill(packed[(XzStreamHeader + headerLength)..], target, input => LzmaStream.Create([code], input, input.Length, target.Length, null, true, false));
    }

    /// <summary>Apple Data Compression: literal runs and two lengths of matches.</summary>
    public static bool Adc(ReadOnlyMemory<byte> packed, Memory<byte> target)
    {
        ReadOnlySpan<byte> input = packed.Span;
        Span<byte> output = target.Span;
        int at = 0;
        for (int i = 0; at < output.Length;)
        {
            if (i >= input.Length)
                return false;
            int first = input[i];
            int head = first >= 0x80 ? 1 : first >= 0x40 ? 3 : 2;
            int count = first >= 0x80 ? (first & 0x7f) + 1 : first >= 0x40 ? (first & 0x3f) + 4 : (first >> 2) + 3;
            if (i + head > input.Length || count > output.Length - at)
                return false;
            if (head == 1)
            {
                if (i + 1 + count > input.Length)
                    return false;
                input.Slice(i + 1, count).CopyTo(output[at..]);
                (i, at) = (i + 1 + count, at + count);
                continue;
            }

            int distance = (head == 3 ? (input[i + 1] << 8) | input[i + 2] : ((first & 3) << 8) | input[i + 1]) + 1;
            if (distance > at)
                return false;
            for (int end = at + count; at < end; at++)
                output[at] = output[at - distance];
            i += head;
        }

        return true;
    }

    private static bool Fill(ReadOnlyMemory<byte> packed, Memory<byte> target, Func<MemoryStream, Stream> open)
    {
        if (!MemoryMarshal.TryGetArray(packed, out ArraySegment<byte> bytes))
            bytes = packed.ToArray();
        try
        {
            using Stream stream = open(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false));
            return stream.ReadAtLeast(target.Span, target.Length, throwOnEndOfStream: false) == target.Length;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // the libraries know many names for damaged data
            return false;
        }
    }

    // sizes of 2 and 3 times a power of two
    private static byte DictionaryCode(int length)
    {
        byte code = 0;
        while ((2L | (code & 1L)) << ((code / 2) + 11) < length)
            code++;
        return code;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(9, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }

        return false;
    }
}
