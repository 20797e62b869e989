using System.Globalization;
using Emulation.Cpu;
using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>The tables are sound, words have the names that binutils gives them, and no word upsets decoder or emitters.</summary>
public sealed class A32EncodingTests
{
    private static readonly string[] s_tables = ["a32", "t16", "t32", "simd"];

    // what Armv6T2 replaced by 32-bit instructions: an assembler sees those
    private static readonly string[] s_halves = ["BlFirst", "BlSecond", "BlxSecond"];

    [Test]
    public void Names_are_those_of_binutils()
    {
        var aliases = Encodings.Mnemonics.Lines("aliases32.txt").Select(l => l.Split(' ')).ToDictionary(p => p[0], p => p[1..]);
        var wrong = new List<string>();
        foreach (string line in Encodings.Mnemonics.Lines("aarch32.txt"))
        {
            string[] parts = line.Split('\t');
            string name = A32Names.Plain(parts[2]), ours = A32Names.Of(parts[0], uint.Parse(parts[1], NumberStyles.HexNumber)) ?? "unallocated";
            if (ours != name && !(aliases.TryGetValue(name, out string[]? others) && others.Contains(ours)))
                wrong.Add($"{line}: {ours}");
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Test]
    public void Every_encoding_is_in_the_golden_file([ValueSource(nameof(s_tables))] string table)
    {
        var seen = new HashSet<EncodingRow>();
        foreach (string line in Encodings.Mnemonics.Lines("aarch32.txt"))
        {
            string[] parts = line.Split('\t');
            if (parts[0] == table && Find(table, uint.Parse(parts[1], NumberStyles.HexNumber)) is { } row)
                seen.Add(row);
        }

        string.Join('\n', Rows(table).Where(r => !seen.Contains(r) && !s_halves.Contains(r.Method)).Select(r => $"{r} {r.Pattern.Value:x8}")).Should().BeEmpty();
    }

    [Test]
    public void No_encodings_are_ambiguous([ValueSource(nameof(s_tables))] string table)
    {
        IEnumerable<(EncodingRow First, EncodingRow Second)> pairs = table switch
        {
            "a32" => A32Tables.Table.FindAmbiguities(),
            "t16" => T32Tables.Table16.FindAmbiguities(),
            "t32" => T32Tables.Table32.FindAmbiguities(),
            _ => SimdTables.Table.FindAmbiguities(),
        };
        pairs.Select(static p => $"{p.First} / {p.Second}").Should().BeEmpty();
    }

    [Test]
    public void Words_of_old_cores_make_good_blocks([ValueSource(nameof(s_tables))] string table, [Values] bool wordInvariant)
    {
        var random = new Random(4);
        var ir = new IrBuilder();
        uint mode = A32Mode.AArch32 | 1 | (3u << A32Mode.ProcessorShift) | A32Mode.OldAlignment | (wordInvariant ? A32Mode.WordInvariant : 0) | (table[0] == 't' ? A32Mode.Thumb : 0);
        foreach (ArmIsa isa in (ArmIsa[])[ArmIsa.Arm926, ArmIsa.Arm1176])
        {
            var frontend = new ArmFrontend(isa);
            foreach (EncodingRow row in Rows(table))
            {
                uint word = ((uint)random.NextInt64() & ~row.Pattern.Mask) | row.Pattern.Value;
                ir.Begin(0x1000, mode);
                frontend.Translate(ir, BitConverter.GetBytes(word), 0x1000, mode, 1, null).Should().Be(TranslationResult.Done);
                if (IrVerifier.Verify(ir.Block) is { } problem)
                    Assert.Fail($"{row} {word:x8}: {problem}");
            }
        }
    }

    [Test]
    public void Random_words([Values] bool thumb, [Values] bool privileged)
    {
        var frontend = new ArmFrontend(ArmIsa.Everything);
        var random = new Random(2);
        var ir = new IrBuilder();
        uint mode = A32Mode.AArch32 | (thumb ? A32Mode.Thumb : 0) | (privileged ? 1 | (3u << A32Mode.ProcessorShift) : 0);
        for (int i = 0; i < 200_000; i++)
        {
            uint word = (uint)random.NextInt64();
            uint it = random.Next(4) == 0 && thumb ? (uint)random.Next(16, 240) | 8 : 0;
            ir.Begin(0x1000, mode);
            frontend.Translate(ir, BitConverter.GetBytes(word), 0x1000, A32Mode.WithIt(mode, (int)it), 1, null).Should().Be(TranslationResult.Done);
            if (IrVerifier.Verify(ir.Block) is { } problem)
                Assert.Fail($"{word:x8}: {problem}");
        }
    }

    [Test]
    public void Words_of_every_encoding_make_good_blocks([ValueSource(nameof(s_tables))] string table, [Values] bool bigEndian)
    {
        var frontend = new ArmFrontend(ArmIsa.Everything);
        var random = new Random(3);
        var ir = new IrBuilder();
        uint mode = A32Mode.AArch32 | 1 | (3u << A32Mode.ProcessorShift) | (table[0] == 't' ? A32Mode.Thumb : 0) | (bigEndian ? A32Mode.BigEndian : 0);
        foreach (EncodingRow row in Rows(table))
        {
            for (int i = 0; i < 50; i++)
            {
                uint word = ((uint)random.NextInt64() & ~row.Pattern.Mask) | row.Pattern.Value;
                if (table == "t16")
                    word &= 0xffff;
                else if (table == "t32")
                    word = (word << 16) | (word >> 16);
                ir.Begin(0x1000, mode);
                frontend.Translate(ir, BitConverter.GetBytes(word), 0x1000, mode, 1, null).Should().Be(TranslationResult.Done);
                if (IrVerifier.Verify(ir.Block) is { } problem)
                    Assert.Fail($"{row} {word:x8}: {problem}");
            }
        }
    }

    private static EncodingRow? Find(string table, uint word)
    {
        EncodingRow? row;
        bool found = table switch
        {
            "a32" => A32Tables.Table.TryFind(word, ArmIsa.Everything.Features, out row),
            "t16" => T32Tables.Table16.TryFind(word, ArmIsa.Everything.Features, out row),
            "t32" => T32Tables.Table32.TryFind(word, ArmIsa.Everything.Features, out row),
            _ => SimdTables.Table.TryFind(word, ArmIsa.Everything.Features, out row),
        };
        return found ? row : null;
    }

    private static EncodingRow[] Rows(string table) => table switch
    {
        "a32" => A32Tables.Table.Rows.ToArray(),
        "t16" => T32Tables.Table16.Rows.ToArray(),
        "t32" => T32Tables.Table32.Rows.ToArray(),
        _ => SimdTables.Table.Rows.ToArray(),
    };
}
