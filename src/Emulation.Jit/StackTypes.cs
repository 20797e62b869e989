using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Emulation.IR;

namespace Emulation.Jit;

/// <summary>How values of each type are held by IL: truth values and integers up to 32 bits as int, with unspecified bits above 8 or 16.</summary>
internal static class StackTypes
{
    public static Type Clr(IrType type) => type switch
    {
        IrType.I64 => typeof(long),
        IrType.F32 => typeof(float),
        IrType.F64 => typeof(double),
        IrType.V128 => typeof(Vector128<byte>),
        IrType.V256 => typeof(Vector256<byte>),
        _ => typeof(int),
    };

    public static void EmitLoad(ILGenerator il, IrType type)
    {
        if (type.IsVector())
            il.Emit(OpCodes.Ldobj, Clr(type));
        else
            il.Emit(Load(type));
    }

    public static void EmitStore(ILGenerator il, IrType type)
    {
        if (type.IsVector())
            il.Emit(OpCodes.Stobj, Clr(type));
        else
            il.Emit(Store(type));
    }

    private static OpCode Load(IrType type) => type switch
    {
        IrType.I64 => OpCodes.Ldind_I8,
        IrType.F32 => OpCodes.Ldind_R4,
        IrType.F64 => OpCodes.Ldind_R8,
        IrType.I32 => OpCodes.Ldind_I4,
        IrType.I16 => OpCodes.Ldind_U2,
        _ => OpCodes.Ldind_U1,
    };

    private static OpCode Store(IrType type) => type switch
    {
        IrType.I64 => OpCodes.Stind_I8,
        IrType.F32 => OpCodes.Stind_R4,
        IrType.F64 => OpCodes.Stind_R8,
        IrType.I32 => OpCodes.Stind_I4,
        IrType.I16 => OpCodes.Stind_I2,
        _ => OpCodes.Stind_I1,
    };

    /// <summary>The integer type with as many bits.</summary>
    public static IrType Bits(IrType type) => type switch
    {
        IrType.F32 => IrType.I32,
        IrType.F64 => IrType.I64,
        _ => type,
    };
}
