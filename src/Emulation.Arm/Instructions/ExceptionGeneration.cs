using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Instructions that raise exceptions. Arm DDI 0487, C4.1.93 "Exception generation". DCPS is UNDEFINED outside Debug state.</summary>
[Extension("Base")]
internal static class ExceptionGeneration
{
    [Encoding("11010100 000 imm16 00001", "svc")]
    public static void Svc(A64Emitter e, A64Word i) => e.RaiseAndEnd(ArmException.Svc64, i.Imm16);

    [Encoding("11010100 000 imm16 00010", "hvc")]
    public static void Hvc(A64Emitter e, A64Word i) => Call(e, ArmException.Hvc64, i.Imm16);

    [Encoding("11010100 000 imm16 00011", "smc")]
    public static void Smc(A64Emitter e, A64Word i) => Call(e, ArmException.Smc64, i.Imm16);

    // outside Debug state a call of semihosting or UNDEFINED
    [Encoding("11010100 010 imm16 00000", "hlt")]
    public static void Hlt(A64Emitter e, A64Word i)
    {
        const int Semihosting = 0xf000;
        e.RaiseAndEnd(i.Imm16 == Semihosting ? ArmException.Semihosting : ArmException.Unknown, 0);
    }

    [Encoding("1101011 0100 11111 000000 11111 00000", "eret")]
    public static void Eret(A64Emitter e, A64Word i)
    {
        if (e.Level == 0)
            e.RaiseAndEnd(ArmException.Unknown, 0);
        else
            Return(e, Link(e));
    }

    [Encoding("1101011 0100 11111 00001 m 11111 11111", "ereta{ab}", Requires = "PAuth")]
    public static void Ereta(A64Emitter e, A64Word i)
    {
        if (e.Level == 0)
            e.RaiseAndEnd(ArmException.Unknown, 0);
        else
            Return(e, e.Ir.Call(PointerHelpers.Authenticate, Link(e), e.RSp(true, A64Emitter.R31), e.Word(i.Field(10, 1) | PointerHelpers.Combined)));
    }

    [Encoding("11010100 001 imm16 00000", "brk")]
    public static void Brk(A64Emitter e, A64Word i) => e.RaiseAndEnd(ArmException.Breakpoint, i.Imm16);

    // permanently undefined: the listing knows it, execution does not
    [Encoding("0000000000000000 imm16", "udf")]
    public static void Udf(A64Emitter e, A64Word i) => e.RaiseAndEnd(ArmException.Unknown, 0);

    private static IrValue Link(A64Emitter e) => e.Ir.Get(e.Registers.System[(int)SystemSlot.ElrEl1 + e.Level - 1]);

    // the return brings a BTYPE: that of this instruction goes before
    private static void Return(A64Emitter e, IrValue address)
    {
        e.LeaveBranchTarget();
        e.JumpIndirect(e.Ir.Call(SystemHelpers.ReturnFromException, address));
    }

    private static void Call(A64Emitter e, int exceptionClass, int immediate)
        => e.RaiseAndEnd(e.Level == 0 ? ArmException.Unknown : exceptionClass, e.Level == 0 ? 0 : immediate);
}
