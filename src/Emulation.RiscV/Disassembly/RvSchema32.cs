using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.RiscV;

/// <summary>32-bit encodings.</summary>
internal sealed class RvSchema32 : RvSchema
{
    /// <inheritdoc/>
    public override int WordBits => 32;

    /// <inheritdoc/>
    public override uint KeyMask => 0xe000_707c;

    /// <inheritdoc/>
    public override int FieldWidth(string field) => field switch
    {
        "rd" or "rs1" or "rs2" or "rs3" or "zimm" => 5,
        "rm" => 3,
        "csr" => 12,
        "aqrl" => 2,
        _ => 0,
    };

    /// <inheritdoc/>
    public override bool TryFormat(StringBuilder text, string operand, uint word, ulong pc, in FeatureSet features)
    {
        var i = new RvWord(word);
        return Append(text, operand switch
        {
            "rd" => X(i.Rd),
            "rs1" => X(i.Rs1),
            "rs2" => X(i.Rs2),
            "fd" => F(i.Rd),
            "fs1" => F(i.Rs1),
            "fs2" => F(i.Rs2),
            "fs3" => F(i.Rs3),
            "immi" => Dec(i.ImmI),
            "imms" => Dec(i.ImmS),
            "immprefetch" => Dec(i.ImmS & ~31),
            "immu" => Hex((uint)i.ImmU >> 12),
            "branch" => Target(pc, i.ImmB, features),
            "jump" => Target(pc, i.ImmJ, features),
            "shamt" => Hex((ulong)i.Shamt),
            "shamt5" => Hex((ulong)i.Shamt5),
            "csr" => CsrNames.Name(i.Csr),
            "zimm" => Dec(i.Zimm),
            "pred" => FenceSet(i.Pred),
            "succ" => FenceSet(i.Succ),
            "aqrl" => (i.Aq, i.Rl) switch { (false, false) => "", (true, false) => ".aq", (false, true) => ".rl", (true, true) => ".aqrl" },
            ",rm" => RoundingMode(i.Rm),
            ",rmexact" => i.Rm == 0 ? "" : i.Rm == 7 ? ",dyn" : RoundingMode(i.Rm),
            "bs" => Hex(i.Bits >> 30),
            "rnum" => Hex((ulong)i.Rs2 & 15),
            "fli" => FloatImmediate.Name(i.Rs1),
            "mop.r" => Dec((int)(((i.Bits >> 30) & 1) << 4 | ((i.Bits >> 26) & 3) << 2 | ((i.Bits >> 20) & 3))),
            "mop.rr" => Dec((int)(((i.Bits >> 30) & 1) << 2 | ((i.Bits >> 26) & 3))),
            _ => null,
        });
    }

    private static string FenceSet(int set)
    {
        string text = "";
        for (int i = 3; i >= 0; i--)
        {
            if ((set & (1 << i)) != 0)
                text += "wroi"[i];
        }

        return text.Length == 0 ? "unknown" : text;
    }

    // dynamic rounding goes without saying
    private static string RoundingMode(int rm) => rm switch
    {
        0 => ",rne",
        1 => ",rtz",
        2 => ",rdn",
        3 => ",rup",
        4 => ",rmm",
        7 => "",
        _ => ",unknown",
    };
}
