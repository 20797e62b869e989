using System.Buffers.Binary;
using Emulation.IR;

namespace Emulation.Cpu;

// Operations that are not worth a place in the hot switch.
internal static unsafe partial class Interpreter
{
    private static long RunRare(byte* s, ref Op* op, long budget)
    {
        var family = (Micro)(op->Code / 8);
        int form = op->Code & 7;
        switch (family)
        {
            case >= Micro.Add and <= Micro.RotR:
                Binary(s, op, Shifted(IrOp.Add, family, Micro.Add), form);
                break;
            case >= Micro.Eq and <= Micro.LeU:
                Compare(s, op, Shifted(IrOp.Eq, family, Micro.Eq), form);
                break;
            case >= Micro.Clz and <= Micro.ByteSwap:
                IrOp unary = Shifted(IrOp.Clz, family, Micro.Clz);
                if (form == 0)
                    U(s, op->A) = IrFold.Unary(unary, IrType.I64, U(s, op->B));
                else
                    I(s, op->A) = (int)IrFold.Unary(unary, IrType.I32, (uint)I(s, op->B));
                break;
            case >= Micro.FAdd and <= Micro.FLe:
                Float(s, op, Shifted(IrOp.FAdd, family, Micro.FAdd), form == 0);
                break;
            case >= Micro.FMin and <= Micro.FConvert:
                FloatSpecial(s, op, Shifted(IrOp.FAdd, family, Micro.FAdd), form);
                break;
            case >= Micro.VFAdd and <= Micro.VScalar:
                Vector(s, op, Shifted(IrOp.VFAdd, family, Micro.VFAdd), form);
                break;
            case Micro.Call:
                Call(s, op, form);
                break;
            case Micro.CallExact:
                budget = ExactOps.Call(s, op, budget);
                op += 2;
                return budget;
            case Micro.Atomic:
                budget = ExactOps.Atomic(s, op, budget);
                op += 2;
                return budget;
            case Micro.LoadAny:
                budget = ExactOps.LoadAny(s, op, budget);
                break;
            case Micro.StoreAny:
                budget = ExactOps.StoreAny(s, op, budget);
                break;
            case Micro.Raise:
                return ExactOps.Raise(s, op, budget);
            default:
                throw new InvalidOperationException($"unknown tier-0 operation {family} form {form}");
        }

        op++;
        return budget;
    }

    private static IrOp Shifted(IrOp first, Micro family, Micro firstFamily) => (IrOp)((int)first + ((int)family - (int)firstFamily));

    // The reference uses the same arithmetic as constant folding.
    private static void Binary(byte* s, Op* op, IrOp operation, int form)
    {
        if (form <= Op.RI64)
        {
            U(s, op->A) = IrFold.Binary(operation, IrType.I64, U(s, op->B), form == Op.RR64 ? U(s, op->C) : (ulong)op->Imm);
            return;
        }

        bool constant = (form & 1) != 0;
        int result = (int)IrFold.Binary(operation, IrType.I32, (uint)I(s, op->B), constant ? (uint)op->Imm : (uint)I(s, op->C));
        if (form >= Op.RR32S)
            L(s, op->A) = result;
        else
            I(s, op->A) = result;
    }

    private static void Compare(byte* s, Op* op, IrOp operation, int form)
        => U(s, op->A) = form <= Op.RI64
            ? IrFold.Binary(operation, IrType.I64, U(s, op->B), form == Op.RR64 ? U(s, op->C) : (ulong)op->Imm)
            : IrFold.Binary(operation, IrType.I32, (uint)I(s, op->B), form == Op.RR32 ? (uint)I(s, op->C) : (uint)op->Imm);

    private static void Float(byte* s, Op* op, IrOp operation, bool wide)
    {
        int aux = (int)op->Imm;
        switch (operation)
        {
            case IrOp.FEq or IrOp.FLt or IrOp.FLe:
                U(s, op->A) = wide
                    ? FloatOps.Compare64(s, operation, U(s, op->B), U(s, op->C))
                    : FloatOps.Compare32(s, operation, (uint)I(s, op->B), (uint)I(s, op->C));
                break;
            case IrOp.FSqrt:
                if (wide)
                    U(s, op->A) = FloatOps.Sqrt64(s, U(s, op->B), aux);
                else
                    I(s, op->A) = (int)FloatOps.Sqrt32(s, (uint)I(s, op->B), aux);
                break;
            case IrOp.FMulAdd:
                int c = (int)(op->Imm >> 32);
                if (wide)
                    U(s, op->A) = FloatOps.MulAdd64(s, U(s, op->B), U(s, op->C), U(s, c), aux);
                else
                    I(s, op->A) = (int)FloatOps.MulAdd32(s, (uint)I(s, op->B), (uint)I(s, op->C), (uint)I(s, c), aux);
                break;
            default:
                if (wide)
                    U(s, op->A) = FloatOps.Binary64(s, operation, U(s, op->B), U(s, op->C), aux);
                else
                    I(s, op->A) = (int)FloatOps.Binary32(s, operation, (uint)I(s, op->B), (uint)I(s, op->C), aux);
                break;
        }
    }

    private static void FloatSpecial(byte* s, Op* op, IrOp operation, int form)
    {
        bool narrow = (form & 1) != 0;
        ulong a = narrow ? (uint)I(s, op->B) : U(s, op->B), b = narrow ? (uint)I(s, op->C) : U(s, op->C);
        ulong result = FloatOps.Special(s, operation, a, b, op->Low);
        if ((form & 2) != 0)
            I(s, op->A) = (int)result;
        else
            U(s, op->A) = result;
    }

    private static void Call(byte* s, Op* op, int form)
    {
        nint f = (nint)op->Imm;
        ulong a = U(s, op->B), b = U(s, op->C);
        switch (form)
        {
            case 0: ((delegate*<byte*, void>)f)(s); break;
            case 1: ((delegate*<byte*, ulong, void>)f)(s, a); break;
            case 2: ((delegate*<byte*, ulong, ulong, void>)f)(s, a, b); break;
            case 4: U(s, op->A) = ((delegate*<byte*, ulong>)f)(s); break;
            case 5: U(s, op->A) = ((delegate*<byte*, ulong, ulong>)f)(s, a); break;
            default: U(s, op->A) = ((delegate*<byte*, ulong, ulong, ulong>)f)(s, a, b); break;
        }
    }
}
