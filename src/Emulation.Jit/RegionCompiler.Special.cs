using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Jit;

// Minimum, maximum, order and conversions: the host's where no flag is missed, as for arithmetic. NaNs and what does not fit leave to tier 0.
internal sealed unsafe partial class RegionCompiler
{
    private const double TwoTo24 = 1 << 24, TwoTo53 = 1L << 53, TwoTo63 = 9223372036854775808.0;

    private void EmitSpecialFloat(int i, in IrInst inst)
    {
        IrType from = _ir.Insts[inst.A].Type;
        if (inst.Op == IrOp.FFromInt && from == IrType.I32 && inst.Type == IrType.F64)
        {
            Value(inst.A);                               // exact, whatever the environment
            _il.Emit((inst.Aux & 8) != 0 ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
            _il.Emit(OpCodes.Conv_R8);
        }
        else if (_hostDecides is not null && IsRestartable(i) && IsHostRounding(inst))
        {
            EmitOwnSpecial(inst, from);
        }
        else
        {
            EmitSpecialCall(inst, from);
        }
    }

    // Whether the host rounds that way when the environment is the usual one.
    private static bool IsHostRounding(in IrInst inst) => inst.Op switch
    {
        IrOp.FMin or IrOp.FMax or IrOp.FOrder => true,
        IrOp.FToInt => (inst.Aux & 7) <= (int)IrRounding.Up || (inst.Aux & 7) == (int)IrRounding.Dynamic,
        _ => (inst.Aux & 7) is (int)IrRounding.NearestEven or (int)IrRounding.Dynamic,
    };

    private void EmitOwnSpecial(in IrInst inst, IrType from)
    {
        switch (inst.Op)
        {
            case IrOp.FMin or IrOp.FMax or IrOp.FOrder:
                EmitOwnPair(inst, StackTypes.Clr(from));
                break;
            case IrOp.FToInt:
                EmitOwnToInteger(inst, StackTypes.Clr(from));
                break;
            case IrOp.FFromInt:
                EmitOwnFromInteger(inst, from);
                break;
            case IrOp.FConvert when from == IrType.F32:
                EmitOwnWiden(inst);
                break;
            default:
                EmitOwnNarrow(inst);
                break;
        }
    }

    private void EmitOwnPair(in IrInst inst, Type clr)
    {
        Label leave = Leave();
        LocalBuilder a = Operand(inst.A, clr, false), b = Operand(inst.B, clr, false);
        RequireComparing(leave);
        IsOrdered(a, leave);
        IsOrdered(b, leave);
        if (inst.Op != IrOp.FOrder)
        {
            _il.Emit(OpCodes.Ldloc, a);
            _il.Emit(OpCodes.Ldloc, b);
            _il.Emit(OpCodes.Call, typeof(Math).GetMethod(inst.Op == IrOp.FMin ? nameof(Math.Min) : nameof(Math.Max), [clr, clr])!);
            return;
        }

        LoadInt(2);
        _il.Emit(OpCodes.Ldloc, a);
        _il.Emit(OpCodes.Ldloc, b);
        _il.Emit(OpCodes.Ceq);
        LoadInt(1);
        _il.Emit(OpCodes.Shl);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Ldloc, a);
        _il.Emit(OpCodes.Ldloc, b);
        _il.Emit(OpCodes.Clt);
        _il.Emit(OpCodes.Sub);
    }

    private void EmitOwnToInteger(in IrInst inst, Type clr)
    {
        bool signed = (inst.Aux & 8) != 0, wide = inst.Type == IrType.I64;
        Label leave = Leave(), cold = _il.DefineLabel(), settled = _il.DefineLabel();
        LocalBuilder a = Operand(inst.A, clr, false), x = a, result = _pool.Take(StackTypes.Clr(inst.Type));
        string? round = (IrRounding)(inst.Aux & 7) switch
        {
            IrRounding.TowardZero => null,
            IrRounding.Down => nameof(Math.Floor),
            IrRounding.Up => nameof(Math.Ceiling),
            _ => nameof(Math.Round),
        };
        if (round is not null)
        {
            x = _pool.Take(clr);
            _il.Emit(OpCodes.Ldloc, a);
            _il.Emit(OpCodes.Call, (clr == typeof(double) ? typeof(Math) : typeof(MathF)).GetMethod(round, [clr])!);
            _il.Emit(OpCodes.Stloc, x);
        }

        double end = wide ? TwoTo63 : signed ? 1L << 31 : 1L << 32;
        _il.Emit(OpCodes.Ldloc, x);
        LoadReal(clr, signed ? -end : -1);
        _il.Emit(signed ? OpCodes.Blt_Un : OpCodes.Ble_Un, leave);
        _il.Emit(OpCodes.Ldloc, x);
        LoadReal(clr, end);
        _il.Emit(OpCodes.Bge_Un, leave);
        _il.Emit(OpCodes.Ldloc, x);
        _il.Emit(OpCodes.Conv_I8);
        if (!wide)
            _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Stloc, result);
        _il.Emit(OpCodes.Ldloc, _hostDecides!);
        _il.Emit(OpCodes.Brfalse, cold);
        _il.MarkLabel(settled);
        _il.Emit(OpCodes.Ldloc, result);
        _cold.Add(() =>
        {
            // exact in any environment, or tier 0 raises what is to be raised
            _il.MarkLabel(cold);
            _il.Emit(OpCodes.Ldloc, result);
            if (!wide)
                _il.Emit(signed ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
            _il.Emit(OpCodes.Conv_R8);
            _il.Emit(OpCodes.Ldloc, a);
            _il.Emit(OpCodes.Conv_R8);
            _il.Emit(OpCodes.Beq, settled);
            _il.Emit(OpCodes.Br, leave);
        });
    }

