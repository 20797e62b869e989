using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>What the decode kit must know of T32 instructions of one length. 32-bit words have their first halfword above.</summary>
/// <param name="bits">16 or 32.</param>
internal sealed class T32Schema(int bits) : EncodingSchema
{
    // by width
    private static readonly string[][] s_names =
    [
        [],
        ["s", "p", "u", "w", "h", "m", "n", "x", "r", "sh", "i", "dn", "op", "j1", "j2", "e", "im", "rl"],
        ["imm2", "type", "rot", "sz", "imod"],
        ["imm3", "d3", "n3", "m3", "t3", "h3", "aif", "op3"],
        ["rn", "rd", "rt", "rt2", "rm", "ra", "rdlo", "rdhi", "imm4", "cond", "mask", "m1", "m4", "opt", "firstcond", "mask4", "hint"],
        ["imm5", "mode", "widthm1"],
        ["imm6"],
        ["imm7"],
        ["imm8", "list8"],
        [],
        ["imm10"],
        ["imm11"],
        ["imm12"],
        ["list13"],
        [],
        [],
        ["list"],
    ];

    private static readonly string[] s_conditions = ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"];

    private static readonly string[] s_parallel = ["add8", "add16", "asx", "", "sub8", "sub16", "sax", ""];

    /// <inheritdoc/>
    public override int WordBits { get; } = bits;

    /// <inheritdoc/>
    public override uint KeyMask => WordBits == 16 ? 0xffc0u : 0x1ff0_80f0;

    /// <inheritdoc/>
    public override int FieldWidth(string field) => Math.Max(0, Array.FindIndex(s_names, n => Array.IndexOf(n, field) >= 0));

    /// <inheritdoc/>
    public override int FeatureIndex(string feature) => Enum.TryParse(feature, out ArmFeature value) ? (int)value : -1;

    /// <inheritdoc/>
    public override bool TryFormat(StringBuilder text, string operand, uint word, ulong pc, in FeatureSet features)
    {
        var i = new T32Word(word);
        string? part = operand switch
        {
            "s" => i.S ? "s" : "",
            "c8" => s_conditions[i.Field(8, 4)],
            "c22" => s_conditions[i.Field(22, 4)],
            "n" => i.Flag(5) ? "t" : "b",
            "m" => i.Flag(4) ? "t" : "b",
            "x" => i.Flag(4) ? "x" : "",
            "r" => i.Flag(4) ? "r" : "",
            "crc" => i.Field(4, 2) switch { 0 => "b", 1 => "h", _ => "w" },
            "parallel" => s_parallel[i.Field(20, 3)],
            "shift" => i.Field(21, 2) switch { 0 => "lsl", 1 => "lsr", 2 => "asr", _ => "ror" },
            "level" => i.Field(0, 2).ToString(System.Globalization.CultureInfo.InvariantCulture),
            "it" => ItSuffix(i.Field(0, 4), i.Field(4, 1)),
            _ => null,
        };
        text.Append(part);
        return part is not null;
    }

    // t where the condition's lowest bit is that of the first
    private static string ItSuffix(int mask, int first)
    {
        var text = new StringBuilder();
        for (int bit = 3; bit > 0 && (mask & ((1 << bit) - 1)) != 0; bit--)
            text.Append(((mask >> bit) & 1) == first ? 't' : 'e');
        return text.ToString();
    }
}
