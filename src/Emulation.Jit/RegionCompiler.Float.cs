using System.Reflection;
using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Jit;

// IEEE arithmetic: the host's where HostFp proves it right, inlined; else SoftFloat.
internal sealed unsafe partial class RegionCompiler
{
    private void EmitFloat(in IrInst inst)
    {
        IrType type = _ir.Insts[inst.A].Type;
        if (inst.Op is IrOp.FEq or IrOp.FLt or IrOp.FLe)
            EmitFloatCompare(inst, type);
        else if (inst.Aux == (int)IrRounding.Dynamic)
            EmitHostFloat(inst, type);
        else
            EmitSoftFloat(inst, type);
    }

    private void EmitHostFloat(in IrInst inst, IrType type)
    {
        Type clr = StackTypes.Clr(type), environment = typeof(FpContext).MakeByRefType();
        Value(inst.A);
        if (inst.B >= 0)
            Value(inst.B);
        if (inst.C >= 0)
            Value(inst.C);
        if (inst.Op == IrOp.FMulAdd)
        {
            LoadInt((int)inst.Imm & 1);
            LoadInt((int)inst.Imm >> 1 & 1);
        }

        StateAddress(FieldOffsets.Fp);
        Type[] types = inst.Op switch
        {
            IrOp.FSqrt => [clr, environment],
            IrOp.FMulAdd => [clr, clr, clr, typeof(bool), typeof(bool), environment],
            _ => [clr, clr, environment],
        };
        string name = inst.Op switch
        {
            IrOp.FAdd => nameof(HostFp.Add),
            IrOp.FSub => nameof(HostFp.Sub),
            IrOp.FMul => nameof(HostFp.Mul),
            IrOp.FDiv => nameof(HostFp.Div),
            IrOp.FSqrt => nameof(HostFp.Sqrt),
            _ => nameof(HostFp.MulAdd),
        };
        _il.Emit(OpCodes.Call, typeof(HostFp).GetMethod(name, types) ?? throw new MissingMethodException(nameof(HostFp), name));
    }

    // A static rounding mode: rare in compiled code.
    private void EmitSoftFloat(in IrInst inst, IrType type)
    {
        bool two = inst.Op is not (IrOp.FSqrt or IrOp.FMulAdd);
        _il.Emit(OpCodes.Ldarg_0);
        if (two)
            LoadInt((int)inst.Op);
        BitsOf(inst.A, type);
        if (inst.B >= 0)
            BitsOf(inst.B, type);
        if (inst.C >= 0)
            BitsOf(inst.C, type);
        LoadInt(inst.Op == IrOp.FMulAdd ? inst.Aux | ((int)inst.Imm << 4) : inst.Aux);
        string name = inst.Op switch { IrOp.FSqrt => "Sqrt", IrOp.FMulAdd => "MulAdd", _ => "Binary" };
        _il.Emit(OpCodes.Call, typeof(FloatOps).GetMethod(name + type.Bits())!);
        Reinterpret(StackTypes.Bits(type), type);
    }

    private void EmitFloatCompare(in IrInst inst, IrType type)
    {
        MethodInfo compare = typeof(RegionFloat).GetMethod($"{inst.Op}{type.Bits()}", [StackTypes.Clr(type), StackTypes.Clr(type), typeof(byte*)])!;
        Value(inst.A);
        Value(inst.B);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Call, compare);
    }

    private void BitsOf(int value, IrType type)
    {
        Value(value);
        Reinterpret(type, StackTypes.Bits(type));
    }
}
