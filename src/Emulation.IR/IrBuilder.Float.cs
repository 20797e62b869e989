using System.Diagnostics;

namespace Emulation.IR;

// IEEE operations besides arithmetic.
public sealed partial class IrBuilder
{
    /// <summary>The smaller or greater of two numbers.</summary>
    /// <param name="op"><see cref="IrOp.FMin"/> or <see cref="IrOp.FMax"/>.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    /// <param name="rule">What is done with NaNs.</param>
    public IrValue FExtremum(IrOp op, IrValue a, IrValue b, IrExtremum rule)
    {
        Debug.Assert(a.Type == b.Type && a.Type.IsFloat() && op is IrOp.FMin or IrOp.FMax, $"{op} of {a.Type} and {b.Type}");
        return Emit(op, a.Type, a.Id, b.Id, aux: (int)rule);
    }

    /// <summary>0 where a = b, 1 where a &lt; b, 2 where a &gt; b, 3 where one is a NaN: 32 bits.</summary>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand, same type.</param>
    /// <param name="signaling">Whether quiet NaNs raise invalid too.</param>
    public IrValue FOrder(IrValue a, IrValue b, bool signaling)
    {
        Debug.Assert(a.Type == b.Type && a.Type.IsFloat(), $"order of {a.Type} and {b.Type}");
        return Emit(IrOp.FOrder, IrType.I32, a.Id, b.Id, aux: signaling ? 1 : 0);
    }

    /// <summary>An IEEE number as an integer.</summary>
    /// <param name="a">The number.</param>
    /// <param name="type">32 or 64 bits.</param>
    /// <param name="signed">Whether the integer has a sign.</param>
    /// <param name="rounding">Rounding.</param>
    /// <param name="rule">What NaNs and what does not fit give, by the number of <c>FpIntegerRule</c>.</param>
    public IrValue FToInteger(IrValue a, IrType type, bool signed, IrRounding rounding, int rule)
        => Emit(IrOp.FToInt, type, a.Id, aux: (int)rounding | (signed ? 8 : 0) | (rule << 4));

    /// <summary>An integer as an IEEE number.</summary>
    /// <param name="a">32 or 64 bits.</param>
    /// <param name="type">Type of the number.</param>
    /// <param name="signed">Whether the integer has a sign.</param>
    /// <param name="rounding">Rounding.</param>
    public IrValue FFromInteger(IrValue a, IrType type, bool signed, IrRounding rounding)
        => Emit(IrOp.FFromInt, type, a.Id, aux: (int)rounding | (signed ? 8 : 0));

    /// <summary>A number as the other IEEE type.</summary>
    /// <param name="a">The number.</param>
    /// <param name="type">The other type.</param>
    /// <param name="rounding">Rounding.</param>
    public IrValue FConvert(IrValue a, IrType type, IrRounding rounding) => Emit(IrOp.FConvert, type, a.Id, aux: (int)rounding);
}
