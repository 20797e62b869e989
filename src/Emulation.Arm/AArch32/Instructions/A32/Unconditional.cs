using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.A32;

/// <summary>Instructions without condition. Arm DDI 0487, F4.1.7.</summary>
[Extension("AArch32")]
internal static class Unconditional
{
    [Encoding("1111 01010111 1111 1111 0000 0001 1111", "clrex", Requires = "V6K")]
    public static void Clrex(A32Emitter e, A32Word i) => e.Ir.Call(SystemHelpers.Clrex);

    [Encoding("1111 01010111 1111 1111 0000 0100 ....", "dsb", Requires = "V7")]
    public static void Dsb(A32Emitter e, A32Word i) => e.SynchronizationBarrier();

    [Encoding("1111 01010111 1111 1111 0000 0101 ....", "dmb", Requires = "V7")]
    public static void Dmb(A32Emitter e, A32Word i)
        => e.Ir.Fence(i.Field(0, 2) switch { 1 => IrFence.Acquire, 2 => IrFence.Release, _ => IrFence.Full });

    [Encoding("1111 01010111 1111 1111 0000 0110 ....", "isb", Requires = "V7")]
    public static void Isb(A32Emitter e, A32Word i) => e.InstructionBarrier();

    [Encoding("1111 01010111 1111 1111 0000 0111 0000", "sb", Requires = "SB")]
    public static void Sb(A32Emitter e, A32Word i) => e.Ir.Fence();

    [Encoding("1111 0101 u 1 01 rn 1111 imm12", "pld", Requires = "V5TE")]
    [Encoding("1111 0101 u 0 01 rn 1111 imm12", "pldw", Requires = "MultiProcessing")]
    [Encoding("1111 0100 u 1 01 rn 1111 imm12", "pli", Requires = "V7")]
    [Encoding("1111 0111 u 1 01 rn 1111 imm5 type 0 rm", "pld", Requires = "V5TE")]
    [Encoding("1111 0111 u 0 01 rn 1111 imm5 type 0 rm", "pldw", Requires = "MultiProcessing")]
    [Encoding("1111 0110 u 1 01 rn 1111 imm5 type 0 rm", "pli", Requires = "V7")]
    public static void Preload(A32Emitter e, A32Word i)
    {
    }

    [Encoding("1111 00010000 imod m 0 0000000 aif 0 mode", "cps", Requires = "V6")]
    public static void Cps(A32Emitter e, A32Word i) => e.ChangeState(i.Field(18, 2), i.Flag(17), i.Field(6, 3), i.Field(0, 5));

    [Encoding("1111 00010000 0001 000000 e 0 0000 0000", "setend", Requires = "V6")]
    public static void Setend(A32Emitter e, A32Word i) => e.SetEndian(i.Flag(9));

    [Encoding("1111 00010001 0000 000000 e 0 0000 0000", "setpan", Requires = "PAN")]
    public static void Setpan(A32Emitter e, A32Word i) => e.SetPrivilegedNever(i.Flag(9));

    [Encoding("1111 100 p u 1 w 0 1101 00000101000 mode", "srs{mode4}", Requires = "V6")]
    public static void Srs(A32Emitter e, A32Word i) => e.StoreReturnState(i.U, i.P, i.W, i.Field(0, 5));

    [Encoding("1111 100 p u 0 w 1 rn 0000 1010 0000 0000", "rfe{mode4}", Requires = "V6")]
    public static void Rfe(A32Emitter e, A32Word i) => e.ReturnFromException(i.Rn, i.U, i.P, i.W);
}
