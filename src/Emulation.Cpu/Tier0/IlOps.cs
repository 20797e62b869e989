using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>IL of the pure integer operations: operands on the evaluation stack, result on the stack. Tier 0 and tier 1 share it.</summary>
internal static class IlOps
{
    private static readonly Dictionary<string, MethodInfo> s_methods = typeof(IntOps).GetMethods(BindingFlags.Public | BindingFlags.Static).ToDictionary(static m => m.Name);

    /// <summary>Emits a two-operand operation on operands of type int (32) or long (64); comparisons give an int 0 or 1.</summary>
    /// <param name="il">Receives the code.</param>
    /// <param name="op"><see cref="IrOp.Add"/> to <see cref="IrOp.RotR"/>, or <see cref="IrOp.Eq"/> to <see cref="IrOp.LeU"/>.</param>
    /// <param name="wide">Whether operands have 64 bits.</param>
    public static void EmitBinary(ILGenerator il, IrOp op, bool wide)
    {
        switch (op)
        {
            case IrOp.Add: il.Emit(OpCodes.Add); break;
            case IrOp.Sub: il.Emit(OpCodes.Sub); break;
            case IrOp.Mul: il.Emit(OpCodes.Mul); break;
            case IrOp.And: il.Emit(OpCodes.And); break;
            case IrOp.Or: il.Emit(OpCodes.Or); break;
            case IrOp.Xor: il.Emit(OpCodes.Xor); break;
            case IrOp.Shl: EmitShift(il, OpCodes.Shl, wide); break;
            case IrOp.ShrU: EmitShift(il, OpCodes.Shr_Un, wide); break;
            case IrOp.ShrS: EmitShift(il, OpCodes.Shr, wide); break;
            case IrOp.Eq: il.Emit(OpCodes.Ceq); break;
            case IrOp.Ne: il.Emit(OpCodes.Ceq); EmitNot(il); break;
            case IrOp.LtS: il.Emit(OpCodes.Clt); break;
            case IrOp.LtU: il.Emit(OpCodes.Clt_Un); break;
            case IrOp.LeS: il.Emit(OpCodes.Cgt); EmitNot(il); break;
            case IrOp.LeU: il.Emit(OpCodes.Cgt_Un); EmitNot(il); break;
            default: il.Emit(OpCodes.Call, Method($"{op}{(wide ? 64 : 32)}")); break;
        }
    }

    /// <summary>Emits a one-operand operation on an int (32) or a long (64).</summary>
    /// <param name="il">Receives the code.</param>
    /// <param name="op"><see cref="IrOp.Clz"/> to <see cref="IrOp.ByteSwap"/>.</param>
    /// <param name="wide">Whether the operand has 64 bits.</param>
    public static void EmitUnary(ILGenerator il, IrOp op, bool wide)
    {
        MethodInfo method = op == IrOp.ByteSwap
            ? typeof(BinaryPrimitives).GetMethod(nameof(BinaryPrimitives.ReverseEndianness), [wide ? typeof(long) : typeof(int)])!
            : Method($"{op}{(wide ? 64 : 32)}");
        il.Emit(OpCodes.Call, method);
    }

    // IL leaves shifts by the width or more undefined; the JIT drops the mask where the processor masks by itself.
    private static void EmitShift(ILGenerator il, OpCode shift, bool wide)
    {
        if (wide)
            il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ldc_I4, wide ? 63 : 31);
        il.Emit(OpCodes.And);
        il.Emit(shift);
    }

    private static void EmitNot(ILGenerator il)
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }

    private static MethodInfo Method(string name) => s_methods.GetValueOrDefault(name) ?? throw new ArgumentException($"no integer operation {name}", nameof(name));
}
