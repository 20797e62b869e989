namespace Emulation.RiscV.Tests.Privileged;

/// <summary>Instructions as words.</summary>
internal static class Words
{
    public const uint Nop = 0x13, Wfi = 0x1050_0073, Ecall = 0x73, Ebreak = 0x0010_0073, Mret = 0x3020_0073, Sret = 0x1020_0073, Spin = 0x6f;

    public static uint Lui(uint rd, uint value) => (value & 0xffff_f000) | (rd << 7) | 0x37;

    public static uint Addi(uint rd, uint rs1, int value) => ((uint)value << 20) | (rs1 << 15) | (rd << 7) | 0x13;

    public static uint Csrrw(uint rd, int csr, uint rs1) => ((uint)csr << 20) | (rs1 << 15) | (1u << 12) | (rd << 7) | 0x73;

    public static uint Csrrs(uint rd, int csr, uint rs1) => ((uint)csr << 20) | (rs1 << 15) | (2u << 12) | (rd << 7) | 0x73;

    public static uint Csrrc(uint rd, int csr, uint rs1) => ((uint)csr << 20) | (rs1 << 15) | (3u << 12) | (rd << 7) | 0x73;

    public static uint Csrrsi(uint rd, int csr, uint zimm) => ((uint)csr << 20) | (zimm << 15) | (6u << 12) | (rd << 7) | 0x73;

    public static uint Add(uint rd, uint rs1, uint rs2) => (rs2 << 20) | (rs1 << 15) | (rd << 7) | 0x33;

    public static uint And(uint rd, uint rs1, uint rs2) => (rs2 << 20) | (rs1 << 15) | (7u << 12) | (rd << 7) | 0x33;

    public static uint Store(uint rs1) => Word(rs1, 0);

    public static uint Word(uint rs1, uint rs2) => (rs2 << 20) | (rs1 << 15) | (2u << 12) | 0x23;

    public static uint Sd(uint rs1, uint rs2, uint offset) => (rs2 << 20) | (rs1 << 15) | (3u << 12) | (offset << 7) | 0x23;

    public static uint Ld(uint rd, uint rs1) => (rs1 << 15) | (3u << 12) | (rd << 7) | 0x03;

    public static uint Jump(int offset) => Field(offset, 20, 1, 31) | Field(offset, 1, 10, 21) | Field(offset, 11, 1, 20) | Field(offset, 12, 8, 12) | 0x6f;

    public static uint Bne(uint rs1, uint rs2, int offset)
        => Field(offset, 12, 1, 31) | Field(offset, 5, 6, 25) | (rs2 << 20) | (rs1 << 15) | (1u << 12) | Field(offset, 1, 4, 8) | Field(offset, 11, 1, 7) | 0x63;

    public static uint SfenceVma(uint rs1, uint rs2) => 0x1200_0073 | (rs1 << 15) | (rs2 << 20);

    public static uint SinvalVma(uint rs1, uint rs2) => 0x1600_0073 | (rs1 << 15) | (rs2 << 20);

    private static uint Field(int value, int low, int bits, int at) => (((uint)value >> low) & ((1u << bits) - 1)) << at;
}
