using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Data processing with one, two and three sources. Arm DDI 0487, C4.1.95.</summary>
[Extension("Base")]
internal static class DataProcessingSources
{
    [Encoding("sf 0011010110 rm 000010 rn rd", "udiv")]
    public static void Udiv(A64Emitter e, A64Word i) => Divide(e, i, IrOp.DivU);

    [Encoding("sf 0011010110 rm 000011 rn rd", "sdiv")]
    public static void Sdiv(A64Emitter e, A64Word i) => Divide(e, i, IrOp.DivS);

    [Encoding("sf 0011010110 rm 001000 rn rd", "lslv")]
    public static void Lslv(A64Emitter e, A64Word i) => Shift(e, i, IrOp.Shl);

    [Encoding("sf 0011010110 rm 001001 rn rd", "lsrv")]
    public static void Lsrv(A64Emitter e, A64Word i) => Shift(e, i, IrOp.ShrU);

    [Encoding("sf 0011010110 rm 001010 rn rd", "asrv")]
    public static void Asrv(A64Emitter e, A64Word i) => Shift(e, i, IrOp.ShrS);

    [Encoding("sf 0011010110 rm 001011 rn rd", "rorv")]
    public static void Rorv(A64Emitter e, A64Word i) => Shift(e, i, IrOp.RotR);

    [Encoding("0 0011010110 rm 010 0 size:2 rn rd", "crc32{crc}", Requires = "CRC32")]
    public static void Crc32(A64Emitter e, A64Word i) => Crc(e, i, IntegerHelpers.Crc32);

    [Encoding("0 0011010110 rm 010 1 size:2 rn rd", "crc32c{crc}", Requires = "CRC32")]
    public static void Crc32C(A64Emitter e, A64Word i) => Crc(e, i, IntegerHelpers.Crc32C);

    [Encoding("1 0011010110 rm 010 0 11 rn rd", "crc32x", Requires = "CRC32")]
    public static void Crc32X(A64Emitter e, A64Word i)
        => e.SetX(i.Rd, e.Ir.Call(IntegerHelpers.Crc32, e.W(i.Rn), e.X(i.Rm), e.Word(8)));

    [Encoding("1 0011010110 rm 010 1 11 rn rd", "crc32cx", Requires = "CRC32")]
    public static void Crc32Cx(A64Emitter e, A64Word i)
        => e.SetX(i.Rd, e.Ir.Call(IntegerHelpers.Crc32C, e.W(i.Rn), e.X(i.Rm), e.Word(8)));

    [Encoding("sf 1011010110 00000 000000 rn rd", "rbit")]
    public static void Rbit(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.ReverseBits(e.R(i.Sf, i.Rn)));

    [Encoding("sf 1011010110 00000 000001 rn rd", "rev16")]
    public static void Rev16(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.SwapNeighbours(e.R(i.Sf, i.Rn), 8, 0x00ff00ff_00ff00ff));

    [Encoding("0 1011010110 00000 000010 rn rd", "rev")]
    public static void RevW(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.ByteSwap, e.W(i.Rn)));

    [Encoding("1 1011010110 00000 000010 rn rd", "rev32")]
    public static void Rev32(A64Emitter e, A64Word i)
        => e.SetX(i.Rd, e.Ir.Binary(IrOp.RotL, e.Ir.Unary(IrOp.ByteSwap, e.X(i.Rn)), e.Const(32)));

    [Encoding("1 1011010110 00000 000011 rn rd", "rev")]
    public static void Rev(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.ByteSwap, e.X(i.Rn)));

    [Encoding("sf 1011010110 00000 000100 rn rd", "clz")]
    public static void Clz(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Unary(IrOp.Clz, e.R(i.Sf, i.Rn)));

    [Encoding("sf 1011010110 00000 000101 rn rd", "cls")]
    public static void Cls(A64Emitter e, A64Word i)
    {
        IrValue value = e.R(i.Sf, i.Rn);
        IrValue changes = e.Ir.Xor(value, e.Ir.ShrS(value, i.Sf ? 63 : 31));
        e.SetX(i.Rd, e.Ir.Add(e.Ir.Unary(IrOp.Clz, changes), -1));
    }

    [Encoding("sf 0011011000 rm 0 ra rn rd", "madd")]
    public static void Madd(A64Emitter e, A64Word i)
    {
        IrValue product = e.Ir.Mul(e.R(i.Sf, i.Rn), e.R(i.Sf, i.Rm));
        e.SetX(i.Rd, i.Ra == A64Emitter.R31 ? product : e.Ir.Add(product, e.R(i.Sf, i.Ra)));
    }

    [Encoding("sf 0011011000 rm 1 ra rn rd", "msub")]
    public static void Msub(A64Emitter e, A64Word i)
        => e.SetX(i.Rd, e.Ir.Sub(e.R(i.Sf, i.Ra), e.Ir.Mul(e.R(i.Sf, i.Rn), e.R(i.Sf, i.Rm))));

    [Encoding("1 0011011001 rm 0 ra rn rd", "smaddl")]
    public static void Smaddl(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Add(Product(e, i, IrOp.SExt), e.X(i.Ra)));

    [Encoding("1 0011011001 rm 1 ra rn rd", "smsubl")]
    public static void Smsubl(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Sub(e.X(i.Ra), Product(e, i, IrOp.SExt)));

    [Encoding("1 0011011101 rm 0 ra rn rd", "umaddl")]
    public static void Umaddl(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Add(Product(e, i, IrOp.ZExt), e.X(i.Ra)));

    [Encoding("1 0011011101 rm 1 ra rn rd", "umsubl")]
    public static void Umsubl(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Sub(e.X(i.Ra), Product(e, i, IrOp.ZExt)));

    [Encoding("1 0011011010 rm 0 ..... rn rd", "smulh")]
    public static void Smulh(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Binary(IrOp.MulHighS, e.X(i.Rn), e.X(i.Rm)));

    [Encoding("1 0011011110 rm 0 ..... rn rd", "umulh")]
    public static void Umulh(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Binary(IrOp.MulHighU, e.X(i.Rn), e.X(i.Rm)));

    private static IrValue Product(A64Emitter e, A64Word i, IrOp extension)
    {
        IrValue a = e.W(i.Rn), b = e.W(i.Rm);
        return extension == IrOp.SExt
            ? e.Ir.Mul(e.Ir.SExt(a, IrType.I64), e.Ir.SExt(b, IrType.I64))
            : e.Ir.Mul(e.Ir.ZExt(a, IrType.I64), e.Ir.ZExt(b, IrType.I64));
    }

    private static void Divide(A64Emitter e, A64Word i, IrOp op)
    {
        IrValue divisor = e.R(i.Sf, i.Rm), zero = e.Const(0, i.Sf);
        IrValue quotient = e.Ir.Binary(op, e.R(i.Sf, i.Rn), divisor);
        e.SetX(i.Rd, e.Ir.Select(e.Ir.Compare(IrOp.Eq, divisor, zero), zero, quotient));
    }

    private static void Shift(A64Emitter e, A64Word i, IrOp op) => e.SetX(i.Rd, e.Ir.Binary(op, e.R(i.Sf, i.Rn), e.R(i.Sf, i.Rm)));

    private static void Crc(A64Emitter e, A64Word i, IrHelper helper)
    {
        int size = i.Field(10, 2);
        if (size == 3)
            e.Undefined();
        else
            e.SetX(i.Rd, e.Ir.Call(helper, e.W(i.Rn), e.X(i.Rm), e.Word(1 << size)));
    }
}
