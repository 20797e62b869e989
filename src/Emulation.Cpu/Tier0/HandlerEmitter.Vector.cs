using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Emulation.IR;

namespace Emulation.Cpu;

// Vector operations of tier-0 handlers.
internal static unsafe partial class HandlerEmitter
{
    private static void Vector(ILGenerator il, IrOp op, int form)
    {
        if (op == IrOp.VInsert)
        {
            InsertLane(il, ((LaneShape)form).LaneType());
            return;
        }

        bool shift = op is >= IrOp.VShl and <= IrOp.VShrS;
        var shape = (LaneShape)(shift ? form & 3 : form);
        IrShape operands = IrOpcodes.Info(op).Shape;
        Address(il, nameof(Op.A));
        if (VectorMethods.IsFloat(op))
            il.Emit(OpCodes.Ldarg_0);
        Address(il, nameof(Op.B));
        LoadValue(il, op is IrOp.VSplat or IrOp.VScalar ? shape.LaneType() : IrType.V128);
        if (operands is IrShape.VectorBinary or IrShape.VectorTernary)
        {
            Address(il, nameof(Op.C));
            LoadValue(il, IrType.V128);
        }

        if (operands == IrShape.VectorTernary)
        {
            il.Emit(OpCodes.Ldarg_0);
            Field(il, op == IrOp.VFMulAdd ? nameof(Op.High) : nameof(Op.Low));
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            LoadValue(il, IrType.V128);
        }

        if (shift && form >= Op.ConstantAmount)
        {
            Field(il, nameof(Op.Low));
        }
        else if (shift)
        {
            Address(il, nameof(Op.C));
            il.Emit(OpCodes.Ldind_I4);
        }

        if (op is >= IrOp.VFAdd and <= IrOp.VFMulAdd)
            Field(il, nameof(Op.Low));
        il.Emit(OpCodes.Call, VectorMethods.Of(op, shape));
        StoreValue(il, op == IrOp.VMask ? IrType.I32 : IrType.V128);
        Next(il, 1);
    }

    // The scalar is read first: it may lie in what is written.
    private static void InsertLane(ILGenerator il, IrType lane)
    {
        IrType bits = lane switch { IrType.F32 => IrType.I32, IrType.F64 => IrType.I64, _ => lane };
        LocalBuilder value = il.DeclareLocal(bits == IrType.I64 ? typeof(long) : typeof(int));
        Address(il, nameof(Op.C));
        LoadValue(il, bits);
        il.Emit(OpCodes.Stloc, value);
        Address(il, nameof(Op.A));
        Address(il, nameof(Op.B));
        LoadValue(il, IrType.V128);
        StoreValue(il, IrType.V128);
        Address(il, nameof(Op.A));
        Field(il, nameof(Op.Low));
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldloc, value);
        StoreValue(il, bits);
        Next(il, 1);
    }

    private static void MoveVector(ILGenerator il)
    {
        Address(il, nameof(Op.A));
        Address(il, nameof(Op.B));
        LoadValue(il, IrType.V128);
        StoreValue(il, IrType.V128);
        Next(il, 1);
    }

    private static void LoadValue(ILGenerator il, IrType type)
    {
        switch (type)
        {
            case IrType.V128: il.Emit(OpCodes.Ldobj, typeof(Vector128<byte>)); break;
            case IrType.I64: il.Emit(OpCodes.Ldind_I8); break;
            case IrType.F64: il.Emit(OpCodes.Ldind_R8); break;
            case IrType.F32: il.Emit(OpCodes.Ldind_R4); break;
            case IrType.I32: il.Emit(OpCodes.Ldind_I4); break;
            case IrType.I16: il.Emit(OpCodes.Ldind_U2); break;
            default: il.Emit(OpCodes.Ldind_U1); break;
        }
    }

    private static void StoreValue(ILGenerator il, IrType type)
    {
        switch (type)
        {
            case IrType.V128: il.Emit(OpCodes.Stobj, typeof(Vector128<byte>)); break;
            case IrType.I64: il.Emit(OpCodes.Stind_I8); break;
            case IrType.F64: il.Emit(OpCodes.Stind_R8); break;
            case IrType.F32: il.Emit(OpCodes.Stind_R4); break;
            case IrType.I32: il.Emit(OpCodes.Stind_I4); break;
            case IrType.I16: il.Emit(OpCodes.Stind_I2); break;
            default: il.Emit(OpCodes.Stind_I1); break;
        }
    }
}
