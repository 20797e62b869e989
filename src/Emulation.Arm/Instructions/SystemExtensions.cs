using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Small extensions of the system instructions: waits with a time limit, random numbers, a barrier that leaves out accesses. Arm DDI 0487, C4.1.93.</summary>
[Extension("Base")]
internal static class SystemExtensions
{
    [Encoding("11010101000000110001 0000 000 rd", "wfet", Requires = "WFxT")]
    [Encoding("11010101000000110001 0000 001 rd", "wfit", Requires = "WFxT")]
    public static void WaitUntil(A64Emitter e, A64Word i)
    {
        WaitKind kind = i.Flag(5) ? WaitKind.InterruptUntil : WaitKind.EventUntil;
        e.Ir.Call(SystemHelpers.WaitUntil, e.Const((ulong)kind), e.Const((ulong)i.Rd), e.X(i.Rd));
        e.ContinueInRunLoop();
    }

    [Encoding("11010101000000110011 imm2:2 10 001 11111", "dsb", Requires = "XS")]
    public static void DsbNxs(A64Emitter e, A64Word i) => SystemInstructions.Dsb(e, i);

    // it never fails: Z is clear
    [Encoding("1101010100 1 11 011 0010 0100 000 rt", "mrs", Requires = "RNG")]
    [Encoding("1101010100 1 11 011 0010 0100 001 rt", "mrs", Requires = "RNG")]
    public static void ReadRandom(A64Emitter e, A64Word i)
    {
        e.SetX(i.Rt, e.Ir.Call(RandomHelpers.Next));
        e.SetFlags(e.Const(0), e.Const(1), e.Ir.Const(0, IrType.I1), e.Const(0));
    }
}
