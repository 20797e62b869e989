using System.Numerics;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Jit.Tests;

/// <summary>Vector operations one lane at a time, on integers of any size and on SoftFloat: shares no code with the engines.</summary>
internal static class VectorReference
{
    public static UInt128 Integer(IrOp op, LaneShape shape, UInt128 a, UInt128 b, UInt128 c, uint amount)
    {
        int bits = 8 * shape.LaneBytes(), count = 128 / bits;
        switch (op)
        {
            case IrOp.VAnd: return a & b;
            case IrOp.VOr: return a | b;
            case IrOp.VXor: return a ^ b;
            case IrOp.VAndNot: return a & ~b;
            case IrOp.VSelect: return (a & b) | (~a & c);
            case IrOp.VShuffle: return Join(8, i => Lane(b, 8, i) < 16 ? Lane(a, 8, (int)Lane(b, 8, i)) : 0);
            case IrOp.VPopCount: return Join(8, i => BitOperations.PopCount((uint)Lane(a, 8, i)));
            case IrOp.VMask: return (UInt128)Enumerable.Range(0, count).Sum(i => Signed(a, bits, i) < 0 ? 1 << i : 0);
            case IrOp.VZipLow: return Join(bits, i => Lane(i % 2 == 0 ? a : b, bits, i / 2));
            case IrOp.VZipHigh: return Join(bits, i => Lane(i % 2 == 0 ? a : b, bits, (count + i) / 2));
            case IrOp.VNarrow: return Join(bits, i => i < count / 2 ? Lane(a, 2 * bits, i) : Lane(b, 2 * bits, i - (count / 2)));
            case IrOp.VWidenLowS: return Join(2 * bits, i => Signed(a, bits, i));
            case IrOp.VWidenLowU: return Join(2 * bits, i => Lane(a, bits, i));
            case IrOp.VWidenHighS: return Join(2 * bits, i => Signed(a, bits, i + (count / 2)));
            case IrOp.VWidenHighU: return Join(2 * bits, i => Lane(a, bits, i + (count / 2)));
            default: return Join(bits, i => LaneResult(op, bits, Lane(a, bits, i), Lane(b, bits, i), Signed(a, bits, i), Signed(b, bits, i), amount));
        }
    }

    /// <summary>Result of an IEEE operation on the first lanes; flags are raised in the context.</summary>
    public static UInt128 Float(IrOp op, LaneShape shape, int lanes, UInt128 a, UInt128 b, UInt128 c, bool negateProduct, bool negateAddend, ref FpContext context)
    {
        bool wide = shape == LaneShape.F64x2;
        int bits = wide ? 64 : 32;
        UInt128 result = 0;
        for (int i = 0; i < lanes; i++)
        {
            ulong x = (ulong)Lane(a, bits, i), y = (ulong)Lane(b, bits, i), z = (ulong)Lane(c, bits, i);
            ulong lane = wide ? Float64(op, x, y, z, negateProduct, negateAddend, ref context) : Float32(op, (uint)x, (uint)y, (uint)z, negateProduct, negateAddend, ref context);
            result |= (UInt128)lane << (bits * i);
        }

        return result;
    }

    public static BigInteger Lane(UInt128 vector, int bits, int i) => (BigInteger)(vector >> (bits * i)) & Ones(bits);

    private static BigInteger Ones(int bits) => (BigInteger.One << bits) - 1;

    private static BigInteger Signed(UInt128 vector, int bits, int i)
    {
        BigInteger lane = Lane(vector, bits, i);
        return lane >> (bits - 1) != 0 ? lane - (BigInteger.One << bits) : lane;
    }

    private static UInt128 Join(int bits, Func<int, BigInteger> lane)
    {
        BigInteger all = 0;
        for (int i = 0; i < 128 / bits; i++)
            all |= (lane(i) & Ones(bits)) << (bits * i);
        return (UInt128)all;
    }

    private static BigInteger LaneResult(IrOp op, int bits, BigInteger a, BigInteger b, BigInteger sa, BigInteger sb, uint amount) => op switch
    {
        IrOp.VAdd => a + b,
        IrOp.VSub => a - b,
        IrOp.VMul => a * b,
        IrOp.VAddSatS => ClampS(bits, sa + sb),
        IrOp.VAddSatU => BigInteger.Min(a + b, Ones(bits)),
        IrOp.VSubSatS => ClampS(bits, sa - sb),
        IrOp.VSubSatU => BigInteger.Max(a - b, 0),
        IrOp.VMinS => BigInteger.Min(sa, sb),
        IrOp.VMinU => BigInteger.Min(a, b),
        IrOp.VMaxS => BigInteger.Max(sa, sb),
        IrOp.VMaxU => BigInteger.Max(a, b),
        IrOp.VEq => Mask(a == b),
        IrOp.VGtS => Mask(sa > sb),
        IrOp.VGtU => Mask(a > b),
        IrOp.VGeS => Mask(sa >= sb),
        IrOp.VGeU => Mask(a >= b),
        IrOp.VAbs => BigInteger.Abs(sa),
        IrOp.VShlV => b < bits ? a << (int)b : 0,
        IrOp.VShrUV => b < bits ? a >> (int)b : 0,
        IrOp.VShrSV => sa >> (int)BigInteger.Min(b, bits),
        IrOp.VShl => amount < bits ? a << (int)amount : 0,
        IrOp.VShrU => amount < bits ? a >> (int)amount : 0,
        IrOp.VShrS => sa >> (int)Math.Min(amount, (uint)bits),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "no reference"),
    };

    private static BigInteger Mask(bool value) => value ? -1 : 0;

    private static BigInteger ClampS(int bits, BigInteger value)
        => BigInteger.Clamp(value, -(BigInteger.One << (bits - 1)), (BigInteger.One << (bits - 1)) - 1);

    private static ulong Float64(IrOp op, ulong a, ulong b, ulong c, bool negateProduct, bool negateAddend, ref FpContext context) => op switch
    {
        IrOp.VFAdd => F64.Add(a, b, ref context),
        IrOp.VFSub => F64.Sub(a, b, ref context),
        IrOp.VFMul => F64.Mul(a, b, ref context),
        IrOp.VFDiv => F64.Div(a, b, ref context),
        IrOp.VFSqrt => F64.Sqrt(a, ref context),
        IrOp.VFMulAdd => F64.MulAdd(a, b, c, negateProduct, negateAddend, ref context),
        IrOp.VFEq => F64.EqQuiet(a, b, ref context) ? ulong.MaxValue : 0,
        IrOp.VFLt => F64.LtSignaling(a, b, ref context) ? ulong.MaxValue : 0,
        _ => F64.LeSignaling(a, b, ref context) ? ulong.MaxValue : 0,
    };

    private static uint Float32(IrOp op, uint a, uint b, uint c, bool negateProduct, bool negateAddend, ref FpContext context) => op switch
    {
        IrOp.VFAdd => F32.Add(a, b, ref context),
        IrOp.VFSub => F32.Sub(a, b, ref context),
        IrOp.VFMul => F32.Mul(a, b, ref context),
        IrOp.VFDiv => F32.Div(a, b, ref context),
        IrOp.VFSqrt => F32.Sqrt(a, ref context),
        IrOp.VFMulAdd => F32.MulAdd(a, b, c, negateProduct, negateAddend, ref context),
        IrOp.VFEq => F32.EqQuiet(a, b, ref context) ? uint.MaxValue : 0,
        IrOp.VFLt => F32.LtSignaling(a, b, ref context) ? uint.MaxValue : 0,
        _ => F32.LeSignaling(a, b, ref context) ? uint.MaxValue : 0,
    };
}
