using Emulation.IR;

namespace Emulation.RiscV;

/// <summary>Look-ups of nibbles and bytes of a register by those of another. Indices out of range give zero.</summary>
internal static unsafe class PermuteHelpers
{
    public static readonly IrHelper Nibbles32 = Create(nameof(PermuteNibbles32), IrType.I32);
    public static readonly IrHelper Nibbles64 = Create(nameof(PermuteNibbles64), IrType.I64);
    public static readonly IrHelper Bytes32 = Create(nameof(PermuteBytes32), IrType.I32);
    public static readonly IrHelper Bytes64 = Create(nameof(PermuteBytes64), IrType.I64);

    public static ulong PermuteNibbles32(byte* s, ulong table, ulong indices) => Permute(table, indices, 4, 32);

    public static ulong PermuteNibbles64(byte* s, ulong table, ulong indices) => Permute(table, indices, 4, 64);

    public static ulong PermuteBytes32(byte* s, ulong table, ulong indices) => Permute(table, indices, 8, 32);

    public static ulong PermuteBytes64(byte* s, ulong table, ulong indices) => Permute(table, indices, 8, 64);

    private static ulong Permute(ulong table, ulong indices, int width, int xlen)
    {
        ulong mask = (1UL << width) - 1, result = 0;
        for (int i = 0; i < xlen; i += width)
        {
            ulong position = ((indices >> i) & mask) * (ulong)width;
            if (position < (ulong)xlen)
                result |= ((table >> (int)position) & mask) << i;
        }

        return result;
    }

    private static IrHelper Create(string method, IrType result) => IrHelper.Create(typeof(PermuteHelpers), method, result, IrEffects.None);
}
