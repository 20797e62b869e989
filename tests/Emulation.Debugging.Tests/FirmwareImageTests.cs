using System.Globalization;

namespace Emulation.Debugging.Tests;

[TestFixture]
public sealed class FirmwareImageTests
{
    [TestCaseSource(typeof(Files), nameof(Files.Elfs))]
    public void Lines_are_what_binutils_say(string name)
    {
        FirmwareImage image = Files.Load(name);
        string current = "";
        var wrong = new List<string>();
        foreach (string row in File.ReadLines(Files.PathOf(name + ".lines")))
        {
            string[] parts = row.Split(' ');
            ulong address = ulong.Parse(parts[0].AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            current = parts[1];

            // addr2line loses the first row of a unit behind one that ended at the same address; readelf shows it as we do
            if (current.StartsWith('?'))
                continue;
            LineEntry? line = image.Lines.Find(address);
            string found = line is null ? "none" : $"{Path.GetFileName(line.File)}:{line.Line}";
            if (found != current)
                wrong.Add($"{row}, found {found}");
        }

        wrong.Should().BeEmpty();
    }

    [Test]
    public void Symbols_have_addresses_sizes_and_kinds()
    {
        SymbolTable symbols = Files.Load("app").Symbols;
        symbols.Get("latest").Should().Match<Symbol>(s => s.Size == 8 && s.Kind == SymbolKind.Variable && s.IsGlobal);
        symbols.Get("main").Kind.Should().Be(SymbolKind.Function);
        symbols.Get("flash_program").IsGlobal.Should().BeFalse();
        symbols.FunctionAt(symbols.Get("dig").Address + 6)!.Name.Should().Be("dig");
        symbols.FunctionAt(symbols.Get("_start").Address + 0x20)!.Name.Should().Be("_start", "labels inside are not functions");
        symbols.Invoking(s => s.Get("taken")).Should().Throw<KeyNotFoundException>().WithMessage("*no symbol 'taken'; there is taken.*");
    }

    [Test]
    public void Addresses_are_found_by_line()
    {
        FirmwareImage image = Files.Load("app");
        LineEntry line = image.Lines.Find(image.Symbols.Get("on_tick").Address)!;
        image.Lines.AddressesOf("app.c", line.Line).Should().Equal(image.Symbols.Get("on_tick").Address);
        image.Lines.AddressesOf("firmware/app.c", line.Line - 1).Should().Equal([image.Symbols.Get("on_tick").Address], "the line before has no code");
        image.Lines.AddressesOf("p.c", line.Line).Should().BeEmpty();
        image.Lines.Files.Should().Contain("firmware/checks.h");
    }

    [Test]
    public void Damaged_files_are_errors_and_nothing_worse([ValueSource(typeof(Files), nameof(Files.Elfs))] string name)
    {
        byte[] good = File.ReadAllBytes(Files.PathOf(name + ".elf"));
        var random = new Random(name.Length);
        for (int i = 0; i < 400; i++)
        {
            byte[] bad = [.. good];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
                bad[random.Next(i % 2 == 0 ? 0x100 : bad.Length)] = (byte)random.Next(256);
            if (i % 5 == 0)
                bad = bad[..random.Next(bad.Length)];
            if (i % 3 == 0 && bad.Length > 0x1600)
            {
                // what is written over debug information
                int at = random.Next(0x1500, bad.Length - 16);
                random.NextBytes(bad.AsSpan(at, 16));
            }

            try
            {
                FirmwareImage image = FirmwareImage.FromElf(bad, "bad.elf");
                _ = image.Symbols.All.Count;
                for (ulong pc = 0x8000_0000; pc < 0x8000_0600; pc += 2)
                {
                    image.Locate(pc);
                    image.Frames.Find(pc);
                }
            }
            catch (FirmwareFormatException e)
            {
                e.Message.Should().StartWith("'bad.elf' ");
            }
        }
    }

    [Test]
    public void Hex_files_are_read()
    {
        FirmwareImage image = FirmwareImage.FromHex(":020000040800F2\n:0400000001020304F2\n:04000400AABBCCDDEA\n:0200100001020B\n:0400000508000001EE\n:00000001FF\n".Replace(":0200100001020B", ":020010000102EB", StringComparison.Ordinal));
        image.Segments.Should().HaveCount(2);
        image.Segments[0].Address.Should().Be(0x0800_0000);
        image.Segments[0].Data.ToArray().Should().Equal(1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd);
        image.Segments[1].Address.Should().Be(0x0800_0010);
        image.Entry.Should().Be(0x0800_0001);
    }

    [Test]
    public void Records_of_later_extensions_are_skipped()
        => FirmwareImage.FromHex(":0400000001020304F2\n:0000000CF4\n:00000001FF\n").Segments.Should().ContainSingle();

    [TestCase(":0400000001020304F3\n:00000001FF", "line 1 has a wrong checksum")]
    [TestCase(":0400000001020304F2", "no end record")]
    [TestCase("hello", "line 1 is no record")]
    [TestCase(":0500000001020304F1\n:00000001FF", "says it has 5 bytes and has 4")]
    [TestCase(":00000001FF", "nothing to load")]
    public void Damaged_hex_files_are_named(string text, string expected)
        => ((Action)(() => FirmwareImage.FromHex(text, "a.hex"))).Should().Throw<FirmwareFormatException>().WithMessage($"'a.hex'*{expected}*");
}
