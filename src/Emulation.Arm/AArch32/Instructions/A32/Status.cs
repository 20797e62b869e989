using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.A32;

/// <summary>Status registers, hints, exceptions. Arm DDI 0487, F4.1.2 "Miscellaneous", "Move Special Register and Hints (immediate)".</summary>
[Extension("AArch32")]
internal static class Status
{
    [Encoding("cond!=15 00010 0 00 1111 rd 00 0 0 0000 0000", "mrs{c}")]
    public static void MrsCpsr(A32Emitter e, A32Word i) => e.SetR(i.Rd, e.ReadCpsr());

    [Encoding("cond!=15 00010 1 00 1111 rd 00 0 0 0000 0000", "mrs{c}")]
    public static void MrsSpsr(A32Emitter e, A32Word i)
    {
        if (e.TrySpsr(out IR.RegisterSlot? slot))
            e.SetR(i.Rd, e.Ir.Get(slot));
    }

    [Encoding("cond!=15 00010 r 10 mask 1111 00 0 0 0000 rn0", "msr{c}")]
    public static void Msr(A32Emitter e, A32Word i) => e.WriteStatus(i.Flag(22), i.Field(16, 4), e.R(i.Rm));

    [Encoding("cond!=15 00110 0 10 mask!=0 1111 imm12", "msr{c}")]
    [Encoding("cond!=15 00110 1 10 mask 1111 imm12", "msr{c}")]
    public static void MsrImmediate(A32Emitter e, A32Word i) => e.WriteStatus(i.Flag(22), i.Field(16, 4), e.Immediate(i).Value);

    [Encoding("cond!=15 00110 0 10 0000 1111 0000 imm8", "hint{c}")]
    public static void Hint(A32Emitter e, A32Word i) => e.Hint(i.Field(0, 8));

    [Encoding("cond!=15 1111 imm24", "svc{c}")]
    public static void Svc(A32Emitter e, A32Word i) => e.SupervisorCall(i.Field(0, 16), i.Field(0, 24) == 0x12_3456);

    [Encoding("cond!=15 00010010 imm12h 0111 imm4", "bkpt", Requires = "V5TE")]
    public static void Bkpt(A32Emitter e, A32Word i) => e.Raise(ArmException.Breakpoint32, i.Imm12H4L);

    [Encoding("cond!=15 00010000 imm12h 0111 imm4", "hlt")]
    public static void Hlt(A32Emitter e, A32Word i) => e.Halt(i.Imm12H4L == 0xf000);

    [Encoding("cond!=15 00010100 imm12h 0111 imm4", "hvc", Requires = "Virtualization")]
    public static void Hvc(A32Emitter e, A32Word i) => e.HypervisorCall(i.Imm12H4L);

    [Encoding("cond!=15 00010110 0000 0000 0000 0111 imm4", "smc{c}", Requires = "Security")]
    public static void Smc(A32Emitter e, A32Word i) => e.SecureMonitorCall();

    [Encoding("cond!=15 00010110 0000 0000 0000 0110 1110", "eret{c}", Requires = "Virtualization")]
    public static void Eret(A32Emitter e, A32Word i) => e.ReturnToLink();

    [Encoding("cond!=15 00010 r 00 m1 rd 00 1 m 0000 0000", "mrs{c}", Requires = "Virtualization")]
    public static void MrsBanked(A32Emitter e, A32Word i) => e.ReadBanked(i.Rd, i.Flag(22), (i.Field(8, 1) << 4) | i.Field(16, 4));

    [Encoding("cond!=15 00010 r 10 m1 1111 00 1 m 0000 rn0", "msr{c}", Requires = "Virtualization")]
    public static void MsrBanked(A32Emitter e, A32Word i) => e.WriteBanked(i.Rm, i.Flag(22), (i.Field(8, 1) << 4) | i.Field(16, 4));
}
