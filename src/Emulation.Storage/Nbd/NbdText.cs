using System.Text;

namespace Emulation.Storage;

/// <summary>Text of a peer, made fit for messages.</summary>
internal static class NbdText
{
    private const int Longest = 256;

    public static string Printable(string text)
    {
        if (text.Length > Longest)
            text = text[..Longest] + "...";
        return text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Any(char.IsControl) ? string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c)) : text;
    }

    public static string Printable(ReadOnlySpan<byte> utf8) => Printable(Encoding.UTF8.GetString(utf8));
}
