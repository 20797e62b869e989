using Emulation.IR;

namespace Emulation.Arm;

// Multiplication, saturation, fields. Arm DDI 0487, F2.4.
internal partial class A32Emitter
{
    /// <summary>Sign-extended to 64 bits.</summary>
    public IrValue Signed(int r) => Ir.SExt(R(r), IrType.I64);

    /// <summary>A halfword of a register, sign-extended to 64 bits.</summary>
    public IrValue SignedHalf(int r, bool top) => Ir.ShrS(Ir.Shl(RWide(r), top ? 32 : 48), 48);

    /// <summary>Writes RdHi:RdLo.</summary>
    public void SetLong(int low, int high, IrValue value)
    {
        SetR(low, Half(value, false));
        SetR(high, Half(value, true));
    }

    /// <summary>N and Z of a result of 64 bits.</summary>
    public void SetLongNz(IrValue value)
    {
        Ir.Set(Registers.N, value);
        Ir.Set(Registers.Z, value);
        ForgetComparison();
    }

    /// <summary>MUL and MLA: low 32 bits.</summary>
    public void Multiply(int rd, int rn, int rm, int? ra, bool flags)
    {
        IrValue result = Ir.Mul(R(rn), R(rm));
        if (ra is { } addend)
            result = Ir.Add(result, R(addend));
        if (flags)
            SetNz(result);
        SetR(rd, result);
    }

    /// <summary>Long multiplication.</summary>
    public void MultiplyLong(int low, int high, int rn, int rm, bool signed, bool accumulates, bool flags)
    {
        IrValue result = signed ? Ir.Mul(Signed(rn), Signed(rm)) : Ir.Mul(RWide(rn), RWide(rm));
        if (accumulates)
            result = Ir.Add(result, Join(low, high));
        if (flags)
            SetLongNz(result);
        SetLong(low, high, result);
    }

    /// <summary>UMAAL.</summary>
    public void MultiplyAddAdd(int low, int high, int rn, int rm)
        => SetLong(low, high, Ir.Add(Ir.Add(Ir.Mul(RWide(rn), RWide(rm)), RWide(low)), RWide(high)));

    /// <summary>A sum of 64 bits cut to 32; Q is set when something is cut off.</summary>
    public void SetSum(int rd, IrValue sum)
    {
        IrValue result = Ir.Trunc(sum, IrType.I32);
        SetSticky(Ir.Compare(IrOp.Ne, Ir.SExt(result, IrType.I64), sum));
        SetR(rd, result);
    }

    /// <summary>Clamps a signed number of 64 bits; Q is set when that changes it.</summary>
    public void SetSaturated(int rd, IrValue value, long low, long high)
    {
        IrValue clamped = Clamp(value, low, high);
        SetSticky(Ir.Compare(IrOp.Ne, clamped, value));
        SetR(rd, Ir.Trunc(clamped, IrType.I32));
    }

    /// <summary>A signed number of 64 bits between limits.</summary>
    public IrValue Clamp(IrValue value, long low, long high)
    {
        IrValue least = Const((ulong)low), most = Const((ulong)high);
        IrValue below = Ir.Select(Ir.Compare(IrOp.LtS, value, most), value, most);
        return Ir.Select(Ir.Compare(IrOp.LtS, below, least), least, below);
    }

    /// <summary>Q is set when a truth value says so.</summary>
    public void SetSticky(IrValue condition) => Ir.Set(Registers.A32.Sticky, Ir.Or(Ir.Get(Registers.A32.Sticky), Ir.ZExt(condition, IrType.I32)));

    /// <summary>QADD, QSUB, QDADD, QDSUB.</summary>
    public void Saturating(int rd, int rm, int rn, bool doubles, bool subtracts)
    {
        IrValue b = Signed(rn);
        if (doubles)
        {
            IrValue twice = Ir.Shl(b, 1), clamped = Clamp(twice, int.MinValue, int.MaxValue);
            SetSticky(Ir.Compare(IrOp.Ne, clamped, twice));
            b = clamped;
        }

        SetSaturated(rd, subtracts ? Ir.Sub(Signed(rm), b) : Ir.Add(Signed(rm), b), int.MinValue, int.MaxValue);
    }

