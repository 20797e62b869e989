using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Moves between core and floating-point registers, and memory. Arm DDI 0487, F4.1.20, F4.1.21.</summary>
[Extension("VFPv2")]
internal static class VfpTransfers
{
    private const int Fpsid = 0, FpscrNumber = 1, Fpexc = 8, Fpinst = 9, FpinstSecond = 10;

    [Encoding("cond!=15 1110 0000 vn rt 1010 n1 00 1 0000", "vmov{c}")]
    public static void VmovToSingle(A32Emitter e, A32Word i) => e.SetF(A32Emitter.Vn(i, FpFormat.Single), FpFormat.Single, e.R(i.Rt));

    [Encoding("cond!=15 1110 0001 vn rt 1010 n1 00 1 0000", "vmov{c}")]
    public static void VmovFromSingle(A32Emitter e, A32Word i) => e.SetR(i.Rt, e.SBits(A32Emitter.Vn(i, FpFormat.Single)));

    [Encoding("cond!=15 1110 0000 vn rt 1001 n1 00 1 0000", "vmov{c}.f16", Requires = "FP16")]
    public static void VmovToHalf(A32Emitter e, A32Word i) => e.SetF(A32Emitter.Vn(i, FpFormat.Single), FpFormat.Single, e.Ir.And(e.R(i.Rt), e.Word(0xffff)));

    [Encoding("cond!=15 1110 0001 vn rt 1001 n1 00 1 0000", "vmov{c}.f16", Requires = "FP16")]
    public static void VmovFromHalf(A32Emitter e, A32Word i) => e.SetR(i.Rt, e.F(A32Emitter.Vn(i, FpFormat.Single), FpFormat.Half));

    [Encoding("cond!=15 1100 0100 rt2 rt 1010 00 m 1 vm", "vmov{c}")]
    public static void VmovToSingles(A32Emitter e, A32Word i)
    {
        if (!TryPair(e, i, out int m))
            return;
        IrValue low = e.R(i.Rt), high = e.R(i.Rn);
        e.SetF(m, FpFormat.Single, low);
        e.SetF(m + 1, FpFormat.Single, high);
    }

    [Encoding("cond!=15 1100 0101 rt2 rt 1010 00 m 1 vm", "vmov{c}")]
    public static void VmovFromSingles(A32Emitter e, A32Word i)
    {
        if (!TryPair(e, i, out int m))
            return;
        IrValue low = e.SBits(m), high = e.SBits(m + 1);
        e.SetR(i.Rt, low);
        e.SetR(i.Rn, high);
    }

    [Encoding("cond!=15 1100 0100 rt2 rt 1011 00 m 1 vm", "vmov{c}")]
    public static void VmovToDouble(A32Emitter e, A32Word i)
    {
        if (HasRegister(e, i.Flag(5)))
            e.SetF(A32Emitter.Vm(i, FpFormat.Double), FpFormat.Double, e.Join(i.Rt, i.Rn));
    }

    [Encoding("cond!=15 1100 0101 rt2 rt 1011 00 m 1 vm", "vmov{c}")]
    public static void VmovFromDouble(A32Emitter e, A32Word i)
    {
        if (HasRegister(e, i.Flag(5)))
            e.SetLong(i.Rt, i.Rn, e.DBits(A32Emitter.Vm(i, FpFormat.Double)));
    }

    [Encoding("cond!=15 1110 1110 reg rt 1010 0001 0000", "vmsr{c}")]
    public static void Vmsr(A32Emitter e, A32Word i)
    {
        if (!e.TryFloatControl(i.Rn, i.Rt, reads: false))
            return;
        switch (i.Rn)
        {
            case FpscrNumber:
                e.Ir.Call(A32SystemHelpers.WriteFpscr, e.R(i.Rt));
                e.LeaveAfterModeChange();
                break;
            case Fpexc when e.Level > 0:
                e.Ir.Call(A32SystemHelpers.WriteFpexc, e.R(i.Rt));
                e.LeaveAfterModeChange();
                break;
            case Fpsid when e.Level > 0:
                break;
            case Fpinst or FpinstSecond when HasInstructionRegisters(e):
                e.Ir.Set(e.Registers.A32.Fpinst[i.Rn - Fpinst], e.R(i.Rt));
                break;
            default:
                e.Undefined();
                break;
        }
    }

    [Encoding("cond!=15 1110 1111 reg rt 1010 0001 0000", "vmrs{c}")]
    public static void Vmrs(A32Emitter e, A32Word i)
    {
        if (!e.TryFloatControl(i.Rn, i.Rt, reads: true))
            return;
        if (i.Rn == FpscrNumber && i.Rt == A32Emitter.PcNumber)
            e.SetNzcv(e.Ir.ShrU(e.Ir.Get(e.Registers.A32.Fpscr), 28));
        else if (i.Rn == FpscrNumber || (e.Level > 0 && i.Rn is Fpsid or 5 or 6 or 7 or Fpexc))
            e.SetR(i.Rt, e.Ir.Call(A32SystemHelpers.ReadFloatRegister, e.Word(i.Rn)));
        else if (i.Rn is Fpinst or FpinstSecond && HasInstructionRegisters(e))
            e.SetR(i.Rt, e.Ir.Get(e.Registers.A32.Fpinst[i.Rn - Fpinst]));
        else
            e.Undefined();
    }

