using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zbkb": bit manipulation for cryptography, but for what is in <see cref="BitLogic"/>. RISC-V Unprivileged ISA, "Scalar Cryptography".</summary>
[Extension("Zbkb")]
internal static class Zbkb
{
    [Encoding("0000100 rs2 rs1 100 rd 0110011", "pack {rd}, {rs1}, {rs2}")]
    public static void Pack(RvEmitter e, RvWord i)
    {
        IrValue a = e.Ir.Trunc(e.X(i.Rs1), Half(e)), b = e.Ir.Trunc(e.X(i.Rs2), Half(e));
        e.SetX(i.Rd, Join(e, a, b, e.XType));
    }

    [Encoding("0000100 rs2 rs1 111 rd 0110011", "packh {rd}, {rs1}, {rs2}")]
    public static void Packh(RvEmitter e, RvWord i)
    {
        IrValue a = e.Ir.Trunc(e.W(i.Rs1), IrType.I8), b = e.Ir.Trunc(e.W(i.Rs2), IrType.I8);
        e.SetX(i.Rd, Join(e, a, b, e.XType));
    }

    [Encoding("0000100 rs2 rs1 100 rd 0111011", "packw {rd}, {rs1}, {rs2}", Requires = "RV64")]
    public static void Packw(RvEmitter e, RvWord i)
    {
        IrValue a = e.Ir.Trunc(e.W(i.Rs1), IrType.I16), b = e.Ir.Trunc(e.W(i.Rs2), IrType.I16);
        e.SetX(i.Rd, Join(e, a, b, IrType.I32));
    }

    [Encoding("011010000111 rs1 101 rd 0010011", "brev8 {rd}, {rs1}")]
    public static void Brev8(RvEmitter e, RvWord i)
    {
        IrValue x = SwapBits(e, e.X(i.Rs1), 1, 0x55555555_55555555);
        x = SwapBits(e, x, 2, 0x33333333_33333333);
        e.SetX(i.Rd, SwapBits(e, x, 4, 0x0f0f0f0f_0f0f0f0f));
    }

    [Encoding("000010001111 rs1 001 rd 0010011", "zip {rd}, {rs1}", Requires = "RV32")]
    public static void Zip(RvEmitter e, RvWord i)
    {
        IrValue x = SwapFields(e, e.X(i.Rs1), 8, 0x0000ff00);
        x = SwapFields(e, x, 4, 0x00f000f0);
        x = SwapFields(e, x, 2, 0x0c0c0c0c);
        e.SetX(i.Rd, SwapFields(e, x, 1, 0x22222222));
    }

    [Encoding("000010001111 rs1 101 rd 0010011", "unzip {rd}, {rs1}", Requires = "RV32")]
    public static void Unzip(RvEmitter e, RvWord i)
    {
        IrValue x = SwapFields(e, e.X(i.Rs1), 1, 0x22222222);
        x = SwapFields(e, x, 2, 0x0c0c0c0c);
        x = SwapFields(e, x, 4, 0x00f000f0);
        e.SetX(i.Rd, SwapFields(e, x, 8, 0x0000ff00));
    }

    private static IrType Half(RvEmitter e) => e.Is32 ? IrType.I16 : IrType.I32;

    private static IrValue Join(RvEmitter e, IrValue low, IrValue high, IrType type)
        => e.Ir.Or(e.Ir.ZExt(low, type), e.Ir.Shl(e.Ir.ZExt(high, type), low.Type.Bits()));

    // neighbouring groups of bits change places
    private static IrValue SwapBits(RvEmitter e, IrValue x, int distance, ulong mask)
    {
        IrValue low = e.Ir.Const(mask, e.XType);
        return e.Ir.Or(e.Ir.Shl(e.Ir.And(x, low), distance), e.Ir.And(e.Ir.ShrU(x, distance), low));
    }

    // the fields under the mask change places with those above them
    private static IrValue SwapFields(RvEmitter e, IrValue x, int distance, ulong mask)
    {
        IrValue difference = e.Ir.And(e.Ir.Xor(e.Ir.ShrU(x, distance), x), e.Ir.Const(mask, e.XType));
        return e.Ir.Xor(x, e.Ir.Or(difference, e.Ir.Shl(difference, distance)));
    }
}
