using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.TestHarness;

// One toy instruction for each operation of the IR; bits of the immediate choose the form.
public sealed partial class ToyFrontend
{
    private void EmitIr(IrBuilder ir, IrOp op, Word w)
    {
        switch (op)
        {
            case IrOp.Nop or IrOp.Insn:
                break;
            case IrOp.Const:
                ir.Set(_r.R[w.Rd], ir.Const((ulong)w.Imm * 0x0123456789abcdef));
                break;
            case IrOp.Get:
                EmitGet(ir, w);
                break;
            case IrOp.Set:
                EmitSet(ir, w);
                break;
            case (>= IrOp.Add and <= IrOp.RotR) or (>= IrOp.Eq and <= IrOp.LeU):
                EmitInteger(ir, op, w);
                break;
            case >= IrOp.Clz and <= IrOp.ByteSwap:
                SetSized(ir, w, ir.Unary(op, Sized(ir, w.Ra, w.Flag(0))));
                break;
            case IrOp.Select:
                SetSized(ir, w, ir.Select(ir.Compare(IrOp.LtS, R(ir, w.Ra), R(ir, w.Rb)), Sized(ir, w.Rd, w.Flag(0)), Sized(ir, w.Rb, w.Flag(0))));
                break;
            case IrOp.ZExt or IrOp.SExt or IrOp.Trunc:
                EmitExtension(ir, op, w);
                break;
            case IrOp.Bitcast:
                EmitBitcast(ir, w);
                break;
            case >= IrOp.FAdd and <= IrOp.FConvert:
                EmitFloat(ir, op, w);
                break;
            case >= IrOp.VFAdd and <= IrOp.VFLe:
                EmitVectorFloat(ir, op, w);
                break;
            case >= IrOp.VAnd and <= IrOp.VJoin:
                EmitVector(ir, op, w);
                break;
            case IrOp.Load or IrOp.Store:
                EmitMemory(ir, op, w);
                break;
            case IrOp.AtomicRmw or IrOp.AtomicCas or IrOp.LoadReserved or IrOp.StoreConditional:
                EmitAtomic(ir, op, w);
                break;
            case IrOp.Fence:
                ir.Fence((IrFence)(w.Imm % 3));
                break;
            case IrOp.Label or IrOp.Br or IrOp.BrIf:
                EmitConditional(ir, op, w);
                break;
            case IrOp.Call:
                EmitCall(ir, w);
                break;
            case IrOp.Raise:
                int skip = ir.NewLabel();
                ir.BrIf(ir.Compare(IrOp.Ne, ir.And(R(ir, w.Ra), ir.Const(15)), ir.Const((ulong)(w.Imm & 15))), skip);
                ir.Raise(11, R(ir, w.Rb));
                ir.Label(skip);
                ir.Set(_r.R[w.Rd], ir.Add(R(ir, w.Ra), 1));
                break;
            case IrOp.Jump:
                ir.Jump(w.Target);
                break;
            case IrOp.Branch:
                EmitBranch(ir, w);
                break;
            case IrOp.JumpIndirect:
                IrValue target = ir.Add(ir.And(R(ir, w.Ra), ir.Const(15)), (long)w.Target);
                ir.JumpIndirect(ir.And(target, ir.Const(~3UL)));
                break;
            case IrOp.Exit:
                ir.Exit(ir.Const(w.Pc + 4));
                break;
            default:
                throw new NotSupportedException($"the toy has no instruction for {op}");
        }
    }

    private IrValue Sized(IrBuilder ir, int register, bool narrow) => narrow ? ir.Get(_r.R[register], IrType.I32) : R(ir, register);

    private void SetSized(IrBuilder ir, Word w, IrValue value)
    {
        if (w.Flag(3) && value.Type == IrType.I32)
            ir.Set(_r.W[w.Rd & 3], value);
        else
            ir.Set(_r.R[w.Rd], w.Flag(2) ? ir.SExt(value, IrType.I64) : ir.ZExt(value, IrType.I64));
    }

