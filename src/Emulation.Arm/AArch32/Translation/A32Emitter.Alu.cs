using System.Numerics;
using Emulation.IR;

namespace Emulation.Arm;

// Data processing. Arm DDI 0487, J1.2 Shift_C, A32ExpandImm_C, T32ExpandImm_C, AddWithCarry.
internal partial class A32Emitter
{
    /// <summary>Does an operation, writes result and flags.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="flags">Whether it sets flags; comparisons always do.</param>
    /// <param name="rd">Destination.</param>
    /// <param name="rn">First operand.</param>
    /// <param name="b">Second operand.</param>
    public void Alu(AluOp op, bool flags, int rd, int rn, ShiftedValue b)
    {
        IrValue result;
        switch (op)
        {
            case AluOp.And or AluOp.Eor or AluOp.Tst or AluOp.Teq or AluOp.Orr or AluOp.Mov or AluOp.Bic or AluOp.Mvn or AluOp.Orn:
                result = Logical(op, rn, b.Value);
                if (flags)
                    LogicalFlags(result, b.Carry);
                break;
            case AluOp.Sub or AluOp.Cmp:
                result = flags ? SubFlags(R(rn), b.Value) : Ir.Sub(R(rn), b.Value);
                break;
            case AluOp.Rsb:
                result = flags ? SubFlags(b.Value, R(rn)) : Ir.Sub(b.Value, R(rn));
                break;
            case AluOp.Add or AluOp.Cmn:
                result = flags ? AddFlags(R(rn), b.Value) : Ir.Add(R(rn), b.Value);
                break;
            case AluOp.Adc:
                result = AddCarry(R(rn), b.Value, flags);
                break;
            case AluOp.Sbc:
                result = AddCarry(R(rn), Ir.Not(b.Value), flags);
                break;
            default:
                result = AddCarry(b.Value, Ir.Not(R(rn)), flags);
                break;
        }

        if (op is not (AluOp.Tst or AluOp.Teq or AluOp.Cmp or AluOp.Cmn))
            Write(rd, result);
    }

    /// <summary>Remembers that flags are those of CMP, when both operands are still there.</summary>
    public void RememberComparison(int rn, int rm, uint immediate)
    {
        if (rn != PcNumber && rm != PcNumber)
            Remember(new Comparison(false, rn, rm, immediate));
    }

    /// <summary>N and Z of a result, C where the operand has one; V stays.</summary>
    public void LogicalFlags(IrValue result, IrValue? carry)
    {
        SetNz(result);
        if (carry is { } c)
            Ir.Set(Registers.C, c);
    }

    /// <summary>N and Z of a result of 32 bits.</summary>
    public void SetNz(IrValue result)
    {
        IrValue wide = Ir.SExt(result, IrType.I64);
        Ir.Set(Registers.N, wide);
        Ir.Set(Registers.Z, wide);
        ForgetComparison();
    }

    /// <summary>A constant operand of A32: eight bits rotated right.</summary>
    public ShiftedValue Immediate(A32Word i)
    {
        int rotation = 2 * i.Field(8, 4);
        uint value = BitOperations.RotateRight((uint)i.Field(0, 8), rotation);
        return Constant(value, rotation != 0 ? value >> 31 != 0 : null);
    }

    /// <summary>A constant operand of T32.</summary>
    public ShiftedValue Immediate(T32Word i)
    {
        (uint value, bool? carry) = ExpandImmediate(i.Imm12);
        return Constant(value, carry);
    }

    /// <summary>T32ExpandImm_C. Zero bytes in the repeated forms are UNPREDICTABLE; here they give 0.</summary>
    public static (uint Value, bool? Carry) ExpandImmediate(int imm12)
    {
        uint low = (uint)imm12 & 0xff;
        if (imm12 >> 10 == 0)
        {
            uint value = (imm12 >> 8) switch
            {
                0 => low,
                1 => low * 0x0001_0001,
                2 => low * 0x0100_0100,
                _ => low * 0x0101_0101,
            };
            return (value, null);
        }

        uint rotated = BitOperations.RotateRight(0x80 | ((uint)imm12 & 0x7f), imm12 >> 7);
        return (rotated, rotated >> 31 != 0);
    }

