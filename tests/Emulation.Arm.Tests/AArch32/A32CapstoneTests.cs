using System.Globalization;
using Emulation.SoftFloat.Tests;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>
/// Every line of the published disassembler vectors for A32 and T32 decodes to the instruction it names. <c>absent32.txt</c> lists files (<c>file</c>),
/// mnemonics (<c>mnemonic</c>) of what is absent, and single lines (<c>word</c>), with the reason.
/// </summary>
public sealed class A32CapstoneTests
{
    private static readonly string[] s_conditions = ["eq", "ne", "hs", "lo", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al"];

    [Test]
    public void Every_line_decodes_to_what_it_names()
    {
        string folder = TestVectors.Require("capstone-mc/suite/MC/ARM");
        var aliases = Encodings.Mnemonics.Lines("aliases32.txt").Select(l => l.Split(' ')).ToDictionary(p => p[0], p => p[1..]);
        string[][] absent = [.. Encodings.Mnemonics.Lines("absent32.txt").Select(l => l.Split(' ', 3))];
        var files = absent.Where(p => p[0] == "file").Select(p => p[1]).ToHashSet();
        var names = absent.Where(p => p[0] == "mnemonic").Select(p => p[1]).ToHashSet();
        var words = absent.Where(p => p[0] == "word").Select(p => uint.Parse(p[1], NumberStyles.HexNumber)).ToHashSet();
        var wrong = new List<string>();
        int decoded = 0;
        foreach (string path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            string file = Path.GetFileName(path)[..^3];
            string[] lines = File.ReadAllLines(path);
            bool thumb = lines[0].Contains("THUMB", StringComparison.Ordinal);
            if (files.Contains(file) || lines[0].Contains("MCLASS", StringComparison.Ordinal))
                continue;
            foreach (string line in lines)
            {
                if (!TryRead(line, thumb, out string set, out uint word, out string text) || words.Contains(word))
                    continue;
                string name = A32Names.Plain(text.Split(' ', '\t')[0]), ours = A32Names.Of(set, word) ?? "unallocated";
                if (Same(name, ours, aliases))
                    decoded++;
                else if (!names.Contains(name))
                    wrong.Add($"{file}: {set} {word:x8} {text}: {ours}");
            }
        }

        if (wrong.Count > 0)
            Assert.Fail($"{wrong.Count} lines\n{string.Join('\n', wrong)}");
        decoded.Should().BeGreaterThan(5000);
    }

    // conditions, and types behind the first dot, may be written in several ways
    private static bool Same(string name, string ours, Dictionary<string, string[]> aliases)
    {
        string head = name.Split('.')[0], ourHead = ours.Split('.')[0];
        if (name == ours || head == ourHead || Aliased(name) || Aliased(head))
            return true;
        foreach (string condition in s_conditions)
        {
            if (head.EndsWith(condition, StringComparison.Ordinal) && (head[..^2] == ourHead || head[..^2] + "s" == ourHead || Aliased(head[..^2]) || head[..^2] == Bare(ourHead)))
                return true;
        }

        return false;

        bool Aliased(string alias) => aliases.TryGetValue(alias, out string[]? others) && (others.Contains(ours) || others.Contains(ourHead) || others.Contains(Bare(ourHead)));
    }

    private static string Bare(string name) => name.Length > 2 && Array.IndexOf(s_conditions, name[^2..]) >= 0 ? name[..^2] : name;

    private static bool TryRead(string line, bool thumb, out string set, out uint word, out string text)
    {
        (set, word, text) = ("a32", 0, "");
        int equals = line.IndexOf(" = ", StringComparison.Ordinal);
        if (line.StartsWith('#') || equals < 0)
            return false;
        byte[] bytes = [.. line[..equals].Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Where(b => b.Length == 4).Select(b => byte.Parse(b.AsSpan(2), NumberStyles.HexNumber))];
        text = line[(equals + 3)..].Trim();
        if (text.Length == 0 || (bytes.Length != 4 && !(thumb && bytes.Length == 2)))
            return false;
        uint first = BitConverter.ToUInt16(bytes);
        if (bytes.Length == 2)
            (set, word) = ("t16", first);
        else if (thumb)
            (set, word) = ("t32", (first << 16) | BitConverter.ToUInt16(bytes, 2));
        else
            word = BitConverter.ToUInt32(bytes);
        return true;
    }
}
