using System.Globalization;
using Emulation.SoftFloat.Tests;

namespace Emulation.Arm.Tests.Encodings;

/// <summary>
/// Every line of the published disassembler vectors decodes to the instruction it names, or belongs to an extension that is absent
/// and then is unallocated; lines that say "invalid" are unallocated. <c>absent.txt</c> lists files (<c>file</c>) and mnemonics of absent
/// extensions, and single lines (<c>word</c>) with the reason.
/// </summary>
public sealed class CapstoneVectorTests
{
    private const string Invalid = "invalid";

    [Test]
    public void Every_line_decodes_to_what_it_names()
    {
        string folder = TestVectors.Require("capstone-mc/suite/MC/AArch64");
        var aliases = Mnemonics.Lines("aliases.txt").Select(l => l.Split(' ')).ToDictionary(p => p[0], p => p[1..]);
        string[][] absent = [.. Mnemonics.Lines("absent.txt").Select(l => l.Split(' ', 3))];
        var files = absent.Where(p => p[0] == "file").Select(p => p[1]).ToHashSet();
        var names = absent.Where(p => p[0] == "mnemonic").Select(p => p[1]).ToHashSet();
        var words = absent.Where(p => p[0] == "word").Select(p => uint.Parse(p[1], NumberStyles.HexNumber)).ToHashSet();
        var wrong = new List<string>();
        int decoded = 0;
        foreach (string path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            string file = Path.GetFileName(path)[..^3];
            foreach (string line in File.ReadLines(path))
            {
                if (!TryRead(line, out uint word, out string text) || words.Contains(word))
                    continue;
                string[] named = Names(text);
                string ours = Mnemonics.Of(word) ?? Invalid;
                bool isAbsent = files.Contains(file) || named.Any(names.Contains);
                bool right = named.Contains(ours) || (ours == Invalid && isAbsent)
                    || named.Any(n => aliases.TryGetValue(n, out string[]? others) && others.Contains(ours));
                if (right && ours != Invalid)
                    decoded++;
                if (!right)
                    wrong.Add($"{file}: {word:x8} {text}: {ours}");
            }
        }

        if (wrong.Count > 0)
            Assert.Fail($"{wrong.Count} lines\n{string.Join('\n', wrong)}");
        decoded.Should().BeGreaterThan(5000);
    }

    // alternatives stand in braces; Apple's syntax has the lanes behind a dot
    private static string[] Names(string text)
    {
        string plain = text.Replace("{{", "", StringComparison.Ordinal);
        int end = plain.IndexOf("}}", StringComparison.Ordinal);
        string first = end >= 0 && end < plain.IndexOf(' ') ? plain[..end] : plain.Split(' ', '\t')[0];
        return [.. first.Split('|').Select(n => n.TrimEnd(':')).Select(n => IsConditional(n) ? n : n.Split('.')[0])];
    }

    private static bool IsConditional(string name) => name.StartsWith("b.", StringComparison.Ordinal) || name.StartsWith("bc.", StringComparison.Ordinal);

    private static bool TryRead(string line, out uint word, out string text)
    {
        (word, text) = (0, "");
        int equals = line.IndexOf(" = ", StringComparison.Ordinal), length = 3;
        if (line.IndexOf(" == ", StringComparison.Ordinal) is >= 0 and var two)
            (equals, length) = (two, 4);
        if (line.StartsWith('#') || equals < 0)
            return false;
        string[] bytes = line[..equals].Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (bytes.Length != 4)
            return false;
        for (int i = 3; i >= 0; i--)
            word = (word << 8) | uint.Parse(bytes[i].AsSpan(2), NumberStyles.HexNumber);
        text = line[(equals + length)..].Trim().Replace("isb{{$}}", "isb", StringComparison.Ordinal);
        return text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '{');       // some lines name nothing
    }
}
