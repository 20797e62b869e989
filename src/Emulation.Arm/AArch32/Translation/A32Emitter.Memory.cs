using System.Numerics;
using Emulation.IR;

namespace Emulation.Arm;

// Loads and stores. Arm DDI 0487, F2.11, J1.2 MemA, MemU. Addresses wrap at 32 bits.
internal partial class A32Emitter
{
    /// <summary>How plain loads and stores access memory.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="signed">Whether a value is sign-extended.</param>
    /// <param name="isUser">With the rights of User mode: LDRT, STRT.</param>
    public MemOp Plain(int size, bool signed = false, bool isUser = false)
        => new(size, signed, isUser && Level > 0 ? A32Mode.UserMmu(Mmu) : Mmu, IsBigEndian, size <= 4 && (_mode & ArmMode.Aligned) != 0);

    /// <summary>How accesses that must be aligned do.</summary>
    public MemOp Aligned(int size) => Plain(size) with { Aligned = true };

    /// <summary>A 64-bit address.</summary>
    public IrValue Address(IrValue value) => Ir.ZExt(value, IrType.I64);

    /// <summary>A base register; PC is aligned to words.</summary>
    public IrValue Base(int rn) => rn == PcNumber ? Ir.Const(PcValue & ~3u, IrType.I32) : R(rn);

    /// <summary>Base plus or minus an offset.</summary>
    public IrValue Offset(IrValue start, IrValue offset, bool adds) => adds ? Ir.Add(start, offset) : Ir.Sub(start, offset);

    /// <summary>Loads a register.</summary>
    /// <param name="rt">Destination.</param>
    /// <param name="form">Address and write-back.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="signed">Whether it is sign-extended.</param>
    public void Load(int rt, A32Address form, int size, bool signed = false)
    {
        CheckStack(form);
        IrValue value = LoadValue(form.At(this), size, signed, form.IsUser);
        WriteBack(form);
        WriteLoaded(rt, value);
    }

    /// <summary>Stores a register.</summary>
    public void Store(int rt, A32Address form, int size)
    {
        CheckStack(form);
        Ir.Store(Address(InWord(Masked(form.At(this), size), size)), 0, R(rt), Plain(size, isUser: form.IsUser));
        WriteBack(form);
    }

    /// <summary>Loads two registers: one access of eight bytes, aligned to words.</summary>
    public virtual void LoadDual(int rt, int rt2, A32Address form)
    {
        IrValue address = form.At(this);
        CheckDual(ref address, false);
        IrValue both = Ir.Load(Address(address), 0, Plain(8), IrType.I64);
        WriteBack(form);
        SetR(rt, Half(both, IsBigEndian));
        SetR(rt2, Half(both, !IsBigEndian));
    }

    /// <summary>Stores two registers.</summary>
    public virtual void StoreDual(int rt, int rt2, A32Address form)
    {
        IrValue address = form.At(this);
        CheckDual(ref address, true);
        Ir.Store(Address(address), 0, IsBigEndian ? Join(rt2, rt) : Join(rt, rt2), Plain(8));
        WriteBack(form);
    }

    /// <summary>Raises when a value must not become the stack pointer: a stack limit of the M profile.</summary>
    public virtual void CheckStack(IrValue pointer)
    {
    }

    /// <summary>The same for the base of an access.</summary>
    protected void CheckStack(A32Address form)
    {
        if (form.WritesBack && form.Rn == Sp)
            CheckStack(form.Moved(this));
    }

    /// <summary>Writes the base register.</summary>
    public void WriteBack(A32Address form)
    {
        if (form.WritesBack)
            SetR(form.Rn, form.Moved(this));
    }

    /// <summary>Loads registers from consecutive words.</summary>
    /// <param name="rn">Base.</param>
    /// <param name="list">Registers, one bit each.</param>
    /// <param name="increments">Upwards.</param>
    /// <param name="before">The first word is not at the base.</param>
    /// <param name="writesBack">Whether the base moves.</param>
    /// <param name="user">Registers of User mode.</param>
    public void LoadMultiple(int rn, int list, bool increments, bool before, bool writesBack, bool user = false)
    {
        if (TryLoadMultiple(rn, list, increments, before, writesBack, user) is { } pc)
            WriteLoaded(PcNumber, pc);
    }