    private void EmitGet(IrBuilder ir, Word w)
    {
        IrValue value = (w.Imm & 7) switch
        {
            0 => ir.Get(_r.Sys[w.Ra & 3]),
            1 => ir.ZExt(ir.Get(_r.W[w.Ra & 3]), IrType.I64),
            2 => ir.SExt(ir.Get(_r.B[w.Ra & 1]), IrType.I64),
            3 => ir.ZExt(ir.Get(_r.T), IrType.I64),
            4 => ir.ZExt(ir.Get(_r.R[w.Ra], IrType.I8), IrType.I64),
            5 => ir.SExt(ir.Get(_r.R[w.Ra], IrType.I16), IrType.I64),
            6 => ir.ZExt(ir.Bitcast(ir.Get(_r.S[w.Ra & 3]), IrType.I32), IrType.I64),
            _ => ir.Get(_r.D[w.Ra & 3], IrType.I64),
        };
        ir.Set(_r.R[w.Rd], value);
    }

    private void EmitSet(IrBuilder ir, Word w)
    {
        IrValue value = R(ir, w.Ra);
        switch (w.Imm & 7)
        {
            case 0: ir.Set(_r.Sys[w.Rd & 3], value); break;
            case 1: ir.Set(_r.W[w.Rd & 3], ir.Trunc(value, IrType.I32)); break;
            case 2: ir.Set(_r.B[w.Rd & 1], ir.Trunc(value, IrType.I8)); break;
            case 3: ir.Set(_r.T, ir.Compare(IrOp.LtU, value, R(ir, w.Rb))); break;
            case 4: ir.Set(_r.T, ir.Trunc(value, IrType.I1)); break;
            case 5: ir.Set(_r.W[w.Rd & 3], ir.Trunc(value, IrType.I16)); break;
            case 6: ir.Set(_r.S[w.Rd & 3], ir.Bitcast(ir.Trunc(value, IrType.I32), IrType.F32)); break;
            default: ir.Set(_r.D[w.Rd & 3], ir.Trunc(value, IrType.I32)); break;
        }
    }

    private void EmitInteger(IrBuilder ir, IrOp op, Word w)
    {
        bool narrow = w.Flag(0);
        IrType type = narrow ? IrType.I32 : IrType.I64;
        if (w.Flag(4) && op is IrOp.And or IrOp.Or or IrOp.Xor)
        {
            IrValue x = ir.Compare(IrOp.LtS, R(ir, w.Ra), R(ir, w.Rb)), y = ir.Get(_r.T);
            ir.Set(_r.T, ir.Binary(op, x, y));
            return;
        }

        IrValue b = w.Flag(1) ? ir.Const((ulong)(w.Imm >> 4), type) : Sized(ir, w.Rb, narrow);
        SetSized(ir, w, ir.Binary(op, Sized(ir, w.Ra, narrow), b));
    }

    private void EmitExtension(IrBuilder ir, IrOp op, Word w)
    {
        IrType narrow = (w.Imm & 3) switch { 0 => IrType.I8, 1 => IrType.I16, 2 => IrType.I32, _ => IrType.I1 };
        IrType wide = narrow != IrType.I32 && w.Flag(2) ? IrType.I32 : IrType.I64;
        IrValue value = ir.Trunc(R(ir, w.Ra), narrow);
        if (op == IrOp.SExt && narrow != IrType.I1)
            value = ir.SExt(value, wide);
        else
            value = ir.ZExt(value, wide);
        ir.Set(_r.R[w.Rd], ir.ZExt(value, IrType.I64));
    }

    private void EmitBitcast(IrBuilder ir, Word w)
    {
        switch (w.Imm & 3)
        {
            case 0: ir.Set(_r.D[w.Rd & 3], ir.Bitcast(R(ir, w.Ra), IrType.F64)); break;
            case 1: ir.Set(_r.R[w.Rd], ir.Bitcast(ir.Get(_r.D[w.Ra & 3]), IrType.I64)); break;
            case 2: ir.Set(_r.S[w.Rd & 3], ir.Bitcast(ir.Get(_r.W[w.Ra & 3]), IrType.F32)); break;
            default: ir.Set(_r.W[w.Rd & 3], ir.Bitcast(ir.Get(_r.S[w.Ra & 3]), IrType.I32)); break;
        }
    }

