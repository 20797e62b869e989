using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Status registers, hints, barriers, calls. Arm DDI 0487, F3.1.12 "Branches and miscellaneous control".</summary>
[Extension("V6T2")]
internal static class WideSystem
{
    [Encoding("11110011 100 r rn 1000 mask 0000 0000", "msr", Requires = "AProfile")]
    public static void Msr(A32Emitter e, T32Word i) => e.WriteStatus(i.Flag(20), i.Field(8, 4), e.R(i.Rn));

    [Encoding("11110011 111 0 1111 1000 rd 0000 0000", "mrs", Requires = "AProfile")]
    public static void MrsCpsr(A32Emitter e, T32Word i) => e.SetR(i.Rd, e.ReadCpsr());

    [Encoding("11110011 111 1 1111 1000 rd 0000 0000", "mrs", Requires = "AProfile")]
    public static void MrsSpsr(A32Emitter e, T32Word i)
    {
        if (e.TrySpsr(out IR.RegisterSlot? slot))
            e.SetR(i.Rd, e.Ir.Get(slot));
    }

    [Encoding("11110011 111 r m1 1000 rd 001 m 0000", "mrs", Requires = "AProfile Virtualization")]
    public static void MrsBanked(A32Emitter e, T32Word i) => e.ReadBanked(i.Rd, i.Flag(20), (i.Field(4, 1) << 4) | i.Field(16, 4));

    [Encoding("11110011 100 r rn 1000 m1 001 m 0000", "msr", Requires = "AProfile Virtualization")]
    public static void MsrBanked(A32Emitter e, T32Word i) => e.WriteBanked(i.Rn, i.Flag(20), (i.Field(4, 1) << 4) | i.Field(8, 4));

    [Encoding("11110011 1010 1111 1000 0 000 imm8", "hint")]
    public static void Hint(A32Emitter e, T32Word i) => e.Hint(i.Imm8);

    [Encoding("11110011 1010 1111 1000 0 imod!=0,1 0 aif mode", "cps", Requires = "AProfile")]
    [Encoding("11110011 1010 1111 1000 0 imod!=1 1 aif mode", "cps", Requires = "AProfile")]
    public static void Cps(A32Emitter e, T32Word i) => e.ChangeState(i.Field(9, 2), i.Flag(8), i.Field(5, 3), i.Field(0, 5));

    [Encoding("11110011 1011 1111 1000 1111 0010 1111", "clrex")]
    public static void Clrex(A32Emitter e, T32Word i) => e.Ir.Call(SystemHelpers.Clrex);

    [Encoding("11110011 1011 1111 1000 1111 0100 opt", "dsb")]
    public static void Dsb(A32Emitter e, T32Word i) => e.SynchronizationBarrier();

    [Encoding("11110011 1011 1111 1000 1111 0101 opt", "dmb")]
    public static void Dmb(A32Emitter e, T32Word i)
        => e.Ir.Fence(i.Field(0, 2) switch { 1 => IrFence.Acquire, 2 => IrFence.Release, _ => IrFence.Full });

    [Encoding("11110011 1011 1111 1000 1111 0110 opt", "isb")]
    public static void Isb(A32Emitter e, T32Word i) => e.InstructionBarrier();

    [Encoding("11110011 1011 1111 1000 1111 0111 0000", "sb", Requires = "SB")]
    public static void Sb(A32Emitter e, T32Word i) => e.Ir.Fence();

    [Encoding("11110011 1100 rn 1000 1111 0000 0000", "bxj", Requires = "AProfile V5TEJ")]
    public static void Bxj(A32Emitter e, T32Word i) => e.BranchExchange(e.R(i.Rn));

    [Encoding("11110011 1101 1110 1000 1111 imm8", "subs", Requires = "AProfile")]
    public static void SubsPc(A32Emitter e, T32Word i)
    {
        if (i.Imm8 == 0)
            e.ReturnToLink();
        else
            e.ExceptionReturn(AluOp.Sub, A32Emitter.Lr, e.Constant((uint)i.Imm8));
    }

    [Encoding("11110111 1110 imm4 1000 imm12", "hvc", Requires = "AProfile Virtualization")]
    public static void Hvc(A32Emitter e, T32Word i) => e.HypervisorCall((i.Rn << 12) | i.Field(0, 12));

    [Encoding("11110111 1111 imm4 1000 0000 0000 0000", "smc", Requires = "AProfile Security")]
    public static void Smc(A32Emitter e, T32Word i) => e.SecureMonitorCall();

    // halting debug is not implemented: never in Debug state
    [Encoding("11110111 1000 1111 1000 0000 0000 00 imm2!=0", "dcps{level}", Requires = "V8")]
    public static void Dcps(A32Emitter e, T32Word i) => e.Undefined();

    [Encoding("11110111 1111 imm4 1010 imm12", "udf")]
    public static void Udf(A32Emitter e, T32Word i) => e.Undefined();
}
