using Emulation.Cpu;
using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Tests.Encodings;

/// <summary>The table is sound, and no word upsets decoder, disassembler or emitters.</summary>
public sealed class EncodingTableTests
{
    [Test]
    public void No_encodings_are_ambiguous()
        => A64Tables.Table.FindAmbiguities().Select(static p => $"{p.First} / {p.Second}").Should().BeEmpty();

    [Test]
    public void Every_encoding_is_found_by_some_word()
    {
        var random = new Random(1);
        foreach (EncodingRow row in A64Tables.Table.Rows)
            A64Tables.Table.TryMakeWord(row, ArmIsa.Everything.Features, random, out _).Should().BeTrue($"{row} must be reachable");
    }

    [Test]
    public void Words_of_every_encoding_make_good_blocks()
    {
        var frontend = new ArmFrontend(ArmIsa.Everything);
        var random = new Random(3);
        var ir = new IrBuilder();
        foreach (EncodingRow row in A64Tables.Table.Rows)
        {
            for (int i = 0; i < 200 && A64Tables.Table.TryMakeWord(row, ArmIsa.Everything.Features, random, out uint word); i++)
                Check(frontend, ir, word);
        }
    }

    [Test]
    public void Random_words([Values] bool everything)
    {
        var frontend = new ArmFrontend(everything ? ArmIsa.Everything : new ArmIsa());
        var random = new Random(2);
        var ir = new IrBuilder();
        for (int i = 0; i < 300_000; i++)
            Check(frontend, ir, (uint)random.NextInt64());
    }

    [Test]
    public void Absent_features_are_unallocated()
    {
        var plain = new ArmFrontend(new ArmIsa());
        foreach (EncodingRow row in A64Tables.Table.Rows)
        {
            if (!row.Requirement.IsMetBy(new ArmIsa().Features))
                (plain.Find(row.Pattern.Value)?.Method ?? "Hint").Should().Be("Hint", $"{row}");     // some are hints that mean nothing then
        }
    }

    private static void Check(ArmFrontend frontend, IrBuilder ir, uint word)
    {
        ir.Begin(0x1000, 0);
        frontend.Translate(ir, BitConverter.GetBytes(word), 0x1000, 0, 1, null).Should().Be(TranslationResult.Done);
        if (IrVerifier.Verify(ir.Block) is { } problem)
            Assert.Fail($"{word:x8}: {problem}");
    }
}
