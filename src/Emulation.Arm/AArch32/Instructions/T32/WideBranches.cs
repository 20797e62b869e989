using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Branches of 32 bits. Arm DDI 0487, F3.1.12.</summary>
[Extension(A32Tables.Branches, Requires = "V6T2")]
internal static class WideBranches
{
    [Encoding("11110 s cond!=14,15 imm6 10 j1 0 j2 imm11", "b{c22}")]
    public static void BCond(A32Emitter e, T32Word i)
    {
        int high = (i.Field(26, 1) << 20) | (i.Field(11, 1) << 19) | (i.Field(13, 1) << 18) | (i.Field(16, 6) << 12);
        if (e.InIt)
        {
            e.Undefined();                               // UNPREDICTABLE; QEMU does the same
            return;
        }

        e.Declare(i.Field(22, 4));
        e.BranchStatic(e.PcValue + (uint)((high | (i.Field(0, 11) << 1)) << 11 >> 11));
    }

    [Encoding("11110 s imm10 10 j1 1 j2 imm11", "b")]
    public static void B(A32Emitter e, T32Word i) => e.BranchStatic(e.PcValue + (uint)WideLinkingBranches.Distance(i));
}

/// <summary>BL and BLX.</summary>
[Extension("V6T2")]
internal static class WideLinkingBranches
{
    [Encoding("11110 s imm10 11 j1 1 j2 imm11", "bl")]
    public static void Bl(A32Emitter e, T32Word i)
    {
        e.SetR(A32Emitter.Lr, e.Ir.Const(e.NextPc | 1, IrType.I32));
        e.BranchGuarded(e.PcValue + (uint)Distance(i));
    }

    [Encoding("11110 s imm10 11 j1 0 j2 imm10 0", "blx", Requires = "AProfile")]
    public static void Blx(A32Emitter e, T32Word i)
    {
        e.SetR(A32Emitter.Lr, e.Ir.Const(e.NextPc | 1, IrType.I32));
        e.ExchangeStatic((e.PcValue & ~3u) + (uint)Distance(i));
    }

    /// <summary>S:I1:I2:imm10:imm11:0.</summary>
    public static int Distance(T32Word i)
    {
        int sign = i.Field(26, 1), i1 = i.Field(13, 1) ^ sign ^ 1, i2 = i.Field(11, 1) ^ sign ^ 1;
        int value = (sign << 24) | (i1 << 23) | (i2 << 22) | (i.Field(16, 10) << 12) | (i.Field(0, 11) << 1);
        return value << 7 >> 7;
    }
}
