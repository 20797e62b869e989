using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Reads and writes L2 entries, and refuses what no sound image holds.</summary>
internal sealed class Qcow2EntryCodec(Qcow2Geometry geometry, ImageName name, bool dataFile)
{
    private const ulong DescriptorMask = (1UL << 62) - 1;

    // a compressed cluster may lie anywhere a descriptor can express, a standard one in bits 9 to 55; the rest is reserved
    private readonly ulong _reserved = ~(Qcow2Bits.OffsetMask | Qcow2Bits.Copied | Qcow2Bits.Compressed)
        & ~(geometry.Version > 2 && !geometry.ExtendedL2 ? Qcow2Bits.ZeroFlag : 0);

    /// <summary>Takes an entry apart.</summary>
    /// <param name="bytes">The entry.</param>
    /// <param name="position">Where it is in the file, for messages.</param>
    /// <param name="fileEnd">End of the file that holds the data, rounded up to a cluster.</param>
    public Qcow2Entry Decode(ReadOnlySpan<byte> bytes, long position, long fileEnd)
    {
        ulong word = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        if ((word & Qcow2Bits.Compressed) != 0)
            return DecodeCompressed(word, position, fileEnd);
        if ((word & _reserved) != 0)
            throw name.At(position, $"L2 entry 0x{word:x16} has reserved bits set");
        long host = (long)(word & Qcow2Bits.OffsetMask);
        bool copied = (word & Qcow2Bits.Copied) != 0;
        if (geometry.Within(host) != 0)
            throw name.At(position, $"L2 entry 0x{word:x16} points into the middle of a cluster");
        if (host >= fileEnd && host != 0)
            throw name.At(position, $"L2 entry 0x{word:x16} points past the end of the file");
        bool hasHost = host != 0 || (dataFile && copied);
        if (!geometry.ExtendedL2)
        {
            bool zero = (word & Qcow2Bits.ZeroFlag) != 0;
            return new Qcow2Entry(host, copied, hasHost && !zero ? 1u : 0, zero ? 1u : 0, 0);
        }

        ulong bitmap = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        (uint allocated, uint zeroes) = ((uint)bitmap, (uint)(bitmap >> 32));
        if ((allocated & zeroes) != 0 || (allocated != 0 && !hasHost))
            throw name.At(position + 8, $"subcluster bitmap 0x{bitmap:x16} contradicts itself");
        return new Qcow2Entry(host, copied, allocated, zeroes, 0);
    }

    public void Encode(Qcow2Entry entry, Span<byte> bytes)
    {
        ulong word = (ulong)entry.Host | (entry.Copied ? Qcow2Bits.Copied : 0);
        if (entry.IsCompressed)
            word = Qcow2Bits.Compressed | (ulong)entry.Host | ((ulong)(entry.Sectors - 1) << geometry.CompressedOffsetBits);
        else if (!geometry.ExtendedL2 && entry.Zeroes != 0)
            word |= Qcow2Bits.ZeroFlag;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, word);
        if (geometry.ExtendedL2)
            BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], entry.IsCompressed ? 0 : entry.Allocated | ((ulong)entry.Zeroes << 32));
    }

    private Qcow2Entry DecodeCompressed(ulong word, long position, long fileEnd)
    {
        ulong descriptor = word & DescriptorMask;
        long host = (long)(descriptor & ((1UL << geometry.CompressedOffsetBits) - 1));
        int sectors = (int)(descriptor >> geometry.CompressedOffsetBits) + 1;
        if (dataFile)
            throw name.At(position, "a compressed cluster in an image with an external data file");
        if ((word & Qcow2Bits.Copied) != 0 || host == 0 || host >= Qcow2Limits.HostEnd)
            throw name.At(position, $"L2 entry 0x{word:x16} of a compressed cluster is not possible");
        if (host >= fileEnd)
            throw name.At(position, $"L2 entry 0x{word:x16} of a compressed cluster points past the end of the file");
        return new Qcow2Entry(host, Copied: false, 0, 0, sectors);
    }
}
