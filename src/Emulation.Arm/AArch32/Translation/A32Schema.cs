using System.Globalization;
using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>What the decode kit must know of A32. Fields have the names of the manual where those differ by width or place.</summary>
internal sealed class A32Schema(uint keyMask = A32Schema.Integer) : EncodingSchema
{
    /// <summary>The key of instructions of integers.</summary>
    public const uint Integer = 0x0ff0_00f0;

    /// <summary>The key of floating point, vectors and coprocessors.</summary>
    public const uint Simd = 0x0ff0_0f50;

    // by width
    private static readonly string[][] s_names =
    [
        [],
        ["s", "p", "u", "w", "h", "b", "m", "n", "x", "r", "sh", "e", "m2", "d", "q", "f", "op", "i", "l", "v", "n1", "sz", "t", "a", "sx", "c1", "qd", "j"],
        ["type", "rot", "sz2", "imod", "size", "cc", "opc2b", "align", "fsz"],
        ["op2", "opc1", "opc2", "aif", "imm3"],
        ["cond", "rn", "rd", "rt", "rs", "rm", "ra", "rn0", "rd4", "rdhi", "rdlo", "imm4", "imm4h", "mask", "m1", "vn", "vd", "vm", "cmode", "crn", "crd", "crm", "cp", "rt2", "type4", "reg"],
        ["imm5", "imm5h", "lsb", "msb", "widthm1", "mode"],
        ["imm6"],
        [],
        ["imm8"],
        [],
        [],
        [],
        ["imm12", "imm12h"],
        [],
        [],
        [],
        ["list"],
        [],
        [],
        [],
        [],
        [],
        [],
        [],
        ["imm24"],
    ];

    private static readonly string[] s_conditions = ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "", ""];

    private static readonly string[] s_parallel = ["add16", "asx", "sax", "sub16", "add8", "", "", "sub8"];

    /// <inheritdoc/>
    public override int WordBits => 32;

    /// <inheritdoc/>
    public override uint KeyMask { get; } = keyMask;

    /// <inheritdoc/>
    public override int FieldWidth(string field) => Math.Max(0, Array.FindIndex(s_names, n => Array.IndexOf(n, field) >= 0));

    /// <inheritdoc/>
    public override int FeatureIndex(string feature) => Enum.TryParse(feature, out ArmFeature value) ? (int)value : -1;

    /// <inheritdoc/>
    public override bool TryFormat(StringBuilder text, string operand, uint word, ulong pc, in FeatureSet features)
    {
        var i = new A32Word(word);
        string? part = operand switch
        {
            "c" => s_conditions[i.Cond],
            "s" => i.S ? "s" : "",
            "n" => i.Flag(5) ? "t" : "b",
            "m" => i.Flag(6) ? "t" : "b",
            "x" => i.Flag(5) ? "x" : "",
            "r" => i.Flag(5) ? "r" : "",
            "b" => i.Flag(22) ? "b" : "",
            "crc" => i.Field(21, 2) switch { 0 => "b", 1 => "h", _ => "w" },
            "parallel" => s_parallel[i.Field(5, 3)],
            "mode4" => i.Field(23, 2) switch { 0 => "da", 1 => "ia", 2 => "db", _ => "ib" },
            "i" => Sized("i", i.Field(20, 2)),
            "su" => Sized(i.Flag(24) ? "u" : "s", i.Field(20, 2)),
            "size" => (8 << i.Field(20, 2)).ToString(CultureInfo.InvariantCulture),
            "size18" => (8 << i.Field(18, 2)).ToString(CultureInfo.InvariantCulture),
            "wide18" => (16 << i.Field(18, 2)).ToString(CultureInfo.InvariantCulture),
            "wide" => (16 << i.Field(20, 2)).ToString(CultureInfo.InvariantCulture),
            "u" => i.Flag(24) ? "u" : "s",
            "u7" => i.Flag(7) ? "u" : "s",
            "imm" => (8 << int.Log2(i.Field(19, 3) | (i.Flag(7) ? 8 : 0) | (i.Field(19, 3) == 0 && !i.Flag(7) ? 1 : 0))).ToString(CultureInfo.InvariantCulture),
            "immw" => (16 << int.Log2(Math.Max(1, i.Field(19, 3)))).ToString(CultureInfo.InvariantCulture),
            "f20" => i.Flag(20) ? "f16" : "f32",
            "c20" => i.Flag(20) ? "f32" : "f16",
            "c23" => i.Flag(23) ? "f32" : "f16",
            "f21" => i.Field(20, 2) == 1 ? "f16" : "f32",
            "f18" => i.Field(18, 2) == 1 ? "f16" : "f32",
            "w18" => i.Field(18, 2) == 1 ? "16" : "32",
            "i7" => i.Flag(7) ? "u" : "s",
            "table" => i.Flag(6) ? "x" : "l",
            "dot" => i.Flag(4) ? "u" : "s",
            "dup" => (8 << int.TrailingZeroCount(i.Field(16, 4))).ToString(CultureInfo.InvariantCulture),
            "dupcore" => i.Flag(22) ? "8" : i.Flag(5) ? "16" : "32",
            "lane" => LaneType(i),
            "vshll" => (i.Field(16, 6) & 7) == 0 && int.PopCount(i.Field(16, 6)) == 1 ? "vmovl" : "vshll",
            "multiple" => i.Field(8, 4) switch { 7 or 10 or 6 or 2 => "1", 8 or 9 or 3 => "2", 4 or 5 => "3", _ => "4" },
            "single" => (i.Field(8, 2) + 1).ToString(CultureInfo.InvariantCulture),
            "size6" => i.Field(23, 1) != 0 && i.Field(6, 2) == 3 ? "32" : (8 << i.Field(6, 2)).ToString(CultureInfo.InvariantCulture),
            "size10" => (8 << i.Field(10, 2)).ToString(CultureInfo.InvariantCulture),
            "vsel" => i.Field(20, 2) switch { 0 => "eq", 1 => "vs", 2 => "ge", _ => "gt" },
            "t" => i.Flag(7) ? "t" : "b",
            "s7" => i.Flag(7) ? "s" : "u",
            "s16" => i.Flag(16) ? "s" : "u",
            "fixed" => (i.Flag(16) ? "u" : "s") + (i.Flag(7) ? "32" : "16"),
            "fp" => i.Field(8, 2) switch { 1 => "f16", 2 => "f32", _ => "f64" },
            "structure" => (i.Field(8, 2) + 1).ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        text.Append(part);
        return part is not null;
    }

    private static string LaneType(A32Word i)
    {
        string sign = i.Flag(20) ? i.Flag(23) ? "u" : "s" : "";
        return i.Flag(22) ? sign + "8" : i.Flag(5) ? sign + "16" : "32";
    }

    private static string Sized(string prefix, int size) => prefix + (8 << size).ToString(CultureInfo.InvariantCulture);
}
