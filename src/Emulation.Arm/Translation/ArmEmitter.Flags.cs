using Emulation.IR;

namespace Emulation.Arm;

// Condition flags. Arm DDI 0487, shared pseudocode AddWithCarry, ConditionHolds.
internal abstract partial class ArmEmitter
{
    private Comparison? _comparison;

    // whether the flags are those of a floating-point comparison, and Z is kept as its outcome: 0 equal, 1 less, 2 greater, 3 unordered
    private bool _isOrder;

    /// <summary>What is known of flags.</summary>
    protected Comparison? Known => _comparison;

    /// <summary>Forgets what is known of flags: a hook may change registers.</summary>
    public void ForgetComparison()
    {
        _comparison = null;
        _isOrder = false;
    }

    /// <summary>Remembers that the flags are those of a subtraction, for conditions that follow before a register changes.</summary>
    public void Remember(Comparison comparison) => _comparison = comparison;

    /// <summary>a + b, with flags.</summary>
    public IrValue AddFlags(IrValue a, IrValue b)
    {
        IrValue sum = Ir.Add(a, b);
        SetFlags(sum, Ir.Compare(IrOp.LtU, sum, a), Ir.And(Ir.Xor(sum, a), Ir.Xor(sum, b)));
        return sum;
    }

    /// <summary>a - b, with flags.</summary>
    public IrValue SubFlags(IrValue a, IrValue b)
    {
        IrValue difference = Ir.Sub(a, b);
        SetFlags(difference, Ir.Compare(IrOp.LeU, b, a), Ir.And(Ir.Xor(a, b), Ir.Xor(a, difference)));
        return difference;
    }

    /// <summary>a + b + C, and the flags when asked for.</summary>
    public IrValue AddCarry(IrValue a, IrValue b, bool flags)
    {
        IrValue carry = Ir.ZExt(Ir.Get(Registers.C), a.Type);
        IrValue partial = Ir.Add(a, b), sum = Ir.Add(partial, carry);
        if (flags)
        {
            IrValue carryOut = Ir.Or(Ir.Compare(IrOp.LtU, partial, a), Ir.Compare(IrOp.LtU, sum, partial));
            SetFlags(sum, carryOut, Ir.And(Ir.Xor(sum, a), Ir.Xor(sum, b)));
        }

        return sum;
    }

    /// <summary>N and Z of a result, C and V clear.</summary>
    public void LogicalFlags(IrValue result) => SetFlags(result, Ir.Const(0, IrType.I1), Const(0));

    /// <summary>The flags of a result.</summary>
    /// <param name="result">Its sign is N, whether it is 0 is Z.</param>
    /// <param name="carry">C.</param>
    /// <param name="overflow">Its sign is V.</param>
    public void SetFlags(IrValue result, IrValue carry, IrValue overflow)
    {
        IrValue wide = Ir.SExt(result, IrType.I64);
        SetFlags(wide, wide, carry, Ir.SExt(overflow, IrType.I64));
    }

    /// <summary>All flags.</summary>
    public void SetFlags(IrValue n, IrValue z, IrValue c, IrValue v)
    {
        Ir.Set(Registers.N, n);
        Ir.Set(Registers.Z, z);
        Ir.Set(Registers.C, c);
        Ir.Set(Registers.V, v);
        ForgetComparison();
    }

    /// <summary>Flags of a floating-point comparison. Arm DDI 0487, J1.3 FPCompare.</summary>
    /// <param name="order">0 equal, 1 less, 2 greater, 3 unordered.</param>
    public void SetOrder(IrValue order)
    {
        IrValue one = Ir.Const(1, IrType.I32), three = Ir.Const(3, IrType.I32);
        SetFlags(
            Ir.Shl(Ir.ZExt(Ir.Compare(IrOp.Eq, order, one), IrType.I64), 63),
            Ir.ZExt(order, IrType.I64),
            Ir.Compare(IrOp.Ne, order, one),
            Ir.Shl(Ir.ZExt(Ir.Compare(IrOp.Eq, order, three), IrType.I64), 63));
        _isOrder = true;
    }

    /// <summary>Flags from a number of four bits, N first.</summary>
    public void SetNzcv(IrValue nzcv)
    {
        IrValue bits = Ir.ZExt(nzcv, IrType.I64);
        SetFlags(
            Ir.Shl(bits, 60),
            Ir.Xor(Ir.And(bits, Const(4)), Const(4)),
            Ir.Compare(IrOp.Ne, Ir.And(bits, Const(2)), Const(0)),
            Ir.Shl(bits, 63));
    }

    /// <summary>The flags as a number of four bits, N first, 64 bits wide.</summary>
    public IrValue Nzcv()
    {
        IrValue n = Ir.And(Ir.ShrU(Ir.Get(Registers.N), 60), Const(8));
        IrValue z = Ir.Shl(Ir.ZExt(Ir.Compare(IrOp.Eq, Ir.Get(Registers.Z), Const(0)), IrType.I64), 2);
        IrValue c = Ir.Shl(Ir.ZExt(Ir.Get(Registers.C), IrType.I64), 1);
        return Ir.Or(Ir.Or(n, z), Ir.Or(c, Ir.ShrU(Ir.Get(Registers.V), 63)));
    }

