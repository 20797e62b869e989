using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Jit;

// Vectors are held as Vector128<byte> and Vector256<byte>; operations are calls that the runtime's compiler inlines.
internal sealed unsafe partial class RegionCompiler
{
    private static readonly MethodInfo s_constantVector = typeof(VectorOps).GetMethod(nameof(VectorOps.Constant))!;

    // By cached slot: the scalar that its low lane was last written with, in this block. Reading it back does not wait for the vector.
    private readonly Dictionary<int, int> _lowScalars = [];

    private void NoteLowScalar(in IrInst inst)
    {
        if (inst.Op is IrOp.Label || (inst.Op == IrOp.Call && (_ir.Effects(inst) & IrEffects.WritesState) != 0))
            _lowScalars.Clear();
        if (inst.Op != IrOp.Set || _map.Find(inst) is not (>= 0 and int number) || !_map.Cached[number].Type.IsVector())
            return;
        ref readonly IrInst source = ref _ir.Insts[inst.A];
        int offset = (int)inst.Imm - _map.Cached[number].Offset;
        if (!inst.Type.IsVector() && offset == 0)
            _lowScalars[number] = inst.A;
        else if (source.Op == IrOp.VScalar && offset == 0)
            _lowScalars[number] = source.A;
        else if (!_lowScalars.TryGetValue(number, out int low) || offset < _ir.Insts[low].Type.Bytes())
            _lowScalars.Remove(number);
    }

    private bool TryLowScalar(int number, in IrInst read)
    {
        if (read.Imm != _map.Cached[number].Offset || !_lowScalars.TryGetValue(number, out int low) || _values[low] is not { } local)
            return false;
        IrType type = _ir.Insts[low].Type;
        if (type == read.Type)
        {
            _il.Emit(OpCodes.Ldloc, local);
            return true;
        }

        // A part of an IEEE number: by its bits. An element taken from a vector that was just made of a spilled number is another's in .NET 10.0.
        if (!type.IsFloat() || read.Type.IsVector() || read.Type.Bytes() > type.Bytes())
            return false;
        _il.Emit(OpCodes.Ldloc, local);
        Reinterpret(type, StackTypes.Bits(type));
        if (type == IrType.F64 && read.Type.Bytes() < 8)
            _il.Emit(OpCodes.Conv_I4);
        NarrowScalar(read.Type);
        Reinterpret(StackTypes.Bits(read.Type), read.Type);
        return true;
    }

    private void EmitVector(in IrInst inst)
    {
        LaneShape shape = LaneOp.Unpack(inst.Aux).Shape;
        if (inst.Op is IrOp.VLow or IrOp.VHigh or IrOp.VJoin)
        {
            EmitHalves(inst);
            return;
        }

        if (inst.Type == IrType.V256)
        {
            EmitWide(inst, shape);
            return;
        }

        Value(inst.A);
        if (inst.Op is IrOp.VSplat or IrOp.VScalar)
            NarrowScalar(shape.LaneType());
        if (inst.B >= 0)
            Value(inst.B);
        if (inst.C >= 0)
            Value(inst.C);
        if (inst.Op == IrOp.VExtract)
            EmitLane(nameof(VectorOps.Extract), inst.Type, (int)inst.Imm * shape.LaneBytes());
        else if (inst.Op == IrOp.VInsert)
            EmitLane(nameof(VectorOps.Insert), shape.LaneType(), (int)inst.Imm * shape.LaneBytes());
        else
            _il.Emit(OpCodes.Call, VectorMethods.Of(inst.Op, shape));
    }

    // Reads or replaces the lane at a byte offset of the vector on the stack.
    private void EmitLane(string method, IrType type, int offset)
    {
        int bytes = type.Bytes();
        if (offset % bytes != 0)
            throw new NotSupportedException($"{type} at byte {offset} of a vector");
        if (method == nameof(VectorOps.Insert))
            NarrowScalar(type);
        LoadInt(offset / bytes);
        Type lane = type switch
        {
            IrType.I64 => typeof(ulong),
            IrType.I32 => typeof(uint),
            IrType.I16 => typeof(ushort),
            IrType.F64 => typeof(double),
            IrType.F32 => typeof(float),
            _ => typeof(byte),
        };
        _il.Emit(OpCodes.Call, VectorMethods.Of(typeof(VectorOps), method, lane));
    }

    // Bits above the lane are not specified.
    private void NarrowScalar(IrType type)
    {
        if (type is IrType.I8 or IrType.I1)
            _il.Emit(OpCodes.Conv_U1);
        else if (type == IrType.I16)
            _il.Emit(OpCodes.Conv_U2);
    }

    // Of 256 bits one half after the other: what settles a result is made for 128.
    private void EmitVectorFloat(int i, in IrInst inst)
    {
        if (inst.Type != IrType.V256)
        {
            EmitVectorFloat(i, inst, Whole);
            return;
        }

        LocalBuilder low = _pool.Take(typeof(Vector128<byte>)), high = _pool.Take(typeof(Vector128<byte>));
        EmitVectorFloat(i, inst, Lower);
        _il.Emit(OpCodes.Stloc, low);
        EmitVectorFloat(i, inst, Upper);
        _il.Emit(OpCodes.Stloc, high);
        _il.Emit(OpCodes.Ldloc, low);
        _il.Emit(OpCodes.Ldloc, high);
        _il.Emit(OpCodes.Call, s_join);
    }

