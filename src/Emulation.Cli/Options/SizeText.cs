using System.Globalization;

namespace Emulation.Cli.Options;

/// <summary>Numbers as users write them.</summary>
internal static class SizeText
{
    /// <summary>Reads a size: bytes, or a number with K, M, G, T, P or E.</summary>
    public static ulong ParseSize(string text, string option)
    {
        string number = text.Trim();
        int shift = 0;
        if (number.Length > 1)
        {
            shift = char.ToUpperInvariant(number[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, 'P' => 50, 'E' => 60, _ => 0 };
            if (shift > 0)
                number = number[..^1];
        }

        if (!ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) || value == 0 || value > ulong.MaxValue >> shift)
            throw new UsageException($"{option}: '{text}' is not a size; write bytes, or a number with K, M or G, such as 512M");
        return value << shift;
    }

    /// <summary>Reads an address: hexadecimal behind 0x, else decimal.</summary>
    public static bool TryParseAddress(string text, out ulong address)
        => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2).ToString().Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out address);

    /// <summary>Reads FILE or FILE@ADDRESS. An at sign that no number follows belongs to the name.</summary>
    public static (string Path, ulong? Address) ParsePlaced(string text)
    {
        int at = text.LastIndexOf('@');
        return at > 0 && TryParseAddress(text[(at + 1)..], out ulong address) ? (text[..at], address) : (text, null);
    }
}
