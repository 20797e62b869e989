using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>One refcount of 1 to 64 bits among others. Fields of less than a byte fill it from its least significant bit.</summary>
internal static class Qcow2RefcountField
{
    /// <param name="data">Refcounts.</param>
    /// <param name="index">Which.</param>
    /// <param name="order">Log2 of their width in bits.</param>
    public static ulong Read(ReadOnlySpan<byte> data, int index, int order) => order switch
    {
        6 => BinaryPrimitives.ReadUInt64BigEndian(data[(index * 8)..]),
        5 => BinaryPrimitives.ReadUInt32BigEndian(data[(index * 4)..]),
        4 => BinaryPrimitives.ReadUInt16BigEndian(data[(index * 2)..]),
        3 => data[index],
        _ => (uint)data[index << order >> 3] >> ((index << order) & 7) & ((1u << (1 << order)) - 1),
    };

    /// <param name="data">Refcounts.</param>
    /// <param name="index">Which.</param>
    /// <param name="order">Log2 of their width in bits.</param>
    /// <param name="value">Fits that width.</param>
    public static void Write(Span<byte> data, int index, int order, ulong value)
    {
        switch (order)
        {
            case 6: BinaryPrimitives.WriteUInt64BigEndian(data[(index * 8)..], value); break;
            case 5: BinaryPrimitives.WriteUInt32BigEndian(data[(index * 4)..], (uint)value); break;
            case 4: BinaryPrimitives.WriteUInt16BigEndian(data[(index * 2)..], (ushort)value); break;
            case 3: data[index] = (byte)value; break;
            default:
                int shift = (index << order) & 7;
                uint mask = ((1u << (1 << order)) - 1) << shift;
                ref byte cell = ref data[index << order >> 3];
                cell = (byte)((cell & ~mask) | ((uint)value << shift));
                break;
        }
    }
}
