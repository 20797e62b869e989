using System.Buffers.Binary;

namespace Emulation.Devices;

/// <summary>A 16-byte descriptor. Split: address, length, flags, next (Virtio 1.2, 2.7.5). Packed: address, length, id, flags (2.8.13).</summary>
internal readonly record struct Descriptor(ulong Address, uint Length, ushort Flags, ushort NextOrId)
{
    public const int Size = 16;
    public const ushort Next = 1;
    public const ushort Write = 2;
    public const ushort Indirect = 4;
    public const ushort Available = 1 << 7;
    public const ushort Used = 1 << 15;

    public bool HasNext => (Flags & Next) != 0;

    public bool IsWrite => (Flags & Write) != 0;

    public bool IsIndirect => (Flags & Indirect) != 0;

    public static bool TryReadSplit(GuestMemory memory, ulong address, out Descriptor descriptor)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bool read = memory.TryRead(address, bytes);
        descriptor = new Descriptor(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]));
        return read;
    }

    public static bool TryReadPacked(GuestMemory memory, ulong address, out Descriptor descriptor)
    {
        bool read = TryReadSplit(memory, address, out Descriptor split);
        descriptor = new Descriptor(split.Address, split.Length, split.NextOrId, split.Flags);
        return read;
    }
}
