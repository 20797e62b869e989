using System.Globalization;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>Facts for people.</summary>
internal static class ImgText
{
    /// <summary>Columns that a table may have.</summary>
    public const int Width = 80;

    private static readonly string[] s_units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A size with its unit, and in bytes.</summary>
    public static string Size(long bytes)
    {
        double value = bytes;
        int unit = 0;
        for (; value >= 1024 && unit < s_units.Length - 1; unit++)
            value /= 1024;
        return unit == 0 ? $"{bytes} bytes" : string.Create(CultureInfo.InvariantCulture, $"{value:0.###} {s_units[unit]} ({bytes} bytes)");
    }

    /// <summary>Writes a line, or several where it is too long; those that follow are indented.</summary>
    public static void WriteWrapped(TextWriter writer, string text)
    {
        const string Indent = "      ";
        while (text.Length > Width && text.LastIndexOf(' ', Width) is var end && end > Indent.Length)
        {
            writer.WriteLine(text[..end]);
            text = Indent + text[(end + 1)..];
        }

        writer.WriteLine(text);
    }

    public static void Write(TextWriter writer, IReadOnlyList<Qcow2Snapshot> snapshots)
    {
        writer.WriteLine($"{"id",-5} {"name",-20} {"taken (UTC)",-20} {"guest time",-16} {"machine state",13}");
        foreach (Qcow2Snapshot snapshot in snapshots)
        {
            var guest = TimeSpan.FromTicks((long)(snapshot.GuestNanoseconds / 100));
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{snapshot.Id,-5} {snapshot.Name,-20} {snapshot.Date.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {guest,-16:c} {snapshot.StateSize,13}"));
        }
    }
}
