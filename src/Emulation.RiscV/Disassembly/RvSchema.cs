using System.Globalization;
using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.RiscV;

/// <summary>Fields and operands of RISC-V encodings; syntax as the GNU assembler writes it without aliases.</summary>
internal abstract class RvSchema : EncodingSchema
{
    private static readonly string[] s_x =
    [
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    ];

    private static readonly string[] s_f =
    [
        "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5",
        "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
    ];

    /// <inheritdoc/>
    public override int FeatureIndex(string feature)
        => feature is "RV32" ? (int)RiscVExtension.RV32
            : feature is "RV64" ? (int)RiscVExtension.RV64
            : RiscVIsaNames.TryFind(feature, out RiscVExtension extension) ? (int)extension : -1;

    /// <inheritdoc/>
    public override bool CanExist(in FeatureSet features)
    {
        bool rv32 = features.Has((int)RiscVExtension.RV32), rv64 = features.Has((int)RiscVExtension.RV64);
        return !(rv32 && rv64) && !(rv64 && features.Has((int)RiscVExtension.Zcf));
    }

    /// <summary>ABI name of an integer register.</summary>
    /// <param name="r">0 to 31.</param>
    protected static string X(int r) => s_x[r];

    /// <summary>ABI name of a floating-point register.</summary>
    /// <param name="r">0 to 31.</param>
    protected static string F(int r) => s_f[r];

    /// <summary>A number in hexadecimal.</summary>
    /// <param name="value">The number.</param>
    protected static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>A number in decimal.</summary>
    /// <param name="value">The number.</param>
    protected static string Dec(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Address of a branch target.</summary>
    /// <param name="pc">Address of the instruction.</param>
    /// <param name="offset">Target minus that.</param>
    /// <param name="features">What the CPU has.</param>
    protected static string Target(ulong pc, int offset, in FeatureSet features)
    {
        ulong target = pc + (ulong)(long)offset;
        return Hex(features.Has((int)RiscVExtension.RV32) ? (uint)target : target);
    }

    /// <summary>Appends text when there is some.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="operand">The text; null when there is no such operand.</param>
    protected static bool Append(StringBuilder text, string? operand)
    {
        text.Append(operand);
        return operand is not null;
    }
}
