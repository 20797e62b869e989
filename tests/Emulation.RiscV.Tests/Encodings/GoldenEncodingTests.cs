using System.Globalization;

namespace Emulation.RiscV.Tests.Encodings;

/// <summary>Words and their text as an independent assembler gives them.</summary>
public sealed class GoldenEncodingTests
{
    [TestCase("rv64.txt", TestIsas.All64)]
    [TestCase("rv32.txt", TestIsas.All32)]
    public void Text_is_that_of_binutils(string file, string isa)
    {
        var frontend = new RiscVFrontend(RiscVIsa.Parse(isa));
        var wrong = new List<string>();
        foreach (string line in TestIsas.Lines(file))
        {
            string[] parts = line.Split('\t');
            Check(frontend, ulong.Parse(parts[0], NumberStyles.HexNumber), parts[1], parts[2], wrong);
        }

        wrong.Should().BeEmpty();
    }

    [TestCase("rv64", TestIsas.All64)]
    [TestCase("rv32", TestIsas.All32)]
    public void Text_of_recent_extensions(string width, string isa)
    {
        var frontend = new RiscVFrontend(RiscVIsa.Parse(isa));
        var wrong = new List<string>();
        foreach (string line in TestIsas.Lines("recent.txt"))
        {
            string[] parts = line.Split('\t');
            if (parts[0] == "both" || parts[0] == width)
                Check(frontend, 0, parts[1], parts[2], wrong);
        }

        wrong.Should().BeEmpty();
    }

    [Test]
    public void Every_mnemonic_is_in_a_golden_file()
    {
        var seen = new HashSet<string>();
        foreach (string file in (string[])["rv64.txt", "rv32.txt", "recent.txt"])
        {
            foreach (string line in TestIsas.Lines(file))
                seen.Add(line.Split('\t')[2].Split(' ')[0]);
        }

        var missing = new List<string>();
        foreach (Cpu.Decode.EncodingRow row in TableRows.All)
        {
            string mnemonic = row.Mnemonic.Replace("{aqrl}", "", StringComparison.Ordinal).Split('{')[0];
            if (!row.IsReserved && !seen.Contains(mnemonic) && !seen.Any(s => mnemonic.EndsWith('.') && s.StartsWith(mnemonic, StringComparison.Ordinal)))
                missing.Add(mnemonic);
        }

        missing.Should().BeEmpty();
    }

    private static void Check(RiscVFrontend frontend, ulong pc, string word, string text, List<string> wrong)
    {
        byte[] bytes = Convert.FromHexString(word);
        Array.Reverse(bytes);
        string ours = frontend.Disassemble(bytes, pc, 0, out int length).Replace(", ", ",", StringComparison.Ordinal);
        if (ours != text || length != bytes.Length)
            wrong.Add($"{word}: '{ours}', expected '{text}'");
    }
}
