using Emulation.IR;

namespace Emulation.Arm;

// Scalars of three formats: single and double as the IR has them, half as bits in a 32-bit integer.
internal sealed partial class A64Emitter
{
    /// <summary>Whether a format exists here; undefined when not.</summary>
    /// <param name="format">The type field.</param>
    public bool HasFormat(int format)
    {
        if (format is FpFormat.Single or FpFormat.Double || (format == FpFormat.Half && Isa.Has(ArmFeature.FP16)))
            return true;
        Undefined();
        return false;
    }

    /// <summary>Reads a scalar.</summary>
    public IrValue F(int r, int format) => format switch
    {
        FpFormat.Single => Part(r, IrType.F32),
        FpFormat.Double => Part(r, IrType.F64),
        _ => Ir.ZExt(Part(r, IrType.I16), IrType.I32),
    };

    /// <summary>Reads the bits of a scalar.</summary>
    public IrValue FBits(int r, int format) => format switch
    {
        FpFormat.Single => Part(r, IrType.I32),
        FpFormat.Double => Part(r, IrType.I64),
        _ => Ir.ZExt(Part(r, IrType.I16), IrType.I32),
    };

    /// <summary>Writes a scalar or its bits, zeros above.</summary>
    public void SetF(int r, int format, IrValue value)
        => SetVectorPart(r, format == FpFormat.Half && value.Type == IrType.I32 ? Ir.Trunc(value, IrType.I16) : value);
}
