using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>An entry of the log. [MS-VHDX] 2.3.1.</summary>
internal sealed record VhdxLogEntry
{
    public const int Sector = VhdxLayout.Page;
    public const int HeaderLength = 64;
    public const int DescriptorLength = 32;
    public const uint Signature = 0x6567_6f6c;
    public const uint ZeroSignature = 0x6f72_657a;
    public const uint DataSignature = 0x6373_6564;
    public const uint DataSectorSignature = 0x6174_6164;

    /// <summary>Bytes of a sector of the file that its descriptor holds, at its start and at its end.</summary>
    public const int Leading = 8;
    public const int Trailing = 4;

    /// <summary>Where the entry is in the log.</summary>
    public required long Place { get; init; }

    public required long Length { get; init; }

    /// <summary>Where the oldest entry is in the log that is to be replayed before this one.</summary>
    public required long Tail { get; init; }

    public required ulong Sequence { get; init; }

    public required uint Descriptors { get; init; }

    /// <summary>Size of the file when the entry was written: a shorter one was cut off.</summary>
    public required ulong FlushedFileOffset { get; init; }

    /// <summary>Size of the file that everything fits into.</summary>
    public required ulong LastFileOffset { get; init; }

    /// <summary>Sectors that the header and the descriptors take.</summary>
    public static long DescriptorSectors(uint descriptors) => (HeaderLength + ((long)descriptors * DescriptorLength) + Sector - 1) / Sector;

    /// <summary>Reads a header; null when it cannot be one of an entry in force.</summary>
    public static VhdxLogEntry? ReadHeader(byte[] bytes, long place, Guid log, long logLength)
    {
        var entry = new VhdxLogEntry
        {
            Place = place,
            Length = ImageFields.U32(bytes, 8),
            Tail = ImageFields.U32(bytes, 12),
            Sequence = ImageFields.U64(bytes, 16),
            Descriptors = ImageFields.U32(bytes, 24),
            FlushedFileOffset = ImageFields.U64(bytes, 48),
            LastFileOffset = ImageFields.U64(bytes, 56),
        };
        bool sound = ImageFields.U32(bytes, 0) == Signature && new Guid(bytes.AsSpan(32, 16)) == log && entry.Sequence != 0
            && entry.Length > 0 && entry.Length % Sector == 0 && entry.Length <= logLength
            && entry.Tail % Sector == 0 && entry.Tail < logLength
            && DescriptorSectors(entry.Descriptors) <= entry.Length / Sector;
        return sound ? entry : null;
    }

    /// <summary>An entry that writes pages.</summary>
    /// <param name="pages">The pages, in the order of the file; at least one.</param>
    /// <param name="place">Where it will be in the log; nothing before it is to be replayed.</param>
    /// <param name="log">The log's identity.</param>
    /// <param name="fileLength">Size of the file.</param>
    /// <param name="end">End of all that is in use.</param>
    public static byte[] Build(IReadOnlyList<TablePage> pages, long place, Guid log, long fileLength, long end)
    {
        const ulong Sequence = 1;
        int data = (int)DescriptorSectors((uint)pages.Count) * Sector;
        byte[] entry = new byte[data + (pages.Count * Sector)];
        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(at), value);
        void U64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(at), value);
        U32(0, Signature);
        U32(8, (uint)entry.Length);
        U32(12, (uint)place);
        U64(16, Sequence);
        U32(24, (uint)pages.Count);
        log.TryWriteBytes(entry.AsSpan(32));
        U64(48, (ulong)fileLength);
        U64(56, (ulong)end);
        for (int i = 0; i < pages.Count; i++)
        {
            (int at, int to, byte[] page) = (HeaderLength + (i * DescriptorLength), data + (i * Sector), pages[i].Data);
            U32(at, DataSignature);
            page.AsSpan(Sector - Trailing).CopyTo(entry.AsSpan(at + 4));
            page.AsSpan(0, Leading).CopyTo(entry.AsSpan(at + 8));
            U64(at + 16, (ulong)pages[i].Offset);
            U64(at + 24, Sequence);
            U32(to, DataSectorSignature);
            U32(to + 4, (uint)(Sequence >> 32));
            page.AsSpan(Leading, Sector - Leading - Trailing).CopyTo(entry.AsSpan(to + 8));
            U32(to + Sector - 4, (uint)Sequence);
        }

        VhdxChecksum.Write(entry);
        return entry;
    }
}
