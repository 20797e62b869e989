using System.Buffers.Binary;
using System.Numerics;

namespace Emulation.Storage;

/// <summary>CRC-32C (Castagnoli), reflected, as RFC 3720 has it. [MS-VHDX] hashes structures with the field of the sum itself as zero.</summary>
internal static class VhdxChecksum
{
    /// <summary>Where the sum is in every structure that has one.</summary>
    public const int At = 4;

    /// <summary>The sum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <summary>The sum of a structure, whatever its own field of the sum holds.</summary>
    public static uint OfStructure(ReadOnlySpan<byte> bytes) => ~ContinueStructure(uint.MaxValue, bytes);

    /// <summary>Whether a structure holds its right sum.</summary>
    public static bool IsRight(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[At..]) == OfStructure(bytes);

    /// <summary>Writes the sum into a structure.</summary>
    public static void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[At..], OfStructure(bytes));

    /// <summary>Takes more bytes into a sum that began with all ones and is inverted at the end.</summary>
    public static uint Continue(uint sum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte rest in bytes)
            sum = BitOperations.Crc32C(sum, rest);
        return sum;
    }

    /// <summary>The same for the first piece of a structure, which the field of the sum is in.</summary>
    public static uint ContinueStructure(uint sum, ReadOnlySpan<byte> bytes)
        => Continue(BitOperations.Crc32C(Continue(sum, bytes[..At]), 0u), bytes[(At + 4)..]);
}
