using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.RiscV.Float;

/// <summary>Helpers that convert between formats, and the arithmetic of binary16.</summary>
internal static unsafe class FpConvertHelpers
{
    public static ulong SToD(byte* s, ulong a, ulong rm)
    {
        float value = BitConverter.UInt32BitsToSingle((uint)a);
        return float.IsNaN(value) ? F32.ToF64((uint)a, ref FpState.Context(s)) : BitConverter.DoubleToUInt64Bits(value);
    }

    public static ulong DToS(byte* s, ulong a, ulong rm)
    {
        double value = BitConverter.UInt64BitsToDouble(a);
        float result = (float)value;
        if (result == value)                             // exact, also when subnormal: no flag, whatever the rounding
            return BitConverter.SingleToUInt32Bits(result);
        FpContext local = FpState.Begin(s, rm);
        ulong bits = F64.ToF32(a, ref local);
        FpState.End(s, local);
        return bits;
    }

    public static ulong HToS(byte* s, ulong a, ulong rm) => F16.ToF32((ushort)a, ref FpState.Context(s));

    public static ulong HToD(byte* s, ulong a, ulong rm) => F16.ToF64((ushort)a, ref FpState.Context(s));

    public static ulong SToH(byte* s, ulong a, ulong rm)
    {
        FpContext local = FpState.Begin(s, rm);
        ulong bits = F32.ToF16((uint)a, ref local);
        FpState.End(s, local);
        return bits;
    }

    public static ulong DToH(byte* s, ulong a, ulong rm)
    {
        FpContext local = FpState.Begin(s, rm);
        ulong bits = F64.ToF16(a, ref local);
        FpState.End(s, local);
        return bits;
    }

    /// <summary>"Zfa", FCVTMOD.W.D: truncates modulo 2^32.</summary>
    public static ulong DToWModular(byte* s, ulong a) => (uint)F64.ToInt32Modular(a, ref FpState.Context(s));

    public static ulong HAdd(byte* s, ulong a, ulong b, ulong rm)
    {
        FpContext local = FpState.Begin(s, rm);
        ulong bits = F16.Add((ushort)a, (ushort)b, ref local);
        FpState.End(s, local);
        return bits;
    }

    public static ulong HSub(byte* s, ulong a, ulong b, ulong rm)
    {
        FpContext local = FpState.Begin(s, rm);
        ulong bits = F16.Sub((ushort)a, (ushort)b, ref local);
        FpState.End(s, local);
        return bits;
    }

    public static ulong HMul(byte* s, ulong a, ulong b, ulong rm)
    {
        FpContext local = FpState.Begin(s, rm);
        ulong bits = F16.Mul((ushort)a, (ushort)b, ref local);
        FpState.End(s, local);
        return bits;
    }

    public static ulong HDiv(byte* s, ulong a, ulong b, ulong rm)
    {
        FpContext local = FpState.Begin(s, rm);
        ulong bits = F16.Div((ushort)a, (ushort)b, ref local);
        FpState.End(s, local);
        return bits;
    }

    public static ulong HSqrt(byte* s, ulong a, ulong rm)
    {
        FpContext local = FpState.Begin(s, rm);
        ulong bits = F16.Sqrt((ushort)a, ref local);
        FpState.End(s, local);
        return bits;
    }

    /// <summary>Fused multiply-add of binary16.</summary>
    /// <param name="s">The CPU's state.</param>
    /// <param name="ab">Factors: a in bits 15 to 0, b in bits 31 to 16.</param>
    /// <param name="c">Addend.</param>
    /// <param name="how">rm in bits 2 to 0; bit 3 negates the product, bit 4 the addend.</param>
    public static ulong HMulAdd(byte* s, ulong ab, ulong c, ulong how)
    {
        FpContext local = FpState.Begin(s, how & 7);
        ulong bits = F16.MulAdd((ushort)ab, (ushort)(ab >> 16), (ushort)c, (how & 8) != 0, (how & 16) != 0, ref local);
        FpState.End(s, local);
        return bits;
    }
}
