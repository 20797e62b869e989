using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

// Vectors of 256 bits: one host operation where there is one, else the one of 128 bits on each half.
internal sealed unsafe partial class RegionCompiler
{
    private static readonly MethodInfo s_reverseVector = typeof(VectorOps).GetMethod(nameof(VectorOps.Reverse))!;
    private static readonly MethodInfo s_join = WideMethods.Named(nameof(Vector256.Create), typeof(Vector128<>), typeof(Vector128<>));
    private static readonly MethodInfo s_withLower = WideMethods.Named(nameof(Vector256.WithLower), typeof(Vector256<>), typeof(Vector128<>));
    private static readonly MethodInfo s_withUpper = WideMethods.Named(nameof(Vector256.WithUpper), typeof(Vector256<>), typeof(Vector128<>));

    private static MethodInfo? Whole => null;

    private static MethodInfo Lower { get; } = WideMethods.Named(nameof(Vector256.GetLower), typeof(Vector256<>));

    private static MethodInfo Upper { get; } = WideMethods.Named(nameof(Vector256.GetUpper), typeof(Vector256<>));

    // A value, or one half of it.
    private void Value(int value, MethodInfo? half)
    {
        Value(value);
        if (half is not null && _ir.Insts[value].Type == IrType.V256)
            _il.Emit(OpCodes.Call, half);
    }

    private void EmitHalves(in IrInst inst)
    {
        Value(inst.A);
        if (inst.B >= 0)
            Value(inst.B);
        _il.Emit(OpCodes.Call, inst.Op switch { IrOp.VLow => Lower, IrOp.VHigh => Upper, _ => s_join });
    }

    private void EmitWide(in IrInst inst, LaneShape shape)
    {
        bool shift = inst.Op is >= IrOp.VShl and <= IrOp.VShrS;
        bool encodable = !shift || (_ir.Insts[inst.B] is { Op: IrOp.Const, Imm: >= 0 } amount && amount.Imm < 8 * shape.LaneBytes());
        if (encodable && WideMethods.TryGet(inst.Op, shape, out MethodInfo? method, out Type? lane))
        {
            WideOperand(inst.A, lane);
            if (shift)
                Value(inst.B);
            else if (inst.B >= 0)
                WideOperand(inst.B, lane);
            if (inst.C >= 0)
                WideOperand(inst.C, lane);
            _il.Emit(OpCodes.Call, method);
            if (lane != typeof(byte))
                _il.Emit(OpCodes.Call, WideMethods.Cast(lane, typeof(byte)));
            return;
        }

        LocalBuilder a = InLocal(inst.A);
        LocalBuilder? b = inst.B < 0 ? null : InLocal(inst.B), c = inst.C < 0 ? null : InLocal(inst.C);
        foreach (MethodInfo half in new[] { Lower, Upper })
        {
            foreach (LocalBuilder? operand in new[] { a, b, c })
            {
                if (operand is null)
                    continue;
                _il.Emit(OpCodes.Ldloc, operand);
                if (operand.LocalType == typeof(Vector256<byte>))
                    _il.Emit(OpCodes.Call, half);
            }

            _il.Emit(OpCodes.Call, VectorMethods.Of(inst.Op, shape));
        }

        _il.Emit(OpCodes.Call, s_join);
    }

    private void WideOperand(int value, Type lane)
    {
        Value(value);
        if (lane != typeof(byte))
            _il.Emit(OpCodes.Call, WideMethods.Cast(typeof(byte), lane));
    }

    private LocalBuilder InLocal(int value)
    {
        LocalBuilder local = _pool.Take(StackTypes.Clr(_ir.Insts[value].Type));
        Value(value);
        _il.Emit(OpCodes.Stloc, local);
        return local;
    }

    // Reads the part at a byte offset of the vector on the stack.
    private void EmitPart(IrType vector, IrType part, int offset)
    {
        if (vector == IrType.V256)
        {
            _il.Emit(OpCodes.Call, HalfAt(part, ref offset));
            if (part == IrType.V128)
                return;
        }

        EmitLane(nameof(VectorOps.Extract), part, offset);
    }

    // Leaves a slot's vector with the part at a byte offset replaced on the stack.
    private void EmitSetPart(int number, IrType vector, in IrInst set, int offset)
    {
        _il.Emit(OpCodes.Ldloc, Slot(number));
        MethodInfo? half = null;
        if (vector == IrType.V256)
        {
            half = HalfAt(set.Type, ref offset);
            if (set.Type != IrType.V128)
            {
                _il.Emit(OpCodes.Dup);
                _il.Emit(OpCodes.Call, half);
            }
        }

        Value(set.A);
        if (set.Type != IrType.V128)
            EmitLane(nameof(VectorOps.Insert), set.Type, offset);
        if (half is not null)
            _il.Emit(OpCodes.Call, half == Lower ? s_withLower : s_withUpper);
    }

    private static MethodInfo HalfAt(IrType part, ref int offset)
    {
        if (part == IrType.V128 && offset % 16 != 0)
            throw new NotSupportedException($"{part} at byte {offset} of a vector");
        MethodInfo half = offset < 16 ? Lower : Upper;
        offset %= 16;
        return half;
    }

    // The bytes of the vector on the stack in reverse order.
    private void ReverseVector(IrType type)
    {
        if (type == IrType.V128)
        {
            _il.Emit(OpCodes.Call, s_reverseVector);
            return;
        }

        LocalBuilder vector = _pool.Take(typeof(Vector256<byte>));
        _il.Emit(OpCodes.Stloc, vector);
        foreach (MethodInfo half in new[] { Upper, Lower })
        {
            _il.Emit(OpCodes.Ldloc, vector);
            _il.Emit(OpCodes.Call, half);
            _il.Emit(OpCodes.Call, s_reverseVector);
        }

        _il.Emit(OpCodes.Call, s_join);
    }
}
