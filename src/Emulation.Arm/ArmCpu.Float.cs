using Emulation.SoftFloat;

namespace Emulation.Arm;

// FPCR and FPSR. Arm DDI 0487, C5.2.8, C5.2.9.
public sealed partial class ArmCpu
{
    internal const uint FlushHalf = 1 << 19;
    private const int RoundingShift = 22;
    private const uint Flush = 1 << 24;
    private const uint DefaultNan = 1 << 25;
    internal const uint AlternativeHalf = 1 << 26;
    private const uint FpcrBits = AlternativeHalf | DefaultNan | Flush | (3u << RoundingShift) | FlushHalf;
    private const int QcShift = 27;

    /// <summary>Floating-point control.</summary>
    public uint Fpcr
    {
        get => (uint)this[Registers.Fpcr];
        set => SetFpcr(value);
    }

    /// <summary>Floating-point status: the cumulative flags.</summary>
    public uint Fpsr
    {
        get
        {
            FpFlags flags = Header.Fp.Flags;
            return Bit(FpFlags.Invalid, 0) | Bit(FpFlags.DivideByZero, 1) | Bit(FpFlags.Overflow, 2) | Bit(FpFlags.Underflow, 3)
                | Bit(FpFlags.Inexact, 4) | Bit(FpFlags.InputDenormal, 7) | (this[Registers.Saturated] != 0 ? 1u << QcShift : 0);

            uint Bit(FpFlags flag, int bit) => (flags & flag) != 0 ? 1u << bit : 0;
        }

        set
        {
            Header.Fp.Flags = Flag(0, FpFlags.Invalid) | Flag(1, FpFlags.DivideByZero) | Flag(2, FpFlags.Overflow) | Flag(3, FpFlags.Underflow)
                | Flag(4, FpFlags.Inexact) | Flag(7, FpFlags.InputDenormal);
            this[Registers.Saturated] = (value >> QcShift) & 1;

            FpFlags Flag(int bit, FpFlags flag) => ((value >> bit) & 1) != 0 ? flag : FpFlags.None;
        }
    }

    /// <summary>The condition flags, N in bit 31 to V in bit 28.</summary>
    public uint Nzcv
    {
        get => ((uint)(this[Registers.N] >> 63) << 31) | (this[Registers.Z] == 0 ? 1u << 30 : 0) | ((uint)this[Registers.C] << 29)
            | ((uint)(this[Registers.V] >> 63) << 28);
        set
        {
            this[Registers.N] = (ulong)value >> 31 << 63;
            this[Registers.Z] = (value & (1u << 30)) == 0 ? 1UL : 0;
            this[Registers.C] = (value >> 29) & 1;
            this[Registers.V] = (ulong)(value >> 28) << 63;
        }
    }

    private void SetFpcr(uint value)
    {
        value &= FpcrBits;
        if (!Isa.Has(ArmFeature.FP16))
            value &= ~FlushHalf;
        this[Registers.Fpcr] = value;
        ref FpContext context = ref Header.Fp;
        context.Rounding = ((value >> RoundingShift) & 3) switch
        {
            0 => FpRounding.NearestEven,
            1 => FpRounding.Up,
            2 => FpRounding.Down,
            _ => FpRounding.TowardZero,
        };
        context.NanRule = (value & DefaultNan) != 0 ? FpNanRule.Canonical : FpNanRule.SignalingAddendFirst;
        context.Options = FpOptions.TininessBeforeRounding;
        if ((value & Flush) != 0)
            context.Options |= FpOptions.FlushInputs | FpOptions.FlushOutputs | FpOptions.ReportInputDenormals;
    }
}
