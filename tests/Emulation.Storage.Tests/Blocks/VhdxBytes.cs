using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage.Tests;

/// <summary>Structures of VHDX images, written by hand after [MS-VHDX]; nothing of the library's.</summary>
internal static partial class VhdxBytes
{
    /// <summary>CRC-32C, bit by bit.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f6_3b78 : 0);
        }

        return ~crc;
    }

    /// <summary>Writes the sum of a structure into it.</summary>
    public static void SumUp(Span<byte> structure)
    {
        structure.Slice(4, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(structure[4..], Crc(structure));
    }

    /// <summary>Makes the sums of headers, region tables and entries of the log right that look like such.</summary>
    public static void SumUp(byte[] image)
    {
        foreach ((int at, int length, string signature) in new[] { (0x1_0000, 4096, "head"), (0x2_0000, 4096, "head"), (0x3_0000, 0x1_0000, "regi"), (0x4_0000, 0x1_0000, "regi") })
        {
            if (image.Length >= at + length && Starts(image, at, signature))
                SumUp(image.AsSpan(at, length));
        }

        for (int at = 0x10_0000; at < Math.Min(image.Length, 0x20_0000); at += 4096)
        {
            int length = Starts(image, at, "loge") ? BitConverter.ToInt32(image, at + 8) : 0;
            if (length is >= 64 and <= 0x10_0000 && at <= image.Length - length)
                SumUp(image.AsSpan(at, length));
        }
    }

    /// <summary>An entry of the log. Of what it writes, null data are zeros.</summary>
    public static byte[] LogEntry(Guid log, ulong sequence, int tail, long fileLength, params (long Offset, byte[]? Data)[] writes)
    {
        int descriptors = (64 + (writes.Length * 32) + 4095) / 4096 * 4096;
        byte[] entry = new byte[descriptors + (writes.Count(w => w.Data is not null) * 4096)];
        Encoding.ASCII.GetBytes("loge").CopyTo(entry, 0);
        BitConverter.GetBytes(entry.Length).CopyTo(entry, 8);
        BitConverter.GetBytes(tail).CopyTo(entry, 12);
        BitConverter.GetBytes(sequence).CopyTo(entry, 16);
        BitConverter.GetBytes(writes.Length).CopyTo(entry, 24);
        log.ToByteArray().CopyTo(entry, 32);
        BitConverter.GetBytes(fileLength).CopyTo(entry, 48);
        BitConverter.GetBytes(fileLength).CopyTo(entry, 56);
        int sector = descriptors;
        for (int i = 0; i < writes.Length; i++)
        {
            int at = 64 + (i * 32);
            (long offset, byte[]? data) = writes[i];
            Encoding.ASCII.GetBytes(data is null ? "zero" : "desc").CopyTo(entry, at);
            BitConverter.GetBytes(offset).CopyTo(entry, at + 16);
            BitConverter.GetBytes(sequence).CopyTo(entry, at + 24);
            if (data is null)
            {
                BitConverter.GetBytes(4096L).CopyTo(entry, at + 8);
                continue;
            }

            data.AsSpan(4092).CopyTo(entry.AsSpan(at + 4));
            data.AsSpan(0, 8).CopyTo(entry.AsSpan(at + 8));
            Encoding.ASCII.GetBytes("data").CopyTo(entry, sector);
            BitConverter.GetBytes((uint)(sequence >> 32)).CopyTo(entry, sector + 4);
            data.AsSpan(8, 4084).CopyTo(entry.AsSpan(sector + 8));
            BitConverter.GetBytes((uint)sequence).CopyTo(entry, sector + 4092);
            sector += 4096;
        }

        SumUp(entry.AsSpan());
        return entry;
    }

    /// <summary>Puts an entry into the log of an image, around its end if need be.</summary>
    public static void PutLog(byte[] image, int place, byte[] entry)
    {
        for (int i = 0; i < entry.Length; i++)
            image[0x10_0000 + ((place + i) % 0x10_0000)] = entry[i];
    }

    /// <summary>Says in both headers which log is in force.</summary>
    public static void SetLog(byte[] image, Guid log)
    {
        foreach (int at in new[] { 0x1_0000, 0x2_0000 })
        {
            log.ToByteArray().CopyTo(image, at + 48);
            SumUp(image.AsSpan(at, 4096));
        }
    }

    /// <summary>The present header.</summary>
    public static ReadOnlySpan<byte> Header(byte[] image)
    {
        int at = BitConverter.ToUInt64(image, 0x1_0008) > BitConverter.ToUInt64(image, 0x2_0008) ? 0x1_0000 : 0x2_0000;
        return image.AsSpan(at, 4096);
    }

    private static bool Starts(byte[] image, int at, string signature) => image.Length >= at + 4096 && Encoding.ASCII.GetString(image, at, 4) == signature;
}
