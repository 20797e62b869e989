using System.Reflection;
using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Jit;

// IEEE arithmetic: the host's where HostFp proves it right. What it cannot prove leaves to tier 0, because a call, however rarely
// it is made, would keep every floating-point register in memory around it.
internal sealed unsafe partial class RegionCompiler
{
    // The runtime inlines only so much in one method; what it calls instead slows all floating point of the region.
    private const int MaxSettles = 16;
    private int _settles;

    // Whether the environment is the usual one; null in regions without floating point.
    private readonly LocalBuilder? _hostDecides;

    private void EmitFloat(int i, in IrInst inst)
    {
        IrType type = _ir.Insts[inst.A].Type;
        bool compares = inst.Op is IrOp.FEq or IrOp.FLt or IrOp.FLe;
        if (!compares && inst.Aux != (int)IrRounding.Dynamic)
            EmitSoftFloat(inst, type);
        else if (_hostDecides is not null && IsRestartable(i))
            EmitOwnFloat(inst, type, compares);
        else if (compares)
            EmitFloatCompare(inst, type);
        else
            EmitHostFloat(inst, type);
    }

    private static bool UsesHostFloat(RegionBlock block)
    {
        foreach (ref readonly IrInst inst in block.Ir.Insts)
        {
            if (inst.Op is >= IrOp.FAdd and <= IrOp.VFLe)
                return true;
        }

        return false;
    }

    private void EmitHostDecides()
    {
        if (_hostDecides is null)
            return;
        StateAddress(FieldOffsets.Fp);
        _il.Emit(OpCodes.Call, typeof(HostFp).GetMethod(nameof(HostFp.Decides))!);
        _il.Emit(OpCodes.Stloc, _hostDecides);
    }

    // Whether tier 0 can still begin the present instruction anew: nothing was written yet. Flags may be, they are raised again.
    private bool IsRestartable(int i)
    {
        for (i--; _ir.Insts[i].Op != IrOp.Insn; i--)
        {
            ref readonly IrInst before = ref _ir.Insts[i];
            if (before.Op is IrOp.Set or IrOp.Store or (>= IrOp.AtomicRmw and <= IrOp.StoreConditional) || (before.Op == IrOp.Call && (_ir.Effects(before) & IrEffects.WritesState) != 0))
                return false;
        }

        return true;
    }

