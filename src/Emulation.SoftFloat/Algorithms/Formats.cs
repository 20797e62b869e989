namespace Emulation.SoftFloat.Algorithms;

internal readonly struct Binary16 : IBinaryFormat<ulong>
{
    public static int FractionBits => 10;
    public static int ExponentBits => 5;
    public static ulong Multiply(ulong a, ulong b, out ulong low) => Math.BigMul(a, b, out low);
    public static ulong Divide(ulong a, ulong b) => Significand64.DivideShort(a, b);
    public static ulong SquareRoot(ulong a) => Significand64.SquareRootShort(a);
}

internal readonly struct Binary32 : IBinaryFormat<ulong>
{
    public static int FractionBits => 23;
    public static int ExponentBits => 8;
    public static ulong Multiply(ulong a, ulong b, out ulong low) => Math.BigMul(a, b, out low);
    public static ulong Divide(ulong a, ulong b) => Significand64.DivideShort(a, b);
    public static ulong SquareRoot(ulong a) => Significand64.SquareRootShort(a);
}

internal readonly struct Binary64 : IBinaryFormat<ulong>
{
    public static int FractionBits => 52;
    public static int ExponentBits => 11;
    public static ulong Multiply(ulong a, ulong b, out ulong low) => Math.BigMul(a, b, out low);
    public static ulong Divide(ulong a, ulong b) => Significand64.Divide(a, b);
    public static ulong SquareRoot(ulong a) => Significand64.SquareRoot(a);
}

internal readonly struct Binary128 : IBinaryFormat<UInt128>
{
    public static int FractionBits => 112;
    public static int ExponentBits => 15;
    public static UInt128 Multiply(UInt128 a, UInt128 b, out UInt128 low) => Significand128.Multiply(a, b, out low);
    public static UInt128 Divide(UInt128 a, UInt128 b) => Significand128.Divide(a, b);
    public static UInt128 SquareRoot(UInt128 a) => Significand128.SquareRoot(a);
}
