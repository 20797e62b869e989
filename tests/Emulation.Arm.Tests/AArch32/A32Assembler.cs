namespace Emulation.Arm.Tests.AArch32;

/// <summary>The few A32 words that generated programs need besides random ones.</summary>
internal static class A32Assembler
{
    public const uint Svc = 0xef00_0000;

    public static uint Movw(int rd, uint value) => 0xe300_0000u | ((value >> 12 & 15) << 16) | ((uint)rd << 12) | (value & 0xfff);

    public static uint Movt(int rd, uint value) => 0xe340_0000u | ((value >> 28) << 16) | ((uint)rd << 12) | (value >> 16 & 0xfff);

    public static uint Ldr(int rt, int rn, int offset) => 0xe590_0000u | ((uint)rn << 16) | ((uint)rt << 12) | (uint)offset;

    public static uint Str(int rt, int rn, int offset) => 0xe580_0000u | ((uint)rn << 16) | ((uint)rt << 12) | (uint)offset;

    public static uint Add(int rd, int rn, int rm) => 0xe080_0000u | ((uint)rn << 16) | ((uint)rd << 12) | (uint)rm;

    /// <summary>With eight bits rotated right by twice a number.</summary>
    public static uint AddImmediate(int rd, int rn, uint imm8, int rotation) => 0xe280_0000u | ((uint)rn << 16) | ((uint)rd << 12) | ((uint)rotation << 8) | imm8;

    /// <summary>With eight bits rotated right by twice a number.</summary>
    public static uint AndImmediate(int rd, int rn, uint imm8, int rotation) => 0xe200_0000u | ((uint)rn << 16) | ((uint)rd << 12) | ((uint)rotation << 8) | imm8;

    public static uint Mov(int rd, int rm) => 0xe1a0_0000u | ((uint)rd << 12) | (uint)rm;

    public static uint MsrFlags(int rn) => 0xe12c_f000u | (uint)rn;

    public static uint MrsCpsr(int rd) => 0xe10f_0000u | ((uint)rd << 12);

    public static uint Vmsr(int rt) => 0xeee1_0a10u | ((uint)rt << 12);

    public static uint Vmrs(int rt) => 0xeef1_0a10u | ((uint)rt << 12);

    /// <summary>VADD.F64 of a register to itself.</summary>
    public static uint VaddD(int d)
    {
        uint high = (uint)d >> 4, low = (uint)d & 15;
        return 0xee30_0b00u | (high << 22) | (low << 16) | (low << 12) | (high << 7) | (high << 5) | low;
    }

    public static uint Vldr(int d, int rn, int offset) => 0xed90_0b00u | ((uint)(d >> 4) << 22) | ((uint)rn << 16) | ((uint)(d & 15) << 12) | (uint)(offset / 4);

    public static uint Vstr(int d, int rn, int offset) => 0xed80_0b00u | ((uint)(d >> 4) << 22) | ((uint)rn << 16) | ((uint)(d & 15) << 12) | (uint)(offset / 4);
}
