using System.Buffers.Binary;

namespace Emulation.Debugging.Tests;

/// <summary>Variables by their types, from debug information of several versions.</summary>
[TestFixture("types-dwarf3")]
[TestFixture("types-dwarf4")]
[TestFixture("types-dwarf5")]
[TestFixture("types-arm")]
public sealed class VariableTests(string file)
{
    private readonly FirmwareImage _firmware = Files.Load(file);

    [TestCase("state.counter", "41")]
    [TestCase("state.mode", "RUNNING")]
    [TestCase("state.colour", "GREEN")]
    [TestCase("state.corners[1][1]", "{x = 9, y = -10}")]
    [TestCase("state.corners[0]", "{{x = 1, y = 2}, {x = 3, y = 4}, {x = 5, y = 6}}")]
    [TestCase("state.corners[1][2].y", "12")]
    [TestCase("state.flags", "{ready = 1, level = 19, offset = -7, mode = RUNNING, rest = 48879}")]
    [TestCase("state.flags.offset", "-7")]
    [TestCase("state.flags.mode", "RUNNING")]
    [TestCase("state.word", "287454020")]
    [TestCase("state.bytes[0]", "68")]
    [TestCase("state.reading.celsius", "21.5")]
    [TestCase("state.head->name", "\"first\"")]
    [TestCase("state.head->next->weight", "2")]
    [TestCase("state.head.next.name", "\"second\"")]
    [TestCase("*state.head->next", "{next = 0x00000000, name = \"second\", weight = 2}")]
    [TestCase("state.precise", "-0.125")]
    [TestCase("state.on", "true")]
    [TestCase("state.letter", "'q'")]
    [TestCase("state.big", "-5000000000")]
    [TestCase("current->counter", "41")]
    [TestCase("current[0].mode", "RUNNING")]
    [TestCase("*state.text", "'h'")]
    [TestCase("state.text[4]", "'o'")]
    [TestCase("table", "{10, 20, 30, 40}")]
    [TestCase("types.c:table[0x2]", "30")]
    [TestCase("limits", "{1, 2, 3}")]
    [TestCase("calls", "7")]
    [TestCase("count::calls", "7")]
    public void A_value_is_shown_as_a_debugger_does(string expression, string text)
        => VariableText.Format(Find(expression), Read).Should().Be(text);

    [TestCase("state.anything", "void *")]
    [TestCase("state.head", "node_t *")]
    [TestCase("state.colour", "colour_t")]
    [TestCase("state.mode", "enum mode")]
    [TestCase("state.corners", "struct point[2][3]")]
    [TestCase("state", "struct state")]
    public void Types_have_the_names_of_the_source(string expression, string type) => Find(expression).Type.Name.Should().Be(type);

    [TestCase("limist", "the firmware has no variable 'limist'; there is limits")]
    [TestCase("stat", "the firmware has no variable 'stat'; there is state")]
    [TestCase("state.nothing", "'state' is of type struct state, which has no member 'nothing'; it has counter, mode,")]
    [TestCase("state.counter.x", "'state.counter' is of type uint32_t and has no members")]
    [TestCase("table[4]", "'table' has 4 elements, and 4 is none of them")]
    [TestCase("state.counter[0]", "'state.counter' is of type uint32_t, which is no array")]
    [TestCase("table[x]", "'[x]' is no index")]
    [TestCase("state-counter", "'-counter' is not understood")]
    [TestCase("*state.anything", "'state.anything' is of type void *, which does not point to anything with a type")]
    [TestCase("state.head->next->next->name", "'state.head.next.next' is a null pointer")]
    public void What_is_wrong_with_an_expression_is_said(string expression, string message)
        => FluentActions.Invoking(() => Find(expression)).Should().Throw<Exception>().WithMessage($"*{message.Replace('*', '?')}*");

    [Test]
    public void Inlined_functions_are_found_by_address()
    {
        InlinedCall inner = _firmware.Inlined.Calls.Single(static c => c.Function == "inner"), outer = _firmware.Inlined.Calls.Single(static c => c.Function == "outer");
        (inner.Depth, outer.Depth).Should().Be((2, 1));
        string source = File.ReadAllText(Files.PathOf("types.c"));
        int Line(string text) => 1 + source[..source.IndexOf(text, StringComparison.Ordinal)].Count(static c => c == '\n');
        outer.CallLine.Should().Be(Line("calls += outer(calls)"));
        inner.CallLine.Should().Be(Line("uint32_t a = inner(value)"));
        inner.Line.Should().Be(Line("static inline __attribute__((always_inline)) uint32_t inner"));
        Symbol count = _firmware.Symbols.Get("count");
        ulong address = Enumerable.Range(0, (int)count.Size / 2).Select(i => count.Address + (2 * (ulong)i)).First(a => _firmware.Inlined.At(a).Count == 2);
        IReadOnlyList<SourceLocation> places = _firmware.LocateInlined(address);
        places.Select(static p => p.Function).Should().Equal("inner", "outer", "count");
        places.Skip(1).Select(static p => p.Line).Should().Equal(inner.CallLine, outer.CallLine);
        _firmware.Locate(address).ToString().Should().Contain("count").And.Contain("inlined inner").And.Contain($"types.c:{places[0].Line}");
    }

    [Test]
    public void Lines_whose_code_is_mixed_with_others_begin_where_their_statement_does()
    {
        string[] lines = File.ReadAllLines(Files.PathOf("types.c"));
        int line = 1 + Array.FindIndex(lines, static l => l.Contains("uint32_t a = inner(value)", StringComparison.Ordinal));
        ulong start = _firmware.Lines.AddressesOf("types.c", line)[0];
        (start - _firmware.Symbols.Get("count").Address).Should().BeLessThan(16);
        _firmware.Lines.AddressesOf("types.c", line + 1).Should().NotBeEmpty();
    }

    [Test]
    public void A_damaged_file_gives_a_clear_error_or_values()
    {
        byte[] bytes = File.ReadAllBytes(Files.PathOf(file + ".elf"));
        var random = new Random(7);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. bytes];
            for (int flips = random.Next(1, 8); flips > 0; flips--)
                damaged[random.Next(64, damaged.Length)] = (byte)random.Next(256);
            try
            {
                FirmwareImage firmware = FirmwareImage.FromElf(damaged, "damaged.elf");
                foreach (InlinedCall call in firmware.Inlined.Calls)
                    _ = firmware.LocateInlined(call.Entry);
                foreach (VariableInfo variable in firmware.Variables.All)
                    _ = VariableText.Format(new VariableReference(variable.Name, variable.Address, variable.Type), static (_, count) => new byte[count]);
            }
            catch (FirmwareFormatException e)
            {
                e.Message.Should().Contain("damaged.elf");
            }
        }
    }

    private VariableReference Find(string expression) => VariableReference.Find(_firmware.Variables, expression, (address, size) =>
    {
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        if (Read(address, size) is not { } bytes)
            return null;
        bytes.CopyTo(word);
        return BinaryPrimitives.ReadUInt64LittleEndian(word);
    });

    // as the file has them: it was not run
    private byte[]? Read(ulong address, int count)
    {
        foreach (FirmwareSegment segment in _firmware.Segments)
        {
            ulong offset = address - segment.VirtualAddress;
            if (offset < (ulong)segment.Data.Length && (ulong)segment.Data.Length - offset >= (ulong)count)
                return segment.Data.Slice((int)offset, count).ToArray();
        }

        return null;
    }
}
