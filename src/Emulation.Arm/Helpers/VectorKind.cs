namespace Emulation.Arm;

/// <summary>What a vector helper does, packed in 32 bits.</summary>
/// <param name="Op">A <see cref="VecOp"/> or <see cref="FpOp"/>.</param>
/// <param name="Size">log2 of the bytes of a lane of the operands.</param>
/// <param name="Count">Lanes of the result; what is above becomes 0.</param>
/// <param name="High">Whether the narrower side is the upper half of its register.</param>
/// <param name="Index">Lane of the second operand that stands for all; -1 for lane by lane.</param>
/// <param name="Immediate">In place of the second operand when <paramref name="HasImmediate"/>; a rounding mode.</param>
/// <param name="Signed">How widened operands are extended.</param>
/// <param name="HasImmediate">Whether there is no second operand.</param>
internal readonly record struct VectorKind(
    int Op, int Size, int Count, bool High = false, int Index = -1, int Immediate = 0, bool Signed = false, bool HasImmediate = false)
{
    public static VectorKind Unpack(ulong packed) => new(
        (int)packed & 0x7f,
        (int)(packed >> 7) & 3,
        (int)(packed >> 9) & 31,
        (packed & (1 << 14)) != 0,
        ((int)(packed >> 15) & 31) - 1,
        (int)(packed >> 20) & 0x7f,
        (packed & (1 << 27)) != 0,
        (packed & (1 << 28)) != 0);

    public int Pack() => Op | (Size << 7) | (Count << 9) | (High ? 1 << 14 : 0) | ((Index + 1) << 15) | (Immediate << 20) | (Signed ? 1 << 27 : 0) | (HasImmediate ? 1 << 28 : 0);
}
