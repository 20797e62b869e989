using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions;

/// <summary>Instructions that raise exceptions. Arm DDI 0487, C4.1.93 "Exception generation". HVC, SMC and DCPS belong to the system level.</summary>
[Extension("Base")]
internal static class ExceptionGeneration
{
    [Encoding("11010100 000 imm16 00001", "svc")]
    public static void Svc(A64Emitter e, A64Word i) => e.RaiseAndEnd(ArmException.Svc64, i.Imm16);

    [Encoding("11010100 001 imm16 00000", "brk")]
    public static void Brk(A64Emitter e, A64Word i) => e.RaiseAndEnd(ArmException.Breakpoint, i.Imm16);

    // permanently undefined: the listing knows it, execution does not
    [Encoding("0000000000000000 imm16", "udf")]
    public static void Udf(A64Emitter e, A64Word i) => e.RaiseAndEnd(ArmException.Unknown, 0);
}
