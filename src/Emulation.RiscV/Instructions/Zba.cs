using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zba": address generation. RISC-V Unprivileged ISA, "Zba".</summary>
[Extension("Zba")]
internal static class Zba
{
    [Encoding("0010000 rs2 rs1 010 rd 0110011", "sh1add {rd}, {rs1}, {rs2}")]
    public static void Sh1add(RvEmitter e, RvWord i) => ShiftAdd(e, i, e.X(i.Rs1), 1);

    [Encoding("0010000 rs2 rs1 100 rd 0110011", "sh2add {rd}, {rs1}, {rs2}")]
    public static void Sh2add(RvEmitter e, RvWord i) => ShiftAdd(e, i, e.X(i.Rs1), 2);

    [Encoding("0010000 rs2 rs1 110 rd 0110011", "sh3add {rd}, {rs1}, {rs2}")]
    public static void Sh3add(RvEmitter e, RvWord i) => ShiftAdd(e, i, e.X(i.Rs1), 3);

    [Encoding("0000100 rs2 rs1 000 rd 0111011", "add.uw {rd}, {rs1}, {rs2}", Requires = "RV64")]
    public static void AddUw(RvEmitter e, RvWord i) => ShiftAdd(e, i, Unsigned(e, i), 0);

    [Encoding("0010000 rs2 rs1 010 rd 0111011", "sh1add.uw {rd}, {rs1}, {rs2}", Requires = "RV64")]
    public static void Sh1addUw(RvEmitter e, RvWord i) => ShiftAdd(e, i, Unsigned(e, i), 1);

    [Encoding("0010000 rs2 rs1 100 rd 0111011", "sh2add.uw {rd}, {rs1}, {rs2}", Requires = "RV64")]
    public static void Sh2addUw(RvEmitter e, RvWord i) => ShiftAdd(e, i, Unsigned(e, i), 2);

    [Encoding("0010000 rs2 rs1 110 rd 0111011", "sh3add.uw {rd}, {rs1}, {rs2}", Requires = "RV64")]
    public static void Sh3addUw(RvEmitter e, RvWord i) => ShiftAdd(e, i, Unsigned(e, i), 3);

    [Encoding("000010 shamt:6 rs1 001 rd 0011011", "slli.uw {rd}, {rs1}, {shamt}", Requires = "RV64")]
    public static void SlliUw(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Shl(Unsigned(e, i), i.Shamt));

    private static void ShiftAdd(RvEmitter e, RvWord i, IrValue a, int shift) => e.SetX(i.Rd, e.Ir.Add(e.X(i.Rs2), e.Ir.Shl(a, shift)));

    private static IrValue Unsigned(RvEmitter e, RvWord i) => e.Ir.ZExt(e.W(i.Rs1), IrType.I64);
}
