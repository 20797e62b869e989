namespace Emulation.Arm;

// FPCR and FPSR. Arm DDI 0487, C5.2.8, C5.2.9.
public sealed partial class ArmCpu
{
    internal const uint FlushHalf = 1 << 19;
    internal const uint AlternativeHalf = 1 << 26;

    /// <summary>Floating-point control.</summary>
    public uint Fpcr
    {
        get => (uint)this[Registers.Fpcr];
        set => SetFpcr(value);
    }

    /// <summary>Floating-point status: the cumulative flags.</summary>
    public uint Fpsr
    {
        get => ArmStatus.ReadFpsr(this, Registers);
        set => ArmStatus.WriteFpsr(this, Registers, value);
    }

    /// <summary>The condition flags, N in bit 31 to V in bit 28.</summary>
    public uint Nzcv
    {
        get => ArmStatus.ReadNzcv(this, Registers);
        set => ArmStatus.WriteNzcv(this, Registers, value);
    }

    private void SetFpcr(uint value) => ArmStatus.WriteFpcr(this, Registers, Isa, value);
}
