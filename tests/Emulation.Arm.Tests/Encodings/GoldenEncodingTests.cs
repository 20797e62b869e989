using System.Globalization;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Tests.Encodings;

/// <summary>Words and their names as an independent assembler gives them (<c>regenerate.sh</c>), or a disassembler's tests where that is too old.</summary>
public sealed class GoldenEncodingTests
{
    [Test]
    public void Names_are_those_of_binutils()
    {
        var aliases = Mnemonics.Lines("aliases.txt").Select(l => l.Split(' ')).ToDictionary(p => p[0], p => p[1..]);
        var wrong = new List<string>();
        foreach (string line in Golden())
        {
            string[] parts = line.Split('\t');
            string name = parts[1].Split(' ')[0], ours = Mnemonics.Of(uint.Parse(parts[0], NumberStyles.HexNumber)) ?? "unallocated";
            if (ours != name && !(aliases.TryGetValue(name, out string[]? others) && others.Contains(ours)))
                wrong.Add($"{line}: {ours}");
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Test]
    public void Every_encoding_is_in_the_golden_file()
    {
        var seen = new HashSet<EncodingRow>();
        foreach (string line in Golden())
        {
            if (A64Tables.Table.TryFind(uint.Parse(line.Split('\t')[0], NumberStyles.HexNumber), ArmIsa.Everything.Features, out EncodingRow? row))
                seen.Add(row);
        }

        string[] missing = [.. A64Tables.Table.Rows.ToArray().Where(r => !seen.Contains(r)).Select(r => $"{r.Method} {r.Mnemonic} {r.Pattern.Value:x8}")];
        string.Join('\n', missing).Should().BeEmpty();
    }

    private static IEnumerable<string> Golden() => Mnemonics.Lines("a64.txt").Concat(Mnemonics.Lines("a64-later.txt"));

    [Test]
    public void Listings_come_from_capstone()
    {
        var frontend = new ArmFrontend(ArmIsa.Everything);
        frontend.Disassemble([0x20, 0x00, 0x02, 0x8b], 0, 0, out int length).Should().Be("add x0, x1, x2");
        length.Should().Be(4);
        frontend.Disassemble([0x00, 0x00, 0x00, 0x00], 0, 0, out _).Should().BeOneOf(".inst 0x00000000", "udf #0");
    }
}
