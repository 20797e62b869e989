using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Emulation.IR;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace Emulation.RiscV;

/// <summary>Carry-less products: polynomials over GF(2).</summary>
internal static unsafe class CarrylessHelpers
{
    public static readonly IrHelper Low32 = Create(nameof(MultiplyLow32), IrType.I32);
    public static readonly IrHelper High32 = Create(nameof(MultiplyHigh32), IrType.I32);
    public static readonly IrHelper Reversed32 = Create(nameof(MultiplyReversed32), IrType.I32);
    public static readonly IrHelper Low64 = Create(nameof(MultiplyLow64), IrType.I64);
    public static readonly IrHelper High64 = Create(nameof(MultiplyHigh64), IrType.I64);
    public static readonly IrHelper Reversed64 = Create(nameof(MultiplyReversed64), IrType.I64);

    public static ulong MultiplyLow32(byte* s, ulong a, ulong b) => (uint)Multiply(a, b).Low;

    public static ulong MultiplyHigh32(byte* s, ulong a, ulong b) => Multiply(a, b).Low >> 32;

    public static ulong MultiplyReversed32(byte* s, ulong a, ulong b) => (uint)(Multiply(a, b).Low >> 31);

    public static ulong MultiplyLow64(byte* s, ulong a, ulong b) => Multiply(a, b).Low;

    public static ulong MultiplyHigh64(byte* s, ulong a, ulong b) => Multiply(a, b).High;

    public static ulong MultiplyReversed64(byte* s, ulong a, ulong b)
    {
        (ulong low, ulong high) = Multiply(a, b);
        return (high << 1) | (low >> 63);
    }

    /// <summary>The product without any host instruction for it.</summary>
    /// <param name="a">A factor.</param>
    /// <param name="b">A factor.</param>
    public static (ulong Low, ulong High) MultiplyPortable(ulong a, ulong b)
    {
        UInt128 product = 0, x = a;
        for (int i = 0; i < 64; i++)
        {
            if (((b >> i) & 1) != 0)
                product ^= x << i;
        }

        return ((ulong)product, (ulong)(product >> 64));
    }

    private static (ulong Low, ulong High) Multiply(ulong a, ulong b)
    {
        if (Pclmulqdq.IsSupported)
        {
            Vector128<ulong> product = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(a), Vector128.CreateScalar(b), 0);
            return (product.GetElement(0), product.GetElement(1));
        }

        if (ArmAes.IsSupported)
        {
            Vector128<ulong> product = ArmAes.PolynomialMultiplyWideningLower(Vector64.Create(a), Vector64.Create(b));
            return (product.GetElement(0), product.GetElement(1));
        }

        return MultiplyPortable(a, b);
    }

    private static IrHelper Create(string method, IrType result) => IrHelper.Create(typeof(CarrylessHelpers), method, result, IrEffects.None);
}
