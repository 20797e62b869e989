using Emulation.Core;

namespace Emulation.Arm;

/// <summary>CPACR, NSACR and the registers of floating-point context. DDI 0403E, B3.2.20 to B3.2.23; DDI 0553, D1.2.</summary>
/// <param name="cpu">The CPU.</param>
internal sealed class FloatRegisters(ArmMCpu cpu) : IMRegisters
{
    private const uint Aspen = 1u << 31, Lspen = 1 << 30, LspenSecure = 1 << 29, ClearOnReturn = 1 << 28, ClearOnReturnSecure = 1 << 27, TreatAsSecure = 1 << 26, Entry = 0x7ff;

    private SystemControl Scb => cpu.System;

    private ArmMCpuModel Model => cpu.Model;

    /// <inheritdoc/>
    public void Define(RegisterMap map, int bank)
    {
        if (!Model.IsMainline)
            return;
        uint access = Model.HasFloat ? 0x00f0_0000u : 0;
        map.Define(0xd88, "CPACR").Bits(31, 0, "CP11, CP10", read: () => Scb.CoprocessorAccess[bank], write: value => Scb.CoprocessorAccess[bank] = (uint)value & access).Then(cpu.OnControlWrite);
        if (Model.HasSecurity)
        {
            Register nsacr = map.Define(0xd8c, "NSACR");
            if (bank == 1)
                nsacr.Bits(31, 0, "CP11, CP10", read: () => Scb.NonSecureAccess, write: value => Scb.NonSecureAccess = Model.HasFloat ? (uint)value & 0xc00 : 0).Then(cpu.OnControlWrite);
            else
                nsacr.Bits(31, 0, "CP11, CP10", FieldMode.ReadOnly, read: () => Scb.NonSecureAccess);
        }

        if (!Model.HasFloat)
            return;
        map.Define(0xf34, "FPCCR").Bits(31, 0, "ASPEN, LSPEN and the state of lazy preservation", read: () => ReadContext(bank), write: value => WriteContext(bank, (uint)value)).Then(cpu.OnControlWrite);
        map.Define(0xf38, "FPCAR").Bits(31, 3, "ADDRESS", read: () => Scb.LazyAddress[bank] >> 3, write: value => Scb.LazyAddress[bank] = (uint)value << 3).Ignored(2, 0);
        map.Define(0xf3c, "FPDSCR").Ignored(31, 27).Bits(26, 22, "AHP, DN, FZ, RMode", read: () => Scb.FloatDefaults[bank] >> 22, write: value => Scb.FloatDefaults[bank] = (uint)value << 22).Ignored(21, 0);
        map.Define(0xf40, "MVFR0", Model.FloatId.Mvfr0).Bits(31, 0, "MVFR0", FieldMode.ReadOnly);
        map.Define(0xf44, "MVFR1", Model.FloatId.Mvfr1).Bits(31, 0, "MVFR1", FieldMode.ReadOnly);
        map.Define(0xf48, "MVFR2", Model.FloatId.Mvfr2).Bits(31, 0, "MVFR2", FieldMode.ReadOnly);
    }

    private ulong ReadContext(int bank)
    {
        int controls = Model.HasSecurity ? 1 : bank;
        uint value = (Scb.FloatContext[bank] & Aspen) | (Scb.FloatContext[controls] & (Lspen | ClearOnReturn)) | (Scb.LazyContext[bank] & Entry);
        return bank == 1 ? value | (Scb.FloatContext[1] & (LspenSecure | ClearOnReturnSecure | TreatAsSecure)) : value;
    }

    private void WriteContext(int bank, uint value)
    {
        uint own = Aspen;
        if (!Model.HasSecurity)
            own |= Lspen | (Model.IsV8 ? ClearOnReturn : 0);
        else if (bank == 1)
            own |= Lspen | LspenSecure | ClearOnReturn | ClearOnReturnSecure | TreatAsSecure;
        Scb.FloatContext[bank] = (Scb.FloatContext[bank] & ~own) | (value & own);
        if (Model.HasSecurity && bank == 0)
        {
            uint shared = ((Scb.FloatContext[1] & LspenSecure) == 0 ? Lspen : 0) | ((Scb.FloatContext[1] & ClearOnReturnSecure) == 0 ? ClearOnReturn : 0);
            Scb.FloatContext[1] = (Scb.FloatContext[1] & ~shared) | (value & shared);
        }

        Scb.LazyContext[bank] = value & Entry & ~(Model.IsV8 ? 0 : 0x682u) & ~(bank == 0 ? 4u : 0);
    }
}
