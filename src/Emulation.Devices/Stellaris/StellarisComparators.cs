using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Analog comparators of the LM3S6965: two. LM3S6965 data sheet, "Analog Comparators". Ports: 4 KiB MMIO; analog pins; out IRQ "comp0", "comp1"; triggers of the converter.</summary>
public sealed class StellarisComparators : MmioDevice
{
    private const int Count = 2, Supply = 3300;
    private readonly Pin?[] _minus = new Pin?[Count], _plus = new Pin?[Count];
    private readonly IrqLine[] _irqs = new IrqLine[Count], _triggers = new IrqLine[Count];
    private readonly BitField _mask, _reference;
    private readonly FlagField _range, _enabled;
    private readonly RegisterArray _control;
    private readonly bool[] _outputs = new bool[Count];
    private uint _raw;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    public StellarisComparators(string name, GuestLog log) : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        for (int i = 0; i < Count; i++)
        {
            _irqs[i] = AddLine($"comp{i}");
            _triggers[i] = AddLine($"trigger{i}");
        }

        Registers.Define(0x00, "ACMIS").Bits(1, 0, "IN", read: () => _raw & _mask!.Value, write: v => _raw &= ~(uint)v).Ignored(31, 2).Then(UpdateIrqs);
        Registers.Define(0x04, "ACRIS", access: RegisterAccess.ReadOnly).Bits(1, 0, "IN", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 2);
        Registers.Define(0x08, "ACINTEN").Bits(1, 0, "IN", out _mask).Ignored(31, 2).Then(UpdateIrqs);
        Registers.Define(0x10, "ACREFCTL").Bits(3, 0, "VREF", out _reference).Ignored(7, 4).Flag(8, "RNG", out _range).Flag(9, "EN", out _enabled).Ignored(31, 10).Then(Compare);
        Registers.DefineMany(0x20, Count, 0x20, "ACSTAT", access: RegisterAccess.ReadOnly).Flag(1, "OVAL", FieldMode.ReadOnly, read: i => _outputs[i]).Reserved(0, 0).Reserved(31, 2);
        _control = Registers.DefineMany(0x24, Count, 0x20, "ACCTL").Ignored(0, 0).Flag(1, "CINV").Bits(3, 2, "ISEN").Flag(4, "ISLVAL").Bits(6, 5, "TSEN").Flag(7, "TSLVAL").Ignored(8, 8)
            .Bits(10, 9, "ASRCP").Flag(11, "TOEN").Ignored(31, 12).Then(_ => Compare());
    }

    /// <summary>A comparator's interrupt.</summary>
    /// <param name="index">0 or 1.</param>
    public IrqLine Irq(int index) => _irqs[index];

    /// <summary>A comparator's trigger of the converter.</summary>
    /// <param name="index">0 or 1.</param>
    public IrqLine Trigger(int index) => _triggers[index];

    /// <summary>Leads the inputs of a comparator out.</summary>
    /// <param name="index">0 or 1.</param>
    /// <param name="minus">C-.</param>
    /// <param name="plus">C+.</param>
    public void ConnectInputs(int index, Pin minus, Pin plus)
    {
        ArgumentNullException.ThrowIfNull(minus);
        ArgumentNullException.ThrowIfNull(plus);
        (_minus[index], _plus[index]) = (minus, plus);
        minus.VoltageChanged += Compare;
        plus.VoltageChanged += Compare;
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _raw = 0;
        Array.Clear(_outputs);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_raw);
        foreach (bool output in _outputs)
            writer.Write(output);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _raw = reader.ReadUInt32() & 3;
        for (int i = 0; i < Count; i++)
            _outputs[i] = reader.ReadBoolean();
    }

    // a ladder of 31 or 23 steps
    private int ReferenceMillivolts
        => !_enabled.Value ? 0 : _range.Value ? Supply * (int)_reference.Value / 23 : Supply * ((int)_reference.Value + 8) / 31;

    private void Compare()
    {
        for (int i = 0; i < Count; i++)
        {
            ulong control = _control[i];
            int? plus = (control >> 9 & 3) switch { 0 => _plus[i]?.Millivolts, 1 => _plus[0]?.Millivolts, 2 => ReferenceMillivolts, _ => null };
            bool output = (_minus[i]?.Millivolts is { } minus && plus is { } other && minus < other) ^ ((control & 2) != 0);
            bool before = _outputs[i];
            _outputs[i] = output;
            if (Senses(control >> 2 & 3, (control & 0x10) != 0, before, output))
                _raw |= 1u << i;
            bool triggers = (control & 0x800) != 0 && Senses(control >> 5 & 3, (control & 0x80) != 0, before, output);
            _triggers[i].Set(false);
            _triggers[i].Set(triggers);
        }

        UpdateIrqs();
    }

    private static bool Senses(ulong sense, bool level, bool before, bool now) => sense switch
    {
        0 => now == level,
        1 => before && !now,
        2 => !before && now,
        _ => before != now,
    };

    private void UpdateIrqs()
    {
        for (int i = 0; i < Count; i++)
            _irqs[i].Set((_raw & (uint)_mask.Value & (1u << i)) != 0);
    }
}