    [Encoding("cond!=15 1101 u d 00 rn vd 10 fsz!=0 imm8", "vstr{c}")]
    public static void StoreRegister(A32Emitter e, A32Word i)
    {
        if (!TryAddress(e, i, out int format, out IrValue address))
            return;
        int r = A32Emitter.Vd(i, format);
        if (format == FpFormat.Double)
        {
            e.CheckWordAligned(address, true);
            e.StoreDouble(e.Address(address), r);
        }
        else
        {
            e.Ir.Store(e.Address(address), 0, e.SBits(r), e.Aligned(format == FpFormat.Half ? 2 : 4));
        }
    }

    [Encoding("cond!=15 1101 u d 01 rn vd 10 fsz!=0 imm8", "vldr{c}")]
    public static void LoadRegister(A32Emitter e, A32Word i)
    {
        if (!TryAddress(e, i, out int format, out IrValue address))
            return;
        int r = A32Emitter.Vd(i, format);
        if (format == FpFormat.Double)
        {
            e.CheckWordAligned(address, false);
            e.SetF(r, format, e.LoadDouble(e.Address(address)));
        }
        else
        {
            e.SetF(r, format, e.Ir.Load(e.Address(address), 0, e.Aligned(format == FpFormat.Half ? 2 : 4), IrType.I32));
        }
    }

    [Encoding("cond!=15 1100 1 d w 0 rn vd 101 sz imm8", "vstmia{c}")]
    [Encoding("cond!=15 1101 0 d 1 0 rn vd 101 sz imm8", "vstmdb{c}")]
    public static void StoreMultiple(A32Emitter e, A32Word i)
    {
        if (!TryBlock(e, i, out int format, out int first, out int count))
            return;
        IrValue start = e.R(i.Rn), address = e.Masked(i.Flag(24) ? e.Ir.Add(start, -4 * i.Field(0, 8)) : e.Base(i.Rn), 4);
        e.CheckWordAligned(address, true);
        e.StoreFloats(address, format == FpFormat.Double, first, count, i.Rn == A32Emitter.Sp);
        WriteBack(e, i, start);
    }

    [Encoding("cond!=15 1100 1 d w 1 rn vd 101 sz imm8", "vldmia{c}")]
    [Encoding("cond!=15 1101 0 d 1 1 rn vd 101 sz imm8", "vldmdb{c}")]
    public static void LoadMultiple(A32Emitter e, A32Word i)
    {
        if (!TryBlock(e, i, out int format, out int first, out int count))
            return;
        IrValue start = e.R(i.Rn), address = e.Masked(i.Flag(24) ? e.Ir.Add(start, -4 * i.Field(0, 8)) : e.Base(i.Rn), 4);
        e.CheckWordAligned(address, false);
        var values = new IrValue[count];
        for (int k = 0; k < count; k++)
            values[k] = format == FpFormat.Double
                ? e.LoadDouble(e.Address(e.Ir.Add(address, 8 * k)))
                : e.Ir.Load(e.Address(e.Ir.Add(address, 4 * k)), 0, e.Plain(4), IrType.F32);
        WriteBack(e, i, start);
        for (int k = 0; k < count; k++)
            e.SetF(first + k, format, values[k]);
    }

    private static void WriteBack(A32Emitter e, A32Word i, IrValue start)
    {
        if (i.W)
            e.SetR(i.Rn, e.Ir.Add(start, i.Flag(24) ? -4 * i.Field(0, 8) : 4 * i.Field(0, 8)));
    }

    private static bool TryAddress(A32Emitter e, A32Word i, out int format, out IrValue address)
    {
        address = default;
        if (!e.TryFormat(i, false, out format) || (format == FpFormat.Double && !HasRegister(e, i.Flag(22))))
            return false;
        int offset = i.Field(0, 8) << (format == FpFormat.Half ? 1 : 2);
        address = e.Masked(e.Ir.Add(e.Base(i.Rn), i.U ? offset : -offset), 4);
        return true;
    }

    // Lists that leave the register file, or hold more than 16 doubles, are UNPREDICTABLE; here undefined as with QEMU. An odd number of words is FLDMX.
    private static bool TryBlock(A32Emitter e, A32Word i, out int format, out int first, out int count)
    {
        format = i.Flag(8) ? FpFormat.Double : FpFormat.Single;
        first = A32Emitter.Vd(i, format);
        count = format == FpFormat.Double ? i.Field(0, 8) / 2 : i.Field(0, 8);
        int limit = format == FpFormat.Double && !e.Isa.Has(ArmFeature.D32) ? 16 : 32;
        if (count > 0 && first + count <= limit && (format == FpFormat.Single || count <= 16) && (i.Rn != A32Emitter.PcNumber || (!i.W && !e.IsThumb)))
            return true;
        e.Undefined();
        return false;
    }

    // S31 has no neighbour: UNPREDICTABLE, here undefined
    private static bool TryPair(A32Emitter e, A32Word i, out int first)
    {
        first = A32Emitter.Vm(i, FpFormat.Single);
        if (first != 31)
            return true;
        e.Undefined();
        return false;
    }

    // VFPv2 has them, which leaves to software what it does not do itself; they are storage here
    private static bool HasInstructionRegisters(A32Emitter e) => e.Level > 0 && !e.Isa.Has(ArmFeature.VFPv3);

    private static bool HasRegister(A32Emitter e, bool high)
    {
        if (!high || e.Isa.Has(ArmFeature.D32))
            return true;
        e.Undefined();
        return false;
    }
}
