using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Branches of 16 bits. Arm DDI 0487, F3.1.8; the halves of BL before Armv6T2: DDI 0406, D15.</summary>
[Extension(A32Tables.Branches, Requires = "AArch32")]
internal static class NarrowBranches
{
    [Encoding("1101 cond!=14,15 imm8", "b{c8}")]
    public static void BCond(A32Emitter e, T32Word i)
    {
        if (e.InIt)
        {
            e.Undefined();                               // UNPREDICTABLE; QEMU does the same
            return;
        }

        e.Declare(i.Field(8, 4));
        e.BranchStatic(e.PcValue + (uint)(i.Signed(0, 8) << 1));
    }

    [Encoding("11100 imm11", "b")]
    public static void B(A32Emitter e, T32Word i) => e.BranchStatic(e.PcValue + (uint)(i.Signed(0, 11) << 1));

    [Encoding("1011 0 0 i 1 imm5 n3", "cbz", Requires = "V6T2")]
    public static void Cbz(A32Emitter e, T32Word i) => e.BranchStatic(e.IsZero(e.R(i.D3)), Target(e, i));

    [Encoding("1011 1 0 i 1 imm5 n3", "cbnz", Requires = "V6T2")]
    public static void Cbnz(A32Emitter e, T32Word i) => e.BranchStatic(e.Not(e.IsZero(e.R(i.D3))), Target(e, i));

    [Encoding("010001110 m4 000", "bx")]
    public static void Bx(A32Emitter e, T32Word i)
    {
        e.Guard(e.Cond);
        e.BranchExchange(e.R(i.M4));
    }

    [Encoding("010001111 m4 000", "blx", Requires = "V5TE")]
    public static void Blx(A32Emitter e, T32Word i)
    {
        e.Guard(e.Cond);
        IrValue target = e.R(i.M4);
        e.SetR(A32Emitter.Lr, e.Ir.Const(e.NextPc | 1, IrType.I32));
        e.BranchExchange(target);
    }

    [Encoding("11110 imm11", "bl")]
    public static void BlFirst(A32Emitter e, T32Word i) => e.SetR(A32Emitter.Lr, e.Ir.Const(e.PcValue + (uint)(i.Signed(0, 11) << 12), IrType.I32));

    [Encoding("11111 imm11", "bl")]
    public static void BlSecond(A32Emitter e, T32Word i)
    {
        IrValue target = e.Ir.Add(e.R(A32Emitter.Lr), i.Field(0, 11) << 1);
        e.SetR(A32Emitter.Lr, e.Ir.Const(e.NextPc | 1, IrType.I32));
        e.BranchTo(target);
    }

    [Encoding("11101 imm11", "blx", Requires = "V5TE")]
    public static void BlxSecond(A32Emitter e, T32Word i)
    {
        IrValue target = e.Ir.And(e.Ir.Add(e.R(A32Emitter.Lr), i.Field(0, 11) << 1), e.Word(~3));
        e.SetR(A32Emitter.Lr, e.Ir.Const(e.NextPc | 1, IrType.I32));
        e.BranchExchange(target);
    }

    // happens whatever the IT block says
    [Encoding("10111110 imm8", "bkpt", Requires = "V5TE")]
    public static void Bkpt(A32Emitter e, T32Word i) => e.Raise(ArmException.Breakpoint32, i.Imm8);

    private static uint Target(A32Emitter e, T32Word i) => e.PcValue + (uint)((i.Field(9, 1) << 6) | (i.Field(3, 5) << 1));
}
