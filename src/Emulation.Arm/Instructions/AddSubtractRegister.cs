using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Addition and subtraction of registers. Arm DDI 0487, C4.1.95.</summary>
[Extension("Base")]
internal static class AddSubtractRegister
{
    [Encoding("sf 0001011 shift!=3 0 rm imm6 rn rd", "add")]
    public static void Add(A64Emitter e, A64Word i)
    {
        if (e.TryShifted(i, out IrValue b))
            e.SetX(i.Rd, e.Ir.Add(e.R(i.Sf, i.Rn), b));
    }

    [Encoding("sf 0101011 shift!=3 0 rm imm6 rn rd", "adds")]
    public static void Adds(A64Emitter e, A64Word i)
    {
        if (e.TryShifted(i, out IrValue b))
            e.SetX(i.Rd, e.AddFlags(e.R(i.Sf, i.Rn), b));
    }

    [Encoding("sf 1001011 shift!=3 0 rm imm6 rn rd", "sub")]
    public static void Sub(A64Emitter e, A64Word i)
    {
        if (e.TryShifted(i, out IrValue b))
            e.SetX(i.Rd, e.Ir.Sub(e.R(i.Sf, i.Rn), b));
    }

    [Encoding("sf 1101011 shift!=3 0 rm imm6 rn rd", "subs")]
    public static void Subs(A64Emitter e, A64Word i)
    {
        if (!e.TryShifted(i, out IrValue b))
            return;
        e.SetX(i.Rd, e.SubFlags(e.R(i.Sf, i.Rn), b));
        if (i.Imm6 == 0 && ((i.Rd != i.Rn && i.Rd != i.Rm) || i.Rd == A64Emitter.R31))
            e.Remember(new Comparison(i.Sf, i.Rn, i.Rm, 0));
    }

    [Encoding("sf 0001011001 rm option imm3 rn rd", "add")]
    public static void AddExtended(A64Emitter e, A64Word i)
    {
        if (e.TryExtended(i, out IrValue b))
            e.SetXSp(i.Rd, e.Ir.Add(e.RSp(i.Sf, i.Rn), b));
    }

    [Encoding("sf 0101011001 rm option imm3 rn rd", "adds")]
    public static void AddsExtended(A64Emitter e, A64Word i)
    {
        if (e.TryExtended(i, out IrValue b))
            e.SetX(i.Rd, e.AddFlags(e.RSp(i.Sf, i.Rn), b));
    }

    [Encoding("sf 1001011001 rm option imm3 rn rd", "sub")]
    public static void SubExtended(A64Emitter e, A64Word i)
    {
        if (e.TryExtended(i, out IrValue b))
            e.SetXSp(i.Rd, e.Ir.Sub(e.RSp(i.Sf, i.Rn), b));
    }

    [Encoding("sf 1101011001 rm option imm3 rn rd", "subs")]
    public static void SubsExtended(A64Emitter e, A64Word i)
    {
        if (e.TryExtended(i, out IrValue b))
            e.SetX(i.Rd, e.SubFlags(e.RSp(i.Sf, i.Rn), b));
    }

    [Encoding("sf 0011010000 rm 000000 rn rd", "adc")]
    public static void Adc(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.AddCarry(e.R(i.Sf, i.Rn), e.R(i.Sf, i.Rm), false));

    [Encoding("sf 0111010000 rm 000000 rn rd", "adcs")]
    public static void Adcs(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.AddCarry(e.R(i.Sf, i.Rn), e.R(i.Sf, i.Rm), true));

    [Encoding("sf 1011010000 rm 000000 rn rd", "sbc")]
    public static void Sbc(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.AddCarry(e.R(i.Sf, i.Rn), e.Ir.Not(e.R(i.Sf, i.Rm)), false));

    [Encoding("sf 1111010000 rm 000000 rn rd", "sbcs")]
    public static void Sbcs(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.AddCarry(e.R(i.Sf, i.Rn), e.Ir.Not(e.R(i.Sf, i.Rm)), true));
}