    private void EmitOwnFromInteger(in IrInst inst, IrType from)
    {
        bool signed = (inst.Aux & 8) != 0, single = inst.Type == IrType.F32;
        Label leave = Leave(), cold = _il.DefineLabel(), settled = _il.DefineLabel();
        LocalBuilder value = _pool.Take(typeof(long));
        Value(inst.A);
        if (from == IrType.I32)
            _il.Emit(signed ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, value);
        if (from == IrType.I64 && !signed)
        {
            _il.Emit(OpCodes.Ldloc, value);
            LoadLong(0);
            _il.Emit(OpCodes.Blt, leave);
        }

        if (from == IrType.I64 && single)
            RequireMagnitude(value, TwoTo53, leave);     // or it would be rounded twice
        _il.Emit(OpCodes.Ldloc, _hostDecides!);
        _il.Emit(OpCodes.Brfalse, cold);
        _il.MarkLabel(settled);
        _il.Emit(OpCodes.Ldloc, value);
        _il.Emit(OpCodes.Conv_R8);
        if (single)
            _il.Emit(OpCodes.Conv_R4);
        _cold.Add(() =>
        {
            _il.MarkLabel(cold);
            RequireMagnitude(value, single ? TwoTo24 : TwoTo53, leave);
            _il.Emit(OpCodes.Br, settled);
        });
    }

    private void EmitOwnWiden(in IrInst inst)
    {
        Label leave = Leave();
        LocalBuilder a = Operand(inst.A, typeof(float), false);
        RequireComparing(leave);
        IsOrdered(a, leave);
        _il.Emit(OpCodes.Ldloc, a);
        _il.Emit(OpCodes.Conv_R8);
    }

    private void EmitOwnNarrow(in IrInst inst)
    {
        Label leave = Leave(), cold = _il.DefineLabel(), settled = _il.DefineLabel();
        LocalBuilder a = Operand(inst.A, typeof(double), false), result = _pool.Take(typeof(float));
        _il.Emit(OpCodes.Ldloc, a);
        _il.Emit(OpCodes.Conv_R4);
        _il.Emit(OpCodes.Stloc, result);
        _il.Emit(OpCodes.Ldloc, _hostDecides!);
        _il.Emit(OpCodes.Brfalse, cold);
        _il.Emit(OpCodes.Ldloc, result);
        _il.Emit(OpCodes.Call, typeof(HostFp).GetMethod(nameof(HostFp.IsPlain), [typeof(float)])!);
        _il.Emit(OpCodes.Brfalse, cold);
        _il.MarkLabel(settled);
        _il.Emit(OpCodes.Ldloc, result);
        _cold.Add(() =>
        {
            // exact where nothing is flushed
            _il.MarkLabel(cold);
            _il.Emit(OpCodes.Ldloc, result);
            _il.Emit(OpCodes.Conv_R8);
            _il.Emit(OpCodes.Ldloc, a);
            _il.Emit(OpCodes.Bne_Un, leave);
            StateAddress(FieldOffsets.Fp);
            _il.Emit(OpCodes.Call, typeof(HostFp).GetMethod(nameof(HostFp.Compares))!);
            _il.Emit(OpCodes.Brtrue, settled);
            _il.Emit(OpCodes.Br, leave);
        });
    }

    // Goes on where subnormal operands need no care.
    private void RequireComparing(Label leave)
    {
        Label cold = _il.DefineLabel(), settled = _il.DefineLabel();
        _il.Emit(OpCodes.Ldloc, _hostDecides!);
        _il.Emit(OpCodes.Brfalse, cold);
        _il.MarkLabel(settled);
        _cold.Add(() =>
        {
            _il.MarkLabel(cold);
            StateAddress(FieldOffsets.Fp);
            _il.Emit(OpCodes.Call, typeof(HostFp).GetMethod(nameof(HostFp.Compares))!);
            _il.Emit(OpCodes.Brtrue, settled);
            _il.Emit(OpCodes.Br, leave);
        });
    }

    private void RequireMagnitude(LocalBuilder value, double limit, Label otherwise)
    {
        _il.Emit(OpCodes.Ldloc, value);
        LoadLong((long)limit);
        _il.Emit(OpCodes.Add);
        LoadLong(2 * (long)limit);
        _il.Emit(OpCodes.Bgt_Un, otherwise);
    }

    private void LoadReal(Type clr, double value)
    {
        if (clr == typeof(double))
            _il.Emit(OpCodes.Ldc_R8, value);
        else
            _il.Emit(OpCodes.Ldc_R4, (float)value);
    }

    private void EmitSpecialCall(in IrInst inst, IrType from)
    {
        int form = (from.Bytes() == 4 ? 1 : 0) | (inst.Type.Bytes() == 4 ? 2 : 0);
        _il.Emit(OpCodes.Ldarg_0);
        LoadInt((int)inst.Op);
        Wide(inst.A, from);
        if (inst.B >= 0)
            Wide(inst.B, from);
        else
            LoadLong(0);
        LoadInt(inst.Aux | (form << FloatOps.FormShift));
        _il.Emit(OpCodes.Call, typeof(FloatOps).GetMethod(nameof(FloatOps.Special))!);
        if (inst.Type.Bytes() == 4)
            _il.Emit(OpCodes.Conv_I4);
        Reinterpret(StackTypes.Bits(inst.Type), inst.Type);
    }

    private void Wide(int value, IrType type)
    {
        BitsOf(value, type);
        if (type.Bytes() == 4)
            _il.Emit(OpCodes.Conv_U8);
    }
}
