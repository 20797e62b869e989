using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Emulation.Storage;

/// <summary>Names of features. QEMU docs/interop/qcow2, "Feature name table".</summary>
internal static class Qcow2Features
{
    private const int RowLength = 48;
    private const byte KindIncompatible = 0;
    private const byte KindCompatible = 1;
    private const byte KindAutoclear = 2;

    private static readonly (byte Kind, byte Bit, string Name)[] s_known =
    [
        (KindIncompatible, 0, "dirty bit"),
        (KindIncompatible, 1, "corrupt bit"),
        (KindIncompatible, 2, "external data file"),
        (KindIncompatible, 3, "compression type"),
        (KindIncompatible, 4, "extended L2 entries"),
        (KindCompatible, 0, "lazy refcounts"),
        (KindAutoclear, 0, "bitmaps"),
        (KindAutoclear, 1, "raw external data"),
    ];

    /// <summary>Refuses an image with incompatible features that are not known, by the names the image itself gives them.</summary>
    public static void Check(ImageName name, ulong incompatible, List<Qcow2HeaderExtension> extensions)
    {
        ulong unknown = incompatible & ~Qcow2Bits.IncompatibleKnown;
        if (unknown == 0)
            return;
        byte[] table = extensions.Find(e => e.Type == Qcow2Bits.ExtensionFeatureNames)?.Data ?? [];
        var names = new List<string>();
        for (; unknown != 0; unknown &= unknown - 1)
            names.Add(NameOf(table, BitOperations.TrailingZeroCount(unknown)));
        throw name.At(72, $"it needs features that are not supported: {string.Join(", ", names)}");
    }

    /// <summary>The table for a new image.</summary>
    public static Qcow2HeaderExtension Table()
    {
        byte[] table = new byte[s_known.Length * RowLength];
        for (int i = 0; i < s_known.Length; i++)
        {
            Span<byte> row = table.AsSpan(i * RowLength, RowLength);
            (row[0], row[1]) = (s_known[i].Kind, s_known[i].Bit);
            Encoding.ASCII.GetBytes(s_known[i].Name, row[2..]);
        }

        return new Qcow2HeaderExtension(Qcow2Bits.ExtensionFeatureNames, table);
    }

    private static string NameOf(byte[] table, int bit)
    {
        for (int row = 0; row + RowLength <= table.Length; row += RowLength)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(table.AsSpan(row)) != (KindIncompatible << 8 | bit))
                continue;
            string text = Encoding.UTF8.GetString(table, row + 2, RowLength - 2).TrimEnd('\0');
            if (text.Length > 0 && !text.Any(char.IsControl))
                return $"'{text}' (bit {bit})";
        }

        return $"bit {bit}";
    }
}
