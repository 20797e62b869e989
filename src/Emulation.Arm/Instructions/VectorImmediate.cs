using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Vector constants. Arm DDI 0487, C4.1.96 "Advanced SIMD modified immediate"; J1.1 AdvSIMDExpandImm.</summary>
[Extension("AdvSIMD")]
internal static class VectorImmediate
{
    [Encoding("0 q 0 0111100000 abc 0..0 01 defgh rd", "movi")]
    [Encoding("0 q 0 0111100000 abc 10.0 01 defgh rd", "movi")]
    [Encoding("0 q 0 0111100000 abc 110. 01 defgh rd", "movi")]
    [Encoding("0 q . 0111100000 abc 1110 01 defgh rd", "movi")]
    [Encoding("0 q 0 0111100000 abc 1111 01 defgh rd", "fmov")]
    [Encoding("0 1 1 0111100000 abc 1111 01 defgh rd", "fmov")]
    public static void Movi(A64Emitter e, A64Word i) => Set(e, i, Expand(i));

    [Encoding("0 q 1 0111100000 abc 0..0 01 defgh rd", "mvni")]
    [Encoding("0 q 1 0111100000 abc 10.0 01 defgh rd", "mvni")]
    [Encoding("0 q 1 0111100000 abc 110. 01 defgh rd", "mvni")]
    public static void Mvni(A64Emitter e, A64Word i) => Set(e, i, ~Expand(i));

    [Encoding("0 q 0 0111100000 abc 0..1 01 defgh rd", "orr")]
    [Encoding("0 q 0 0111100000 abc 10.1 01 defgh rd", "orr")]
    public static void OrrImmediate(A64Emitter e, A64Word i)
    {
        ulong value = Expand(i);
        e.SetLanes(i, e.Ir.Vector(IrOp.VOr, e.V(i.Rd), e.Ir.VectorConst(value, value)));
    }

    [Encoding("0 q 1 0111100000 abc 0..1 01 defgh rd", "bic")]
    [Encoding("0 q 1 0111100000 abc 10.1 01 defgh rd", "bic")]
    public static void BicImmediate(A64Emitter e, A64Word i)
    {
        ulong value = Expand(i);
        e.SetLanes(i, e.Ir.Vector(IrOp.VAndNot, e.V(i.Rd), e.Ir.VectorConst(value, value)));
    }

    [Encoding("0 q 0 0111100000 abc 1111 11 defgh rd", "fmov", Requires = "FP16")]
    public static void FmovHalves(A64Emitter e, A64Word i) => Set(e, i, 0x0001_0001_0001_0001UL * A64Emitter.ExpandImmediate(FpFormat.Half, Immediate(i)));

    private static int Immediate(A64Word i) => (i.Field(16, 3) << 5) | i.Field(5, 5);

    private static void Set(A64Emitter e, A64Word i, ulong value) => e.SetV(i.Rd, e.Ir.VectorConst(value, i.Q ? value : 0));

    private static ulong Expand(A64Word i) => Expand(i.Field(12, 4), i.U, Immediate(i));

    /// <summary>AdvSIMDExpandImm.</summary>
    public static ulong Expand(int cmode, bool op, int imm8)
    {
        const ulong Words = 0x0000_0001_0000_0001, Halves = 0x0001_0001_0001_0001, Bytes = 0x0101_0101_0101_0101;
        ulong imm = (ulong)imm8;
        switch (cmode >> 1)
        {
            case < 4:
                return Words * (imm << (8 * (cmode >> 1)));
            case 4 or 5:
                return Halves * (imm << (8 * ((cmode >> 1) & 1)));
            case 6:
                return Words * ((cmode & 1) == 0 ? (imm << 8) | 0xff : (imm << 16) | 0xffff);
            default:
                if (cmode == 15)
                    return op ? A64Emitter.ExpandImmediate(FpFormat.Double, (int)imm) : Words * A64Emitter.ExpandImmediate(FpFormat.Single, (int)imm);
                if (!op)
                    return Bytes * imm;
                ulong mask = 0;
                for (int bit = 0; bit < 8; bit++)
                    mask |= ((imm >> bit) & 1) * (0xffUL << (8 * bit));
                return mask;
        }
    }
}
