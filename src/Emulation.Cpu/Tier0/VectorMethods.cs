using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>The method that does a vector operation on lanes of a shape. Tier 0 and tier 1 emit calls of it.</summary>
internal static class VectorMethods
{
    private const bool S = true, U = false;

    // Unsigned where it does not matter.
    private static readonly Dictionary<IrOp, (string Name, bool Signed)> s_integer = new()
    {
        [IrOp.VAnd] = (nameof(VectorOps.And), U),
        [IrOp.VOr] = (nameof(VectorOps.Or), U),
        [IrOp.VXor] = (nameof(VectorOps.Xor), U),
        [IrOp.VAndNot] = (nameof(VectorOps.AndNot), U),
        [IrOp.VAdd] = (nameof(VectorOps.Add), U),
        [IrOp.VSub] = (nameof(VectorOps.Sub), U),
        [IrOp.VMul] = (nameof(VectorOps.Mul), U),
        [IrOp.VAddSatS] = (nameof(VectorOps.AddSat), S),
        [IrOp.VAddSatU] = (nameof(VectorOps.AddSat), U),
        [IrOp.VSubSatS] = (nameof(VectorOps.SubSat), S),
        [IrOp.VSubSatU] = (nameof(VectorOps.SubSat), U),
        [IrOp.VMinS] = (nameof(VectorOps.Min), S),
        [IrOp.VMinU] = (nameof(VectorOps.Min), U),
        [IrOp.VMaxS] = (nameof(VectorOps.Max), S),
        [IrOp.VMaxU] = (nameof(VectorOps.Max), U),
        [IrOp.VEq] = (nameof(VectorOps.Equal), U),
        [IrOp.VGtS] = (nameof(VectorOps.Greater), S),
        [IrOp.VGtU] = (nameof(VectorOps.Greater), U),
        [IrOp.VGeS] = (nameof(VectorOps.NotLess), S),
        [IrOp.VGeU] = (nameof(VectorOps.NotLess), U),
        [IrOp.VShlV] = (nameof(VectorOps.ShiftLeftLanes), U),
        [IrOp.VShrUV] = (nameof(VectorOps.ShiftRightLanes), U),
        [IrOp.VShrSV] = (nameof(VectorOps.ShiftRightSignedLanes), S),
        [IrOp.VZipLow] = (nameof(VectorOps.ZipLow), U),
        [IrOp.VZipHigh] = (nameof(VectorOps.ZipHigh), U),
        [IrOp.VNarrow] = (nameof(VectorOps.Narrow), U),
        [IrOp.VShuffle] = (nameof(VectorOps.Shuffle), U),
        [IrOp.VSelect] = (nameof(VectorOps.Select), U),
        [IrOp.VAbs] = (nameof(VectorOps.Abs), S),
        [IrOp.VPopCount] = (nameof(VectorOps.PopCount), U),
        [IrOp.VWidenLowS] = (nameof(VectorOps.WidenLow), S),
        [IrOp.VWidenLowU] = (nameof(VectorOps.WidenLow), U),
        [IrOp.VWidenHighS] = (nameof(VectorOps.WidenHigh), S),
        [IrOp.VWidenHighU] = (nameof(VectorOps.WidenHigh), U),
        [IrOp.VShl] = (nameof(VectorOps.ShiftLeft), U),
        [IrOp.VShrU] = (nameof(VectorOps.ShiftRight), U),
        [IrOp.VShrS] = (nameof(VectorOps.ShiftRightSigned), S),
        [IrOp.VMask] = (nameof(VectorOps.Mask), U),
        [IrOp.VInsert] = (nameof(VectorOps.Insert), U),
        [IrOp.VSplat] = (nameof(VectorOps.Splat), U),
        [IrOp.VScalar] = (nameof(VectorOps.Scalar), U),
        [IrOp.VExtract] = (nameof(VectorOps.Extract), U),
    };

    private static readonly Dictionary<IrOp, string> s_float = new()
    {
        [IrOp.VFAdd] = nameof(VectorFloatOps.Add),
        [IrOp.VFSub] = nameof(VectorFloatOps.Sub),
        [IrOp.VFMul] = nameof(VectorFloatOps.Mul),
        [IrOp.VFDiv] = nameof(VectorFloatOps.Div),
        [IrOp.VFSqrt] = nameof(VectorFloatOps.Sqrt),
        [IrOp.VFMulAdd] = nameof(VectorFloatOps.MulAdd),
        [IrOp.VFEq] = nameof(VectorFloatOps.Equal),
        [IrOp.VFLt] = nameof(VectorFloatOps.Less),
        [IrOp.VFLe] = nameof(VectorFloatOps.NotGreater),
    };

    /// <summary>Whether an operation is IEEE arithmetic or comparison of vectors: its method takes the state first and the rounding last.</summary>
    /// <param name="op">An operation.</param>
    public static bool IsFloat(IrOp op) => op is >= IrOp.VFAdd and <= IrOp.VFLe;

    /// <summary>The method of an operation.</summary>
    /// <param name="op">A vector operation.</param>
    /// <param name="shape">One of its shapes.</param>
    public static MethodInfo Of(IrOp op, LaneShape shape)
    {
        (string name, bool signed) = IsFloat(op) ? (s_float[op], U) : s_integer[op];
        return Of(IsFloat(op) ? typeof(VectorFloatOps) : typeof(VectorOps), name, Lane(shape, signed));
    }

    /// <summary>A static method of a class, with the type argument filled in when it has one.</summary>
    /// <param name="type">The class.</param>
    /// <param name="name">Name of a method without overloads.</param>
    /// <param name="lane">The type argument.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "Type arguments are primitive types.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Called where code is generated, and only there.")]
    public static MethodInfo Of([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type type, string name, Type lane)
    {
        MethodInfo method = type.GetMethod(name) ?? throw new MissingMethodException(type.Name, name);
        return method.IsGenericMethodDefinition ? method.MakeGenericMethod(lane) : method;
    }

    /// <summary>The CLR type of a lane.</summary>
    /// <param name="shape">A shape.</param>
    /// <param name="signed">Whether integers are signed.</param>
    public static Type Lane(LaneShape shape, bool signed = false) => shape switch
    {
        LaneShape.I8x16 => signed ? typeof(sbyte) : typeof(byte),
        LaneShape.I16x8 => signed ? typeof(short) : typeof(ushort),
        LaneShape.I32x4 => signed ? typeof(int) : typeof(uint),
        LaneShape.I64x2 => signed ? typeof(long) : typeof(ulong),
        LaneShape.F32x4 => typeof(float),
        LaneShape.F64x2 => typeof(double),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };
}