    /// <summary>A constant as an operand.</summary>
    public ShiftedValue Constant(uint value, bool? carry = null)
        => new(Ir.Const(value, IrType.I32), carry is { } c ? Ir.Const(c ? 1UL : 0, IrType.I1) : null);

    /// <summary>A register shifted by a constant: DecodeImmShift and Shift_C.</summary>
    public ShiftedValue Shift(int rm, int type, int amount, bool carries)
    {
        IrValue value = R(rm);
        switch (type)
        {
            case 0 when amount == 0:
                return new ShiftedValue(value, null);
            case 0:
                return new ShiftedValue(Ir.Shl(value, amount), carries ? Bit(value, 32 - amount) : null);
            case 1 when amount == 0:
                return new ShiftedValue(Word(0), carries ? Bit(value, 31) : null);
            case 1:
                return new ShiftedValue(Ir.ShrU(value, amount), carries ? Bit(value, amount - 1) : null);
            case 2:
                int shift = amount == 0 ? 32 : amount;
                return new ShiftedValue(Ir.ShrS(value, Math.Min(shift, 31)), carries ? Bit(value, shift - 1) : null);
            case 3 when amount == 0:
                IrValue top = Ir.Shl(Ir.ZExt(Ir.Get(Registers.C), IrType.I32), 31);
                return new ShiftedValue(Ir.Or(top, Ir.ShrU(value, 1)), carries ? Bit(value, 0) : null);
            default:
                return new ShiftedValue(Ir.Binary(IrOp.RotR, value, Word(amount)), carries ? Bit(value, amount - 1) : null);
        }
    }

    /// <summary>A register shifted by the low byte of another.</summary>
    public ShiftedValue Shift(int rm, int type, IrValue by, bool carries)
    {
        IrValue value = R(rm), amount = Ir.And(by, Word(0xff));
        if (type == 3)
        {
            IrValue rotated = Ir.Binary(IrOp.RotR, value, amount);
            return new ShiftedValue(rotated, carries ? Ir.Select(IsZero(amount), Ir.Get(Registers.C), Bit(rotated, 31)) : null);
        }

        // 33 bits and more: the last bit shifted out stays beside the result
        const int Far = 40;
        IrValue near = Ir.ZExt(Ir.Select(Ir.Compare(IrOp.LtU, amount, Word(Far)), amount, Word(Far)), IrType.I64);
        IrValue result;
        IrValue last;
        if (type == 0)
        {
            IrValue wide = Ir.Shl(Ir.ZExt(value, IrType.I64), near);
            result = Ir.Trunc(wide, IrType.I32);
            last = Ir.Compare(IrOp.Ne, Ir.And(wide, Const(1UL << 32)), Const(0));
        }
        else
        {
            IrValue extended = Ir.Shl(type == 1 ? Ir.ZExt(value, IrType.I64) : Ir.SExt(value, IrType.I64), 1);
            IrValue wide = Ir.Binary(type == 1 ? IrOp.ShrU : IrOp.ShrS, extended, near);
            result = Ir.Trunc(Ir.ShrU(wide, 1), IrType.I32);
            last = Ir.Compare(IrOp.Ne, Ir.And(wide, Const(1)), Const(0));
        }

        return new ShiftedValue(result, carries ? Ir.Select(IsZero(amount), Ir.Get(Registers.C), last) : null);
    }

    /// <summary>A bit as a truth value.</summary>
    public IrValue Bit(IrValue value, int bit)
        => bit == 31
            ? Ir.Compare(IrOp.LtS, value, Ir.Const(0, value.Type))
            : Ir.Compare(IrOp.Ne, Ir.And(value, Ir.Const(1UL << bit, value.Type)), Ir.Const(0, value.Type));

    /// <summary>Whether a value is 0.</summary>
    public IrValue IsZero(IrValue value) => Ir.Compare(IrOp.Eq, value, Ir.Const(0, value.Type));

    private IrValue Logical(AluOp op, int rn, IrValue b) => op switch
    {
        AluOp.And or AluOp.Tst => Ir.And(R(rn), b),
        AluOp.Eor or AluOp.Teq => Ir.Xor(R(rn), b),
        AluOp.Orr => Ir.Or(R(rn), b),
        AluOp.Mov => b,
        AluOp.Bic => Ir.And(R(rn), Ir.Not(b)),
        AluOp.Mvn => Ir.Not(b),
        _ => Ir.Or(R(rn), Ir.Not(b)),
    };
}