    /// <summary>Whether a condition holds.</summary>
    /// <param name="condition">The cond field.</param>
    public IrValue Condition(int condition)
    {
        if (condition >= 14)
            return Ir.Const(1, IrType.I1);
        if (_comparison is { } comparison && ComparedBy(condition) is { } how)
        {
            IrValue a = Compared(comparison.Wide, comparison.Rn);
            IrValue b = comparison.Rm == Comparison.Immediate ? Const(comparison.Value, comparison.Wide) : Compared(comparison.Wide, comparison.Rm);
            return how.Swapped ? Ir.Compare(how.Op, b, a) : Ir.Compare(how.Op, a, b);
        }

        IrValue zero = Const(0);
        if (_isOrder)
            return OrderHolds(condition, Ir.Get(Registers.Z));
        return condition switch
        {
            0 => Ir.Compare(IrOp.Eq, Ir.Get(Registers.Z), zero),
            1 => Ir.Compare(IrOp.Ne, Ir.Get(Registers.Z), zero),
            2 => Ir.Get(Registers.C),
            3 => Not(Ir.Get(Registers.C)),
            4 => Ir.Compare(IrOp.LtS, Ir.Get(Registers.N), zero),
            5 => Ir.Compare(IrOp.LeS, zero, Ir.Get(Registers.N)),
            6 => Ir.Compare(IrOp.LtS, Ir.Get(Registers.V), zero),
            7 => Ir.Compare(IrOp.LeS, zero, Ir.Get(Registers.V)),
            8 => Ir.And(Ir.Get(Registers.C), Ir.Compare(IrOp.Ne, Ir.Get(Registers.Z), zero)),
            9 => Not(Ir.And(Ir.Get(Registers.C), Ir.Compare(IrOp.Ne, Ir.Get(Registers.Z), zero))),
            10 => Ir.Compare(IrOp.LeS, zero, Ir.Xor(Ir.Get(Registers.N), Ir.Get(Registers.V))),
            11 => Ir.Compare(IrOp.LtS, Ir.Xor(Ir.Get(Registers.N), Ir.Get(Registers.V)), zero),
            12 => Greater(),
            _ => Not(Greater()),
        };

        IrValue Greater() => Ir.And(
            Ir.Compare(IrOp.Ne, Ir.Get(Registers.Z), zero), Ir.Compare(IrOp.LeS, zero, Ir.Xor(Ir.Get(Registers.N), Ir.Get(Registers.V))));
    }

    private IrValue OrderHolds(int condition, IrValue order) => condition switch
    {
        0 => Ir.Compare(IrOp.Eq, order, Const(0)),
        1 => Ir.Compare(IrOp.Ne, order, Const(0)),
        2 or 5 => Ir.Compare(IrOp.Ne, order, Const(1)),
        3 or 4 => Ir.Compare(IrOp.Eq, order, Const(1)),
        6 => Ir.Compare(IrOp.Eq, order, Const(3)),
        7 => Ir.Compare(IrOp.Ne, order, Const(3)),
        8 => Ir.Compare(IrOp.LeU, Const(2), order),
        9 => Ir.Compare(IrOp.LtU, order, Const(2)),
        10 => Ir.Compare(IrOp.Eq, Ir.And(order, Const(1)), Const(0)),
        11 => Ir.Compare(IrOp.Ne, Ir.And(order, Const(1)), Const(0)),
        12 => Ir.Compare(IrOp.Eq, order, Const(2)),
        _ => Ir.Compare(IrOp.Ne, order, Const(2)),
    };

    /// <summary>The other truth value.</summary>
    public IrValue Not(IrValue condition) => Ir.Xor(condition, Ir.Const(1, IrType.I1));

    private static (IrOp Op, bool Swapped)? ComparedBy(int condition) => condition switch
    {
        0 => (IrOp.Eq, false),
        1 => (IrOp.Ne, false),
        2 => (IrOp.LeU, true),
        3 => (IrOp.LtU, false),
        8 => (IrOp.LtU, true),
        9 => (IrOp.LeU, false),
        10 => (IrOp.LeS, true),
        11 => (IrOp.LtS, false),
        12 => (IrOp.LtS, true),
        13 => (IrOp.LeS, false),
        _ => null,
    };

    /// <summary>A register of a remembered comparison.</summary>
    protected abstract IrValue Compared(bool wide, int register);

    /// <summary>A register changes: a comparison with it is no longer known.</summary>
    protected void ForgetComparison(int register)
    {
        if (_comparison is { } comparison && (comparison.Rn == register || comparison.Rm == register))
            _comparison = null;
    }
}
