using System.Globalization;
using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>What the decode kit must know of A64. Fields have the names of the manual.</summary>
internal sealed class A64Schema : EncodingSchema
{
    // by width
    private static readonly string[][] s_names =
    [
        [],
        ["sf", "sh", "s", "n", "q", "u", "a", "r", "l", "m", "h", "sz", "b5"],
        ["immlo", "shift", "hw", "size", "type"],
        ["imm3", "option", "immb", "abc"],
        ["imm4", "cond", "nzcv", "immh", "crm", "cmode"],
        ["rd", "rn", "rm", "ra", "rt", "rt2", "rs", "imm5", "b40", "defgh"],
        ["imm6", "immr", "imms", "scale"],
        ["imm7"],
        ["imm8"],
        ["imm9"],
        [],
        [],
        ["imm12"],
        [],
        ["imm14"],
        [],
        ["imm16"],
        [],
        [],
        ["imm19"],
        [],
        [],
        [],
        [],
        [],
        [],
        ["imm26"],
    ];


    private static readonly string[] s_copyOptions = ["", "wt", "rt", "t", "wn", "wtwn", "rtwn", "twn", "rn", "wtrn", "rtrn", "trn", "n", "wtn", "rtn", "tn"];

    private static readonly string[] s_conditions = ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"];

    /// <inheritdoc/>
    public override int WordBits => 32;

    /// <inheritdoc/>
    public override uint KeyMask => 0xffe0_0c00;

    /// <inheritdoc/>
    public override int FieldWidth(string field) => Math.Max(0, Array.FindIndex(s_names, n => Array.IndexOf(n, field) >= 0));

    /// <inheritdoc/>
    public override int FeatureIndex(string feature) => Enum.TryParse(feature, out ArmFeature value) ? (int)value : -1;

    // T and N of settings, as of copies
    private static int SetOption(int options) => ((options & 1) != 0 ? 3 : 0) | ((options & 2) != 0 ? 12 : 0);

    /// <inheritdoc/>
    public override bool TryFormat(StringBuilder text, string operand, uint word, ulong pc, in FeatureSet features)
    {
        var i = new A64Word(word);
        string? part = operand switch
        {
            "2" => i.Q ? "2" : "",
            "ab" => i.Flag(i.Field(24, 8) == 0xf8 ? 23 : 10) ? "b" : "a",
            "f" => i.Flag(26) ? "" : "f",
            "options" => s_copyOptions[i.Field(22, 2) == 3 ? SetOption(i.Field(12, 2)) : i.Field(12, 4)],
            "bt" => i.Q ? "t" : "b",
            "ar" => (i.Flag(23) ? "a" : "") + (i.Flag(22) ? "l" : ""),
            "lr" => (i.Flag(22) ? "a" : "") + (i.Flag(15) ? "l" : ""),
            "bh" => i.Size switch { 0 => "b", 1 => "h", _ => "" },
            "bhw" => i.Size switch { 0 => "b", 1 => "h", _ => "w" },
            "crc" => "bhwx"[i.Field(10, 2)].ToString(),
            "cond" => s_conditions[i.Field(0, 4)],
            "structure" => (((i.Field(13, 1) << 1) | i.Field(21, 1)) + 1).ToString(CultureInfo.InvariantCulture) + (i.Field(14, 2) == 3 ? "r" : ""),
            _ => null,
        };
        text.Append(part);
        return part is not null;
    }
}
