using System.Numerics;
using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Data processing, immediate. Arm DDI 0487, C4.1.92.</summary>
[Extension("Base")]
internal static class DataProcessingImmediate
{
    [Encoding("0 immlo 10000 imm19 rd", "adr")]
    public static void Adr(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Const(e.Pc + (ulong)i.ImmAdr));

    [Encoding("1 immlo 10000 imm19 rd", "adrp")]
    public static void Adrp(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Const((e.Pc & ~0xfffUL) + ((ulong)i.ImmAdr << 12)));

    [Encoding("sf 0010001 0 sh imm12 rn rd", "add")]
    public static void Add(A64Emitter e, A64Word i) => Set(e, i, e.Ir.Add(e.RSp(i.Sf, i.Rn), Immediate12(e, i)));

    [Encoding("sf 0110001 0 sh imm12 rn rd", "adds")]
    public static void Adds(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.AddFlags(e.RSp(i.Sf, i.Rn), Immediate12(e, i)));

    [Encoding("sf 1010001 0 sh imm12 rn rd", "sub")]
    public static void Sub(A64Emitter e, A64Word i) => Set(e, i, e.Ir.Sub(e.RSp(i.Sf, i.Rn), Immediate12(e, i)));

    [Encoding("sf 1110001 0 sh imm12 rn rd", "subs")]
    public static void Subs(A64Emitter e, A64Word i)
    {
        e.SetX(i.Rd, e.SubFlags(e.RSp(i.Sf, i.Rn), Immediate12(e, i)));
        if (i.Rd != i.Rn || i.Rd == A64Emitter.R31)
            e.Remember(new Comparison(i.Sf, i.Rn == A64Emitter.R31 ? Comparison.StackPointer : i.Rn, Comparison.Immediate, Value12(i)));
    }

    [Encoding("sf 00100100 n immr imms rn rd", "and")]
    public static void And(A64Emitter e, A64Word i)
    {
        if (TryMask(e, i, out IrValue mask))
            e.SetXSp(i.Rd, e.Ir.And(e.R(i.Sf, i.Rn), mask));
    }

    [Encoding("sf 01100100 n immr imms rn rd", "orr")]
    public static void Orr(A64Emitter e, A64Word i)
    {
        if (TryMask(e, i, out IrValue mask))
            e.SetXSp(i.Rd, e.Ir.Or(e.R(i.Sf, i.Rn), mask));
    }

    [Encoding("sf 10100100 n immr imms rn rd", "eor")]
    public static void Eor(A64Emitter e, A64Word i)
    {
        if (TryMask(e, i, out IrValue mask))
            e.SetXSp(i.Rd, e.Ir.Xor(e.R(i.Sf, i.Rn), mask));
    }

    [Encoding("sf 11100100 n immr imms rn rd", "ands")]
    public static void Ands(A64Emitter e, A64Word i)
    {
        if (!TryMask(e, i, out IrValue mask))
            return;
        IrValue result = e.Ir.And(e.R(i.Sf, i.Rn), mask);
        e.LogicalFlags(result);
        e.SetX(i.Rd, result);
    }

    [Encoding("sf 00100101 hw imm16 rd", "movn")]
    public static void Movn(A64Emitter e, A64Word i)
    {
        if (HasHalf(e, i))
            e.SetX(i.Rd, e.Const(~((ulong)i.Imm16 << (16 * i.Hw)), i.Sf));
    }

    [Encoding("sf 10100101 hw imm16 rd", "movz")]
    public static void Movz(A64Emitter e, A64Word i)
    {
        if (HasHalf(e, i))
            e.SetX(i.Rd, e.Const((ulong)i.Imm16 << (16 * i.Hw), i.Sf));
    }

    [Encoding("sf 11100101 hw imm16 rd", "movk")]
    public static void Movk(A64Emitter e, A64Word i)
    {
        if (!HasHalf(e, i))
            return;
        int shift = 16 * i.Hw;
        IrValue kept = e.Ir.And(e.R(i.Sf, i.Rd), e.Const(~(0xffffUL << shift), i.Sf));
        e.SetX(i.Rd, e.Ir.Or(kept, e.Const((ulong)i.Imm16 << shift, i.Sf)));
    }

    [Encoding("sf 00100110 n immr imms rn rd", "sbfm")]
    public static void Sbfm(A64Emitter e, A64Word i)
    {
        if (!IsField(e, i))
            return;
        int width = i.Sf ? 64 : 32;
        IrValue source = e.R(i.Sf, i.Rn);
        // the field goes to the top, then down to its place
        IrValue top = e.Ir.Shl(source, width - 1 - i.Imms);
        e.SetX(i.Rd, i.Imms >= i.Immr
            ? e.Ir.ShrS(top, width - 1 - i.Imms + i.Immr)
            : e.Ir.ShrS(top, i.Immr - i.Imms - 1));
    }