    /// <summary>SSAT and USAT.</summary>
    public void Saturate(int rd, IrValue value, int bits, bool signed)
        => SetSaturated(rd, Ir.SExt(value, IrType.I64), signed ? -(1L << (bits - 1)) : 0, signed ? (1L << (bits - 1)) - 1 : (1L << bits) - 1);

    /// <summary>SSAT16 and USAT16.</summary>
    public void SaturateHalves(int rd, int rn, int bits, bool signed)
    {
        long low = signed ? -(1L << (bits - 1)) : 0, high = signed ? (1L << (bits - 1)) - 1 : (1L << bits) - 1;
        IrValue a = SignedHalf(rn, false), b = SignedHalf(rn, true), x = Clamp(a, low, high), y = Clamp(b, low, high);
        SetSticky(Ir.Or(Ir.Compare(IrOp.Ne, a, x), Ir.Compare(IrOp.Ne, b, y)));
        SetR(rd, Pack(Ir.Trunc(x, IrType.I32), Ir.Trunc(y, IrType.I32)));
    }

    /// <summary>Low halves of two words, the second above.</summary>
    public IrValue Pack(IrValue low, IrValue high) => Ir.Or(Ir.And(low, Word(0xffff)), Ir.Shl(high, 16));

    /// <summary>SMLAxy, SMULxy: halves.</summary>
    public void MultiplyHalves(int rd, int rn, bool topN, int rm, bool topM, int? ra)
    {
        IrValue product = Ir.Mul(SignedHalf(rn, topN), SignedHalf(rm, topM));
        if (ra is { } addend)
            SetSum(rd, Ir.Add(product, Signed(addend)));
        else
            SetR(rd, Ir.Trunc(product, IrType.I32));
    }

    /// <summary>SMLAWy, SMULWy: a word and a half.</summary>
    public void MultiplyWordHalf(int rd, int rn, int rm, bool topM, int? ra)
    {
        IrValue product = Ir.ShrS(Ir.Mul(Signed(rn), SignedHalf(rm, topM)), 16);
        if (ra is { } addend)
            SetSum(rd, Ir.Add(product, Signed(addend)));
        else
            SetR(rd, Ir.Trunc(product, IrType.I32));
    }

    /// <summary>SMLALxy.</summary>
    public void MultiplyHalvesLong(int low, int high, int rn, bool topN, int rm, bool topM)
        => SetLong(low, high, Ir.Add(Join(low, high), Ir.Mul(SignedHalf(rn, topN), SignedHalf(rm, topM))));

    /// <summary>SMUAD, SMLAD, SMUSD, SMLSD: two products.</summary>
    public void MultiplyDual(int rd, int rn, int rm, bool exchanges, bool subtracts, int? ra)
    {
        IrValue sum = Dual(rn, rm, exchanges, subtracts);
        SetSum(rd, ra is { } addend ? Ir.Add(sum, Signed(addend)) : sum);
    }

    /// <summary>SMLALD, SMLSLD.</summary>
    public void MultiplyDualLong(int low, int high, int rn, int rm, bool exchanges, bool subtracts)
        => SetLong(low, high, Ir.Add(Join(low, high), Dual(rn, rm, exchanges, subtracts)));

    /// <summary>SMMUL, SMMLA, SMMLS: high halves.</summary>
    public void MultiplyHigh(int rd, int rn, int rm, bool rounds, bool subtracts, int? ra)
    {
        IrValue result = Ir.Mul(Signed(rn), Signed(rm));
        if (ra is { } addend)
        {
            IrValue wide = Ir.Shl(RWide(addend), 32);
            result = subtracts ? Ir.Sub(wide, result) : Ir.Add(wide, result);
        }

        if (rounds)
            result = Ir.Add(result, 1L << 31);
        SetR(rd, Half(result, true));
    }

