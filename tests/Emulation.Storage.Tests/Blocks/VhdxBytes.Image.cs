using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage.Tests;

internal static partial class VhdxBytes
{
    public const int Bat = 2 << 20;
    public const int Metadata = 3 << 20;

    /// <summary>First byte behind the tables.</summary>
    public const int Data = 4 << 20;

    /// <summary>An image in blocks of 1 MiB, its log at 1 MiB, BAT at 2 MiB and metadata at 3 MiB.</summary>
    /// <param name="dataWrite">The disk's identity.</param>
    /// <param name="length">Size of the disk.</param>
    /// <param name="entries">Entries of the BAT, by their index.</param>
    /// <param name="blocks">What lies behind the tables, MiB by MiB.</param>
    /// <param name="locator">Keys and values of the parent locator; none without a parent.</param>
    public static byte[] Image(Guid dataWrite, long length, (int Index, ulong Entry)[] entries, byte[][] blocks, params (string Key, string Value)[] locator)
    {
        byte[] image = new byte[Data + (blocks.Length << 20)];
        Encoding.ASCII.GetBytes("vhdxfile").CopyTo(image, 0);
        Encoding.Unicode.GetBytes("a test").CopyTo(image, 8);
        for (int i = 0; i < 2; i++)
        {
            Span<byte> header = image.AsSpan(0x1_0000 * (i + 1), 4096);
            Encoding.ASCII.GetBytes("head").CopyTo(header);
            BinaryPrimitives.WriteUInt64LittleEndian(header[8..], (ulong)(77 + i));
            Guid.NewGuid().ToByteArray().CopyTo(header[16..]);
            dataWrite.ToByteArray().CopyTo(header[32..]);
            header[66] = 1;
            BinaryPrimitives.WriteUInt32LittleEndian(header[68..], 1 << 20);
            BinaryPrimitives.WriteUInt64LittleEndian(header[72..], 1 << 20);
            SumUp(header);
            Span<byte> regions = image.AsSpan(0x1_0000 * (i + 3), 0x1_0000);
            Encoding.ASCII.GetBytes("regi").CopyTo(regions);
            regions[8] = 2;
            Region(regions[16..], "8B7CA206-4790-4B9A-B8FE-575F050F886E", Metadata);
            Region(regions[48..], "2DC27766-F623-4200-9D64-115E9BFD4A08", Bat);
            SumUp(regions);
        }

        Encoding.ASCII.GetBytes("metadata").CopyTo(image, Metadata);
        Item(image, "CDA348C7-445D-4471-9CC9-E9885251C556", BitConverter.GetBytes(4096));
        Item(image, "8141BF1D-A96F-4709-BA47-F233A8FAAB5F", BitConverter.GetBytes(512));
        Item(image, "BECA12AB-B2E6-4523-93EF-C309E000C746", Guid.NewGuid().ToByteArray());
        Item(image, "2FA54224-CD1B-4876-B211-5DBED83BF4B8", BitConverter.GetBytes(length));
        Item(image, "CAA16737-FA36-4D43-B3B6-33F0AA44E76B", [.. BitConverter.GetBytes(1 << 20), .. BitConverter.GetBytes(locator.Length > 0 ? 2 : 0)]);
        if (locator.Length > 0)
            Item(image, "A8D35F2D-B30B-454D-ABF7-D3D84834AB0C", Locator(locator));
        foreach ((int index, ulong entry) in entries)
            BitConverter.GetBytes(entry).CopyTo(image, Bat + (index * 8));
        for (int i = 0; i < blocks.Length; i++)
            blocks[i].CopyTo(image, Data + (i << 20));
        return image;
    }

    private static void Region(Span<byte> entry, string id, long offset)
    {
        new Guid(id).ToByteArray().CopyTo(entry);
        BinaryPrimitives.WriteInt64LittleEndian(entry[16..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(entry[24..], 1 << 20);
        entry[28] = 1;
    }

    // items lie 4 KiB apart
    private static void Item(byte[] image, string id, byte[] content)
    {
        int index = image[Metadata + 10]++;
        int offset = 0x1_0000 + (index * 4096);
        Span<byte> entry = image.AsSpan(Metadata + 32 + (index * 32), 32);
        new Guid(id).ToByteArray().CopyTo(entry);
        BinaryPrimitives.WriteInt32LittleEndian(entry[16..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(entry[20..], content.Length);
        entry[24] = 4;
        content.CopyTo(image, Metadata + offset);
    }

    // the texts from the end on
    private static byte[] Locator((string Key, string Value)[] entries)
    {
        byte[] locator = new byte[4000];
        new Guid("B04AEFB7-D19E-4A81-B789-25B8E9445913").ToByteArray().CopyTo(locator, 0);
        locator[18] = (byte)entries.Length;
        int end = locator.Length;
        for (int i = 0; i < entries.Length; i++)
        {
            int at = 20 + (i * 12);
            foreach ((string text, int offsetAt, int lengthAt) in new[] { (entries[i].Key, 0, 8), (entries[i].Value, 4, 10) })
            {
                byte[] bytes = Encoding.Unicode.GetBytes(text);
                end -= bytes.Length;
                bytes.CopyTo(locator, end);
                BitConverter.GetBytes(end).CopyTo(locator, at + offsetAt);
                BitConverter.GetBytes((ushort)bytes.Length).CopyTo(locator, at + lengthAt);
            }
        }

        return locator;
    }
}
