using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What the emitters of both execution states share: flags and arithmetic.</summary>
/// <param name="ir">Builds the block.</param>
/// <param name="registers">Where registers are.</param>
/// <param name="isa">What the CPU has.</param>
internal abstract partial class ArmEmitter(IrBuilder ir, ArmRegisters registers, ArmIsa isa)
{
    /// <summary>The builder.</summary>
    public IrBuilder Ir { get; } = ir;

    /// <summary>Where registers are.</summary>
    public ArmRegisters Registers { get; } = registers;

    /// <summary>What the CPU has.</summary>
    public ArmIsa Isa { get; } = isa;

    /// <summary>Address of the instruction.</summary>
    public ulong Pc { get; protected set; }

    /// <summary>Whether the block has its terminal.</summary>
    public bool Ended { get; protected set; }

    /// <summary>Whether the present instruction turned out to be unallocated.</summary>
    public bool IsUndefined { get; protected set; }

    /// <summary>A constant of the operation's width.</summary>
    public IrValue Const(ulong value, bool wide = true) => Ir.Const(value, wide ? IrType.I64 : IrType.I32);

    /// <summary>A 32-bit constant.</summary>
    public IrValue Word(int value) => Ir.Const((uint)value, IrType.I32);

    /// <summary>Fields of so many bits change places with their neighbours.</summary>
    public IrValue SwapNeighbours(IrValue value, int shift, ulong mask)
    {
        IrValue low = Ir.Const(mask & value.Type.Mask(), value.Type);
        return Ir.Or(Ir.And(Ir.ShrU(value, shift), low), Ir.Shl(Ir.And(value, low), shift));
    }

    /// <summary>Not 0 when unmasking interrupts, SError, or virtual ones may have a consequence.</summary>
    public IrValue WaitingInterrupts()
    {
        const ulong VirtualBits = (1 << 6) | (1 << 7) | (1 << 8);
        return Ir.Or(
            Ir.ZExt(Ir.Get(Registers.Pending), IrType.I64),
            Ir.And(Ir.Get(Registers.System[(int)SystemSlot.HcrEl2]), Const(VirtualBits)));
    }

    /// <summary>Bits in reverse order.</summary>
    public IrValue ReverseBits(IrValue value)
    {
        value = SwapNeighbours(Ir.Unary(IrOp.ByteSwap, value), 4, 0x0f0f0f0f_0f0f0f0f);
        return SwapNeighbours(SwapNeighbours(value, 2, 0x33333333_33333333), 1, 0x55555555_55555555);
    }

    /// <summary>A constant of sixteen bytes.</summary>
    public IrValue Bytes(ReadOnlySpan<byte> bytes) => Ir.VectorConst(BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..]));

    /// <summary>The operation of the IR on lanes, where it has one; what accumulates is a product first.</summary>
    protected static IrOp? DirectOp(VecOp op) => op switch
    {
        VecOp.Add => IrOp.VAdd,
        VecOp.Sub => IrOp.VSub,
        VecOp.Mul or VecOp.Mla or VecOp.Mls => IrOp.VMul,
        VecOp.CmGt => IrOp.VGtS,
        VecOp.CmGe => IrOp.VGeS,
        VecOp.CmHi => IrOp.VGtU,
        VecOp.CmHs => IrOp.VGeU,
        VecOp.CmEq => IrOp.VEq,
        VecOp.MaxS => IrOp.VMaxS,
        VecOp.MaxU => IrOp.VMaxU,
        VecOp.MinS => IrOp.VMinS,
        VecOp.MinU => IrOp.VMinU,
        _ => null,
    };
}
