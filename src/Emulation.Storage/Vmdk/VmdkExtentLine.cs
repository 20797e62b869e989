using System.Globalization;
using System.Text;

namespace Emulation.Storage;

/// <summary>One extent of a descriptor.</summary>
/// <param name="Access"><c>RW</c>, <c>RDONLY</c> or <c>NOACCESS</c>.</param>
/// <param name="Length">Bytes of the disk.</param>
/// <param name="Type">What the extent is, such as <c>FLAT</c>.</param>
/// <param name="File">The file that holds it; null for zeros.</param>
/// <param name="Offset">Its first byte there.</param>
/// <param name="At">Where the line is in the file.</param>
internal sealed record VmdkExtentLine(string Access, long Length, string Type, string? File, long Offset, long At)
{
    private const long MaxSectors = 1L << 53;

    public bool IsReadOnly => Access != "RW";

    public bool IsFlat => Type is "FLAT" or "VMFS";

    public bool IsSparse => Type is "SPARSE" or "VMFSSPARSE";

    public bool IsZero => Type == "ZERO";

    public static bool IsExtent(string line) => line.StartsWith("RW ", StringComparison.Ordinal) || line.StartsWith("RW\t", StringComparison.Ordinal)
        || line.StartsWith("RDONLY", StringComparison.Ordinal) || line.StartsWith("NOACCESS", StringComparison.Ordinal);

    /// <summary>Reads a line such as <c>RW 4192256 SPARSE "disk-s001.vmdk"</c>; a flat one has an offset in sectors behind it.</summary>
    public static VmdkExtentLine Parse(string line, long at, ImageName name)
    {
        string rest = line;
        string access = Word(ref rest);
        string sectors = Word(ref rest);
        string type = Word(ref rest);
        if (access is not ("RW" or "RDONLY" or "NOACCESS"))
            throw name.At(at, $"an extent's access is said to be '{access}'");
        if (!long.TryParse(sectors, NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count is 0 or > MaxSectors)
            throw name.At(at, $"an extent of '{sectors}' sectors is not possible");
        string? file = null;
        long offset = 0;
        if (type != "ZERO")
        {
            int end = rest.Length > 1 ? rest.IndexOf('"', 1) : -1;
            if (end < 0 || rest[0] != '"')
                throw name.At(at, $"an extent of type '{type}' does not name its file in quotation marks");
            file = Decode(rest[1..end]);
            rest = rest[(end + 1)..].Trim();
            string place = Word(ref rest);
            if (place.Length > 0 && (!long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out offset) || offset > MaxSectors))
                throw name.At(at, $"an extent cannot begin at sector '{place}' of its file");
        }

        return new VmdkExtentLine(access, count * ImageFields.Sector, type, file, offset * ImageFields.Sector, at);
    }

    /// <summary>Text that was read byte by byte: UTF-8 where it is that.</summary>
    public static string Decode(string bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Encoding.Latin1.GetBytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            return bytes;
        }
    }

    public override string ToString()
    {
        string head = $"{Access} {Length / ImageFields.Sector} {Type}";
        return IsZero ? head : IsFlat ? $"{head} \"{File}\" {Offset / ImageFields.Sector}" : $"{head} \"{File}\"";
    }

    private static string Word(ref string rest)
    {
        int end = rest.AsSpan().IndexOfAny(' ', '\t');
        string word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? "" : rest[end..].TrimStart();
        return word;
    }
}
