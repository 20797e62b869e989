namespace Emulation.Arm;

// FPSCR: the control and status of AArch64 together, flags, and the shape of short vectors. Arm DDI 0487, G8.2.54; DDI 0406, D12.
public sealed partial class ArmCpu
{
    private const uint FpexcEnable = 1 << 30;
    private const uint FpscrFlags = 0xf000_0000, FpscrStride = 3 << 20, FpscrLength = 7 << 16;

    /// <summary>Floating-point status and control of AArch32.</summary>
    public uint Fpscr
    {
        get => (uint)this[Registers.A32.Fpscr] | Fpcr | Fpsr;
        set
        {
            Fpcr = value;
            Fpsr = value;
            uint own = FpscrFlags | (HasShortVectors ? FpscrStride | FpscrLength : 0);
            this[Registers.A32.Fpscr] = value & own;
            if (IsAArch32)
                SetMode((Header.Mode & ~A32Mode.FloatMask) | A32FloatBits(ExceptionLevel));
        }
    }

    /// <summary>FPEXC: bit 30 enables floating point above User mode's own controls.</summary>
    internal uint Fpexc
    {
        get => (uint)this[Registers.A32.Fpexc];
        set
        {
            this[Registers.A32.Fpexc] = value & FpexcEnable;
            SetMode((Header.Mode & ~A32Mode.FloatMask) | A32FloatBits(ExceptionLevel));
        }
    }

    /// <summary>What VMRS reads.</summary>
    /// <param name="number">Its reg field.</param>
    internal uint ReadFloatRegister(int number) => number switch
    {
        0 => Options.Model.FloatId != 0 ? Options.Model.FloatId : 0x4103_4070,
        1 => Fpscr,
        5 => Isa.Has(ArmFeature.VFPv8) ? 0x43u : 0,
        6 => (Isa.Has(ArmFeature.Neon) ? 0x0001_1111u : 0) | (Isa.Has(ArmFeature.HalfConversion) ? 0x0110_0000u : 0) | (Isa.Has(ArmFeature.VFPv4) ? 0x1000_0000u : 0) | 0x11,
        7 => 0x1011_0220u | (Isa.Has(ArmFeature.D32) ? 2u : 1) | (HasShortVectors ? 1u << 24 : 0),
        _ => Fpexc,
    };

    // VFPv4 and Armv8 have none
    private bool HasShortVectors => Isa.Has(ArmFeature.VFPv2) && !Isa.Has(ArmFeature.VFPv4);

    private uint A32FloatBits(int level)
    {
        uint control = (uint)this[Registers.A32.Fpscr];
        uint length = (control & FpscrLength) >> 16;
        bool enabled = (_levelModes[level] & ArmMode.FpTrapped) == 0 && (!El1IsAArch32 || (this[Registers.A32.Fpexc] & FpexcEnable) != 0);
        return (enabled ? 0 : A32Mode.NoFloat) | A32Mode.OfLength(length) | (length != 0 && (control & FpscrStride) == FpscrStride ? A32Mode.Stride : 0);
    }
}