    /// <summary>Loads registers and PC, and returns from an exception.</summary>
    public void LoadMultipleReturning(int rn, int list, bool increments, bool before, bool writesBack)
    {
        if (TryLoadMultiple(rn, list, increments, before, writesBack, false) is { } pc)
            ExceptionReturn(pc);
    }

    // gives what is for PC
    private IrValue? TryLoadMultiple(int rn, int list, bool increments, bool before, bool writesBack, bool user)
    {
        if (list == 0 || rn == PcNumber)
        {
            Undefined();                                 // UNPREDICTABLE; QEMU does the same
            return null;
        }

        IrValue start = R(rn), first = Masked(FirstWord(start, list, increments, before), 4);
        var values = new IrValue[16];
        int n = 0;
        for (int r = 0; r < 16; r++)
        {
            if ((list & (1 << r)) != 0)
                values[r] = Ir.Load(Address(Ir.Add(first, 4 * n++)), 0, n == 1 ? Aligned(4) : Plain(4), IrType.I32);
        }

        if (writesBack)
            SetR(rn, Ir.Add(start, increments ? 4 * n : -4 * n));
        for (int r = 0; r < PcNumber; r++)
        {
            if ((list & (1 << r)) == 0)
                continue;
            if (user)
                SetUser(r, values[r]);
            else
                SetR(r, values[r]);
        }

        return (list & (1 << PcNumber)) != 0 ? values[PcNumber] : null;
    }

    /// <summary>Stores registers to consecutive words.</summary>
    public void StoreMultiple(int rn, int list, bool increments, bool before, bool writesBack, bool user = false)
    {
        if (list == 0 || rn == PcNumber)
        {
            Undefined();
            return;
        }

        IrValue start = R(rn), first = Masked(FirstWord(start, list, increments, before), 4);
        int count = BitOperations.PopCount((uint)list);
        if (rn == Sp && writesBack && !increments)
            CheckStack(Ir.Add(start, -4 * count));
        if (rn == Sp && !user && !IsBigEndian && count > 1)
        {
            StoreWide(first, list);
        }
        else
        {
            int n = 0;
            for (int r = 0; r < 16; r++)
            {
                if ((list & (1 << r)) != 0)
                    Ir.Store(Address(Ir.Add(first, 4 * n++)), 0, user ? UserR(r) : R(r), n == 1 ? Aligned(4) : Plain(4));
            }
        }

        if (writesBack)
            SetR(rn, Ir.Add(start, increments ? 4 * count : -4 * count));
    }

    /// <summary>Loads and reserves.</summary>
    public void LoadExclusive(int rt, int rt2, IrValue address, int size, bool acquires)
    {
        IrValue value = Ir.LoadReserved(Address(InWord(address, size)), Aligned(size), size == 8 ? IrType.I64 : IrType.I32);
        if (acquires)
            Ir.Fence();
        if (size == 8)
        {
            SetR(rt, Half(value, IsBigEndian));
            SetR(rt2, Half(value, !IsBigEndian));
        }
        else
        {
            SetR(rt, value);
        }
    }

    /// <summary>Stores when the reservation holds; 0 or 1 to rd.</summary>
    public void StoreExclusive(int rd, int rt, int rt2, IrValue address, int size, bool releases)
    {
        if (releases)
            Ir.Fence();
        IrValue value = size == 8 ? IsBigEndian ? Join(rt2, rt) : Join(rt, rt2) : R(rt);
        IrValue failed = Ir.StoreConditional(Address(InWord(address, size)), value, Aligned(size));
        SetR(rd, size == 8 ? Ir.Trunc(failed, IrType.I32) : failed);
    }

    /// <summary>LDA.</summary>
    public void LoadAcquire(int rt, int rn, int size)
    {
        IrValue value = Ir.Load(Address(R(rn)), 0, Aligned(size), IrType.I32);
        Ir.Fence();
        SetR(rt, value);
    }

