using Emulation.IR;

namespace Emulation.Arm;

// Memory operands. Arm DDI 0487, C3.2.
internal sealed partial class A64Emitter
{
    private bool _spIsAligned;

    /// <summary>How plain loads and stores access memory.</summary>
    public MemOp Plain(int size, bool signed) => new(size, signed, Mmu, IsBigEndian, (Mode & ArmMode.Aligned) != 0);

    /// <summary>How several elements are accessed at once: where alignment is checked, it is that of an element.</summary>
    /// <param name="address">A 64-bit address.</param>
    /// <param name="displacement">Added to it.</param>
    /// <param name="size">Bytes of all.</param>
    /// <param name="element">Bytes of one.</param>
    /// <param name="write">Whether they are stored.</param>
    public MemOp Elements(IrValue address, long displacement, int size, int element, bool write)
    {
        MemOp how = Plain(size, false) with { Aligned = false };
        if ((Mode & ArmMode.Aligned) == 0 || element == 1)
            return how;
        IrValue place = Ir.Add(address, displacement);
        int aligned = Ir.NewLabel();
        Ir.BrIf(Ir.Compare(IrOp.Eq, Ir.And(place, Const((ulong)element - 1)), Const(0)), aligned);
        Ir.Raise(ArmException.Code(ArmException.DataAbort, ArmException.AlignmentFault | (write ? 1 << 6 : 0)), place);
        Ir.Label(aligned);
        return how;
    }

    /// <summary>How LDTR and STTR access memory.</summary>
    public MemOp Unprivileged(int size, bool signed) => Plain(size, signed) with { MmuIndex = ArmMode.UnprivilegedMmu(Mode) };

    /// <summary>How atomics access memory: naturally aligned.</summary>
    public MemOp Atomic(int size) => new(size, false, Mmu, IsBigEndian, Aligned: true);

    /// <summary>A base register as an address; a stack pointer that is not a multiple of 16 raises where that is checked.</summary>
    public IrValue Base(int rn)
    {
        IrValue address = RSp(true, rn);
        if (rn != R31 || (Mode & ArmMode.CheckSp) == 0 || _spIsAligned)
            return address;
        int aligned = Ir.NewLabel();
        Ir.BrIf(Ir.Compare(IrOp.Eq, Ir.And(address, Const(15)), Const(0)), aligned);
        Ir.Raise(ArmException.Code(ArmException.SpAlignment, 0), Const(0));
        Ir.Label(aligned);
        _spIsAligned = true;
        return address;
    }

    /// <summary>Writes the stack pointer or another register with its old value plus a constant: a multiple of 16 leaves the stack aligned.</summary>
    public void AddToSp(int r, IrValue sum, long step)
    {
        bool aligned = _spIsAligned && (step & 15) == 0;
        SetXSp(r, sum);
        _spIsAligned = aligned || (r != R31 && _spIsAligned);
    }

    /// <summary>What is known of the stack pointer is not to be relied on: something looks at every instruction.</summary>
    public void ForgetStack() => _spIsAligned = false;

    /// <summary>The address of a load or store of one register, in any form; undefined for reserved extensions of an index.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="address">The address.</param>
    /// <param name="prefetch">Nothing is accessed: the stack pointer is not checked.</param>
    public bool TryAddress(A64Word i, int size, out MemoryOperand address, bool prefetch = false)
    {
        IrValue start = prefetch ? RSp(true, i.Rn) : Base(i.Rn);
        if (i.Flag(24))
        {
            address = new MemoryOperand(start, (long)i.Imm12 * size);
            return true;
        }

        if (i.Flag(21))
        {
            if ((i.Option & 2) == 0)
            {
                address = default;
                Undefined();
                return false;
            }

            IrValue index = Ir.Shl(Extend(i.Rm, i.Option, true), i.S12 ? int.Log2(size) : 0);
            address = new MemoryOperand(Ir.Add(start, index), 0);
            return true;
        }

        address = i.Field(10, 2) switch
        {
            1 => new MemoryOperand(start, 0, true, i.Imm9),
            3 => new MemoryOperand(start, i.Imm9, true, i.Imm9),
            _ => new MemoryOperand(start, i.Imm9),
        };
        return true;
    }

    /// <summary>The address of a load or store of two registers.</summary>
    public MemoryOperand PairAddress(A64Word i, int size)
    {
        IrValue start = Base(i.Rn);
        long offset = (long)i.Imm7 * size;
        return i.Field(23, 2) switch
        {
            1 => new MemoryOperand(start, 0, true, offset),
            3 => new MemoryOperand(start, offset, true, offset),
            _ => new MemoryOperand(start, offset),
        };
    }

    /// <summary>Writes the base register, after the access.</summary>
    public void WriteBack(A64Word i, MemoryOperand address)
    {
        if (address.Writes)
            AddToSp(i.Rn, Ir.Add(address.Base, address.Step), address.Step);
    }

    /// <summary>Loads a vector register or its low part: an IEEE number where there is one of the size, else an integer.</summary>
    public IrValue LoadVector(IrValue address, long displacement, int size) => Ir.Load(address, displacement, Plain(size, false), PartType(size));

    /// <summary>Stores a vector register or its low part.</summary>
    public void StoreVector(IrValue address, long displacement, int r, int size)
        => Ir.Store(address, displacement, Part(r, PartType(size)), Plain(size, false));

    public static IrType PartType(int size) => size switch
    {
        1 => IrType.I8,
        2 => IrType.I16,
        4 => IrType.F32,
        8 => IrType.F64,
        _ => IrType.V128,
    };
}
