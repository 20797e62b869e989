using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Emulation.Cpu;

/// <summary>Vector operations of the IR on integers. Code generators call them from IL, where they are inlined to one or a few host instructions.</summary>
/// <remarks>The type argument is the lane, signed or unsigned as the operation is; see <see cref="VectorMethods"/>.</remarks>
internal static class VectorOps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> And(Vector128<byte> a, Vector128<byte> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Or(Vector128<byte> a, Vector128<byte> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Xor(Vector128<byte> a, Vector128<byte> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AndNot(Vector128<byte> a, Vector128<byte> b) => Vector128.AndNot(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Select(Vector128<byte> mask, Vector128<byte> a, Vector128<byte> b) => Vector128.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Shuffle(Vector128<byte> a, Vector128<byte> indices) => Vector128.Shuffle(a, indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => (a.As<byte, T>() + b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => (a.As<byte, T>() - b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => (a.As<byte, T>() * b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSat<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => Vector128.AddSaturate(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubSat<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => Vector128.SubtractSaturate(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Min<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => Vector128.Min(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Max<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => Vector128.Max(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Equal<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => Vector128.Equals(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Greater<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => Vector128.GreaterThan(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NotLess<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => Vector128.GreaterThanOrEqual(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Abs<T>(Vector128<byte> a)
        where T : unmanaged => Vector128.Abs(a.As<byte, T>()).AsByte();

    // Counts of pairs, nibbles, bytes: three rounds of additions beside each other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PopCount(Vector128<byte> a)
    {
        if (AdvSimd.IsSupported)
            return AdvSimd.PopCount(a);
        a -= (a.AsUInt16() >>> 1).AsByte() & Vector128.Create((byte)0x55);
        Vector128<byte> pairs = Vector128.Create((byte)0x33), nibbles = Vector128.Create((byte)0x0f);
        a = (a & pairs) + ((a.AsUInt16() >>> 2).AsByte() & pairs);
        return (a + (a.AsUInt16() >>> 4).AsByte()) & nibbles;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShiftLeft<T>(Vector128<byte> a, int amount)
        where T : unmanaged => (uint)amount < Bits<T>() ? (a.As<byte, T>() << amount).AsByte() : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShiftRight<T>(Vector128<byte> a, int amount)
        where T : unmanaged => (uint)amount < Bits<T>() ? (a.As<byte, T>() >>> amount).AsByte() : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShiftRightSigned<T>(Vector128<byte> a, int amount)
        where T : unmanaged => (a.As<byte, T>() >> (int)Math.Min((uint)amount, Bits<T>() - 1)).AsByte();

    // Narrow lanes are shifted as wide ones: what was shifted past their width is not kept.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShiftLeftLanes<T>(Vector128<byte> a, Vector128<byte> amounts)
        where T : unmanaged, IBinaryInteger<T> => Unsafe.SizeOf<T>() switch
        {
            1 => Narrow<byte>(ShiftLeftLanes<ushort>(WidenLow<byte>(a), WidenLow<byte>(amounts)), ShiftLeftLanes<ushort>(WidenHigh<byte>(a), WidenHigh<byte>(amounts))),
            2 => Narrow<ushort>(ShiftLeftLanes<uint>(WidenLow<ushort>(a), WidenLow<ushort>(amounts)), ShiftLeftLanes<uint>(WidenHigh<ushort>(a), WidenHigh<ushort>(amounts))),
            4 when Avx2.IsSupported => Avx2.ShiftLeftLogicalVariable(a.AsUInt32(), amounts.AsUInt32()).AsByte(),
            8 when Avx2.IsSupported => Avx2.ShiftLeftLogicalVariable(a.AsUInt64(), amounts.AsUInt64()).AsByte(),
            _ => ShiftInSteps<T>(a, amounts, left: true),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShiftRightLanes<T>(Vector128<byte> a, Vector128<byte> amounts)
        where T : unmanaged, IBinaryInteger<T> => Unsafe.SizeOf<T>() switch
        {
            1 => Narrow<byte>(ShiftRightLanes<ushort>(WidenLow<byte>(a), WidenLow<byte>(amounts)), ShiftRightLanes<ushort>(WidenHigh<byte>(a), WidenHigh<byte>(amounts))),
            2 => Narrow<ushort>(ShiftRightLanes<uint>(WidenLow<ushort>(a), WidenLow<ushort>(amounts)), ShiftRightLanes<uint>(WidenHigh<ushort>(a), WidenHigh<ushort>(amounts))),
            4 when Avx2.IsSupported => Avx2.ShiftRightLogicalVariable(a.AsUInt32(), amounts.AsUInt32()).AsByte(),
            8 when Avx2.IsSupported => Avx2.ShiftRightLogicalVariable(a.AsUInt64(), amounts.AsUInt64()).AsByte(),
            _ => ShiftInSteps<T>(a, amounts, left: false),
        };

    // Negative lanes are shifted inverted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShiftRightSignedLanes<T>(Vector128<byte> a, Vector128<byte> amounts)
        where T : unmanaged, IBinaryInteger<T>
    {
        Vector128<byte> signs = Vector128.LessThan(a.As<byte, T>(), Vector128<T>.Zero).AsByte();
        return ShiftRightLanes<T>(a ^ signs, amounts) ^ signs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ZipLow<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged
    {
        if (Sse2.IsSupported)
        {
            return Unsafe.SizeOf<T>() switch
            {
                1 => Sse2.UnpackLow(a, b),
                2 => Sse2.UnpackLow(a.AsUInt16(), b.AsUInt16()).AsByte(),
                4 => Sse2.UnpackLow(a.AsUInt32(), b.AsUInt32()).AsByte(),
                _ => Sse2.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsByte(),
            };
        }

        return Unsafe.SizeOf<T>() switch
        {
            1 => Vector128.Shuffle(a, Vector128.Create(0, 16, 1, 16, 2, 16, 3, 16, 4, 16, 5, 16, 6, 16, 7, (byte)16))
                | Vector128.Shuffle(b, Vector128.Create(16, 0, 16, 1, 16, 2, 16, 3, 16, 4, 16, 5, 16, 6, 16, (byte)7)),
            2 => Vector128.Shuffle(a, Vector128.Create(0, 1, 16, 16, 2, 3, 16, 16, 4, 5, 16, 16, 6, 7, 16, (byte)16))
                | Vector128.Shuffle(b, Vector128.Create(16, 16, 0, 1, 16, 16, 2, 3, 16, 16, 4, 5, 16, 16, 6, (byte)7)),
            4 => Vector128.Shuffle(a, Vector128.Create(0, 1, 2, 3, 16, 16, 16, 16, 4, 5, 6, 7, 16, 16, 16, (byte)16))
                | Vector128.Shuffle(b, Vector128.Create(16, 16, 16, 16, 0, 1, 2, 3, 16, 16, 16, 16, 4, 5, 6, (byte)7)),
            _ => Vector128.Create(a.AsUInt64().GetLower(), b.AsUInt64().GetLower()).AsByte(),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ZipHigh<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged
    {
        if (Sse2.IsSupported)
        {
            return Unsafe.SizeOf<T>() switch
            {
                1 => Sse2.UnpackHigh(a, b),
                2 => Sse2.UnpackHigh(a.AsUInt16(), b.AsUInt16()).AsByte(),
                4 => Sse2.UnpackHigh(a.AsUInt32(), b.AsUInt32()).AsByte(),
                _ => Sse2.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsByte(),
            };
        }

        return ZipLow<T>(Vector128.Create(a.GetUpper(), a.GetUpper()), Vector128.Create(b.GetUpper(), b.GetUpper()));
    }

    // The type argument of widening and narrowing is the narrow lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Narrow<T>(Vector128<byte> a, Vector128<byte> b)
        where T : unmanaged => Unsafe.SizeOf<T>() switch
        {
            1 => Vector128.Narrow(a.AsUInt16(), b.AsUInt16()),
            2 => Vector128.Narrow(a.AsUInt32(), b.AsUInt32()).AsByte(),
            _ => Vector128.Narrow(a.AsUInt64(), b.AsUInt64()).AsByte(),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> WidenLow<T>(Vector128<byte> a)
        where T : unmanaged => Unsafe.SizeOf<T>() switch
        {
            1 => typeof(T) == typeof(sbyte) ? Vector128.WidenLower(a.AsSByte()).AsByte() : Vector128.WidenLower(a).AsByte(),
            2 => typeof(T) == typeof(short) ? Vector128.WidenLower(a.AsInt16()).AsByte() : Vector128.WidenLower(a.AsUInt16()).AsByte(),
            _ => typeof(T) == typeof(int) ? Vector128.WidenLower(a.AsInt32()).AsByte() : Vector128.WidenLower(a.AsUInt32()).AsByte(),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> WidenHigh<T>(Vector128<byte> a)
        where T : unmanaged => Unsafe.SizeOf<T>() switch
        {
            1 => typeof(T) == typeof(sbyte) ? Vector128.WidenUpper(a.AsSByte()).AsByte() : Vector128.WidenUpper(a).AsByte(),
            2 => typeof(T) == typeof(short) ? Vector128.WidenUpper(a.AsInt16()).AsByte() : Vector128.WidenUpper(a.AsUInt16()).AsByte(),
            _ => typeof(T) == typeof(int) ? Vector128.WidenUpper(a.AsInt32()).AsByte() : Vector128.WidenUpper(a.AsUInt32()).AsByte(),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Mask<T>(Vector128<byte> a)
        where T : unmanaged => (int)Vector128.ExtractMostSignificantBits(a.As<byte, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Extract<T>(Vector128<byte> a, int lane)
        where T : unmanaged => a.As<byte, T>().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Insert<T>(Vector128<byte> a, T value, int lane)
        where T : unmanaged => a.As<byte, T>().WithElement(lane, value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Splat<T>(T value)
        where T : unmanaged => Vector128.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Scalar<T>(T value)
        where T : unmanaged => Vector128.CreateScalar(value).AsByte();

    /// <summary>A constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Constant(ulong low, ulong high) => Vector128.Create(low, high).AsByte();

    /// <summary>Bytes in reverse order: a big-endian vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Reverse(Vector128<byte> a)
        => Vector128.Shuffle(a, Vector128.Create(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, (byte)0));

    private static uint Bits<T>()
        where T : unmanaged => 8 * (uint)Unsafe.SizeOf<T>();

    // By 1, 2, 4 ... where the amount has that bit, for hosts without shifts of lanes.
    internal static Vector128<byte> ShiftInSteps<T>(Vector128<byte> a, Vector128<byte> amounts, bool left)
        where T : unmanaged, IBinaryInteger<T>
    {
        Vector128<T> result = a.As<byte, T>(), count = amounts.As<byte, T>();
        for (int step = 1; step < Bits<T>(); step *= 2)
        {
            var bit = Vector128.Create(T.CreateTruncating(step));
            result = Vector128.ConditionalSelect(Vector128.Equals(count & bit, bit), left ? result << step : result >>> step, result);
        }

        Vector128<T> inside = Vector128.Equals(count & Vector128.Create(~T.CreateTruncating(Bits<T>() - 1)), Vector128<T>.Zero);
        return (result & inside).AsByte();
    }
}