    private void EmitOwnFloat(in IrInst inst, IrType type, bool compares)
    {
        Type clr = StackTypes.Clr(type);
        Label leave = Leave(), cold = _il.DefineLabel(), settled = _il.DefineLabel();
        bool negateProduct = inst.Op == IrOp.FMulAdd && (inst.Imm & 1) != 0, negateAddend = inst.Op == IrOp.FSub || (inst.Op == IrOp.FMulAdd && (inst.Imm & 2) != 0);
        LocalBuilder a = Operand(inst.A, clr, negateProduct);
        LocalBuilder? b = inst.B < 0 ? null : Operand(inst.B, clr, negate: inst.Op == IrOp.FSub);
        LocalBuilder? c = inst.C < 0 ? null : Operand(inst.C, clr, negateAddend);
        _il.Emit(OpCodes.Ldloc, _hostDecides!);
        _il.Emit(OpCodes.Brfalse, cold);
        if (compares)
        {
            _il.MarkLabel(settled);
            IsOrdered(a, leave);
            IsOrdered(b!, leave);
            _il.Emit(OpCodes.Ldloc, a);
            _il.Emit(OpCodes.Ldloc, b!);
            _il.Emit(OpCodes.Call, typeof(RegionFloat).GetMethod(inst.Op switch { IrOp.FEq => "Equal", IrOp.FLt => "Less", _ => "NotGreater" }, [clr, clr])!);
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

        LocalBuilder result = _pool.Take(clr);
        Arithmetic(inst.Op, clr, a, b, c);
        _il.Emit(OpCodes.Stloc, result);
        _il.Emit(OpCodes.Ldloc, result);
        bool sum = inst.Op is IrOp.FAdd or IrOp.FSub;
        _il.Emit(OpCodes.Call, typeof(HostFp).GetMethod(sum ? nameof(HostFp.IsFinite) : nameof(HostFp.IsPlain), [clr])!);
        _il.Emit(OpCodes.Brfalse, cold);
        _il.MarkLabel(settled);
        _il.Emit(OpCodes.Ldloc, result);
        string settle = inst.Op switch
        {
            IrOp.FAdd or IrOp.FSub => nameof(HostFp.SettleAdd),
            IrOp.FMul => nameof(HostFp.SettleMul),
            IrOp.FDiv => nameof(HostFp.SettleDiv),
            IrOp.FSqrt => nameof(HostFp.SettleSqrt),
            _ => nameof(HostFp.SettleMulAdd),
        };
        LocalBuilder[] operands = c is not null ? [a, b!, c] : b is not null ? [a, b] : [a];
        IrOp op = inst.Op;
        if (_settles++ >= MaxSettles)
        {
            _cold.Add(() =>
            {
                _il.MarkLabel(cold);
                _il.Emit(OpCodes.Ldloc, _hostDecides!);
                _il.Emit(OpCodes.Brfalse, leave);
                EmitSettleZero(op, a, b, result, settled);
                _il.Emit(OpCodes.Br, leave);
            });
            return;
        }

        _cold.Add(() =>
        {
            _il.MarkLabel(cold);
            Arithmetic(op, clr, a, b, c);
            _il.Emit(OpCodes.Stloc, result);
            foreach (LocalBuilder operand in operands)
                _il.Emit(OpCodes.Ldloc, operand);
            _il.Emit(OpCodes.Ldloc, result);
            StateAddress(FieldOffsets.Fp);
            _il.Emit(OpCodes.Call, typeof(HostFp).GetMethod(settle, [.. operands.Select(_ => clr), clr, typeof(FpContext).MakeByRefType()])!);
            _il.Emit(OpCodes.Brfalse, leave);
            EmitHostDecides();
            _il.Emit(OpCodes.Br, settled);
        });
    }

    // Zero results that are exact: zero times a number, through a number, its root.
    private void EmitSettleZero(IrOp op, LocalBuilder a, LocalBuilder? b, LocalBuilder result, Label settled)
    {
        if (op is not (IrOp.FMul or IrOp.FDiv or IrOp.FSqrt))
            return;
        Label other = _il.DefineLabel();
        BranchIfZero(result, OpCodes.Bne_Un, other);
        BranchIfZero(a, OpCodes.Beq, settled);
        if (op == IrOp.FMul)
            BranchIfZero(b!, OpCodes.Beq, settled);
        _il.MarkLabel(other);

        void BranchIfZero(LocalBuilder value, OpCode branch, Label target)
        {
            _il.Emit(OpCodes.Ldloc, value);
            if (value.LocalType == typeof(double))
                _il.Emit(OpCodes.Ldc_R8, 0.0);
            else
                _il.Emit(OpCodes.Ldc_R4, 0.0f);
            _il.Emit(branch, target);
        }
    }

    private LocalBuilder Operand(int value, Type clr, bool negate)
    {
        LocalBuilder local = _pool.Take(clr);
        Value(value);
        if (negate)
            _il.Emit(OpCodes.Neg);
        _il.Emit(OpCodes.Stloc, local);
        return local;
    }

    private void Arithmetic(IrOp op, Type clr, LocalBuilder a, LocalBuilder? b, LocalBuilder? c)
    {
        Type math = clr == typeof(double) ? typeof(Math) : typeof(MathF);
        _il.Emit(OpCodes.Ldloc, a);
        if (b is not null)
            _il.Emit(OpCodes.Ldloc, b);
        switch (op)
        {
            case IrOp.FAdd or IrOp.FSub:
                _il.Emit(OpCodes.Add);
                break;
            case IrOp.FMul:
                _il.Emit(OpCodes.Mul);
                break;
            case IrOp.FDiv:
                _il.Emit(OpCodes.Div);
                break;
            case IrOp.FSqrt:
                _il.Emit(OpCodes.Call, math.GetMethod(nameof(Math.Sqrt), [clr])!);
                break;
            default:
                _il.Emit(OpCodes.Ldloc, c!);
                _il.Emit(OpCodes.Call, math.GetMethod(nameof(Math.FusedMultiplyAdd), [clr, clr, clr])!);
                break;
        }
    }

    private void IsOrdered(LocalBuilder value, Label otherwise)
    {
        _il.Emit(OpCodes.Ldloc, value);
        _il.Emit(OpCodes.Ldloc, value);
        _il.Emit(OpCodes.Bne_Un, otherwise);
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
