using System.Globalization;

namespace Emulation.Debugging;

/// <summary>Reads Intel HEX: lines of bytes with an address, a type and a checksum. Intel, "Hexadecimal Object File Format Specification", revision A.</summary>
/// <remarks>Emulation.Boards compiles this file, too: neither assembly refers to the other.</remarks>
internal static class IntelHex
{
    private const int MaxBytes = 256 << 20;
    private const int Overhead = 5;

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Bytes that follow each other as one run, in the order of the file, and the entry where the file has one.</returns>
    /// <exception cref="FormatException">It is damaged; the message says how, as the rest of a sentence about the file.</exception>
    public static (IReadOnlyList<(ulong Address, byte[] Data)> Runs, ulong? Entry) Read(ReadOnlySpan<char> text)
    {
        var runs = new List<(ulong, byte[])>();
        var run = new List<byte>();
        ulong start = 0, upper = 0;
        ulong? entry = null;
        bool ended = false;
        long total = 0;
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty)
                continue;
            if (ended)
                throw Damaged(number, "comes after the end record");
            byte[] record = Decode(line, number);
            ReadOnlySpan<byte> data = record.AsSpan(4, record[0]);
            switch (record[3])
            {
                case 0:
                    ulong address = upper + (ulong)((record[1] << 8) | record[2]);
                    if (run.Count > 0 && address != start + (ulong)run.Count)
                        Flush();
                    if (run.Count == 0)
                        start = address;
                    if ((total += data.Length) > MaxBytes)
                        throw Damaged(number, $"goes beyond {MaxBytes >> 20} MiB of data");
                    run.AddRange(data);
                    break;
                case 1:
                    ended = true;
                    break;
                case 2 when data.Length == 2:
                    upper = (ulong)((data[0] << 8) | data[1]) << 4;
                    break;
                case 3 when data.Length == 4:
                    break;                                    // CS:IP means nothing on these machines
                case 4 when data.Length == 2:
                    upper = (ulong)((data[0] << 8) | data[1]) << 16;
                    break;
                case 5 when data.Length == 4:
                    entry = ((ulong)data[0] << 24) | ((ulong)data[1] << 16) | ((ulong)data[2] << 8) | data[3];
                    break;
                case > 5:
                    break;                                    // later extensions put other types between the data, which other readers skip, too
                default:
                    throw Damaged(number, $"is a record of type {record[3]} with {data.Length} bytes, which there is not");
            }
        }

        if (!ended)
            throw new FormatException("has no end record: it is truncated");
        Flush();
        return runs.Count > 0 ? (runs, entry) : throw new FormatException("has nothing to load");

        void Flush()
        {
            if (run.Count > 0)
                runs.Add((start, run.ToArray()));
            run.Clear();
        }
    }

    private static byte[] Decode(ReadOnlySpan<char> line, int number)
    {
        if (line[0] != ':' || line.Length < 1 + (2 * Overhead) || line.Length % 2 == 0)
            throw Damaged(number, "is no record of Intel HEX");
        byte[] record = new byte[line.Length / 2];
        byte sum = 0;
        for (int i = 0; i < record.Length; i++)
        {
            if (!byte.TryParse(line.Slice(1 + (2 * i), 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out record[i]))
                throw Damaged(number, "has characters that are no hexadecimal digits");
            sum += record[i];
        }

        if (record.Length != record[0] + Overhead)
            throw Damaged(number, $"says it has {record[0]} bytes and has {record.Length - Overhead}");
        return sum == 0 ? record : throw Damaged(number, "has a wrong checksum");
    }

    private static FormatException Damaged(int line, string problem) => new($"is a damaged Intel HEX file: line {line} {problem}");
}
