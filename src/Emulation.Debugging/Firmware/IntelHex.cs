using System.Globalization;

namespace Emulation.Debugging;

/// <summary>Reads Intel HEX. Intel, "Hexadecimal Object File Format Specification", revision A.</summary>
internal static class IntelHex
{
    private const int MaxBytes = 256 << 20;

    public static FirmwareImage Read(string text, string name)
    {
        var segments = new List<FirmwareSegment>();
        var run = new List<byte>();
        ulong start = 0, upper = 0;
        ulong? entry = null;
        bool ended = false;
        long total = 0;
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty)
                continue;
            if (ended)
                throw Error(name, number, "comes after the end record");
            byte[] record = Decode(line, name, number);
            ushort offset = (ushort)((record[1] << 8) | record[2]);
            ReadOnlySpan<byte> data = record.AsSpan(4, record[0]);
            switch (record[3])
            {
                case 0:
                    ulong address = upper + offset;
                    if (run.Count > 0 && address != start + (ulong)run.Count)
                        Flush();
                    if (run.Count == 0)
                        start = address;
                    if ((total += data.Length) > MaxBytes)
                        throw Error(name, number, $"goes beyond {MaxBytes >> 20} MiB of data");
                    run.AddRange(data);
                    break;
                case 1:
                    ended = true;
                    break;
                case 2 when data.Length == 2:
                    upper = (ulong)((data[0] << 8) | data[1]) << 4;
                    break;
                case 4 when data.Length == 2:
                    upper = (ulong)((data[0] << 8) | data[1]) << 16;
                    break;
                case 3 when data.Length == 4:
                    break;                                    // CS:IP means nothing on these machines
                case 5 when data.Length == 4:
                    entry = ((ulong)data[0] << 24) | ((ulong)data[1] << 16) | ((ulong)data[2] << 8) | data[3];
                    break;
                default:
                    throw Error(name, number, $"is a record of type {record[3]} with {data.Length} bytes, which there is not");
            }
        }

        if (!ended)
            throw new FirmwareFormatException(name, "has no end record", "it is truncated: make it again");
        Flush();
        if (segments.Count == 0)
            throw new FirmwareFormatException(name, "has nothing to load", "check how it was made");
        return new FirmwareImage(name, FirmwareArchitecture.Unknown, entry, segments, null);

        void Flush()
        {
            if (run.Count > 0)
                segments.Add(new FirmwareSegment(start, start, run.ToArray(), (ulong)run.Count));
            run.Clear();
        }
    }

    private static byte[] Decode(ReadOnlySpan<char> line, string name, int number)
    {
        if (line[0] != ':' || line.Length < 11 || line.Length % 2 == 0)
            throw Error(name, number, "is no record of Intel HEX");
        byte[] record = new byte[line.Length / 2];
        byte sum = 0;
        for (int i = 0; i < record.Length; i++)
        {
            if (!byte.TryParse(line.Slice(1 + (2 * i), 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out record[i]))
                throw Error(name, number, "has characters that are no hexadecimal digits");
            sum += record[i];
        }

        if (record.Length != record[0] + 5)
            throw Error(name, number, $"says it has {record[0]} bytes and has {record.Length - 5}");
        return sum == 0 ? record : throw Error(name, number, "has a wrong checksum");
    }

    private static FirmwareFormatException Error(string name, int line, string problem) => new(name, $"cannot be read: line {line} {problem}", "make it again");
}