    [Encoding("sf 10100110 n immr imms rn rd", "ubfm")]
    public static void Ubfm(A64Emitter e, A64Word i)
    {
        if (!IsField(e, i))
            return;
        IrValue source = e.R(i.Sf, i.Rn);
        e.SetX(i.Rd, i.Imms >= i.Immr
            ? e.Ir.And(e.Ir.ShrU(source, i.Immr), e.Const(Ones(i.Imms - i.Immr + 1), i.Sf))
            : e.Ir.Shl(e.Ir.And(source, e.Const(Ones(i.Imms + 1), i.Sf)), (i.Sf ? 64 : 32) - i.Immr));
    }

    [Encoding("sf 01100110 n immr imms rn rd", "bfm")]
    public static void Bfm(A64Emitter e, A64Word i)
    {
        if (!IsField(e, i))
            return;
        IrValue source = e.R(i.Sf, i.Rn);
        bool extracts = i.Imms >= i.Immr;
        int shift = extracts ? 0 : (i.Sf ? 64 : 32) - i.Immr;
        ulong mask = Ones(extracts ? i.Imms - i.Immr + 1 : i.Imms + 1) << shift;
        IrValue placed = extracts ? e.Ir.ShrU(source, i.Immr) : e.Ir.Shl(source, shift);
        e.SetX(i.Rd, e.Ir.Or(e.Ir.And(e.R(i.Sf, i.Rd), e.Const(~mask, i.Sf)), e.Ir.And(placed, e.Const(mask, i.Sf))));
    }

    [Encoding("sf 00100111 n 0 rm imms rn rd", "extr")]
    public static void Extr(A64Emitter e, A64Word i)
    {
        if (i.Flag(22) != i.Sf || (!i.Sf && i.Imms > 31))
        {
            e.Undefined();
            return;
        }

        IrValue low = e.R(i.Sf, i.Rm);
        if (i.Rn == i.Rm)
            e.SetX(i.Rd, e.Ir.Binary(IrOp.RotR, low, e.Const((ulong)i.Imms, i.Sf)));
        else if (i.Imms == 0)
            e.SetX(i.Rd, low);
        else
            e.SetX(i.Rd, e.Ir.Or(e.Ir.ShrU(low, i.Imms), e.Ir.Shl(e.R(i.Sf, i.Rn), (i.Sf ? 64 : 32) - i.Imms)));
    }

    /// <summary>DecodeBitMasks, the pattern of logical immediates. Arm DDI 0487, J1.1.</summary>
    /// <param name="n">1 for elements of 64 bits.</param>
    /// <param name="imms">Size of the element and number of ones.</param>
    /// <param name="immr">Rotation.</param>
    /// <param name="mask">The 64-bit pattern.</param>
    /// <returns>False for reserved values.</returns>
    public static bool TryDecodeMask(int n, int imms, int immr, out ulong mask)
    {
        mask = 0;
        int length = BitOperations.Log2((uint)((n << 6) | (~imms & 0x3f)));
        if (((n << 6) | (~imms & 0x3f)) == 0 || length < 1)
            return false;
        int size = 1 << length, ones = imms & (size - 1), rotation = immr & (size - 1);
        if (ones == size - 1)
            return false;
        ulong element = Ones(ones + 1);
        if (rotation != 0)
            element = ((element >> rotation) | (element << (size - rotation))) & Ones(size);
        for (int at = 0; at < 64; at += size)
            mask |= element << at;
        return true;
    }

    private static ulong Ones(int count) => count >= 64 ? ulong.MaxValue : (1UL << count) - 1;

    private static ulong Value12(A64Word i) => (ulong)i.Imm12 << (i.Flag(22) ? 12 : 0);

    // frames are made and left by such instructions
    private static void Set(A64Emitter e, A64Word i, IrValue sum)
    {
        if (i.Sf && i.Rn == A64Emitter.R31)
            e.AddToSp(i.Rd, sum, (long)Value12(i));
        else
            e.SetXSp(i.Rd, sum);
    }

    private static IrValue Immediate12(A64Emitter e, A64Word i) => e.Const(Value12(i), i.Sf);

    private static bool TryMask(A64Emitter e, A64Word i, out IrValue mask)
    {
        if ((i.Sf || !i.Flag(22)) && TryDecodeMask(i.Field(22, 1), i.Imms, i.Immr, out ulong bits))
        {
            mask = e.Const(bits, i.Sf);
            return true;
        }

        mask = default;
        e.Undefined();
        return false;
    }

    private static bool HasHalf(A64Emitter e, A64Word i)
    {
        if (i.Sf || i.Hw < 2)
            return true;
        e.Undefined();
        return false;
    }

    private static bool IsField(A64Emitter e, A64Word i)
    {
        if (i.Flag(22) == i.Sf && (i.Sf || (i.Immr < 32 && i.Imms < 32)))
            return true;
        e.Undefined();
        return false;
    }
}
