using Emulation.IR;

namespace Emulation.RiscV;

// Floating-point operands: NaN boxing, rounding modes, mstatus.FS. Emitters begin with BeginFp.
internal sealed partial class RvEmitter
{
    private const uint CanonicalSingle = 0x7fc00000;
    private const uint CanonicalHalf = 0x7e00;

    private bool _fpDirtied;
    private bool _fsMarked;
    private uint _boxedSingles;                          // registers that an earlier instruction of the block wrote a single to

    /// <summary>Whether floating-point instructions are legal here; raises and ends the block when not.</summary>
    public bool BeginFp()
    {
        if ((Mode & RiscVMode.FsOff) == 0)
            return true;
        Illegal();
        return false;
    }

    /// <summary>As <see cref="BeginFp()"/>, and the rounding mode must be a legal one.</summary>
    /// <param name="rm">The rm field.</param>
    public bool BeginFp(int rm)
    {
        if (!BeginFp())
            return false;
        if (rm <= 4 || (rm == 7 && (Mode & RiscVMode.FrmInvalid) == 0))
            return true;
        Illegal();
        return false;
    }

    /// <summary>Forgets what is known of FPRs: a hook may change them.</summary>
    public void ForgetFp() => _boxedSingles = 0;

    /// <summary>The instruction writes an FPR or may raise fflags: mstatus.FS becomes Dirty behind it.</summary>
    public void DirtyFp() => _fpDirtied = true;

    /// <summary>Rounding of IR operations.</summary>
    /// <param name="rm">The rm field, legal.</param>
    public static IrRounding Rounding(int rm) => rm == 7 ? IrRounding.Dynamic : (IrRounding)rm;

    /// <summary>Reads an FPR as a double.</summary>
    /// <param name="r">0 to 31.</param>
    public IrValue D(int r) => Ir.Get(registers.F[r]);

    /// <summary>Reads the bits of an FPR of 64 bits.</summary>
    /// <param name="r">0 to 31.</param>
    public IrValue DBits(int r) => Ir.Get(registers.F[r], IrType.I64);

    /// <summary>Reads an FPR as a single; what is not properly boxed is the canonical NaN.</summary>
    /// <param name="r">0 to 31.</param>
    public IrValue S(int r) => IsBoxedSingle(r) ? Ir.Get(registers.F[r], IrType.F32) : Ir.Bitcast(SBits(r), IrType.F32);

    /// <summary>Reads an FPR as the bits of a single; what is not properly boxed is the canonical NaN.</summary>
    /// <param name="r">0 to 31.</param>
    public IrValue SBits(int r)
    {
        if (IsBoxedSingle(r))
            return RawSingle(r);
        IrValue bits = DBits(r);
        IrValue unboxed = Ir.Compare(IrOp.LtU, bits, Ir.Const(0xffffffff_00000000));
        return Ir.Select(unboxed, Ir.Const(CanonicalSingle, IrType.I32), Ir.Trunc(bits, IrType.I32));
    }

    /// <summary>Reads the low 32 bits of an FPR as they are.</summary>
    /// <param name="r">0 to 31.</param>
    public IrValue RawSingle(int r) => Ir.Get(registers.F[r], IrType.I32);

    /// <summary>Reads the low 16 bits of an FPR as they are, zero-extended to 32.</summary>
    /// <param name="r">0 to 31.</param>
    public IrValue RawHalf(int r) => Ir.And(RawSingle(r), Ir.Const(0xffff, IrType.I32));

    /// <summary>Reads an FPR as the bits of a half, zero-extended to 32; what is not properly boxed is the canonical NaN.</summary>
    /// <param name="r">0 to 31.</param>
    public IrValue HBits(int r)
    {
        IrValue bits = Ir.Get(registers.F[r], BitsType(r));
        IrValue unboxed = Ir.Compare(IrOp.LtU, bits, Ir.Const(bits.Type.Mask() << 16, bits.Type));
        return Ir.Select(unboxed, Ir.Const(CanonicalHalf, IrType.I32), RawHalf(r));
    }

    /// <summary>Writes a double.</summary>
    /// <param name="r">0 to 31.</param>
    /// <param name="value">A double, or its bits.</param>
    public void SetD(int r, IrValue value)
    {
        Ir.Set(registers.F[r], value);
        _boxedSingles &= ~(1u << r);
        DirtyFp();
    }

    /// <summary>Writes a single, boxed.</summary>
    /// <param name="r">0 to 31.</param>
    /// <param name="value">A single, or its bits.</param>
    public void SetS(int r, IrValue value)
    {
        if (registers.F[r].Type == IrType.F32)
            Ir.Set(registers.F[r], value);
        else
            SetBoxed(r, Ir.Bitcast(value, IrType.I32), 32);
        _boxedSingles |= 1u << r;
        DirtyFp();
    }

    /// <summary>Writes a half, boxed.</summary>
    /// <param name="r">0 to 31.</param>
    /// <param name="bits">Its bits, zero-extended to 32.</param>
    public void SetH(int r, IrValue bits)
    {
        SetBoxed(r, bits, 16);
        _boxedSingles &= ~(1u << r);
        DirtyFp();
    }

    private IrType BitsType(int r) => registers.F[r].Type == IrType.F64 ? IrType.I64 : IrType.I32;

    private void SetBoxed(int r, IrValue bits, int width)
    {
        IrType type = BitsType(r);
        Ir.Set(registers.F[r], Ir.Or(Ir.ZExt(bits, type), Ir.Const(ulong.MaxValue << width, type)));
    }

    private bool IsBoxedSingle(int r) => registers.F[r].Type == IrType.F32 || (_boxedSingles & (1u << r)) != 0;

    // The call changes the mode word, so what follows must not be reached by a direct link: the block ends here, once.
    private void MarkFpDirty()
    {
        if ((Mode & RiscVMode.FsDirty) != 0 || _fsMarked)
            return;
        _fsMarked = true;
        Ir.Call(RiscVHelpers.SetFsDirty);
        if (!Ended)
            ContinueIndirect();
    }
}
