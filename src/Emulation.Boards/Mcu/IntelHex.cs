using System.Globalization;
using System.Text;
using Emulation.Boards.Loading;

namespace Emulation.Boards.Mcu;

/// <summary>Reads Intel HEX files: lines of bytes with an address, a type and a checksum. Intel, "Hexadecimal Object File Format Specification", revision A.</summary>
internal static class IntelHex
{
    private const int Data = 0;
    private const int EndOfFile = 1;
    private const int SegmentAddress = 2;
    private const int SegmentStart = 3;
    private const int LinearAddress = 4;
    private const int LinearStart = 5;

    /// <summary>Reads a file; null when it is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <exception cref="GuestImageException">It begins as one and is damaged.</exception>
    public static GuestImage? TryRead(string path, IProgress<LoadProgress>? progress)
    {
        var file = new GuestFile("firmware", path, progress);
        using (FileStream stream = file.Open())
        {
            if (stream.ReadByte() != ':')
                return null;
        }

        return Read(file, Encoding.ASCII.GetString(file.ReadAll()));
    }

    private static GuestImage Read(GuestFile file, string text)
    {
        var segments = new List<ImageSegment>();
        var run = new List<byte>();
        ulong runStart = 0, upper = 0, entry = 0;
        int number = 0;
        bool ended = false;
        foreach (string line in text.Split('\n'))
        {
            number++;
            ReadOnlySpan<char> record = line.AsSpan().Trim();
            if (record.IsEmpty || ended)
                continue;
            byte[] bytes = Parse(file, record, number);
            ReadOnlySpan<byte> data = bytes.AsSpan(4, bytes[0]);
            switch (bytes[3])
            {
                case Data:
                    ulong address = upper + (ulong)((bytes[1] << 8) | bytes[2]);
                    if (run.Count > 0 && address != runStart + (ulong)run.Count)
                        Flush();
                    if (run.Count == 0)
                        runStart = address;
                    run.AddRange(data);
                    break;
                case EndOfFile:
                    ended = true;
                    break;
                case SegmentAddress when data.Length == 2:
                    upper = (ulong)((data[0] << 8) | data[1]) << 4;
                    break;
                case LinearAddress when data.Length == 2:
                    upper = (ulong)((data[0] << 8) | data[1]) << 16;
                    break;
                case LinearStart when data.Length == 4:
                    entry = (uint)((data[0] << 24) | (data[1] << 16) | (data[2] << 8) | data[3]);
                    break;
                case SegmentStart:
                    break;
                default:
                    // later extensions put other types between the data, which other readers skip, too
                    break;
            }
        }

        Flush();
        if (!ended)
            throw file.Error("is truncated: it has no end record", "copy or build it again");
        if (segments.Count == 0)
            throw file.Error("has no data", "give a linked executable");
        return new GuestImage(file.Purpose, file.Path, entry, segments);

        void Flush()
        {
            if (run.Count > 0)
                segments.Add(new ImageSegment(runStart, run.ToArray(), (ulong)run.Count));
            run.Clear();
        }
    }

    private static byte[] Parse(GuestFile file, ReadOnlySpan<char> record, int number)
    {
        const int Overhead = 5;
        if (record[0] != ':' || record.Length < 1 + (2 * Overhead) || record.Length % 2 == 0)
            throw Wrong("is no record");
        byte[] bytes = new byte[record.Length / 2];
        int sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!byte.TryParse(record.Slice(1 + (2 * i), 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
                throw Wrong("has a digit that is not hexadecimal");
            sum += bytes[i];
        }

        if (bytes[0] != bytes.Length - Overhead)
            throw Wrong($"says {bytes[0]} bytes and has {bytes.Length - Overhead}");
        return (sum & 0xff) == 0 ? bytes : throw Wrong("has a wrong checksum");

        GuestImageException Wrong(string what) => file.Error($"is a damaged Intel HEX file: line {number} {what}", "copy or build it again");
    }
}
