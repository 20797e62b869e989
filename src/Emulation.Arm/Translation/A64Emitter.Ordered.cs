using Emulation.IR;

namespace Emulation.Arm;

// Alignment of atomic, acquiring and releasing accesses: natural, or inside of 16 bytes with LSE2. Arm DDI 0487, B2.5.2.
internal sealed partial class A64Emitter
{
    private bool IsUnalignedAllowed(int size) => size > 1 && Isa.Has(ArmFeature.LSE2) && (Mode & ArmMode.Aligned) == 0;

    /// <summary>Loads without more.</summary>
    public IrValue LoadPlain(IrValue address, long displacement, int size, IrType type) => Ir.Load(address, displacement, Plain(size, false), type);

    /// <summary>Loads and acquires.</summary>
    public IrValue LoadAcquire(IrValue address, long displacement, int size, bool signed, IrType type)
    {
        address = Checked(address, ref displacement, size, false);
        IrValue value = Ir.Load(address, displacement, Plain(size, signed) with { Aligned = !IsUnalignedAllowed(size) }, type);
        Ir.Fence(IrFence.Acquire);
        return value;
    }

    /// <summary>Releases and stores. A later LDAR must not pass: the fence behind is what a store buffer asks for.</summary>
    public void StoreRelease(IrValue address, long displacement, int size, IrValue value)
    {
        Ir.Fence(IrFence.Release);
        address = Checked(address, ref displacement, size, true);
        Ir.Store(address, displacement, value, Plain(size, false) with { Aligned = !IsUnalignedAllowed(size) });
        Ir.Fence();
    }

    /// <summary>Reads, modifies and writes; the old value goes to a register.</summary>
    public void AtomicModify(AtomicOp op, IrValue address, IrValue operand, int size, int rt)
    {
        if (!IsUnalignedAllowed(size))
        {
            SetX(rt, Ir.AtomicRmw(op, address, operand, Atomic(size)));
            return;
        }

        int aligned = Ir.NewLabel(), end = Ir.NewLabel();
        Ir.BrIf(IsAligned(address, size), aligned);
        SetX(rt, Ir.Call(UnalignedHelpers.Modify, address, operand, Word(size | ((int)op << 8))));
        Ir.Br(end);
        Ir.Label(aligned);
        SetX(rt, Ir.AtomicRmw(op, address, operand, Atomic(size)));
        Ir.Label(end);
    }

    /// <summary>Compares and exchanges; the old value goes to a register.</summary>
    public void AtomicCompare(IrValue address, IrValue expected, IrValue value, int size, int rs)
    {
        if (!IsUnalignedAllowed(size))
        {
            SetX(rs, Ir.AtomicCas(address, expected, value, Atomic(size)));
            return;
        }

        int aligned = Ir.NewLabel(), end = Ir.NewLabel();
        Ir.BrIf(IsAligned(address, size), aligned);
        Ir.Call(PairHelpers.SetExpected, expected, Const(0));
        SetX(rs, Ir.Call(UnalignedHelpers.CompareExchange, address, value, Word(size)));
        Ir.Br(end);
        Ir.Label(aligned);
        SetX(rs, Ir.AtomicCas(address, expected, value, Atomic(size)));
        Ir.Label(end);
    }

    private IrValue IsAligned(IrValue address, int size) => Ir.Compare(IrOp.Eq, Ir.And(address, Const((ulong)size - 1)), Const(0));

    private IrValue Checked(IrValue address, ref long displacement, int size, bool isStore)
    {
        if (!IsUnalignedAllowed(size))
            return address;
        address = Ir.Add(address, displacement);
        displacement = 0;
        int inside = Ir.NewLabel();
        Ir.BrIf(Ir.Compare(IrOp.LeU, Ir.And(address, Const(15)), Const(16 - (ulong)size)), inside);
        Ir.Call(UnalignedHelpers.Fault, address, Word(isStore ? 1 : 0));
        Ir.Label(inside);
        return address;
    }
}