    private void EmitFloat(IrBuilder ir, IrOp op, Word w)
    {
        RegisterSlot[] bank = w.Flag(0) ? _r.S : _r.D;
        IrRounding rounding = (w.Imm >> 1 & 7) switch { 0 => IrRounding.NearestEven, 1 => IrRounding.TowardZero, 2 => IrRounding.Down, 3 => IrRounding.Up, _ => IrRounding.Dynamic };
        IrValue a = ir.Get(bank[w.Ra & 3]), b = ir.Get(bank[w.Rb & 3]);
        switch (op)
        {
            case IrOp.FSqrt:
                ir.Set(bank[w.Rd & 3], ir.FSqrt(a, rounding));
                break;
            case IrOp.FMulAdd:
                ir.Set(bank[w.Rd & 3], ir.FMulAdd(a, b, ir.Get(bank[w.Rd & 3]), w.Flag(4), w.Flag(5), rounding));
                break;
            case IrOp.FMin or IrOp.FMax:
                ir.Set(bank[w.Rd & 3], ir.FExtremum(op, a, b, (IrExtremum)((w.Imm >> 4 & 3) % 3)));
                break;
            case IrOp.FOrder:
                ir.Set(_r.R[w.Rd], ir.ZExt(ir.FOrder(a, b, w.Flag(4)), IrType.I64));
                break;
            case IrOp.FToInt:
                ir.Set(_r.R[w.Rd], ir.ZExt(ir.FToInteger(a, w.Flag(4) ? IrType.I32 : IrType.I64, w.Flag(5), rounding, 1), IrType.I64));
                break;
            case IrOp.FFromInt:
                IrValue bits = ir.Bitcast(a, w.Flag(0) ? IrType.I32 : IrType.I64);
                ir.Set((w.Flag(4) ? _r.S : _r.D)[w.Rd & 3], ir.FFromInteger(bits, w.Flag(4) ? IrType.F32 : IrType.F64, w.Flag(5), rounding));
                break;
            case IrOp.FConvert:
                ir.Set((w.Flag(0) ? _r.D : _r.S)[w.Rd & 3], ir.FConvert(a, w.Flag(0) ? IrType.F64 : IrType.F32, rounding));
                break;
            case IrOp.FEq or IrOp.FLt or IrOp.FLe:
                ir.Set(_r.R[w.Rd], ir.ZExt(ir.Float(op, a, b), IrType.I64));
                break;
            default:
                ir.Set(bank[w.Rd & 3], ir.Float(op, a, b, rounding));
                break;
        }
    }

    // rb: bits 0-1 size, bit 2 signed, bit 3 an IEEE register. Bits of imm above the displacement: raw address, big-endian, aligned, other MMU index.
    private void EmitMemory(IrBuilder ir, IrOp op, Word w)
    {
        bool extended = w.Imm < 0;
        int size = 1 << (w.Rb & 3), displacement = extended ? (w.Imm & 63) : w.Imm * 8;
        var how = new MemOp(size, (w.Rb & 4) != 0, extended && w.Flag(9) ? 0 : 1, extended && w.Flag(7), extended && w.Flag(8));
        IrValue address = Address(ir, R(ir, w.Ra), raw: extended && w.Flag(6));
        bool ieee = (w.Rb & 8) != 0 && size >= 4;
        RegisterSlot[] bank = size == 8 ? _r.D : _r.S;
        if (op == IrOp.Store)
        {
            ir.Store(address, displacement, ieee ? ir.Get(bank[w.Rd & 3]) : R(ir, w.Rd), how);
            return;
        }

        if (ieee)
            ir.Set(bank[w.Rd & 3], ir.Load(address, displacement, how, size == 8 ? IrType.F64 : IrType.F32));
        else if ((w.Rb & 8) != 0)
            ir.Set(_r.W[w.Rd & 3], ir.Load(address, displacement, how, IrType.I32));
        else
            ir.Set(_r.R[w.Rd], ir.Load(address, displacement, how, IrType.I64));
    }

    private void EmitAtomic(IrBuilder ir, IrOp op, Word w)
    {
        int size = w.Flag(0) ? 4 : 8;
        IrType type = w.Flag(0) ? IrType.I32 : IrType.I64;
        var how = new MemOp(size, w.Flag(1), 1, w.Flag(6), true);
        IrValue address = w.Flag(7) ? R(ir, w.Ra) : Address(ir, ir.And(R(ir, w.Ra), ir.Const(~7UL)), raw: false);
        IrValue b = Sized(ir, w.Rb, w.Flag(0));
        IrValue result = op switch
        {
            IrOp.AtomicRmw => ir.AtomicRmw((AtomicOp)((w.Imm >> 2 & 15) % 9), address, b, how),
            IrOp.AtomicCas => ir.AtomicCas(address, Sized(ir, w.Rd, w.Flag(0)), b, how),
            IrOp.LoadReserved => ir.LoadReserved(address, how, type),
            _ => ir.StoreConditional(address, b, how),
        };
        ir.Set(_r.R[w.Rd], ir.SExt(result, IrType.I64));
    }

