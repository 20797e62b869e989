using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.A32;

/// <summary>Loads and stores of several registers. Arm DDI 0487, F4.1.5.</summary>
[Extension("AArch32")]
internal static class LoadStoreMultiple
{
    [Encoding("cond!=15 100 00 0 w 0 rn list", "stmda{c}")]
    [Encoding("cond!=15 100 01 0 w 0 rn list", "stm{c}")]
    [Encoding("cond!=15 100 10 0 w 0 rn list", "stmdb{c}")]
    [Encoding("cond!=15 100 11 0 w 0 rn list", "stmib{c}")]
    public static void Store(A32Emitter e, A32Word i) => e.StoreMultiple(i.Rn, i.Field(0, 16), i.U, i.P, i.W);

    [Encoding("cond!=15 100 00 0 w 1 rn list", "ldmda{c}")]
    [Encoding("cond!=15 100 01 0 w 1 rn list", "ldm{c}")]
    [Encoding("cond!=15 100 10 0 w 1 rn list", "ldmdb{c}")]
    [Encoding("cond!=15 100 11 0 w 1 rn list", "ldmib{c}")]
    public static void Load(A32Emitter e, A32Word i) => e.LoadMultiple(i.Rn, i.Field(0, 16), i.U, i.P, i.W);

    [Encoding("cond!=15 100 00 1 w 0 rn list", "stmda{c}")]
    [Encoding("cond!=15 100 01 1 w 0 rn list", "stm{c}")]
    [Encoding("cond!=15 100 10 1 w 0 rn list", "stmdb{c}")]
    [Encoding("cond!=15 100 11 1 w 0 rn list", "stmib{c}")]
    public static void StoreUser(A32Emitter e, A32Word i)
    {
        if (IsPrivileged(e))
            e.StoreMultiple(i.Rn, i.Field(0, 16), i.U, i.P, i.W, user: true);
    }

    [Encoding("cond!=15 100 00 1 w 1 rn list", "ldmda{c}")]
    [Encoding("cond!=15 100 01 1 w 1 rn list", "ldm{c}")]
    [Encoding("cond!=15 100 10 1 w 1 rn list", "ldmdb{c}")]
    [Encoding("cond!=15 100 11 1 w 1 rn list", "ldmib{c}")]
    public static void LoadUser(A32Emitter e, A32Word i)
    {
        if (!IsPrivileged(e))
            return;
        if (i.Flag(15))
            e.LoadMultipleReturning(i.Rn, i.Field(0, 16), i.U, i.P, i.W);
        else
            e.LoadMultiple(i.Rn, i.Field(0, 16), i.U, i.P, i.W, user: true);
    }

    // UNPREDICTABLE in User and System mode, here undefined as with QEMU
    private static bool IsPrivileged(A32Emitter e)
    {
        if (e.Processor is not (ProcessorMode.User or ProcessorMode.System or ProcessorMode.Hyp))
            return true;
        e.Undefined();
        return false;
    }
}
