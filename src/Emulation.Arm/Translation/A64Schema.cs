using System.Globalization;
using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>What the decode kit must know of A64. Fields have the names of the manual.</summary>
internal sealed class A64Schema : EncodingSchema
{
    private static readonly Dictionary<string, int> s_fields = new()
    {
        ["sf"] = 1, ["rd"] = 5, ["rn"] = 5, ["rm"] = 5, ["ra"] = 5, ["rt"] = 5, ["rt2"] = 5, ["rs"] = 5,
        ["imm26"] = 26, ["imm19"] = 19, ["imm14"] = 14, ["imm16"] = 16, ["imm12"] = 12, ["imm9"] = 9, ["imm8"] = 8, ["imm7"] = 7,
        ["imm6"] = 6, ["imm5"] = 5, ["imm4"] = 4, ["imm3"] = 3, ["immr"] = 6, ["imms"] = 6, ["immh"] = 4, ["immb"] = 3, ["immlo"] = 2,
        ["shift"] = 2, ["sh"] = 1, ["option"] = 3, ["s"] = 1, ["cond"] = 4, ["nzcv"] = 4, ["hw"] = 2, ["n"] = 1, ["size"] = 2,
        ["q"] = 1, ["u"] = 1, ["a"] = 1, ["r"] = 1, ["l"] = 1, ["m"] = 1, ["h"] = 1, ["sz"] = 1, ["type"] = 2, ["scale"] = 6, ["crm"] = 4,
        ["b5"] = 1, ["b40"] = 5, ["rmode"] = 2, ["abc"] = 3, ["defgh"] = 5, ["cmode"] = 4,
    };

    private static readonly string[] s_conditions = ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"];

    /// <inheritdoc/>
    public override int WordBits => 32;

    /// <inheritdoc/>
    public override uint KeyMask => 0xffe0_0c00;

    /// <inheritdoc/>
    public override int FieldWidth(string field) => s_fields.GetValueOrDefault(field);

    /// <inheritdoc/>
    public override int FeatureIndex(string feature) => Enum.TryParse(feature, out ArmFeature value) ? (int)value : -1;

    /// <inheritdoc/>
    public override bool TryFormat(StringBuilder text, string operand, uint word, ulong pc, in FeatureSet features)
    {
        var i = new A64Word(word);
        string? part = operand switch
        {
            "2" => i.Q ? "2" : "",
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
