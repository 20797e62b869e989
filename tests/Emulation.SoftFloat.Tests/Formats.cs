namespace Emulation.SoftFloat.Tests;

internal delegate UInt128 Unary(UInt128 a, ref FpContext context);

internal delegate UInt128 Binary(UInt128 a, UInt128 b, ref FpContext context);

internal delegate UInt128 Ternary(UInt128 a, UInt128 b, UInt128 c, ref FpContext context);

internal delegate UInt128 Integral(UInt128 a, FpRounding rounding, bool raiseInexact, ref FpContext context);

internal delegate bool Comparison(UInt128 a, UInt128 b, ref FpContext context);

/// <summary>The four formats behind one face, so that a test is written once.</summary>
internal sealed record Format(string Name, Reference Reference)
{
    public required Binary Add { get; init; }

    public required Binary Sub { get; init; }

    public required Binary Mul { get; init; }

    public required Binary Div { get; init; }

    public required Binary Rem { get; init; }

    public required Unary Sqrt { get; init; }

    public required Ternary MulAdd { get; init; }

    public required Integral RoundToInt { get; init; }

    public required Comparison Eq { get; init; }

    public required Comparison Lt { get; init; }

    public required Comparison Le { get; init; }

    /// <summary>To the formats in the order of <see cref="All"/>.</summary>
    public required Unary[] To { get; init; }

    public UInt128 SignBit => UInt128.One << (Reference.Width - 1);

    public UInt128 Infinity => ((UInt128.One << Reference.ExponentBits) - 1) << Reference.FractionBits;

    public UInt128 QuietNaN => Infinity | (UInt128.One << (Reference.FractionBits - 1));

    public UInt128 SignalingNaN => Infinity | 1;

    public UInt128 One => (UInt128)(uint)Reference.Bias << Reference.FractionBits;

    public override string ToString() => Name;

    public static Format Half { get; } = new("F16", new Reference(10, 5))
    {
        Add = (UInt128 a, UInt128 b, ref FpContext c) => F16.Add((ushort)a, (ushort)b, ref c),
        Sub = (UInt128 a, UInt128 b, ref FpContext c) => F16.Sub((ushort)a, (ushort)b, ref c),
        Mul = (UInt128 a, UInt128 b, ref FpContext c) => F16.Mul((ushort)a, (ushort)b, ref c),
        Div = (UInt128 a, UInt128 b, ref FpContext c) => F16.Div((ushort)a, (ushort)b, ref c),
        Rem = (UInt128 a, UInt128 b, ref FpContext c) => F16.Rem((ushort)a, (ushort)b, ref c),
        Sqrt = (UInt128 a, ref FpContext c) => F16.Sqrt((ushort)a, ref c),
        MulAdd = (UInt128 x, UInt128 y, UInt128 z, ref FpContext c) => F16.MulAdd((ushort)x, (ushort)y, (ushort)z, ref c),
        RoundToInt = (UInt128 a, FpRounding r, bool i, ref FpContext c) => F16.RoundToInt((ushort)a, r, i, ref c),
        Eq = (UInt128 a, UInt128 b, ref FpContext c) => F16.EqQuiet((ushort)a, (ushort)b, ref c),
        Lt = (UInt128 a, UInt128 b, ref FpContext c) => F16.LtSignaling((ushort)a, (ushort)b, ref c),
        Le = (UInt128 a, UInt128 b, ref FpContext c) => F16.LeSignaling((ushort)a, (ushort)b, ref c),
        To =
        [
            (UInt128 a, ref FpContext _) => a,
            (UInt128 a, ref FpContext c) => F16.ToF32((ushort)a, ref c),
            (UInt128 a, ref FpContext c) => F16.ToF64((ushort)a, ref c),
            (UInt128 a, ref FpContext c) => F16.ToF128((ushort)a, ref c),
        ],
    };

