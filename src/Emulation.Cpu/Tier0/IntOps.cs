using System.Numerics;
using System.Runtime.CompilerServices;

namespace Emulation.Cpu;

/// <summary>Integer operations that C# and IL do not have in the IR's total form; engines call or inline them.</summary>
internal static class IntOps
{
    /// <summary>Signed quotient; x/0 = -1, MIN/-1 = MIN.</summary>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long DivS64(long a, long b) => b == 0 ? -1 : b == -1 ? -a : a / b;

    /// <summary>Unsigned quotient; x/0 = all ones.</summary>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long DivU64(long a, long b) => b == 0 ? -1 : (long)((ulong)a / (ulong)b);

    /// <summary>Signed remainder; x%0 = x, MIN%-1 = 0.</summary>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RemS64(long a, long b) => b == 0 ? a : b == -1 ? 0 : a % b;

    /// <summary>Unsigned remainder; x%0 = x.</summary>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RemU64(long a, long b) => b == 0 ? a : (long)((ulong)a % (ulong)b);

    /// <summary>As <see cref="DivS64"/> on 32 bits.</summary>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DivS32(int a, int b) => b == 0 ? -1 : b == -1 ? -a : a / b;

    /// <summary>As <see cref="DivU64"/> on 32 bits.</summary>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DivU32(int a, int b) => b == 0 ? -1 : (int)((uint)a / (uint)b);

    /// <summary>As <see cref="RemS64"/> on 32 bits.</summary>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RemS32(int a, int b) => b == 0 ? a : b == -1 ? 0 : a % b;

    /// <summary>As <see cref="RemU64"/> on 32 bits.</summary>
    /// <param name="a">Dividend.</param>
    /// <param name="b">Divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RemU32(int a, int b) => b == 0 ? a : (int)((uint)a % (uint)b);

    /// <summary>High half of the signed product.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MulHighS64(long a, long b) => Math.BigMul(a, b, out _);

    /// <summary>High half of the unsigned product.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MulHighU64(long a, long b) => (long)Math.BigMul((ulong)a, (ulong)b, out _);

    /// <summary>High half of signed a times unsigned b.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MulHighSU64(long a, long b) => MulHighU64(a, b) - ((a >> 63) & b);

    /// <summary>High half of the signed product of 32-bit factors.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MulHighS32(int a, int b) => (int)(((long)a * b) >> 32);

    /// <summary>High half of the unsigned product of 32-bit factors.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MulHighU32(int a, int b) => (int)(((ulong)(uint)a * (uint)b) >> 32);

    /// <summary>High half of signed a times unsigned b, 32-bit factors.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MulHighSU32(int a, int b) => (int)(((long)a * (uint)b) >> 32);

    /// <summary>Rotation left by b modulo 64.</summary>
    /// <param name="a">Value.</param>
    /// <param name="b">Amount.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RotL64(long a, long b) => (long)BitOperations.RotateLeft((ulong)a, (int)b);

    /// <summary>Rotation right by b modulo 64.</summary>
    /// <param name="a">Value.</param>
    /// <param name="b">Amount.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RotR64(long a, long b) => (long)BitOperations.RotateRight((ulong)a, (int)b);

    /// <summary>Rotation left by b modulo 32.</summary>
    /// <param name="a">Value.</param>
    /// <param name="b">Amount.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RotL32(int a, int b) => (int)BitOperations.RotateLeft((uint)a, b);

    /// <summary>Rotation right by b modulo 32.</summary>
    /// <param name="a">Value.</param>
    /// <param name="b">Amount.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RotR32(int a, int b) => (int)BitOperations.RotateRight((uint)a, b);

    /// <summary>Leading zeros, 64 for 0.</summary>
    /// <param name="a">Value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Clz64(long a) => BitOperations.LeadingZeroCount((ulong)a);

    /// <summary>Trailing zeros, 64 for 0.</summary>
    /// <param name="a">Value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Ctz64(long a) => BitOperations.TrailingZeroCount((ulong)a);

    /// <summary>One bits.</summary>
    /// <param name="a">Value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long PopCount64(long a) => BitOperations.PopCount((ulong)a);

    /// <summary>Leading zeros, 32 for 0.</summary>
    /// <param name="a">Value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Clz32(int a) => BitOperations.LeadingZeroCount((uint)a);

    /// <summary>Trailing zeros, 32 for 0.</summary>
    /// <param name="a">Value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Ctz32(int a) => BitOperations.TrailingZeroCount((uint)a);

    /// <summary>One bits.</summary>
    /// <param name="a">Value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PopCount32(int a) => BitOperations.PopCount((uint)a);
}
