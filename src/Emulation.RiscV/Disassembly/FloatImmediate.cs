namespace Emulation.RiscV;

/// <summary>The constants of FLI. RISC-V Unprivileged ISA, "Zfa", table of immediates.</summary>
internal static class FloatImmediate
{
    // exact in all formats but the last but one (2^16, infinite as a half) and the smallest normal, which differs by format
    private static readonly double[] s_values =
    [
        -1.0, 0, 1.0 / 65536, 1.0 / 32768, 1.0 / 256, 1.0 / 128, 0.0625, 0.125, 0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875,
        1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 8.0, 16.0, 128.0, 256.0, 32768.0, 65536.0, double.PositiveInfinity, double.NaN,
    ];

    private static readonly string[] s_names =
    [
        "-1.0", "min", "1.52587890625e-05", "3.0517578125e-05", "0.00390625", "0.0078125", "0.0625", "0.125",
        "0.25", "0.3125", "0.375", "0.4375", "0.5", "0.625", "0.75", "0.875",
        "1.0", "1.25", "1.5", "1.75", "2.0", "2.5", "3.0", "4.0", "8.0", "16.0", "128.0", "256.0", "32768.0", "65536.0", "inf", "nan",
    ];

    /// <summary>Text of a constant.</summary>
    /// <param name="index">0 to 31.</param>
    public static string Name(int index) => s_names[index];

    /// <summary>Bits of a constant as a double.</summary>
    /// <param name="index">0 to 31.</param>
    public static ulong Double(int index) => index switch
    {
        1 => 0x0010_0000_0000_0000,
        31 => 0x7ff8_0000_0000_0000,
        _ => BitConverter.DoubleToUInt64Bits(s_values[index]),
    };

    /// <summary>Bits of a constant as a single.</summary>
    /// <param name="index">0 to 31.</param>
    public static uint Single(int index) => index switch
    {
        1 => 0x0080_0000,
        31 => 0x7fc0_0000,
        _ => BitConverter.SingleToUInt32Bits((float)s_values[index]),
    };

    /// <summary>Bits of a constant as a half.</summary>
    /// <param name="index">0 to 31.</param>
    public static ushort Half(int index) => index switch
    {
        1 => 0x0400,
        31 => 0x7e00,
        _ => BitConverter.HalfToUInt16Bits((Half)s_values[index]),
    };
}