    public static Format Single { get; } = new("F32", new Reference(23, 8))
    {
        Add = (UInt128 a, UInt128 b, ref FpContext c) => F32.Add((uint)a, (uint)b, ref c),
        Sub = (UInt128 a, UInt128 b, ref FpContext c) => F32.Sub((uint)a, (uint)b, ref c),
        Mul = (UInt128 a, UInt128 b, ref FpContext c) => F32.Mul((uint)a, (uint)b, ref c),
        Div = (UInt128 a, UInt128 b, ref FpContext c) => F32.Div((uint)a, (uint)b, ref c),
        Rem = (UInt128 a, UInt128 b, ref FpContext c) => F32.Rem((uint)a, (uint)b, ref c),
        Sqrt = (UInt128 a, ref FpContext c) => F32.Sqrt((uint)a, ref c),
        MulAdd = (UInt128 x, UInt128 y, UInt128 z, ref FpContext c) => F32.MulAdd((uint)x, (uint)y, (uint)z, ref c),
        RoundToInt = (UInt128 a, FpRounding r, bool i, ref FpContext c) => F32.RoundToInt((uint)a, r, i, ref c),
        Eq = (UInt128 a, UInt128 b, ref FpContext c) => F32.EqQuiet((uint)a, (uint)b, ref c),
        Lt = (UInt128 a, UInt128 b, ref FpContext c) => F32.LtSignaling((uint)a, (uint)b, ref c),
        Le = (UInt128 a, UInt128 b, ref FpContext c) => F32.LeSignaling((uint)a, (uint)b, ref c),
        To =
        [
            (UInt128 a, ref FpContext c) => F32.ToF16((uint)a, ref c),
            (UInt128 a, ref FpContext _) => a,
            (UInt128 a, ref FpContext c) => F32.ToF64((uint)a, ref c),
            (UInt128 a, ref FpContext c) => F32.ToF128((uint)a, ref c),
        ],
    };

    public static Format Double { get; } = new("F64", new Reference(52, 11))
    {
        Add = (UInt128 a, UInt128 b, ref FpContext c) => F64.Add((ulong)a, (ulong)b, ref c),
        Sub = (UInt128 a, UInt128 b, ref FpContext c) => F64.Sub((ulong)a, (ulong)b, ref c),
        Mul = (UInt128 a, UInt128 b, ref FpContext c) => F64.Mul((ulong)a, (ulong)b, ref c),
        Div = (UInt128 a, UInt128 b, ref FpContext c) => F64.Div((ulong)a, (ulong)b, ref c),
        Rem = (UInt128 a, UInt128 b, ref FpContext c) => F64.Rem((ulong)a, (ulong)b, ref c),
        Sqrt = (UInt128 a, ref FpContext c) => F64.Sqrt((ulong)a, ref c),
        MulAdd = (UInt128 x, UInt128 y, UInt128 z, ref FpContext c) => F64.MulAdd((ulong)x, (ulong)y, (ulong)z, ref c),
        RoundToInt = (UInt128 a, FpRounding r, bool i, ref FpContext c) => F64.RoundToInt((ulong)a, r, i, ref c),
        Eq = (UInt128 a, UInt128 b, ref FpContext c) => F64.EqQuiet((ulong)a, (ulong)b, ref c),
        Lt = (UInt128 a, UInt128 b, ref FpContext c) => F64.LtSignaling((ulong)a, (ulong)b, ref c),
        Le = (UInt128 a, UInt128 b, ref FpContext c) => F64.LeSignaling((ulong)a, (ulong)b, ref c),
        To =
        [
            (UInt128 a, ref FpContext c) => F64.ToF16((ulong)a, ref c),
            (UInt128 a, ref FpContext c) => F64.ToF32((ulong)a, ref c),
            (UInt128 a, ref FpContext _) => a,
            (UInt128 a, ref FpContext c) => F64.ToF128((ulong)a, ref c),
        ],
    };

    public static Format Quadruple { get; } = new("F128", new Reference(112, 15))
    {
        Add = F128.Add,
        Sub = F128.Sub,
        Mul = F128.Mul,
        Div = F128.Div,
        Rem = F128.Rem,
        Sqrt = F128.Sqrt,
        MulAdd = F128.MulAdd,
        RoundToInt = F128.RoundToInt,
        Eq = F128.EqQuiet,
        Lt = F128.LtSignaling,
        Le = F128.LeSignaling,
        To =
        [
            (UInt128 a, ref FpContext c) => F128.ToF16(a, ref c),
            (UInt128 a, ref FpContext c) => F128.ToF32(a, ref c),
            (UInt128 a, ref FpContext c) => F128.ToF64(a, ref c),
            (UInt128 a, ref FpContext _) => a,
        ],
    };

    public static Format[] All { get; } = [Half, Single, Double, Quadruple];
}
