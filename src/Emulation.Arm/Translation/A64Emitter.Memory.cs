using Emulation.IR;

namespace Emulation.Arm;

// Memory operands. Arm DDI 0487, C3.2.
internal sealed partial class A64Emitter
{
    /// <summary>How plain loads and stores access memory.</summary>
    public static MemOp Plain(int size, bool signed) => new(size, signed, ArmMode.Mmu);

    /// <summary>How atomics access memory: naturally aligned.</summary>
    public static MemOp Atomic(int size) => new(size, false, ArmMode.Mmu, Aligned: true);

    /// <summary>A base register as an address.</summary>
    public IrValue Base(int rn) => RSp(true, rn);

    /// <summary>The address of a load or store of one register, in any form; undefined for reserved extensions of an index.</summary>
    public bool TryAddress(A64Word i, int size, out MemoryOperand address)
    {
        IrValue start = Base(i.Rn);
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
            SetXSp(i.Rn, Ir.Add(address.Base, address.Step));
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
