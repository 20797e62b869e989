using Emulation.Core;

namespace Emulation.Arm;

/// <summary>Registers of the interrupt controller: NVIC_ISER to NVIC_IPR, ICTR, STIR. DDI 0403E, B3.4; DDI 0553, D1.2 "NVIC".</summary>
/// <param name="cpu">The CPU.</param>
internal sealed class NvicRegisters(ArmMCpu cpu) : IMRegisters
{
    private MExceptions Exceptions => cpu.Exceptions;

    /// <inheritdoc/>
    public void Define(RegisterMap map, int bank)
    {
        int words = cpu.Model.Architecture == ArmMArchitecture.V6M ? 1 : (Exceptions.Interrupts + 31) / 32;
        DefineSet(map, 0x100, "NVIC_ISER", words, bank, Exceptions.IsEnabled, (i, _) => Exceptions.SetEnabled(i, true), "SETENA");
        DefineSet(map, 0x180, "NVIC_ICER", words, bank, Exceptions.IsEnabled, (i, _) => Exceptions.SetEnabled(i, false), "CLRENA");
        DefineSet(map, 0x200, "NVIC_ISPR", words, bank, Exceptions.IsPending, (i, _) => Exceptions.SetPending(i, true), "SETPEND");
        DefineSet(map, 0x280, "NVIC_ICPR", words, bank, Exceptions.IsPending, (i, _) => Exceptions.SetPending(i, false), "CLRPEND");
        if (cpu.Model.Architecture != ArmMArchitecture.V6M)
            map.DefineMany(0x300, words, 4, "NVIC_IABR").Bits(31, 0, "ACTIVE", FieldMode.ReadOnly, read: w => Collect(w, bank, Exceptions.IsActive));
        if (cpu.Model.HasSecurity && bank == 1)
            map.DefineMany(0x380, words, 4, "NVIC_ITNS").Bits(31, 0, "ITNS", read: w => Collect(w, bank, Exceptions.IsNonSecure), write: (w, value) => WriteTargets(w, (uint)value));
        RegisterArray priorities = map.DefineMany(0x400, words * 8, 4, "NVIC_IPR");
        for (int k = 3; k >= 0; k--)
        {
            int lane = k;
            priorities.Bits((8 * k) + 7, 8 * k, $"PRI_N{k}", read: r => ReadPriority((4 * r) + lane, bank), write: (r, value) => WritePriority((4 * r) + lane, bank, (byte)value));
        }

        if (!cpu.Model.IsMainline)
            return;
        map.Define(4, "ICTR", (ulong)(words - 1)).Ignored(31, 4).Bits(3, 0, "INTLINESNUM", FieldMode.ReadOnly);
        map.Define(0xf00, "STIR", access: RegisterAccess.WriteOnly).Reserved(31, 9).Bits(8, 0, "INTID", FieldMode.WriteOnly, write: value => Trigger((int)value, bank));
    }

    private void DefineSet(RegisterMap map, ulong offset, string name, int words, int bank, Func<int, bool> read, Action<int, bool> set, string field)
        => map.DefineMany(offset, words, 4, name).Bits(31, 0, field, FieldMode.WriteOneToSet, read: w => Collect(w, bank, read), write: (w, value) => Each(w, bank, (uint)value, set));

    private bool IsVisible(int interrupt, int bank)
        => interrupt < Exceptions.Interrupts && (bank == 1 || !cpu.Model.HasSecurity || Exceptions.IsNonSecure(MException.External + interrupt));

    private ulong Collect(int word, int bank, Func<int, bool> read)
    {
        ulong value = 0;
        for (int bit = 0; bit < 32; bit++)
        {
            int interrupt = (32 * word) + bit;
            if (IsVisible(interrupt, bank) && read(MException.External + interrupt))
                value |= 1UL << bit;
        }

        return value;
    }

    private void Each(int word, int bank, uint value, Action<int, bool> set)
    {
        for (int bit = 0; bit < 32; bit++)
        {
            int interrupt = (32 * word) + bit;
            if ((value >> bit & 1) != 0 && IsVisible(interrupt, bank))
                set(MException.External + interrupt, true);
        }
    }

    private void WriteTargets(int word, uint value)
    {
        for (int bit = 0; bit < 32; bit++)
        {
            int interrupt = (32 * word) + bit;
            if (interrupt < Exceptions.Interrupts)
                Exceptions.SetNonSecure(MException.External + interrupt, (value >> bit & 1) != 0);
        }
    }

    private ulong ReadPriority(int interrupt, int bank) => IsVisible(interrupt, bank) ? Exceptions.GetPriority(MException.External + interrupt) : 0u;

    private void WritePriority(int interrupt, int bank, byte value)
    {
        if (IsVisible(interrupt, bank))
            Exceptions.SetPriority(MException.External + interrupt, value);
    }

    private void Trigger(int interrupt, int bank)
    {
        if (IsVisible(interrupt, bank))
            Exceptions.SetPending(MException.External + interrupt, true);
    }
}
