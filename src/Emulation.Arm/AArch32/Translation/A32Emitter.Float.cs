using Emulation.IR;

namespace Emulation.Arm;

// Floating-point registers and short vectors. Arm DDI 0487, E1.3; DDI 0406, D12.
internal partial class A32Emitter
{
    private int Length => 1 + A32Mode.Length(_mode);

    private int Stride => (_mode & A32Mode.Stride) != 0 ? 2 : 1;

    /// <summary>Whether floating point is enabled at this level.</summary>
    public bool HasFloat => (_mode & A32Mode.NoFloat) == 0;

    /// <summary>The format of a size field: half, single, double; undefined when the CPU has it not, or not the registers.</summary>
    public bool TryFormat(A32Word i, out int format) => TryFormat(i, true, out format);

    /// <summary>The same for instructions whose registers have other formats too.</summary>
    public virtual bool TryFormat(A32Word i, bool checksRegisters, out int format)
    {
        format = i.Field(8, 2) switch { 1 => FpFormat.Half, 2 => FpFormat.Single, _ => FpFormat.Double };
        bool ok = format != FpFormat.Half || Isa.Has(ArmFeature.FP16);
        bool two = i.Flag(23) && i.Field(20, 2) == 3;                // bit 7 is part of the operation then: there is no first operand
        if (format == FpFormat.Double && checksRegisters && !Isa.Has(ArmFeature.D32) && (i.Flag(22) || i.Flag(5) || (!two && i.Flag(7))))
            ok = false;
        if (!ok)
            Undefined();
        return ok;
    }

    /// <summary>Number of the destination register.</summary>
    public static int Vd(A32Word i, int format) => format == FpFormat.Double ? (i.Field(22, 1) << 4) | i.Field(12, 4) : (i.Field(12, 4) << 1) | i.Field(22, 1);

    /// <summary>Number of the first operand.</summary>
    public static int Vn(A32Word i, int format) => format == FpFormat.Double ? (i.Field(7, 1) << 4) | i.Field(16, 4) : (i.Field(16, 4) << 1) | i.Field(7, 1);

    /// <summary>Number of the second operand.</summary>
    public static int Vm(A32Word i, int format) => format == FpFormat.Double ? (i.Field(5, 1) << 4) | i.Field(0, 4) : (i.Field(0, 4) << 1) | i.Field(5, 1);

    /// <summary>Reads a scalar: halves as their bits in 32.</summary>
    public IrValue F(int r, int format) => format switch
    {
        FpFormat.Single => Ir.Get(Registers.A32.S[r]),
        FpFormat.Double => Ir.Get(Registers.A32.D[r]),
        _ => Ir.ZExt(Ir.Get(Registers.A32.S[r], IrType.I16), IrType.I32),
    };

    /// <summary>Reads the bits of a single register.</summary>
    public IrValue SBits(int r) => Ir.Get(Registers.A32.S[r], IrType.I32);

    /// <summary>Reads the bits of a double register.</summary>
    public IrValue DBits(int r) => Ir.Get(Registers.A32.D[r], IrType.I64);

    /// <summary>Writes a scalar or its bits; halves with zeros above.</summary>
    public void SetF(int r, int format, IrValue value) => Ir.Set(format == FpFormat.Double ? Registers.A32.D[r] : Registers.A32.S[r], value);

    /// <summary>Does an operation on every element of short vectors; on one element when LEN is 0 or the destination is in a scalar bank.</summary>
    /// <param name="format">Format of all registers.</param>
    /// <param name="vd">Destination.</param>
    /// <param name="vn">First operand; -1 for none.</param>
    /// <param name="vm">Second operand: a scalar when in a scalar bank.</param>
    /// <param name="element">The result of the numbers of destination, first and second operand. All are computed before one is written.</param>
    public void ForElements(int format, int vd, int vn, int vm, Func<int, int, int, IrValue> element)
    {
        int length = Length;
        bool isDouble = format == FpFormat.Double;
        int bank = isDouble ? 0xc : 0x18;
        if (length == 1 || format == FpFormat.Half || (vd & bank) == 0)
        {
            SetF(vd, format, element(vd, vn, vm));
            return;
        }

        bool scalar = (vm & bank) == 0;
        int stride = Stride, size = isDouble ? 4 : 8;
        var results = new (int Register, IrValue Value)[length];
        for (int i = 0; i < length; i++)
        {
            results[i] = (vd, element(vd, vn, vm));
            vd = Next(vd, stride, size);
            if (vn >= 0)
                vn = Next(vn, stride, size);
            if (!scalar)
                vm = Next(vm, stride, size);
        }

        foreach ((int register, IrValue value) in results)
            SetF(register, format, value);
    }

    /// <summary>FPSCR.NZCV becomes four bits.</summary>
    public void SetFpscrFlags(IrValue nzcv)
        => Ir.Set(Registers.A32.Fpscr, Ir.Or(Ir.And(Ir.Get(Registers.A32.Fpscr), Word(0x0fff_ffff)), Ir.Shl(nzcv, 28)));

    /// <summary>VMRS and VMSR: FPSCR needs floating point enabled; others are there for those that enable it. HCR_EL2.TID0, TID3.</summary>
    /// <param name="number">The reg field.</param>
    /// <param name="rt">The register that is transferred.</param>
    /// <param name="reads">The direction.</param>
    public virtual bool TryFloatControl(int number, int rt, bool reads)
    {
        const int Fpscr = 1;
        if (number == Fpscr && !HasFloat)
        {
            Raise(ArmException.FpTrapped, ArmException.FpSyndrome);
            return false;
        }

        if (number != Fpscr && Level > 0)
            Ir.Call(A32SystemHelpers.CheckFloatControl, Word(number), Word(rt), Word(reads ? 1 : 0));
        return true;
    }

    /// <summary>Ends the block after a helper that may have changed the mode word: the floating-point controls, a system register, CPSR.</summary>
    public void LeaveAfterModeChange()
    {
        PlaceSkip();

        // the helper has set the mode word: only IT is still to be advanced
        uint it = A32Mode.WithIt(0, _nextIt);
        if (_mode != A32Mode.WithIt(_mode, _nextIt))
            Ir.Set(A32Registers.Mode, Ir.Or(Ir.And(Ir.Get(A32Registers.Mode), Ir.Const(~A32Mode.ItMask, IrType.I32)), Ir.Const(it, IrType.I32)));
        Ir.JumpIndirect(Const(NextPc));
        Ended = true;
    }

    // inside its bank
    private static int Next(int r, int stride, int size) => (r & -size) | ((r + stride) & (size - 1));
}
