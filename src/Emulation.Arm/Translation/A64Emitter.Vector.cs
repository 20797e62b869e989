using Emulation.IR;

namespace Emulation.Arm;

// Vector registers. Arm DDI 0487, B1.2.1.
internal sealed partial class A64Emitter
{
    /// <summary>Reads a vector register.</summary>
    public IrValue V(int r) => Ir.Get(Registers.Vector[r]);

    /// <summary>Reads the low part of a vector register.</summary>
    public IrValue Part(int r, IrType type) => Ir.Get(Registers.Vector[r], type);

    /// <summary>Writes a vector register whole.</summary>
    public void SetV(int r, IrValue value) => Ir.Set(Registers.Vector[r], value);

    /// <summary>Writes a vector register; the bits above a narrower value become 0.</summary>
    public void SetVectorPart(int r, IrValue value)
        => SetV(r, value.Type == IrType.V128 ? value : Ir.VectorScalar(value));
}
