using Emulation.Cpu;
using Emulation.SoftFloat;

namespace Emulation.Arm;

/// <summary>Flags and floating-point controls as registers show them, for CPUs of every profile. Arm DDI 0487, C5.2.8, C5.2.9.</summary>
internal static class ArmStatus
{
    private const int RoundingShift = 22;
    private const uint Flush = 1 << 24;
    private const uint DefaultNan = 1 << 25;
    private const uint FpcrBits = ArmCpu.AlternativeHalf | DefaultNan | Flush | (3u << RoundingShift) | ArmCpu.FlushHalf;
    private const int QcShift = 27;

    /// <summary>The condition flags, N in bit 31 to V in bit 28.</summary>
    public static uint ReadNzcv(VirtualCpu cpu, ArmRegisters r)
        => ((uint)(cpu[r.N] >> 63) << 31) | (cpu[r.Z] == 0 ? 1u << 30 : 0) | ((uint)cpu[r.C] << 29) | ((uint)(cpu[r.V] >> 63) << 28);

    /// <summary>Sets the condition flags.</summary>
    public static void WriteNzcv(VirtualCpu cpu, ArmRegisters r, uint value)
    {
        cpu[r.N] = (ulong)value >> 31 << 63;
        cpu[r.Z] = (value & (1u << 30)) == 0 ? 1UL : 0;
        cpu[r.C] = (value >> 29) & 1;
        cpu[r.V] = (ulong)(value >> 28) << 63;
    }

    /// <summary>The cumulative flags.</summary>
    public static uint ReadFpsr(VirtualCpu cpu, ArmRegisters r)
    {
        FpFlags flags = cpu.Header.Fp.Flags;
        return Bit(FpFlags.Invalid, 0) | Bit(FpFlags.DivideByZero, 1) | Bit(FpFlags.Overflow, 2) | Bit(FpFlags.Underflow, 3)
            | Bit(FpFlags.Inexact, 4) | Bit(FpFlags.InputDenormal, 7) | (cpu[r.Saturated] != 0 ? 1u << QcShift : 0);

        uint Bit(FpFlags flag, int bit) => (flags & flag) != 0 ? 1u << bit : 0;
    }

    /// <summary>Sets the cumulative flags.</summary>
    public static void WriteFpsr(VirtualCpu cpu, ArmRegisters r, uint value)
    {
        cpu.Header.Fp.Flags = Flag(0, FpFlags.Invalid) | Flag(1, FpFlags.DivideByZero) | Flag(2, FpFlags.Overflow) | Flag(3, FpFlags.Underflow)
            | Flag(4, FpFlags.Inexact) | Flag(7, FpFlags.InputDenormal);
        cpu[r.Saturated] = (value >> QcShift) & 1;

        FpFlags Flag(int bit, FpFlags flag) => ((value >> bit) & 1) != 0 ? flag : FpFlags.None;
    }

    /// <summary>Sets the controls, and what operations go by.</summary>
    public static void WriteFpcr(VirtualCpu cpu, ArmRegisters r, ArmIsa isa, uint value)
    {
        value &= FpcrBits;
        if (!isa.Has(ArmFeature.FP16))
            value &= ~ArmCpu.FlushHalf;
        cpu[r.Fpcr] = value;
        ref FpContext context = ref cpu.Header.Fp;
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