    // Label: rd = ra only if rb is odd. Br: one of two sums. BrIf: a conditional load.
    private void EmitConditional(IrBuilder ir, IrOp op, Word w)
    {
        IrValue odd = ir.Compare(IrOp.Ne, ir.And(R(ir, w.Rb), ir.Const(1)), ir.Const(0));
        int end = ir.NewLabel();
        if (op == IrOp.Label)
        {
            int taken = ir.NewLabel();
            ir.BrIf(odd, taken);
            ir.Br(end);
            ir.Label(taken);
            ir.Set(_r.R[w.Rd], ir.Add(R(ir, w.Ra), w.Imm));
            if (w.Flag(1))
                ir.Call(ToyHelpers.Writes, ir.Const((ulong)w.Rb));
        }
        else if (op == IrOp.Br)
        {
            int other = ir.NewLabel();
            IrValue before = R(ir, w.Rd);
            ir.BrIf(odd, other);
            ir.Set(_r.R[w.Rd], ir.Add(R(ir, w.Ra), w.Imm));
            ir.Br(end);
            ir.Label(other);
            ir.Set(_r.R[w.Rd], ir.Sub(R(ir, w.Rb), before));
        }
        else
        {
            ir.BrIf(odd, end);
            if (w.Flag(0))
                ir.Set(_r.R[w.Rd], ir.Call(ToyHelpers.Faults, R(ir, w.Ra)));
            else
                ir.Set(_r.R[w.Rd], ir.Load(Address(ir, R(ir, w.Ra), raw: w.Flag(1)), 0, new MemOp(8, false, 1), IrType.I64));
        }

        ir.Label(end);
    }

    private void EmitCall(IrBuilder ir, Word w)
    {
        IrValue a = R(ir, w.Ra), b = R(ir, w.Rb);
        switch (w.Imm & 15)
        {
            case 0: ir.Set(_r.R[w.Rd], ir.Call(ToyHelpers.Pure, a, b)); break;
            case 1: ir.Set(_r.R[w.Rd], ir.ZExt(ir.Call(ToyHelpers.Pure32, ir.Get(_r.W[w.Ra & 3])), IrType.I64)); break;
            case 2: ir.Set(_r.D[w.Rd & 3], ir.Call(ToyHelpers.PureDouble, ir.Get(_r.D[w.Ra & 3]))); break;
            case 3: ir.Set(_r.R[w.Rd], ir.Call(ToyHelpers.Reads)); break;
            case 4: ir.Call(ToyHelpers.Writes, ir.And(a, ir.Const(0xffff))); break;
            case 5: ir.Set(_r.R[w.Rd], ir.Call(ToyHelpers.Faults, a)); break;
            case 6: ir.Set(_r.R[w.Rd], ir.Call(ToyHelpers.Time)); break;
            case 7: ir.Set(_r.R[w.Rd], ir.Call(ToyHelpers.Three, a, b, ir.Get(_r.B[0]))); break;
            case 8: ir.Call(ToyHelpers.System, a); break;
            case 9: ir.Set(_r.R[w.Rd], ir.Call(ToyHelpers.All, a)); break;
            default: ir.Set(_r.R[w.Rd], ir.Call(ToyHelpers.Pure, ir.Get(_r.T), b)); break;
        }
    }

    private void EmitBranch(IrBuilder ir, Word w)
    {
        IrOp compare = (IrOp)((int)IrOp.Eq + (w.Rd % 6));
        bool narrow = (w.Rd & 8) != 0;
        if (w.Rd == 15)
            ir.Branch(ir.Get(_r.T), w.Target);
        else
            ir.Branch(ir.Compare(compare, Sized(ir, w.Ra, narrow), Sized(ir, w.Rb, narrow)), w.Target);
    }
}
