using System.Numerics;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Loads and stores of several registers. Arm DDI 0487, F3.1.10 "Load/store multiple", "Load/store dual".</summary>
[Extension("V6T2")]
internal static class WideMultiple
{
    [Encoding("1110100 01 0 w 0 rn 0 m 0 list13", "stm")]
    [Encoding("1110100 10 0 w 0 rn 0 m 0 list13", "stmdb")]
    public static void Store(A32Emitter e, T32Word i)
    {
        if (IsAllowed(e, i))
            e.StoreMultiple(i.Rn, i.Field(0, 16), i.Flag(23), i.Flag(24), i.W);
    }

    [Encoding("1110100 01 0 w 1 rn p m 0 list13", "ldm")]
    [Encoding("1110100 10 0 w 1 rn p m 0 list13", "ldmdb")]
    public static void Load(A32Emitter e, T32Word i)
    {
        if (IsAllowed(e, i))
            e.LoadMultiple(i.Rn, i.Field(0, 16), i.Flag(23), i.Flag(24), i.W);
    }

    [Encoding("1110100 01 1 1 0 rn rt rt2 imm8", "strd")]
    [Encoding("1110100 11 1 w 0 rn rt rt2 imm8", "strd")]
    [Encoding("1110100 10 1 w 0 rn rt rt2 imm8", "strd")]
    [Encoding("1110100 00 1 1 0 rn rt rt2 imm8", "strd")]
    public static void StoreDual(A32Emitter e, T32Word i) => e.StoreDual(i.Rt, i.Rt2, Form(e, i));

    [Encoding("1110100 01 1 1 1 rn rt rt2 imm8", "ldrd")]
    [Encoding("1110100 11 1 w 1 rn rt rt2 imm8", "ldrd")]
    [Encoding("1110100 10 1 w 1 rn rt rt2 imm8", "ldrd")]
    [Encoding("1110100 00 1 1 1 rn rt rt2 imm8", "ldrd")]
    public static void LoadDual(A32Emitter e, T32Word i) => e.LoadDual(i.Rt, i.Rt2, Form(e, i));

    [Encoding("1110100 00 0 w 0 1101 1100 0000000 mode", "srsdb", Requires = "AProfile")]
    [Encoding("1110100 11 0 w 0 1101 1100 0000000 mode", "srsia", Requires = "AProfile")]
    public static void Srs(A32Emitter e, T32Word i) => e.StoreReturnState(i.Flag(24), !i.Flag(24), i.W, i.Field(0, 5));

    [Encoding("1110100 00 0 w 1 rn 1100 0000 0000 0000", "rfedb", Requires = "AProfile")]
    [Encoding("1110100 11 0 w 1 rn 1100 0000 0000 0000", "rfeia", Requires = "AProfile")]
    public static void Rfe(A32Emitter e, T32Word i) => e.ReturnFromException(i.Rn, i.Flag(24), !i.Flag(24), i.W);

    // fewer than two registers and a base in the list are UNPREDICTABLE, here undefined as with QEMU
    private static bool IsAllowed(A32Emitter e, T32Word i)
    {
        int list = i.Field(0, 16);
        if (BitOperations.PopCount((uint)list) >= 2 && (!i.W || (list & (1 << i.Rn)) == 0))
            return true;
        e.Undefined();
        return false;
    }

    private static A32Address Form(A32Emitter e, T32Word i) => new(i.Rn, e.Word(i.Imm8 << 2), i.Flag(23), i.Flag(24), i.W);
}
