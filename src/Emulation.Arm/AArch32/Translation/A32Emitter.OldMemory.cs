using Emulation.IR;

namespace Emulation.Arm;

// Alignment and byte order before Armv7. Arm DDI 0100I, A2.7, A2.8: a misaligned word comes rotated, other accesses are at the multiple below; with
// SCTLR.B addresses of bytes and halfwords are changed so that words stay as they are (BE-32).
internal partial class A32Emitter
{
    /// <summary>BE-32: SCTLR.B.</summary>
    public bool IsWordInvariant { get; } = (mode & A32Mode.WordInvariant) != 0 && !isa.Has(ArmFeature.V7);

    // nothing is said of addresses that are not aligned: no fault, and no unaligned access either
    private bool Rounds => IsOldAlignment && (_mode & ArmMode.Aligned) == 0;

    private bool IsOldAlignment => !Isa.Has(ArmFeature.V6) || ((_mode & A32Mode.OldAlignment) != 0 && !Isa.Has(ArmFeature.V7));

    /// <summary>An address as old cores see it: the multiple of the size below, unless SCTLR.A is set.</summary>
    public IrValue Masked(IrValue address, int size) => Rounds && size > 1 ? Ir.And(address, Word(-size)) : address;

    /// <summary>Where a byte or halfword lies in its word.</summary>
    public IrValue InWord(IrValue address, int size) => IsWordInvariant && size < 4 ? Ir.Xor(address, Word(4 - size)) : address;

    /// <summary>What memory holds.</summary>
    /// <param name="address">32 bits.</param>
    /// <param name="size">1, 2 or 4.</param>
    /// <param name="signed">Whether it is sign-extended.</param>
    /// <param name="isUser">With the rights of User mode.</param>
    public IrValue LoadValue(IrValue address, int size, bool signed = false, bool isUser = false)
    {
        IrValue value = Ir.Load(Address(InWord(Masked(address, size), size)), 0, Plain(size, signed, isUser), IrType.I32);
        return Rounds && size == 4 ? Rotated(value, address) : value;
    }

    /// <summary>SWP and SWPB.</summary>
    public IrValue Swap(IrValue address, IrValue value, int size)
    {
        IrValue old = Ir.AtomicRmw(AtomicOp.Swap, Address(InWord(Masked(address, size), size)), value, Aligned(size));
        return Rounds && size == 4 ? Rotated(old, address) : old;
    }

    /// <summary>Loads a double register: of BE-32 the word at the lower address is the upper one.</summary>
    /// <param name="place">64-bit address.</param>
    public IrValue LoadDouble(IrValue place)
        => IsWordInvariant ? Ir.Binary(IrOp.RotR, Ir.Load(place, 0, Plain(8), IrType.I64), Const(32)) : Ir.Load(place, 0, Plain(8), IrType.F64);

    /// <summary>Stores a double register.</summary>
    /// <param name="place">64-bit address.</param>
    /// <param name="r">Which.</param>
    public void StoreDouble(IrValue place, int r)
        => Ir.Store(place, 0, IsWordInvariant ? Ir.Binary(IrOp.RotR, DBits(r), Const(32)) : DBits(r), Plain(8));

    /// <summary>LDRD and STRD: aligned to words, before that to doublewords.</summary>
    private void CheckDual(ref IrValue address, bool writes)
    {
        if (Rounds)
            address = Masked(address, 4);
        else
            CheckAligned(address, IsOldAlignment ? 8 : 4, writes);
    }

    private IrValue Rotated(IrValue value, IrValue address) => Ir.Binary(IrOp.RotR, value, Ir.Shl(Ir.And(address, Word(3)), 3));
}
