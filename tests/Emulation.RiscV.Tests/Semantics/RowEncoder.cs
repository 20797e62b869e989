using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Tests.Semantics;

/// <summary>Makes words of an encoding with the operands that data tests use: results in register 10, operands in 11, 12 and 13.</summary>
internal static class RowEncoder
{
    public const int Result = 10;

    public static (uint Word, EncodingRow Row) Encode(string mnemonic, RiscVIsa isa, int rm, int immediate)
    {
        foreach (EncodingRow row in RiscVTables.Table32.Rows)
        {
            if (row.Mnemonic.Split('{')[0] != mnemonic || !row.Requirement.IsMetBy(isa.Features))
                continue;
            uint word = row.Pattern.Value;
            foreach (EncodingField field in row.Pattern.Fields)
            {
                int value = field.Name switch
                {
                    "rd" => Result,
                    "rs1" => 11,
                    "rs2" => 12,
                    "rs3" => 13,
                    "rm" => rm,
                    "shamt" or "rnum" or "bs" => immediate,
                    "imm" => immediate,
                    _ => 0,
                };
                word |= ((uint)value & ((1u << field.Width) - 1)) << field.Shift;
            }

            return (word, row);
        }

        throw new ArgumentException($"no encoding of '{mnemonic}' in {isa}", nameof(mnemonic));
    }
}
