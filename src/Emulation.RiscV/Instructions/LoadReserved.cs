using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"A", the Zalrsc part: load-reserved and store-conditional. RISC-V Unprivileged ISA, "A".</summary>
[Extension("Zalrsc")]
internal static class LoadReserved
{
    [Encoding("00010 aqrl 00000 rs1 010 rd 0101111", "lr.w{aqrl} {rd}, ({rs1})")]
    public static void LrW(RvEmitter e, RvWord i) => Load(e, i, 4, IrType.I32);

    [Encoding("00011 aqrl rs2 rs1 010 rd 0101111", "sc.w{aqrl} {rd}, {rs2}, ({rs1})")]
    public static void ScW(RvEmitter e, RvWord i) => Store(e, i, 4, e.W(i.Rs2));

    [Encoding("00010 aqrl 00000 rs1 011 rd 0101111", "lr.d{aqrl} {rd}, ({rs1})", Requires = "RV64")]
    public static void LrD(RvEmitter e, RvWord i) => Load(e, i, 8, IrType.I64);

    [Encoding("00011 aqrl rs2 rs1 011 rd 0101111", "sc.d{aqrl} {rd}, {rs2}, ({rs1})", Requires = "RV64")]
    public static void ScD(RvEmitter e, RvWord i) => Store(e, i, 8, e.X(i.Rs2));

    private static void Load(RvEmitter e, RvWord i, int size, IrType type)
    {
        IrValue value = e.Ir.LoadReserved(e.Address(i.Rs1), e.Atomic(size), type);
        if (i.Aq)
            e.Ir.Fence(IrFence.Acquire);
        e.SetX(i.Rd, value);
    }

    private static void Store(RvEmitter e, RvWord i, int size, IrValue value)
        => e.SetX(i.Rd, e.Ir.StoreConditional(e.Address(i.Rs1), value, e.Atomic(size)));
}
