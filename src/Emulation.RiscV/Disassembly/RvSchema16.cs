using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.RiscV;

/// <summary>16-bit encodings.</summary>
internal sealed class RvSchema16 : RvSchema
{
    /// <inheritdoc/>
    public override int WordBits => 16;

    /// <inheritdoc/>
    public override uint KeyMask => 0xfc03;

    /// <inheritdoc/>
    public override int FieldWidth(string field) => field switch
    {
        "rd" or "rs2" => 5,
        "rds" or "rs1s" or "rs2s" => 3,
        _ => 0,
    };

    /// <inheritdoc/>
    public override bool TryFormat(StringBuilder text, string operand, uint word, ulong pc, in FeatureSet features)
    {
        var i = new RvWord(word);
        return Append(text, operand switch
        {
            "rd" => X(i.CRd),
            "rs2" => X(i.CRs2),
            "rs1s" => X(i.CRs1Short),
            "rs2s" => X(i.CRs2Short),
            "fd" => F(i.CRd),
            "fs2" => F(i.CRs2),
            "fs2s" => F(i.CRs2Short),
            "imm" => Dec(i.CImm),
            "immlui" => Hex(((uint)i.CImmLui >> 12) & 0xfffff),
            "imm16sp" => Dec(i.CImm16Sp),
            "imm4spn" => Dec(i.CImm4Spn),
            "shamt" => Hex((ulong)i.CShamt),
            "immw" => Dec(i.CImmW),
            "immd" => Dec(i.CImmD),
            "immlwsp" => Dec(i.CImmLwsp),
            "immldsp" => Dec(i.CImmLdsp),
            "immswsp" => Dec(i.CImmSwsp),
            "immsdsp" => Dec(i.CImmSdsp),
            "immbyte" => Dec(i.CImmByte),
            "immhalf" => Dec(i.CImmHalf),
            "jump" => Target(pc, i.CImmJ, features),
            "branch" => Target(pc, i.CImmB, features),
            "mop" => Dec(i.CRd),
            _ => null,
        });
    }
}
