using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Loads and stores with the rights of EL0. Arm DDI 0487, C4.1.94 "Load/store register (unprivileged)".</summary>
[Extension("Base")]
internal static class UnprivilegedAccess
{
    [Encoding("00 111 0 00 00 0 imm9 10 rn rt", "sttrb")]
    [Encoding("01 111 0 00 00 0 imm9 10 rn rt", "sttrh")]
    [Encoding("10 111 0 00 00 0 imm9 10 rn rt", "sttr")]
    [Encoding("11 111 0 00 00 0 imm9 10 rn rt", "sttr")]
    public static void Sttr(A64Emitter e, A64Word i)
        => e.Ir.Store(e.Base(i.Rn), i.Imm9, e.R(i.Size == 3, i.Rt), e.Unprivileged(1 << i.Size, false));

    [Encoding("00 111 0 00 01 0 imm9 10 rn rt", "ldtrb")]
    [Encoding("01 111 0 00 01 0 imm9 10 rn rt", "ldtrh")]
    [Encoding("10 111 0 00 01 0 imm9 10 rn rt", "ldtr")]
    [Encoding("11 111 0 00 01 0 imm9 10 rn rt", "ldtr")]
    public static void Ldtr(A64Emitter e, A64Word i) => Load(e, i, false, i.Size == 3);

    [Encoding("00 111 0 00 10 0 imm9 10 rn rt", "ldtrsb")]
    [Encoding("01 111 0 00 10 0 imm9 10 rn rt", "ldtrsh")]
    [Encoding("10 111 0 00 10 0 imm9 10 rn rt", "ldtrsw")]
    public static void LdtrsX(A64Emitter e, A64Word i) => Load(e, i, true, true);

    [Encoding("00 111 0 00 11 0 imm9 10 rn rt", "ldtrsb")]
    [Encoding("01 111 0 00 11 0 imm9 10 rn rt", "ldtrsh")]
    public static void LdtrsW(A64Emitter e, A64Word i) => Load(e, i, true, false);

    private static void Load(A64Emitter e, A64Word i, bool signed, bool wide)
        => e.SetX(i.Rt, e.Ir.Load(e.Base(i.Rn), i.Imm9, e.Unprivileged(1 << i.Size, signed), wide ? IrType.I64 : IrType.I32));
}
