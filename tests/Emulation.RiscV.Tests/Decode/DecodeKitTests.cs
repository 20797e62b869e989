using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Tests.Decode;

/// <summary>The decode kit on a toy instruction set of 16-bit words.</summary>
public sealed class DecodeKitTests
{
    private static readonly FeatureSet s_old = FeatureSet.Of(0), s_new = FeatureSet.Of(0) | FeatureSet.Of(200);

    [Test]
    public void More_exact_encodings_come_first()
    {
        EncodingTable<StringBuilder, ushort> table = Table<Group>();
        Text(table, 0x1230, s_new).Should().Be("add r2, r3");
        Text(table, 0x1000, s_new).Should().Be("nop");
        Text(table, 0x1110, s_new).Should().BeNull("it is reserved");
    }

    [Test]
    public void Features_choose()
    {
        EncodingTable<StringBuilder, ushort> table = Table<Group>();
        Text(table, 0x2230, s_new).Should().Be("new r2");
        Text(table, 0x2230, s_old).Should().BeNull();
        Text(table, 0x1000, default).Should().BeNull();
    }

    [Test]
    public void Excluded_field_values_do_not_match()
    {
        EncodingTable<StringBuilder, ushort> table = Table<Group>();
        Text(table, 0x3100, s_old).Should().Be("odd r1");
        Text(table, 0x3200, s_old).Should().BeNull();
        Text(table, 0x3000, s_old).Should().BeNull();
    }

    [Test]
    public void Emitters_are_called()
    {
        EncodingTable<StringBuilder, ushort> table = Table<Group>();
        table.TryFind(0x1230, s_old, out EncodingRow? row).Should().BeTrue();
        var output = new StringBuilder();
        table.Emit(row!, output, 0x1230);
        output.ToString().Should().Be("Add 1230");
    }

    [Test]
    public void Ambiguities_are_found_unless_settled()
    {
        Table<Group>().FindAmbiguities().Should().BeEmpty();
        Table<Ambiguous>().FindAmbiguities().Should().ContainSingle();
        Table<Settled>().FindAmbiguities().Should().BeEmpty();
    }

    [Test]
    public void Words_made_are_found()
    {
        EncodingTable<StringBuilder, ushort> table = Table<Group>();
        var random = new Random(1);
        foreach (EncodingRow row in table.Rows.ToArray().Where(static r => !r.IsReserved))
        {
            table.TryMakeWord(row, s_new, random, out uint word).Should().BeTrue();
            row.Pattern.Matches(word).Should().BeTrue();
        }
    }

    [TestCase("0001 a b", typeof(FormatException))]          // too short
    [TestCase("0001 a b a a", typeof(FormatException))]      // too long
    [TestCase("0001 a b nothing", typeof(FormatException))]
    [TestCase("0002 a b a", typeof(FormatException))]
    public void Bad_patterns_are_refused(string pattern, Type exception)
    {
        Action parse = () => EncodingPattern.Parse(pattern, new Schema());
        parse.Should().Throw<Exception>().Which.Should().BeOfType(exception);
    }

    [Test]
    public void Bad_signatures_and_features_are_refused()
    {
        Action signature = () => Table<WrongSignature>();
        signature.Should().Throw<FormatException>().WithMessage("*WrongSignature.Emit*");
        Action feature = () => FeatureRequirement.Parse("base | what", new Schema());
        feature.Should().Throw<FormatException>().WithMessage("*'what'*");
    }

    [Test]
    public void Requirements()
    {
        var schema = new Schema();
        FeatureRequirement either = FeatureRequirement.Parse("base new | other", schema);
        either.IsMetBy(s_old).Should().BeFalse();
        either.IsMetBy(s_new).Should().BeTrue();
        either.IsMetBy(FeatureSet.Of(70)).Should().BeTrue();
        either.And(FeatureRequirement.Parse("base", schema)).IsMetBy(FeatureSet.Of(70)).Should().BeFalse();
        FeatureRequirement.Parse(null, schema).IsMetBy(default).Should().BeTrue();
    }

    private static string? Text(EncodingTable<StringBuilder, ushort> table, uint word, FeatureSet features)
    {
        var text = new StringBuilder();
        return table.TryDisassemble(text, word, 0, features) ? text.ToString() : null;
    }

    private static EncodingTable<StringBuilder, ushort> Table<T>() => new EncodingTableBuilder<StringBuilder, ushort>(new Schema()).Add(typeof(T)).Build();

    private sealed class Schema : EncodingSchema
    {
        public override int WordBits => 16;

        public override uint KeyMask => 0xf00f;

        public override int FieldWidth(string field) => field is "a" or "b" ? 4 : 0;

        public override int FeatureIndex(string feature) => feature switch { "base" => 0, "other" => 70, "new" => 200, _ => -1 };

        public override bool TryFormat(StringBuilder text, string operand, uint word, ulong pc, in FeatureSet features)
        {
            text.Append('r').Append((word >> (operand == "a" ? 8 : 4)) & 15);
            return operand is "a" or "b";
        }
    }

    [Extension("base")]
    [Reserved("0001 0001 0001 ....")]
    private sealed class Group
    {
        [Encoding("0001 a b ....", "add {a}, {b}")]
        public static void Add(StringBuilder e, ushort w) => e.Append("Add ").Append($"{w:x}");

        [Encoding("0001 0000 0000 0000", "nop")]
        public static void Nop(StringBuilder e, ushort w) => e.Append("nop");

        [Encoding("0010 a b ....", "new {a}", Requires = "new")]
        public static void New(StringBuilder e, ushort w) => e.Append("new");

        [Encoding("0011 a!=0,2 b ....", "odd {a}")]
        public static void Odd(StringBuilder e, ushort w) => e.Append("odd");
    }

    [Extension("base")]
    private sealed class Ambiguous
    {
        [Encoding("0001 0000 b ....", "first")]
        [Encoding("0001 a 0000 ....", "second")]
        public static void Emit(StringBuilder e, ushort w) => e.Append("emit");
    }

    [Extension("base")]
    private sealed class Settled
    {
        [Encoding("0001 0000 b ....", "first")]
        [Encoding("0001 a 0000 ....", "second")]
        [Encoding("0001 0000 0000 ....", "third")]
        public static void Emit(StringBuilder e, ushort w) => e.Append("emit");
    }

    [Extension("base")]
    private sealed class WrongSignature
    {
        [Encoding("0001 a b ....", "add")]
        public static void Emit(StringBuilder e, uint w) => e.Append("emit");
    }
}
