using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Emulation.Compare;

/// <summary>One benchmark program's line.</summary>
/// <param name="Name">The program.</param>
/// <param name="Checksum">16 hexadecimal digits.</param>
/// <param name="Seconds">By the guest's monotonic clock.</param>
internal sealed record ProgramResult(string Name, string Checksum, double Seconds);

/// <summary>Follows what the guest prints, and when. Times are in seconds since the process was started.</summary>
internal sealed partial class GuestConsole
{
    private readonly StringBuilder _text = new();
    private readonly List<ProgramResult> _programs = [];
    private readonly List<string> _complaints = [];
    private int _lineStart;

    public double? FirstOutput { get; private set; }

    public double? BootOk { get; private set; }

    public bool PoweredOff { get; private set; }

    /// <summary>Lines that the "console" program wrote: none may be lost.</summary>
    public int NumberedLines { get; private set; }

    public IReadOnlyList<ProgramResult> Programs => _programs;

    /// <summary>Programs that failed, in their own words.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Takes what was read at <paramref name="seconds"/>; may end in the middle of a line.</summary>
    public void Add(ReadOnlySpan<char> text, double seconds)
    {
        if (FirstOutput is null && !text.IsWhiteSpace())
            FirstOutput = seconds;
        foreach (char c in text)
        {
            _text.Append(c);
            if (c != '\n')
                continue;
            string line = _text.ToString(_lineStart, _text.Length - _lineStart).TrimEnd('\r', '\n');
            _lineStart = _text.Length;
            Take(line, seconds);
        }
    }

    /// <summary>The last lines, for a message about a failed run.</summary>
    public string Tail(int lines) => string.Join('\n', _text.ToString().TrimEnd().Split('\n').TakeLast(lines));

    private void Take(string line, double seconds)
    {
        // the kernel's own messages can share a line with the program's
        if (BootOk is null && line.Contains("BOOT-OK", StringComparison.Ordinal))
            BootOk = seconds;
        else if (line.EndsWith("POWEROFF", StringComparison.Ordinal))
            PoweredOff = true;
        else if (ResultLine().Match(line) is { Success: true } match)
            _programs.Add(new ProgramResult(match.Groups[1].Value, match.Groups[2].Value,
                double.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture)));
        else if (ComplaintLine().IsMatch(line))
            _complaints.Add(line);
        else if (NumberedLine().IsMatch(line))
            NumberedLines++;
    }

    [GeneratedRegex(@"^([a-z0-9]+) ([0-9a-f]{16}) ([0-9]+\.[0-9]+)$")]
    private static partial Regex ResultLine();

    [GeneratedRegex(@"^[a-z0-9]+ (FAILED|skipped|ended with status|is not in this image)")]
    private static partial Regex ComplaintLine();

    [GeneratedRegex(@"^line [0-9]{5}$")]
    private static partial Regex NumberedLine();
}
