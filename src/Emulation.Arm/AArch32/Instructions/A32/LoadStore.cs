using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.A32;

/// <summary>Loads and stores of one or two registers. Arm DDI 0487, F4.1.1 "Extra load/store", F4.1.3.</summary>
[Extension("AArch32")]
internal static class LoadStore
{
    [Encoding("cond!=15 010 p u 0 w 0 rn rt imm12", "str{c}")]
    [Encoding("cond!=15 010 0 u 0 1 0 rn rt imm12", "strt{c}")]
    [Encoding("cond!=15 010 p u 1 w 0 rn rt imm12", "strb{c}")]
    [Encoding("cond!=15 010 0 u 1 1 0 rn rt imm12", "strbt{c}")]
    public static void StoreImmediate(A32Emitter e, A32Word i) => e.Store(i.Rt, Form(e, i), i.Flag(22) ? 1 : 4);

    [Encoding("cond!=15 010 p u 0 w 1 rn rt imm12", "ldr{c}")]
    [Encoding("cond!=15 010 0 u 0 1 1 rn rt imm12", "ldrt{c}")]
    [Encoding("cond!=15 010 p u 1 w 1 rn rt imm12", "ldrb{c}")]
    [Encoding("cond!=15 010 0 u 1 1 1 rn rt imm12", "ldrbt{c}")]
    public static void LoadImmediate(A32Emitter e, A32Word i) => e.Load(i.Rt, Form(e, i), i.Flag(22) ? 1 : 4);

    [Encoding("cond!=15 011 p u 0 w 0 rn rt imm5 type 0 rm", "str{c}")]
    [Encoding("cond!=15 011 0 u 0 1 0 rn rt imm5 type 0 rm", "strt{c}")]
    [Encoding("cond!=15 011 p u 1 w 0 rn rt imm5 type 0 rm", "strb{c}")]
    [Encoding("cond!=15 011 0 u 1 1 0 rn rt imm5 type 0 rm", "strbt{c}")]
    public static void StoreRegister(A32Emitter e, A32Word i) => e.Store(i.Rt, Form(e, i), i.Flag(22) ? 1 : 4);

    [Encoding("cond!=15 011 p u 0 w 1 rn rt imm5 type 0 rm", "ldr{c}")]
    [Encoding("cond!=15 011 0 u 0 1 1 rn rt imm5 type 0 rm", "ldrt{c}")]
    [Encoding("cond!=15 011 p u 1 w 1 rn rt imm5 type 0 rm", "ldrb{c}")]
    [Encoding("cond!=15 011 0 u 1 1 1 rn rt imm5 type 0 rm", "ldrbt{c}")]
    public static void LoadRegister(A32Emitter e, A32Word i) => e.Load(i.Rt, Form(e, i), i.Flag(22) ? 1 : 4);

    [Encoding("cond!=15 000 p u 0 w 0 rn rt 0000 1011 rm", "strh{c}")]
    [Encoding("cond!=15 000 0 u 0 1 0 rn rt 0000 1011 rm", "strht{c}", Requires = "V6T2")]
    [Encoding("cond!=15 000 p u 1 w 0 rn rt imm4h 1011 imm4", "strh{c}")]
    [Encoding("cond!=15 000 0 u 1 1 0 rn rt imm4h 1011 imm4", "strht{c}", Requires = "V6T2")]
    public static void StoreHalf(A32Emitter e, A32Word i) => e.Store(i.Rt, ExtraForm(e, i), 2);

    [Encoding("cond!=15 000 p u 0 w 1 rn rt 0000 1011 rm", "ldrh{c}")]
    [Encoding("cond!=15 000 0 u 0 1 1 rn rt 0000 1011 rm", "ldrht{c}", Requires = "V6T2")]
    [Encoding("cond!=15 000 p u 1 w 1 rn rt imm4h 1011 imm4", "ldrh{c}")]
    [Encoding("cond!=15 000 0 u 1 1 1 rn rt imm4h 1011 imm4", "ldrht{c}", Requires = "V6T2")]
    public static void LoadHalf(A32Emitter e, A32Word i) => e.Load(i.Rt, ExtraForm(e, i), 2);

    [Encoding("cond!=15 000 p u 0 w 1 rn rt 0000 1101 rm", "ldrsb{c}")]
    [Encoding("cond!=15 000 0 u 0 1 1 rn rt 0000 1101 rm", "ldrsbt{c}", Requires = "V6T2")]
    [Encoding("cond!=15 000 p u 1 w 1 rn rt imm4h 1101 imm4", "ldrsb{c}")]
    [Encoding("cond!=15 000 0 u 1 1 1 rn rt imm4h 1101 imm4", "ldrsbt{c}", Requires = "V6T2")]
    public static void LoadSignedByte(A32Emitter e, A32Word i) => e.Load(i.Rt, ExtraForm(e, i), 1, true);

    [Encoding("cond!=15 000 p u 0 w 1 rn rt 0000 1111 rm", "ldrsh{c}")]
    [Encoding("cond!=15 000 0 u 0 1 1 rn rt 0000 1111 rm", "ldrsht{c}", Requires = "V6T2")]
    [Encoding("cond!=15 000 p u 1 w 1 rn rt imm4h 1111 imm4", "ldrsh{c}")]
    [Encoding("cond!=15 000 0 u 1 1 1 rn rt imm4h 1111 imm4", "ldrsht{c}", Requires = "V6T2")]
    public static void LoadSignedHalf(A32Emitter e, A32Word i) => e.Load(i.Rt, ExtraForm(e, i), 2, true);

    [Encoding("cond!=15 000 p u 0 w 0 rn rt 0000 1101 rm", "ldrd{c}", Requires = "V5TE")]
    [Encoding("cond!=15 000 p u 1 w 0 rn rt imm4h 1101 imm4", "ldrd{c}", Requires = "V5TE")]
    public static void LoadDual(A32Emitter e, A32Word i)
    {
        if (IsPair(e, i))
            e.LoadDual(i.Rt, i.Rt + 1, ExtraForm(e, i));
    }

    [Encoding("cond!=15 000 p u 0 w 0 rn rt 0000 1111 rm", "strd{c}", Requires = "V5TE")]
    [Encoding("cond!=15 000 p u 1 w 0 rn rt imm4h 1111 imm4", "strd{c}", Requires = "V5TE")]
    public static void StoreDual(A32Emitter e, A32Word i)
    {
        if (IsPair(e, i))
            e.StoreDual(i.Rt, i.Rt + 1, ExtraForm(e, i));
    }

    // odd numbers and a write-back of an unprivileged form are UNPREDICTABLE, here undefined as with QEMU
    private static bool IsPair(A32Emitter e, A32Word i)
    {
        if ((i.Rt & 1) == 0 && i.Rt != 14 && (i.P || !i.W))
            return true;
        e.Undefined();
        return false;
    }

    private static A32Address Form(A32Emitter e, A32Word i)
        => new(i.Rn, i.Flag(25) ? e.Shift(i.Rm, i.ShiftType, i.Imm5, false).Value : e.Word(i.Imm12), i.U, i.P, !i.P || i.W, !i.P && i.W);

    private static A32Address ExtraForm(A32Emitter e, A32Word i)
        => new(i.Rn, i.Flag(22) ? e.Word(i.Imm4H4L) : e.R(i.Rm), i.U, i.P, !i.P || i.W, !i.P && i.W);
}
