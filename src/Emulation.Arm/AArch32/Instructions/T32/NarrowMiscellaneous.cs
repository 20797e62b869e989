using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Miscellaneous instructions of 16 bits. Arm DDI 0487, F3.1.6.</summary>
[Extension("AArch32")]
internal static class NarrowMiscellaneous
{
    [Encoding("10110010 00 m3 d3", "sxth", Requires = "V6")]
    [Encoding("10110010 01 m3 d3", "sxtb", Requires = "V6")]
    [Encoding("10110010 10 m3 d3", "uxth", Requires = "V6")]
    [Encoding("10110010 11 m3 d3", "uxtb", Requires = "V6")]
    public static void Extend(A32Emitter e, T32Word i) => e.Extend(i.D3, null, i.N3, 0, i.Flag(6) ? 8 : 16, !i.Flag(7));

    [Encoding("10111010 00 m3 d3", "rev", Requires = "V6")]
    public static void Rev(A32Emitter e, T32Word i) => e.SetR(i.D3, e.Ir.Unary(IrOp.ByteSwap, e.R(i.N3)));

    [Encoding("10111010 01 m3 d3", "rev16", Requires = "V6")]
    public static void Rev16(A32Emitter e, T32Word i) => e.SetR(i.D3, e.SwapNeighbours(e.R(i.N3), 8, 0x00ff00ff));

    [Encoding("10111010 11 m3 d3", "revsh", Requires = "V6")]
    public static void Revsh(A32Emitter e, T32Word i) => e.SetR(i.D3, e.ReverseSignedHalf(i.N3));

    [Encoding("10111010 10 imm6", "hlt")]
    public static void Hlt(A32Emitter e, T32Word i) => e.Halt(i.Field(0, 6) == 0x3c);

    [Encoding("10110110 010 1 e 000", "setend", Requires = "V6 AProfile")]
    public static void Setend(A32Emitter e, T32Word i) => e.SetEndian(i.Flag(3));

    [Encoding("10110110 000 1 e 000", "setpan", Requires = "PAN AProfile")]
    public static void Setpan(A32Emitter e, T32Word i) => e.SetPrivilegedNever(i.Flag(3));

    [Encoding("10110110 011 im 0 aif", "cps", Requires = "V6 AProfile")]
    public static void Cps(A32Emitter e, T32Word i) => e.ChangeState(2 | i.Field(4, 1), false, i.Field(0, 3), 0);

    [Encoding("10111111 hint 0000", "hint", Requires = "V6T2")]
    public static void Hint(A32Emitter e, T32Word i) => e.Hint(i.Field(4, 4));

    // a condition of "never" and a second "else" of "always" are UNPREDICTABLE: they execute as written, 15 as always
    [Encoding("10111111 firstcond mask4!=0", "it{it}", Requires = "V6T2")]
    public static void It(A32Emitter e, T32Word i) => e.StartIt(i.Imm8);

    [Encoding("11011110 imm8", "udf")]
    public static void Udf(A32Emitter e, T32Word i) => e.Undefined();

    [Encoding("11011111 imm8", "svc")]
    public static void Svc(A32Emitter e, T32Word i) => e.SupervisorCall(i.Imm8, i.Imm8 == 0xab);
}
