using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Temperature sensor of the nRF51. nRF51 Series Reference Manual, chapter 20, "Temperature sensor (TEMP)". Ports: 4 KiB MMIO; out IRQ "irq"; a temperature.</summary>
/// <remarks>A measurement takes 35 µs, the typical time of the nRF51822 product specification.</remarks>
public sealed class NrfTemp : NrfPeripheral
{
    private const long Time = 35_000;
    private const int StepsPerDegree = 4;

    private readonly ClockTimer _timer;
    private readonly BitField _value;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfTemp(string name, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(clock);
        NrfEvent ready = null!;
        _timer = clock.CreateTimer($"{name}.measurement", () =>
        {
            _value!.Value = (uint)(int)Math.Round(Celsius * StepsPerDegree);
            Raise(ready);
        });
        AddTask(0x00, "TASKS_START", () => _timer.Arm(clock.Now + Time));
        AddTask(0x04, "TASKS_STOP", _timer.Disarm);
        ready = AddEvent(0x100, "EVENTS_DATARDY");
        DefineInterrupts();
        Registers.Define(0x508, "TEMP", access: RegisterAccess.ReadOnly).Bits(31, 0, "TEMP", out _value, FieldMode.ReadOnly);
    }

    /// <summary>The temperature of the die in degrees Celsius; measured in steps of a quarter.</summary>
    public double Celsius { get; set; } = 25;

    /// <inheritdoc/>
    protected override void ResetState() => _timer.Disarm();

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _timer.Save(writer);
        writer.Write(BitConverter.DoubleToInt64Bits(Celsius));
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _timer.Load(reader);
        double celsius = BitConverter.Int64BitsToDouble(reader.ReadInt64());
        Celsius = double.IsFinite(celsius) ? celsius : throw reader.Damaged("the temperature is no number");
    }
}
