using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SharpCompress.Compressors.BZip2;

namespace Emulation.Storage.Tests;

/// <summary>Makes images of the formats that are for reading only.</summary>
internal static class ImageWriters
{
    /// <summary>A growing Bochs image; sectors of zeros have no bit.</summary>
    public static byte[] Bochs(byte[] disk, int extent = 16384, bool version1 = false)
    {
        int extents = (disk.Length + extent - 1) / extent;
        int bitmap = Math.Max(extent / 512 / 8, 1);
        var file = new MemoryStream();
        byte[] header = new byte[512];
        "Bochs Virtual HD Image"u8.CopyTo(header);
        "Redolog"u8.CopyTo(header.AsSpan(32));
        "Growing"u8.CopyTo(header.AsSpan(48));
        foreach ((int at, int value) in new[] { (64, version1 ? 0x1_0000 : 0x2_0000), (68, 512), (72, extents), (76, bitmap), (80, extent) })
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(at), value);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(version1 ? 84 : 88), disk.Length);
        file.Write(header);
        byte[] catalog = new byte[extents * 4];
        catalog.AsSpan().Fill(0xff);
        file.Write(catalog);
        int used = 0;
        // not in the order of the disk
        for (int i = extents - 1; i >= 0; i--)
        {
            byte[] data = new byte[extent];
            disk.AsSpan(i * extent, Math.Min(extent, disk.Length - (i * extent))).CopyTo(data);
            if (!data.AsSpan().ContainsAnyExcept((byte)0))
                continue;
            byte[] bits = new byte[(bitmap + 511) & -512];
            for (int sector = 0; sector < extent / 512; sector++)
            {
                if (data.AsSpan(sector * 512, 512).ContainsAnyExcept((byte)0))
                    bits[sector / 8] |= (byte)(1 << (sector % 8));
                else
                    data.AsSpan(sector * 512, 512).Fill(0xee); // what has no bit may be anything
            }

            BinaryPrimitives.WriteInt32LittleEndian(catalog.AsSpan(i * 4), used++);
            file.Write(bits);
            file.Write(data);
        }

        file.Position = 512;
        file.Write(catalog);
        return file.ToArray();
    }

    public static byte[] Cloop(byte[] disk, int block = 65536)
    {
        int blocks = (disk.Length + block - 1) / block;
        var file = new MemoryStream();
        byte[] head = new byte[136 + ((blocks + 1) * 8)];
        "#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\n"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(128), block);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(132), blocks);
        file.Write(head);
        for (int i = 0; i <= blocks; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(136 + (i * 8)), file.Length);
            byte[] data = new byte[block];
            if (i == blocks)
                break;
            disk.AsSpan(i * block, Math.Min(block, disk.Length - (i * block))).CopyTo(data);
            file.Write(Zlib(data));
        }

        file.Position = 0;
        file.Write(head);
        return file.ToArray();
    }

    /// <summary>A UDIF image; zeros, plain chunks and compressed ones take turns.</summary>
    /// <param name="disk">Whole sectors.</param>
    /// <param name="type">How most chunks are compressed.</param>
    /// <param name="pack">Compresses one.</param>
    /// <param name="chunk">Bytes of a chunk.</param>
    public static byte[] Dmg(byte[] disk, uint type, Func<byte[], byte[]> pack, int chunk = 65536)
    {
        var file = new MemoryStream();
        file.Write(new byte[100]);
        var tables = new List<byte[]>();
        // two partitions, each with its own table
        foreach ((int from, int to) in new[] { (0, disk.Length / 2 & -512), (disk.Length / 2 & -512, disk.Length) })
            tables.Add(DmgTable(file, disk, from, to, type, pack, chunk));
        string plist = $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0"><dict><key>resource-fork</key><dict><key>blkx</key><array>
            {string.Concat(tables.Select((t, i) => $"<dict><key>Attributes</key><string>0x0050</string><key>Data</key><data>\n{Convert.ToBase64String(t, Base64FormattingOptions.InsertLineBreaks)}\n</data><key>ID</key><string>{i}</string></dict>\n"))}
            </array><key>plst</key><array><dict><key>Data</key><data>AAAA</data></dict></array></dict></dict></plist>
            """;
        long plistAt = file.Length;
        file.Write(Encoding.UTF8.GetBytes(plist));
        byte[] koly = new byte[512];
        "koly"u8.CopyTo(koly);
        BinaryPrimitives.WriteInt32BigEndian(koly.AsSpan(4), 4);
        BinaryPrimitives.WriteInt32BigEndian(koly.AsSpan(8), 512);
        BinaryPrimitives.WriteInt64BigEndian(koly.AsSpan(24), 100);
        BinaryPrimitives.WriteInt64BigEndian(koly.AsSpan(32), plistAt - 100);
        BinaryPrimitives.WriteInt64BigEndian(koly.AsSpan(216), plistAt);
        BinaryPrimitives.WriteInt64BigEndian(koly.AsSpan(224), file.Length - plistAt);
        BinaryPrimitives.WriteInt32BigEndian(koly.AsSpan(488), 1);
        BinaryPrimitives.WriteInt64BigEndian(koly.AsSpan(492), disk.Length / 512);
        file.Write(koly);
        return file.ToArray();
    }

    public static byte[] Zlib(byte[] data)
    {
        var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(data);
        return packed.ToArray();
    }

    public static byte[] Bzip2(byte[] data)
    {
        var packed = new MemoryStream();
        using (var stream = BZip2Stream.Create(packed, SharpCompress.Compressors.CompressionMode.Compress, false, true, false))
            stream.Write(data);
        return packed.ToArray();
    }

    public static byte[] Xz(byte[] data)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["chunk"], data);
        Tool.Run("xz", "--format=xz", folder["chunk"]);
        return File.ReadAllBytes(folder["chunk.xz"]);
    }

    /// <summary>Literal runs, and both kinds of matches where bytes repeat.</summary>
    public static byte[] Adc(byte[] data)
    {
        var packed = new List<byte>();
        var literals = new List<byte>();
        void Literals()
        {
            for (; literals.Count > 0; literals.RemoveRange(0, Math.Min(128, literals.Count)))
            {
                packed.Add((byte)(0x80 | (Math.Min(128, literals.Count) - 1)));
                packed.AddRange(literals.Take(128));
            }
        }

        for (int i = 0; i < data.Length;)
        {
            int distance = i % 3 == 0 ? 1 : Math.Min(i, 3000);
            int same = 0;
            while (distance > 0 && i >= distance && same < 67 && i + same < data.Length && data[i + same] == data[i + same - distance])
                same++;
            if (same is >= 4)
            {
                Literals();
                packed.AddRange([(byte)(0x40 | (same - 4)), (byte)((distance - 1) >> 8), (byte)(distance - 1)]);
            }
            else if (same == 3 && distance <= 1024)
            {
                Literals();
                packed.AddRange([(byte)(((same - 3) << 2) | ((distance - 1) >> 8)), (byte)(distance - 1)]);
            }
            else
            {
                same = 1;
                literals.Add(data[i]);
            }

            i += same;
        }

        Literals();
        return [.. packed];
    }

    private static byte[] DmgTable(MemoryStream file, byte[] disk, int from, int to, uint type, Func<byte[], byte[]> pack, int chunk)
    {
        var runs = new List<byte[]>();
        long dataAt = file.Length;
        void Run(uint kind, int start, int count, long offset, int length)
        {
            byte[] run = new byte[40];
            BinaryPrimitives.WriteUInt32BigEndian(run, kind);
            BinaryPrimitives.WriteInt64BigEndian(run.AsSpan(8), (start - from) / 512);
            BinaryPrimitives.WriteInt64BigEndian(run.AsSpan(16), count / 512);
            BinaryPrimitives.WriteInt64BigEndian(run.AsSpan(24), offset);
            BinaryPrimitives.WriteInt64BigEndian(run.AsSpan(32), length);
            runs.Add(run);
        }

        Run(0x7fff_fffe, from, 0, 0, 0);
        for (int start = from; start < to; start += chunk)
        {
            byte[] data = disk[start..Math.Min(to, start + chunk)];
            bool zero = !data.AsSpan().ContainsAnyExcept((byte)0);
            uint kind = zero ? (runs.Count % 2 == 0 ? 0u : 2) : runs.Count % 4 == 0 ? 1 : type;
            byte[] packed = kind is 0 or 2 ? [] : kind == 1 ? data : pack(data);
            Run(kind, start, data.Length, file.Length - dataAt, packed.Length);
            file.Write(packed);
        }

        Run(uint.MaxValue, to, 0, file.Length - dataAt, 0);
        byte[] table = new byte[204 + (runs.Count * 40)];
        "mish"u8.CopyTo(table);
        BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(4), 1);
        BinaryPrimitives.WriteInt64BigEndian(table.AsSpan(8), from / 512);
        BinaryPrimitives.WriteInt64BigEndian(table.AsSpan(16), (to - from) / 512);
        BinaryPrimitives.WriteInt64BigEndian(table.AsSpan(24), dataAt - 100);
        BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(200), runs.Count);
        for (int i = 0; i < runs.Count; i++)
            runs[i].CopyTo(table, 204 + (i * 40));
        return table;
    }
}
