using System.Buffers.Binary;
using System.Numerics;

namespace Emulation.IR;

/// <summary>Integer operations on constants: the meaning of the pure operations, used by folding and as the specification in tests.</summary>
/// <remarks>Values are zero-extended to 64 bits.</remarks>
public static class IrFold
{
    /// <summary>Result of a two-operand operation or comparison.</summary>
    /// <param name="op">Shape <see cref="IrShape.Binary"/> or <see cref="IrShape.Compare"/>.</param>
    /// <param name="type">Type of the operands.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public static ulong Binary(IrOp op, IrType type, ulong a, ulong b)
    {
        int bits = type.Bits();
        int amount = (int)(b & (ulong)(bits - 1));
        long x = Sign(a, type), y = Sign(b, type);
        ulong result = op switch
        {
            IrOp.Add => a + b,
            IrOp.Sub => a - b,
            IrOp.Mul => a * b,
            IrOp.MulHighS => bits == 64 ? (ulong)Math.BigMul(x, y, out _) : (ulong)((x * y) >> bits),
            IrOp.MulHighU => bits == 64 ? Math.BigMul(a, b, out _) : (a * b) >> bits,
            IrOp.MulHighSU => (ulong)((Int128)x * (Int128)b >> bits),
            IrOp.DivS => y == 0 ? ulong.MaxValue : y == -1 ? (ulong)-x : (ulong)(x / y),
            IrOp.DivU => b == 0 ? ulong.MaxValue : a / b,
            IrOp.RemS => y == 0 ? a : y == -1 ? 0 : (ulong)(x % y),
            IrOp.RemU => b == 0 ? a : a % b,
            IrOp.And => a & b,
            IrOp.Or => a | b,
            IrOp.Xor => a ^ b,
            IrOp.Shl => a << amount,
            IrOp.ShrU => a >> amount,
            IrOp.ShrS => (ulong)(x >> amount),
            IrOp.RotL => amount == 0 ? a : (a << amount) | (a >> (bits - amount)),
            IrOp.RotR => amount == 0 ? a : (a >> amount) | (a << (bits - amount)),
            IrOp.Eq => Bit(a == b),
            IrOp.Ne => Bit(a != b),
            IrOp.LtS => Bit(x < y),
            IrOp.LtU => Bit(a < b),
            IrOp.LeS => Bit(x <= y),
            IrOp.LeU => Bit(a <= b),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a two-operand integer operation"),
        };
        return result & type.Mask();
    }

    /// <summary>Result of a one-operand operation.</summary>
    /// <param name="op">Shape <see cref="IrShape.Unary"/>.</param>
    /// <param name="type">Type of operand and result.</param>
    /// <param name="a">The operand.</param>
    public static ulong Unary(IrOp op, IrType type, ulong a)
    {
        int bits = type.Bits();
        return op switch
        {
            IrOp.Clz => (ulong)(BitOperations.LeadingZeroCount(a) - (64 - bits)),
            IrOp.Ctz => a == 0 ? (ulong)bits : (ulong)BitOperations.TrailingZeroCount(a),
            IrOp.PopCount => (ulong)BitOperations.PopCount(a),
            IrOp.ByteSwap => BinaryPrimitives.ReverseEndianness(a) >> (64 - bits),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a one-operand integer operation"),
        };
    }

    /// <summary>Result of a conversion before truncation to the target's width.</summary>
    /// <param name="op">Shape <see cref="IrShape.Convert"/>.</param>
    /// <param name="from">Type of the operand.</param>
    /// <param name="a">The operand.</param>
    public static ulong Convert(IrOp op, IrType from, ulong a) => op == IrOp.SExt ? (ulong)Sign(a, from) : a;

    private static long Sign(ulong value, IrType type)
    {
        int shift = 64 - type.Bits();
        return (long)(value << shift) >> shift;
    }

    private static ulong Bit(bool value) => value ? 1UL : 0;
}
