using System.Runtime.CompilerServices;
using Emulation.IR;
using static System.Numerics.BitOperations;
using static Emulation.Arm.VectorHelpers;

namespace Emulation.Arm;

/// <summary>SHA-512 steps on vector registers, operand as in <see cref="CryptoHelpers"/>. FIPS 180-4, 6.4.</summary>
internal static unsafe class Sha512Helpers
{
    public static readonly IrHelper Low = Create(nameof(DoLow));
    public static readonly IrHelper High = Create(nameof(DoHigh));
    public static readonly IrHelper Schedule0 = Create(nameof(DoSchedule0));
    public static readonly IrHelper Schedule1 = Create(nameof(DoSchedule1));

    public static void DoLow(byte* s, ulong registers)
    {
        UInt128 w = Read(s, registers, 0), x = Read(s, registers, 5), y = Read(s, registers, 10);
        ulong top = High64(y), high = Choose(top, (ulong)x, High64(x)) + Sum1(top) + High64(w);
        ulong next = high + (ulong)y, low = Choose(next, top, (ulong)x) + Sum1(next) + (ulong)w;
        Write(s, registers, high, low);
    }

    public static void DoHigh(byte* s, ulong registers)
    {
        UInt128 w = Read(s, registers, 0), x = Read(s, registers, 5), y = Read(s, registers, 10);
        ulong high = Majority((ulong)x, High64(y), (ulong)y) + Sum0((ulong)y) + High64(w);
        ulong low = Majority(high, (ulong)y, High64(y)) + Sum0(high) + (ulong)w;
        Write(s, registers, high, low);
    }

    public static void DoSchedule0(byte* s, ulong registers)
    {
        UInt128 w = Read(s, registers, 0), x = Read(s, registers, 5);
        Write(s, registers, High64(w) + Sigma0((ulong)x), (ulong)w + Sigma0(High64(w)));
    }

    public static void DoSchedule1(byte* s, ulong registers)
    {
        UInt128 w = Read(s, registers, 0), x = Read(s, registers, 5), y = Read(s, registers, 10);
        Write(s, registers, High64(w) + Sigma1(High64(x)) + High64(y), (ulong)w + Sigma1((ulong)x) + (ulong)y);
    }

    private static ulong Choose(ulong e, ulong f, ulong g) => ((f ^ g) & e) ^ g;

    private static ulong Majority(ulong a, ulong b, ulong c) => (a & b) | ((a | b) & c);

    private static ulong Sum0(ulong v) => RotateRight(v, 28) ^ RotateRight(v, 34) ^ RotateRight(v, 39);

    private static ulong Sum1(ulong v) => RotateRight(v, 14) ^ RotateRight(v, 18) ^ RotateRight(v, 41);

    private static ulong Sigma0(ulong v) => RotateRight(v, 1) ^ RotateRight(v, 8) ^ (v >> 7);

    private static ulong Sigma1(ulong v) => RotateRight(v, 19) ^ RotateRight(v, 61) ^ (v >> 6);

    private static ulong High64(UInt128 value) => (ulong)(value >> 64);

    private static UInt128 Read(byte* s, ulong registers, int shift)
    {
        byte* register = (byte*)Operands.Register(s, (int)(registers >> shift) & 31, 0);
        return new UInt128(Unsafe.ReadUnaligned<ulong>(register + 8), Unsafe.ReadUnaligned<ulong>(register));
    }

    private static void Write(byte* s, ulong registers, ulong high, ulong low)
    {
        byte* register = (byte*)Operands.Register(s, (int)registers & 31, 0);
        Unsafe.WriteUnaligned(register, low);
        Unsafe.WriteUnaligned(register + 8, high);
    }

    private static IrHelper Create(string method)
        => IrHelper.Create(typeof(Sha512Helpers), method, IrType.None, IrEffects.ReadsState | IrEffects.WritesState);
}
