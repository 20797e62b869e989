using Emulation.IR;
using static Emulation.Arm.VectorHelpers;

namespace Emulation.Arm;

/// <summary>Vector operations of AArch32 that A64 has in other forms. Operands as in <see cref="VectorHelpers"/>.</summary>
internal static unsafe class NeonHelpers
{
    /// <summary>VTRN: both d and m are written.</summary>
    public static readonly IrHelper Transpose = Create(nameof(DoTranspose));

    /// <summary>VUZP.</summary>
    public static readonly IrHelper Unzip = Create(nameof(DoUnzip));

    /// <summary>VZIP.</summary>
    public static readonly IrHelper Zip = Create(nameof(DoZip));

    /// <summary>VTBL; an operation of 1 is VTBX, the count is that of table registers.</summary>
    public static readonly IrHelper Table = Create(nameof(DoTable));

    public static void DoTranspose(byte* s, ulong registers, ulong packed)
        => Permute(s, registers, packed, static (lane, count, second) => ((lane & ~1) | (second ? 1 : 0), (lane & 1) != 0));

    public static void DoUnzip(byte* s, ulong registers, ulong packed)
        => Permute(s, registers, packed, static (lane, count, second) => (((2 * lane) + (second ? 1 : 0)) % count, 2 * lane >= count));

    public static void DoZip(byte* s, ulong registers, ulong packed)
        => Permute(s, registers, packed, static (lane, count, second) => ((lane / 2) + (second ? count / 2 : 0), (lane & 1) != 0));

    public static void DoTable(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        byte* table = (byte*)Operands.Register(s, (int)registers, 1);
        for (int i = 0; i < 8; i++)
        {
            int index = (int)Read(v.M, i, 0, false);
            v.Write(i, 0, index < 8 * v.Kind.Count ? table[index] : v.Kind.Op != 0 ? Read(v.D, i, 0, false) : 0);
        }

        v.Finish(s);
    }

    // lane and register that each lane of both results comes from
    private static void Permute(byte* s, ulong registers, ulong packed, Func<int, int, bool, (int Lane, bool FromSecond)> source)
    {
        var first = new Operands(s, registers, packed);
        ulong second = Second(registers);
        var other = new Operands(s, second, packed);
        int size = first.Kind.Size, count = first.Kind.Count;
        for (int i = 0; i < count; i++)
        {
            (int lane, bool fromSecond) = source(i, count, false);
            first.Write(i, size, Read(fromSecond ? first.M : first.D, lane, size, false));
            (lane, fromSecond) = source(i, count, true);
            other.Write(i, size, Read(fromSecond ? first.M : first.D, lane, size, false));
        }

        first.Finish(s);
        other.Finish(s);
    }

    // m in the place of d
    private static ulong Second(ulong registers)
    {
        const int DoubleRegister = 31;
        ulong m = (registers >> 10) & DoubleRegister, odd = (registers >> (VectorRegisters.OddShift + 2)) & 1;
        return (registers & ~(DoubleRegister | (1UL << VectorRegisters.OddShift))) | m | (odd << VectorRegisters.OddShift);
    }

    private static IrHelper Create(string method)
        => IrHelper.Create(typeof(NeonHelpers), method, IrType.None, IrEffects.ReadsState | IrEffects.WritesState);
}