    /// <summary>STL.</summary>
    public void StoreRelease(int rt, int rn, int size)
    {
        Ir.Fence();
        Ir.Store(Address(R(rn)), 0, R(rt), Aligned(size));
        Ir.Fence();
    }

    /// <summary>Raises an alignment fault unless the two low bits of an address are 0.</summary>
    public void CheckWordAligned(IrValue address, bool writes) => CheckAligned(address, 4, writes);

    /// <summary>Raises an alignment fault unless an address is a multiple of a power of two.</summary>
    public void CheckAligned(IrValue address, int alignment, bool writes)
    {
        int aligned = Ir.NewLabel();
        Ir.BrIf(IsZero(Ir.And(address, Word(alignment - 1))), aligned);
        int syndrome = ArmException.AlignmentFault | (writes ? 1 << 6 : 0);
        Ir.Raise(ExceptionCode(ArmException.DataAbort, syndrome), Address(address));
        Ir.Label(aligned);
    }

    /// <summary>Two registers as 64 bits.</summary>
    public IrValue Join(int low, int high) => Ir.Or(RWide(low), Ir.Shl(RWide(high), 32));

    /// <summary>Half of 64 bits.</summary>
    public IrValue Half(IrValue both, bool high) => Ir.Trunc(high ? Ir.ShrU(both, 32) : both, IrType.I32);

    // The stack is memory, never a device: its words are stored together, so that compiled code does not have to leave.
    private void StoreWide(IrValue first, int list)
    {
        CheckWordAligned(first, true);
        Span<int> registers = stackalloc int[16];
        int count = 0, at = 0;
        for (int r = 0; r < 16; r++)
        {
            if ((list & (1 << r)) != 0)
                registers[count++] = r;
        }

        while (at < count)
        {
            IrValue address = Address(Ir.Add(first, 4 * at));
            int left = count - at, words = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
            IrValue value = words switch
            {
                1 => R(registers[at]),
                2 => Join(registers[at], registers[at + 1]),
                4 => Four(registers[at..]),
                _ => Ir.VectorJoin(Four(registers[at..]), Four(registers[(at + 4)..])),
            };
            Ir.Store(address, 0, value, Plain(4 * words));
            at += words;
        }
    }

    /// <summary>Stores floating-point registers; to the stack two and four doubles at once, as far as whole vectors are.</summary>
    public void StoreFloats(IrValue address, bool doubles, int first, int count, bool stack)
    {
        for (int k = 0; k < count;)
        {
            IrValue place = Address(Ir.Add(address, (doubles ? 8 : 4) * k));
            int r = first + k, left = count - k;
            if (!doubles)
            {
                Ir.Store(place, 0, SBits(r), Plain(4));
                k++;
            }
            else if (!stack || IsBigEndian || (r & 1) != 0 || left < 2)
            {
                StoreDouble(place, r);
                k++;
            }
            else if (left < 4)
            {
                Ir.Store(place, 0, Ir.Get(Registers.Vector[r / 2]), Plain(16));
                k += 2;
            }
            else
            {
                Ir.Store(place, 0, Ir.VectorJoin(Ir.Get(Registers.Vector[r / 2]), Ir.Get(Registers.Vector[(r / 2) + 1])), Plain(32));
                k += 4;
            }
        }
    }

    private IrValue Four(ReadOnlySpan<int> registers)
        => Ir.VectorInsert(LaneShape.I64x2, Ir.VectorScalar(Join(registers[0], registers[1])), 1, Join(registers[2], registers[3]));

    private IrValue FirstWord(IrValue start, int list, bool increments, bool before)
    {
        int bytes = 4 * BitOperations.PopCount((uint)list);
        return Ir.Add(start, increments ? (before ? 4 : 0) : (before ? -bytes : 4 - bytes));
    }

    private IrValue UserR(int r) => r == PcNumber ? R(r) : Ir.Get(Registers.A32.R(ProcessorMode.User, r), IrType.I32);

    private void SetUser(int r, IrValue value)
    {
        Ir.Set(Registers.A32.R(ProcessorMode.User, r), Ir.ZExt(value, IrType.I64));
        ForgetComparison(r);
    }
}
