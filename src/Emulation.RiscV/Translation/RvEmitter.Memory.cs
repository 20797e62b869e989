using Emulation.IR;

namespace Emulation.RiscV;

// Memory operands. Addresses are XLEN wide and wrap there; the IR's are 64 bits, zero-extended.
internal sealed partial class RvEmitter
{
    private const int CauseMisalignedStore = 6;

    /// <summary>Loads an integer, extended to XLEN.</summary>
    /// <param name="rs1">Base register.</param>
    /// <param name="offset">Added to it.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    /// <param name="signed">Whether it is sign-extended.</param>
    public IrValue Load(int rs1, int offset, int size, bool signed) => Load(rs1, offset, size, signed, XType);

    /// <summary>Loads a value.</summary>
    /// <param name="rs1">Base register.</param>
    /// <param name="offset">Added to it.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    /// <param name="signed">Whether it is sign-extended.</param>
    /// <param name="type">Type of the result, at least as wide.</param>
    public IrValue Load(int rs1, int offset, int size, bool signed, IrType type)
    {
        IrValue address = Address(rs1, offset, out long displacement);
        return Ir.Load(address, displacement, Plain(size, signed), type);
    }

    /// <summary>Stores the low part of a value.</summary>
    /// <param name="rs1">Base register.</param>
    /// <param name="offset">Added to it.</param>
    /// <param name="value">At least as wide as the access.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    public void Store(int rs1, int offset, IrValue value, int size)
    {
        IrValue address = Address(rs1, offset, out long displacement);
        Ir.Store(address, displacement, value, Plain(size, false));
    }

    /// <summary>A register as a 64-bit address.</summary>
    /// <param name="rs1">The register.</param>
    public IrValue Address(int rs1) => Ir.ZExt(X(rs1), IrType.I64);

    /// <summary>A register as a 64-bit address; raises when it is misaligned. For atomics that are helpers.</summary>
    /// <param name="rs1">The register.</param>
    /// <param name="size">Bytes.</param>
    public IrValue AlignedAddress(int rs1, int size)
    {
        IrValue address = Address(rs1);
        int aligned = Ir.NewLabel();
        Ir.BrIf(Ir.Compare(IrOp.Eq, Ir.And(address, Ir.Const((ulong)size - 1)), Ir.Const(0)), aligned);
        Ir.Raise(CauseMisalignedStore, address);
        Ir.Label(aligned);
        return address;
    }

    /// <summary>How plain loads and stores access memory.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="signed">Whether loads are sign-extended.</param>
    public MemOp Plain(int size, bool signed) => new(size, signed, RiscVMode.DataMmu(Mode), Aligned: Isa.MisalignedTraps);

    /// <summary>How atomics access memory: naturally aligned always.</summary>
    /// <param name="size">Bytes.</param>
    public MemOp Atomic(int size) => new(size, true, RiscVMode.DataMmu(Mode), Aligned: true);

    private IrValue Address(int rs1, int offset, out long displacement)
    {
        if (Is32)
        {
            displacement = 0;
            return Ir.ZExt(Ir.Add(X(rs1), offset), IrType.I64);
        }

        displacement = offset;
        return X(rs1);
    }
}
