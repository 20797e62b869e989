namespace Emulation.Boards.Tests.RiscV;

/// <summary>Instructions as words.</summary>
internal static class Words
{
    public const uint Spin = 0x6f;

    /// <summary>Five words that end the machine through its finisher.</summary>
    public static uint[] PowerOff => [Lui(20, 0x10_0000), Lui(21, 0x5000), Addi(21, 21, 0x555), Sw(21, 20, 0), Spin];

    public static uint Lui(uint rd, uint value) => (value & 0xffff_f000) | (rd << 7) | 0x37;

    public static uint Auipc(uint rd, uint value) => (value & 0xffff_f000) | (rd << 7) | 0x17;

    public static uint Addi(uint rd, uint rs1, int value) => ((uint)value << 20) | (rs1 << 15) | (rd << 7) | 0x13;

    public static uint Add(uint rd, uint rs1, uint rs2) => (rs2 << 20) | (rs1 << 15) | (rd << 7) | 0x33;

    public static uint Slli(uint rd, uint rs1, uint count) => (count << 20) | (rs1 << 15) | (1u << 12) | (rd << 7) | 0x13;

    public static uint Ld(uint rd, uint rs1, uint offset) => (offset << 20) | (rs1 << 15) | (3u << 12) | (rd << 7) | 0x03;

    public static uint Sd(uint rs2, uint rs1, uint offset) => Store(rs2, rs1, offset, 3);

    public static uint Sw(uint rs2, uint rs1, uint offset) => Store(rs2, rs1, offset, 2);

    public static uint AmoSwap(uint rd, uint rs2, uint rs1) => (1u << 27) | (rs2 << 20) | (rs1 << 15) | (3u << 12) | (rd << 7) | 0x2f;

    public static uint AmoAdd(uint rd, uint rs2, uint rs1) => (rs2 << 20) | (rs1 << 15) | (3u << 12) | (rd << 7) | 0x2f;

    public static uint ReadTime(uint rd) => 0xc010_2073 | (rd << 7);

    /// <summary>A conditional branch: kind 0 = equal, 1 = not equal, 6 = less, unsigned.</summary>
    public static uint Branch(uint kind, uint rs1, uint rs2, int offset)
    {
        var o = (uint)offset;
        return (((o >> 12) & 1) << 31) | (((o >> 5) & 0x3f) << 25) | (rs2 << 20) | (rs1 << 15) | (kind << 12) | (((o >> 1) & 15) << 8) | (((o >> 11) & 1) << 7) | 0x63;
    }

    private static uint Store(uint rs2, uint rs1, uint offset, uint width)
        => ((offset >> 5) << 25) | (rs2 << 20) | (rs1 << 15) | (width << 12) | ((offset & 31) << 7) | 0x23;
}
