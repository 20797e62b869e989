using Emulation.IR;

namespace Emulation.Arm;

/// <summary>The address of a load or store: a base register and an offset.</summary>
/// <param name="Rn">Base register.</param>
/// <param name="Offset">32 bits; null for none.</param>
/// <param name="Adds">Whether the offset is added or subtracted.</param>
/// <param name="Indexes">Whether the access is at base and offset, or at the base alone.</param>
/// <param name="WritesBack">Whether the base register becomes base and offset.</param>
/// <param name="IsUser">Whether the access has the rights of User mode: LDRT, STRT.</param>
internal readonly record struct A32Address(int Rn, IrValue? Offset, bool Adds = true, bool Indexes = true, bool WritesBack = false, bool IsUser = false)
{
    /// <summary>Where the access is.</summary>
    public IrValue At(A32Emitter e) => Indexes ? Moved(e) : e.Base(Rn);

    /// <summary>What the base becomes.</summary>
    public IrValue Moved(A32Emitter e) => Offset is { } offset ? e.Offset(e.Base(Rn), offset, Adds) : e.Base(Rn);
}