    private void EmitVectorFloat(int i, in IrInst inst, MethodInfo? half)
    {
        LaneOp how = LaneOp.Unpack(inst.Aux);
        bool compares = inst.Op >= IrOp.VFEq;
        if (_hostDecides is not null && IsRestartable(i) && (compares || how.Rounding == IrRounding.Dynamic))
        {
            EmitOwnVectorFloat(inst, half, VectorMethods.Lane(how.Shape), compares);
            return;
        }

        _il.Emit(OpCodes.Ldarg_0);
        Value(inst.A, half);
        if (inst.B >= 0)
            Value(inst.B, half);
        if (inst.C >= 0)
            Value(inst.C, half);
        if (!compares)
            LoadInt((int)how.Rounding | ((int)inst.Imm << 4));
        _il.Emit(OpCodes.Call, VectorMethods.Of(inst.Op, how.Shape));
    }

    // As for numbers: the host's result where it is right, and what cannot be proven leaves.
    private void EmitOwnVectorFloat(in IrInst inst, MethodInfo? half, Type lane, bool compares)
    {
        Label leave = Leave(), cold = _il.DefineLabel(), settled = _il.DefineLabel();
        LocalBuilder a = VectorOperand(inst.A, half, lane, inst.Op == IrOp.VFMulAdd && (inst.Imm & 1) != 0);
        LocalBuilder? b = inst.B < 0 ? null : VectorOperand(inst.B, half, lane, negate: false);
        LocalBuilder? c = inst.C < 0 ? null : VectorOperand(inst.C, half, lane, (inst.Imm & 2) != 0);
        LocalBuilder[] operands = c is not null ? [a, b!, c] : b is not null ? [a, b] : [a];
        string name = inst.Op switch
        {
            IrOp.VFAdd => nameof(RegionVector.Add),
            IrOp.VFSub => nameof(RegionVector.Sub),
            IrOp.VFMul => nameof(RegionVector.Mul),
            IrOp.VFDiv => nameof(RegionVector.Div),
            IrOp.VFSqrt => nameof(RegionVector.Sqrt),
            IrOp.VFMulAdd => nameof(RegionVector.MulAdd),
            IrOp.VFEq => nameof(RegionVector.Equal),
            IrOp.VFLt => nameof(RegionVector.Less),
            _ => nameof(RegionVector.NotGreater),
        };
        if (compares)
        {
            _il.Emit(OpCodes.Ldloc, _hostDecides!);
            _il.Emit(OpCodes.Brfalse, cold);
            _il.MarkLabel(settled);
            CallLanes(nameof(RegionVector.AllOrdered), lane, operands);
            _il.Emit(OpCodes.Brfalse, leave);
            CallLanes(name, lane, operands);
            _cold.Add(() =>
            {
                _il.MarkLabel(cold);
                StateAddress(FieldOffsets.Fp);
                _il.Emit(OpCodes.Call, typeof(HostFp).GetMethod(nameof(HostFp.Compares))!);
                _il.Emit(OpCodes.Brtrue, settled);
                _il.Emit(OpCodes.Br, leave);
            });
            return;
        }

        LocalBuilder result = _pool.Take(typeof(Vector128<byte>));
        CallLanes(name, lane, operands);
        _il.Emit(OpCodes.Stloc, result);
        _il.Emit(OpCodes.Ldloc, _hostDecides!);
        _il.Emit(OpCodes.Brfalse, cold);
        CallLanes(inst.Op is IrOp.VFAdd or IrOp.VFSub ? nameof(RegionVector.AllFinite) : nameof(RegionVector.AllPlain), lane, result);
        _il.Emit(OpCodes.Brfalse, cold);
        _il.MarkLabel(settled);
        _il.Emit(OpCodes.Ldloc, result);
        _settles += 2;                                        // about twice as much to inline
        if (_settles > MaxSettles)
        {
            bool zeros = inst.Op is IrOp.VFMul or IrOp.VFDiv or IrOp.VFSqrt, product = inst.Op == IrOp.VFMul;
            _cold.Add(() =>
            {
                _il.MarkLabel(cold);
                _il.Emit(OpCodes.Ldloc, _hostDecides!);
                _il.Emit(OpCodes.Brfalse, leave);
                if (zeros)
                {
                    CallLanes(nameof(RegionVector.AllPlainOrZero), lane, a, product ? b! : a, result);
                    _il.Emit(OpCodes.Brtrue, settled);
                }

                _il.Emit(OpCodes.Br, leave);
            });
            return;
        }

        _cold.Add(() =>
        {
            _il.MarkLabel(cold);
            foreach (LocalBuilder operand in operands)
                _il.Emit(OpCodes.Ldloc, operand);
            _il.Emit(OpCodes.Ldloc, result);
            StateAddress(FieldOffsets.Fp);
            CallLanes("Settle" + name, lane);
            _il.Emit(OpCodes.Brfalse, leave);
            EmitHostDecides();
            _il.Emit(OpCodes.Br, settled);
        });
    }

    private LocalBuilder VectorOperand(int value, MethodInfo? half, Type lane, bool negate)
    {
        LocalBuilder local = _pool.Take(typeof(Vector128<byte>));
        Value(value, half);
        if (negate)
            CallLanes(nameof(RegionVector.Negate), lane);
        _il.Emit(OpCodes.Stloc, local);
        return local;
    }

    private void CallLanes(string method, Type lane, params ReadOnlySpan<LocalBuilder> operands)
    {
        foreach (LocalBuilder operand in operands)
            _il.Emit(OpCodes.Ldloc, operand);
        _il.Emit(OpCodes.Call, VectorMethods.Of(typeof(RegionVector), method, lane));
    }
}