    /// <summary>SXTAB and its like: a register rotated by bytes, extended, added.</summary>
    public void Extend(int rd, int? rn, int rm, int rotation, int bits, bool signed)
    {
        IrValue value = Ir.Binary(IrOp.RotR, R(rm), Word(8 * rotation));
        value = signed ? Ir.ShrS(Ir.Shl(value, 32 - bits), 32 - bits) : Ir.And(value, Word((1 << bits) - 1));
        SetR(rd, rn is { } addend ? Ir.Add(R(addend), value) : value);
    }

    /// <summary>SXTAB16 and its like: two bytes extended to halves, added.</summary>
    public void ExtendBytes(int rd, int? rn, int rm, int rotation, bool signed)
    {
        IrValue value = Ir.Binary(IrOp.RotR, R(rm), Word(8 * rotation));
        IrValue low = signed ? Ir.ShrS(Ir.Shl(value, 24), 24) : Ir.And(value, Word(0xff));
        IrValue high = signed ? Ir.ShrS(Ir.Shl(value, 8), 24) : Ir.And(Ir.ShrU(value, 16), Word(0xff));
        if (rn is { } addend)
        {
            low = Ir.Add(low, R(addend));
            high = Ir.Add(high, Ir.ShrU(R(addend), 16));
        }

        SetR(rd, Pack(low, high));
    }

    /// <summary>A quotient; 0 for a divisor of 0.</summary>
    public virtual void Divide(int rd, int rn, int rm, bool signed)
    {
        IrValue b = R(rm);
        SetR(rd, Ir.Select(IsZero(b), Word(0), Ir.Binary(signed ? IrOp.DivS : IrOp.DivU, R(rn), b)));
    }

    /// <summary>BFI and BFC.</summary>
    public void InsertField(int rd, int? rn, int lsb, int msb)
    {
        if (msb < lsb)
        {
            Undefined();                                 // UNPREDICTABLE; QEMU does the same
            return;
        }

        uint mask = (uint)((1UL << (msb - lsb + 1)) - 1) << lsb;
        IrValue kept = Ir.And(R(rd), Ir.Const(~mask, IrType.I32));
        SetR(rd, rn is { } source ? Ir.Or(kept, Ir.And(Ir.Shl(R(source), lsb), Ir.Const(mask, IrType.I32))) : kept);
    }

    /// <summary>SBFX and UBFX.</summary>
    public void ExtractField(int rd, int rn, int lsb, int width, bool signed)
    {
        if (lsb + width > 32)
        {
            Undefined();
            return;
        }

        IrValue top = Ir.Shl(R(rn), 32 - width - lsb);
        SetR(rd, signed ? Ir.ShrS(top, 32 - width) : Ir.ShrU(top, 32 - width));
    }

    /// <summary>Parallel addition and subtraction; GE from those that neither saturate nor halve.</summary>
    public void Parallel(int rd, int rn, int rm, ParallelOp op, ParallelKind kind)
    {
        IrValue result = Ir.Call(MediaHelpers.Parallel, R(rn), R(rm), Word((int)op | ((int)kind << 4)));
        if (kind is ParallelKind.Signed or ParallelKind.Unsigned)
            Ir.Set(Registers.A32.Ge, Half(result, true));
        SetR(rd, Half(result, false));
    }

    /// <summary>SEL.</summary>
    public void SelectBytes(int rd, int rn, int rm) => SetR(rd, Ir.Call(MediaHelpers.Select, R(rn), R(rm), Ir.Get(Registers.A32.Ge)));

    /// <summary>The low half with its bytes exchanged, sign-extended.</summary>
    public IrValue ReverseSignedHalf(int rm) => Ir.ShrS(Ir.Unary(IrOp.ByteSwap, R(rm)), 16);

    private IrValue Dual(int rn, int rm, bool exchanges, bool subtracts)
    {
        IrValue low = Ir.Mul(SignedHalf(rn, false), SignedHalf(rm, exchanges)), high = Ir.Mul(SignedHalf(rn, true), SignedHalf(rm, !exchanges));
        return subtracts ? Ir.Sub(low, high) : Ir.Add(low, high);
    }
}
