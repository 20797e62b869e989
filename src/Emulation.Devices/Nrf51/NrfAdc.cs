using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Analog-to-digital converter of the nRF51: 8, 9 or 10 bits. nRF51 Series Reference Manual, chapter 31, "Analog to Digital Converter (ADC)". Ports: 4 KiB MMIO; out IRQ "irq"; eight pins.</summary>
/// <remarks>A conversion takes 20, 36 or 68 µs. External references are taken to be the supply.</remarks>
public sealed class NrfAdc : NrfPeripheral
{
    private const int BandGapMillivolts = 1200;

    private readonly ClockTimer _timer;
    private readonly IReadOnlyList<Pin> _pins;
    private readonly NrfEvent _end;
    private readonly BitField _enable;
    private readonly BitField _resolution;
    private readonly BitField _prescaling;
    private readonly BitField _reference;
    private readonly BitField _input;
    private readonly BitField _result;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="pins">The pins AIN0 to AIN7.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfAdc(string name, IReadOnlyList<Pin> pins, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _pins = pins;
        _timer = clock.CreateTimer($"{name}.conversion", OnDone);
        AddTask(0x00, "TASKS_START", () =>
        {
            if (_enable!.Value == 1)
                _timer.Arm(clock.Now + (_resolution!.Value switch { 0 => 20_000, 1 => 36_000, _ => 68_000 }));
        });
        AddTask(0x04, "TASKS_STOP", _timer.Disarm);
        _end = AddEvent(0x100, "EVENTS_END");
        DefineInterrupts();
        Registers.Define(0x400, "BUSY", access: RegisterAccess.ReadOnly).Flag(0, "BUSY", FieldMode.ReadOnly, read: () => _timer.IsArmed).Reserved(31, 1);
        Registers.Define(0x500, "ENABLE").Bits(1, 0, "ENABLE", out _enable).Ignored(31, 2);
        Registers.Define(0x504, "CONFIG", 0x18).Bits(1, 0, "RES", out _resolution).Bits(4, 2, "INPSEL", out _prescaling).Bits(6, 5, "REFSEL", out _reference).Ignored(7, 7)
            .Bits(15, 8, "PSEL", out _input).Bits(17, 16, "EXTREFSEL").Ignored(31, 18);
        Registers.Define(0x508, "RESULT", access: RegisterAccess.ReadOnly).Bits(9, 0, "RESULT", out _result, FieldMode.ReadOnly).Reserved(31, 10);
    }

    /// <summary>The supply voltage in millivolts, for inputs and references that are parts of it.</summary>
    public int SupplyMillivolts { get; set; } = 3300;

    /// <inheritdoc/>
    protected override void ResetState() => _timer.Disarm();

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _timer.Save(writer);
        writer.Write(SupplyMillivolts);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _timer.Load(reader);
        SupplyMillivolts = reader.ReadInt32();
    }

    private void OnDone()
    {
        // INPSEL: the input whole, two thirds, one third; 5 and 6 are two thirds and one third of the supply
        long supply = Math.Max(1, SupplyMillivolts);
        long input = _prescaling.Value is 5 or 6 ? supply : Input();
        (long numerator, long denominator) = _prescaling.Value switch { 1 or 5 => (2L, 3L), 2 or 6 => (1L, 3L), _ => (1L, 1L) };
        long reference = _reference.Value switch { 2 => supply / 2, 3 => supply / 3, 1 => supply, _ => BandGapMillivolts };
        int bits = 8 + (int)Math.Min(2, _resolution.Value);
        long full = 1L << bits;
        _result.Value = (ulong)Math.Clamp(input * numerator * full / (denominator * Math.Max(1, reference)), 0, full - 1);
        Raise(_end);
    }

    private long Input()
    {
        for (int i = 0; i < _pins.Count; i++)
        {
            if (((_input.Value >> i) & 1) != 0)
                return _pins[i].Millivolts;
        }

        return 0;
    }
}
