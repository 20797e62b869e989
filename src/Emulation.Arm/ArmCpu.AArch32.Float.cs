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
    uint IA32Cpu.Fpexc
    {
        get => (uint)this[Registers.A32.Fpexc];
        set
        {
            this[Registers.A32.Fpexc] = value & FpexcEnable;
            SetMode((Header.Mode & ~A32Mode.FloatMask) | A32FloatBits(ExceptionLevel));
        }
    }

    /// <summary>Traps of VMRS and VMSR, but of FPSCR.</summary>
    internal void CheckFloatControl(int number, int rt, bool reads)
    {
        const int Fpsid = 0, Control = 7 << 14, Unconditional = (1 << 24) | (0xe << 20);
        if (FpTrapTarget(ExceptionLevel) != 0)
            RecordTrap(0, ArmException.Code(ArmException.FpTrapped, ArmException.FpSyndrome));
        else if (reads && ExceptionLevel == 1 && (Hcr & (number == Fpsid ? HcrTid0 : number is 5 or 6 or 7 ? HcrTid3 : 0)) != 0)
            RecordTrap(2, ArmException.Code(ArmException.FloatRegister32, Unconditional | Control | (number << 10) | (rt << 5) | 1));
    }

    /// <summary>What VMRS reads.</summary>
    /// <param name="number">Its reg field.</param>
    uint IA32Cpu.ReadFloatRegister(int number) => number switch
    {
        0 => Options.Model.FloatId != 0 ? Options.Model.FloatId : 0x4103_4070,
        1 => Fpscr,
        5 => A32IdRegisters.Read(this, A32IdRegisters.Media2),
        6 => A32IdRegisters.Read(this, A32IdRegisters.Media1),
        7 => A32IdRegisters.Read(this, A32IdRegisters.Media0),
        _ => ((IA32Cpu)this).Fpexc,
    };

    // VFPv4 and Armv8 have none
    internal bool HasShortVectors => Isa.Has(ArmFeature.VFPv2) && !Isa.Has(ArmFeature.VFPv4);

    private uint A32FloatBits(int level)
    {
        uint control = (uint)this[Registers.A32.Fpscr];
        uint length = (control & FpscrLength) >> 16;
        bool enabled = (_levelModes[level] & ArmMode.FpTrapped) == 0 && (!El1IsAArch32 || (this[Registers.A32.Fpexc] & FpexcEnable) != 0);
        return (enabled ? 0 : A32Mode.NoFloat) | A32Mode.OfLength(length) | (length != 0 && (control & FpscrStride) == FpscrStride ? A32Mode.Stride : 0);
    }
}
