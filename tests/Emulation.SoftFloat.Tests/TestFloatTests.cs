using System.Globalization;

namespace Emulation.SoftFloat.Tests;

/// <summary>
/// The output of Berkeley TestFloat 3e: one file per operation and rounding, lines of operands, result, flags in hex.
/// Its NaN results follow another architecture, so a NaN is expected to be the canonical one here.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class TestFloatTests
{
    /// <summary>Operations on formats that this assembly does not have.</summary>
    private static readonly string[] s_notCovered =
        ["extF80_add", "extF80_div", "extF80_mul", "extF80_sqrt", "extF80_to_f64", "f64_to_extF80"];

    private static readonly (string Name, FpRounding Rounding)[] s_roundings =
    [
        ("near_even", FpRounding.NearestEven), ("minMag", FpRounding.TowardZero), ("min", FpRounding.Down),
        ("max", FpRounding.Up), ("near_maxMag", FpRounding.NearestAway),
    ];

    [TestCaseSource(typeof(TestFloatOperations), nameof(TestFloatOperations.Names))]
    public void Agrees_with(string name)
    {
        string folder = TestVectors.Require("testfloat");
        (FpOperation run, string result) = TestFloatOperations.Find(name);
        int count = 0;
        List<string> wrong = [];
        List<string> empty = [];
        foreach ((string suffix, FpRounding rounding) in s_roundings)
        {
            int before = count;
            foreach (string line in File.ReadLines(Path.Combine(folder, $"{name}.{suffix}.txt")))
            {
                UInt128[] words = [.. line.Split(' ').Select(word => UInt128.Parse(word, NumberStyles.HexNumber))];
                var context = new FpContext { Rounding = rounding };
                UInt128 actual = run(words, ref context);
                UInt128 expected = Canonicalize(words[^2], result);
                count++;
                if (actual != expected || (byte)context.Flags != (byte)words[^1])
                {
                    wrong.Add($"{rounding}: {line}: got {actual:X} {(byte)context.Flags:X2}");
                }
            }

            if (count == before)
            {
                empty.Add(suffix);
            }
        }

        Assert.That(empty, Is.Empty);
        Assert.That(wrong, Is.Empty, $"{wrong.Count} of {count}, the first: {wrong.FirstOrDefault()}");
    }

    [Test]
    public void Covers_every_file_or_says_why_not()
    {
        string folder = TestVectors.Require("testfloat");
        IEnumerable<string> operations = Directory.GetFiles(folder, "*_*.txt")
            .Select(file => Path.GetFileName(file).Split('.')[0]).Distinct();
        operations.Should().BeEquivalentTo([.. TestFloatOperations.Names, .. s_notCovered]);
    }

    private static UInt128 Canonicalize(UInt128 value, string format) => format switch
    {
        "f16" when F16.IsNaN((ushort)value) => 0x7e00,
        "f32" when F32.IsNaN((uint)value) => 0x7fc00000,
        "f64" when F64.IsNaN((ulong)value) => 0x7ff8000000000000,
        "f128" when F128.IsNaN(value) => new UInt128(0x7fff800000000000, 0),
        _ => value,
    };
}
