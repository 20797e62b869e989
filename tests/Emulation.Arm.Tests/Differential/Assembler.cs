namespace Emulation.Arm.Tests.Differential;

/// <summary>The words that generated programs need besides random ones.</summary>
internal static class Assembler
{
    public const uint Svc = 0xd400_0001;

    public static uint Movz(int rd, ulong imm, int half = 0) => 0xd280_0000u | ((uint)half << 21) | ((uint)(imm & 0xffff) << 5) | (uint)rd;

    public static uint Movk(int rd, ulong imm, int half) => 0xf280_0000u | ((uint)half << 21) | ((uint)(imm & 0xffff) << 5) | (uint)rd;

    public static uint LdrX(int rt, int rn, int offset) => 0xf940_0000u | Operands(rt, rn) | ((uint)(offset / 8) << 10);

    public static uint StrX(int rt, int rn, int offset) => 0xf900_0000u | Operands(rt, rn) | ((uint)(offset / 8) << 10);

    public static uint LdrQ(int rt, int rn, int offset) => 0x3dc0_0000u | Operands(rt, rn) | ((uint)(offset / 16) << 10);

    public static uint FaddD(int rd, int rn, int rm) => 0x1e60_2800u | Operands(rd, rn) | ((uint)rm << 16);

    public static uint StrQ(int rt, int rn, int offset) => 0x3d80_0000u | Operands(rt, rn) | ((uint)(offset / 16) << 10);

    public static uint AddX(int rd, int rn, int rm) => 0x8b00_0000u | Operands(rd, rn) | ((uint)rm << 16);

    public static uint AddImm(int rd, int rn, int imm) => 0x9100_0000u | Operands(rd, rn) | ((uint)imm << 10);

    /// <summary>rd = rn and (2^ones - 1) shifted left.</summary>
    public static uint AndMask(int rd, int rn, int ones, int shift)
        => 0x9240_0000u | Operands(rd, rn) | ((uint)((64 - shift) & 63) << 16) | ((uint)(ones - 1) << 10);

    public static uint MsrFpcr(int rt) => 0xd51b_4400u | (uint)rt;

    public static uint MsrFpsr(int rt) => 0xd51b_4420u | (uint)rt;

    public static uint MrsFpsr(int rt) => 0xd53b_4420u | (uint)rt;

    public static uint MrsNzcv(int rt) => 0xd53b_4200u | (uint)rt;

    public static uint MsrNzcv(int rt) => 0xd51b_4200u | (uint)rt;

    private static uint Operands(int rd, int rn) => (uint)rd | ((uint)rn << 5);
}
